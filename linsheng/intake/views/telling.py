"""今日需电话告知: whom to ring today with a result, and what came of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.communities.models import Community
from linsheng.communities.permissions import has, require
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, render_page, safe_next
from linsheng.core.tabular import requested_format, table_response, today_in_name
from linsheng.feedback.actions import tell_result
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case
from linsheng.feedback.queries import visible_case
from linsheng.feedback.queries.places import chosen_community
from linsheng.intake.forms.telling import TellFilterForm, ToldForm
from linsheng.intake.queries import telling as queries
from linsheng.intake.views.common import staff_page

PAGE_SIZE = 25
TELL = Permission.TELL_RESULT


def _place(request: HttpRequest) -> Community | None:
    return chosen_community(signed_in(request), request.session.get("community", ""))


def _wanted(request: HttpRequest) -> tuple[TellFilterForm, queries.TellFilter]:
    form, place = TellFilterForm(request.GET), _place(request)
    return form, queries.TellFilter(**form.wanted(), community=place.pk if place else None)


def _note_reading(request: HttpRequest, lines: list[queries.Line], *, exported: bool = False) -> None:
    """Whose names and numbers stood here."""
    seen = [line.case for line in lines if not line.reporter.hidden]
    if seen:
        company = seen[0].community.organisation_id
        ids = [case.pk for case in seen]
        record_reading("to_tell", by=signed_in(request), now=now_of(request), organisation_id=company, ids=ids, exported=exported)


@staff_page(TELL)
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Today's list."""
    return _shown(request)


def _shown(request: HttpRequest, failed: tuple[int, ToldForm] | None = None, status: int = 200) -> HttpResponse:
    user, now = signed_in(request), now_of(request)
    form, wanted = _wanted(request)
    found = queries.to_tell(user, wanted, now)
    shown = Paginator(found.today, PAGE_SIZE).get_page(request.GET.get("page"))
    lines = queries.lines_of(list(shown), user, now)
    _note_reading(request, lines)
    asked = {name: value for name, value in form.wanted().items() if value}
    context = {
        "form": form,
        "found": found,
        "page": shown,
        "rows": [(line, _told_form(line.case, failed)) for line in lines],
        "opened": failed[0] if failed else None,
        "place": _place(request),
        "narrowed": bool(asked),
        "query": urlencode(asked),
        "may_export": has(user, Permission.EXPORT),
        "here": request.get_full_path() if request.method == "GET" else reverse("intake:to_tell"),
    }
    return render_page(request, "intake/calls/to_tell.html", context, status=status)


def _told_form(case: Case, failed: tuple[int, ToldForm] | None) -> ToldForm:
    """Each row's own form; the one that was refused keeps what was typed."""
    return failed[1] if failed and failed[0] == case.pk else ToldForm(case=case)


@staff_page(TELL)
@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Log one call: told, or not reached."""
    case = visible_case(signed_in(request), pk)
    form = ToldForm(request.POST, case=case)
    if form.is_valid():
        reached, values = form.cleaned_data["reached"] == "yes", form.cleaned_data
        by = Actor.staff(signed_in(request))
        try:
            done = tell_result(case=case, method=values["method"], reached=reached, note=values["note"], by=by, now=now_of(request))
        except (Conflict, Invalid) as error:
            show_errors(form, error)
        else:
            messages.success(request, _done_words(done, reached=reached))
            return redirect(safe_next(request, reverse("intake:to_tell")))
    messages.error(request, _first_error(form))
    return _shown(request, failed=(pk, form), status=422)


def _first_error(form: ToldForm) -> str:
    return next(str(sentence) for sentences in form.errors.values() for sentence in sentences)


def _done_words(case: Case, *, reached: bool) -> str:
    values = {"number": case.number}
    if reached:
        return _("%(number)s 已登记告知。") % values
    if case.told_at is not None:
        return _("%(number)s 多次联系不上，已算尽力告知，可以办结。") % values
    return _("%(number)s 已登记没有联系上，隔一段时间会再出现在这里。") % values


@staff_page(TELL)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Today's list to take along; taking numbers away is logged."""
    user, now = signed_in(request), now_of(request)
    require(user, Permission.EXPORT)
    _form, wanted = _wanted(request)
    lines = queries.lines_of(queries.to_tell(user, wanted, now).today, user, now)
    _note_reading(request, lines, exported=True)
    header = [
        _("编号"),
        _("小区"),
        _("反映人"),
        _("电话"),
        _("房屋"),
        _("内容"),
        _("处理结果"),
        _("出结果时间"),
        _("已尝试"),
        _("可再打"),
    ]
    name, form = f"{_('今日需电话告知')}-{today_in_name(now)}", requested_format(request.GET.get("format", ""))
    return table_response(name, form, header, (_row(line) for line in lines))


def _row(line: queries.Line) -> tuple[Any, ...]:
    case, who = line.case, line.reporter
    return (
        *(case.number, case.community.name, who.name, who.phone, who.home, case.text, line.result, case.resolved_at),
        *(len(line.tries), line.next_at or _("现在")),
    )
