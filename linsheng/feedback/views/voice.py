"""What a reporter does on their case's page: one small form each, the same by sign-in and by link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core.errors import DomainError, NotVisible
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, render_page
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.forms.resident import AddForm, AnswerForm, RateForm, ReopenForm, UrgeForm, WithdrawForm
from linsheng.feedback.models import Case
from linsheng.feedback.views.seats import Seat, case_context, offered, require_voice

Values = dict[str, Any]
Do = Callable[[Case, Values, Actor, datetime], object]


@dataclass(frozen=True)
class VoiceStep:
    """One thing that a reporter can do: its form, its words, and the action behind it."""

    title: LazyText
    button: LazyText
    done: LazyText
    form: type[forms.Form]
    do: Do
    intro: LazyText | str = ""
    kind: str = "primary"


def _answer(case: Case, values: Values, by: Actor, now: datetime) -> object:
    yes = {name: values[name] == "yes" for name in ("solved", "contacted")}
    return actions.record_callback(case=case, **yes, satisfied=values["satisfied"], by=by, now=now)


def _rate(case: Case, values: Values, by: Actor, now: datetime) -> object:
    return actions.rate_case(case=case, stars=values["stars"], reasons=values["reasons"], text=values["text"], by=by, now=now)


def _reopen(case: Case, values: Values, by: Actor, now: datetime) -> object:
    return actions.reopen_case(case=case, reason=values["reason"], by=by, now=now)


def _urge(case: Case, values: Values, by: Actor, now: datetime) -> object:
    return actions.urge_case(case=case, text=values["text"], by=by, now=now)


def _withdraw(case: Case, values: Values, by: Actor, now: datetime) -> object:
    return actions.withdraw_case(case=case, reason=values["reason"], by=by, now=now)


def _add(case: Case, values: Values, by: Actor, now: datetime) -> object:
    if values["text"].strip():
        actions.add_words(case=case, text=values["text"], by=by, now=now)
    for upload in values["photos"]:
        actions.add_photo(case=case, upload=upload, size=upload.size, by=by, now=now)
    return case


STEPS: dict[str, VoiceStep] = {
    "answer": VoiceStep(
        gettext_lazy("三个小问题"), gettext_lazy("提交"), gettext_lazy("谢谢，已记下您的回答。"), AnswerForm, _answer
    ),
    "rate": VoiceStep(gettext_lazy("请您评价"), gettext_lazy("提交评价"), gettext_lazy("谢谢您的评价。"), RateForm, _rate),
    "reopen": VoiceStep(
        gettext_lazy("还没解决，请继续处理"),
        gettext_lazy("重新打开"),
        gettext_lazy("已重新打开，处理人会继续办。"),
        ReopenForm,
        _reopen,
        gettext_lazy("说清楚哪里还没好，处理人会马上看到。"),
    ),
    "urge": VoiceStep(
        gettext_lazy("催一下"),
        gettext_lazy("催一下"),
        gettext_lazy("已经催过，处理人和主管会看到。"),
        UrgeForm,
        _urge,
        gettext_lazy("每天可以催一次，处理人和主管都会看到。"),
    ),
    "withdraw": VoiceStep(
        gettext_lazy("撤回反映"),
        gettext_lazy("确定撤回"),
        gettext_lazy("已撤回。以后有事随时再反映。"),
        WithdrawForm,
        _withdraw,
        gettext_lazy("撤回后我们不再处理这件事，也不能恢复。需要时可以重新反映。"),
        kind="danger",
    ),
    "add": VoiceStep(
        gettext_lazy("补充说明或照片"), gettext_lazy("提交补充"), gettext_lazy("已补充，处理人会看到。"), AddForm, _add
    ),
}


def _page(request: HttpRequest, seat: Seat, name: str, form: forms.Form, status: int = 200) -> HttpResponse:
    context = {"seat": seat, "base": seat.base, "case": seat.case, "step": STEPS[name], "step_name": name, "form": form}
    context |= {"address": seat.step_url(name), "subtitle": seat.case.headline}
    return render_page(request, "feedback/resident/step.html", context, status=status)


def show_case(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The case's page."""
    return render_page(request, "feedback/resident/case.html", case_context(seat, now_of(request)))


def take_step(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """Ask for one step on a page of its own, or take it."""
    if name not in STEPS:
        raise NotVisible(_("没有这个页面。"))
    by = require_voice(seat)
    step = STEPS[name]
    if request.method != "POST":
        if name not in offered(seat, now_of(request)):
            messages.info(request, _("这一步现在用不上了，请看最新进展。"))
            return redirect(seat.url)
        return _page(request, seat, name, step.form())
    form = step.form(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, seat, name, form, status=422)
    try:
        step.do(seat.case, form.cleaned_data, by, now_of(request))
    except DomainError as error:
        show_errors(form, error)
        return _page(request, seat, name, form, status=error.status)
    return _after(request, seat, name, form.cleaned_data)


def _after(request: HttpRequest, seat: Seat, name: str, values: Values) -> HttpResponse:
    """Back to the case; who is not content finds the way to reopen it first."""
    unhappy = values.get("solved") == "no" or values.get("stars", 5) <= 2
    if unhappy and "reopen" in offered(seat, now_of(request)):
        messages.info(request, _("很抱歉没让您满意。您可以让我们继续处理。"))
        return redirect(f"{seat.url}#reopen")
    messages.success(request, str(STEPS[name].done))
    return redirect(seat.url)
