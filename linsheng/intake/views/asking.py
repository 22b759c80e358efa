"""电话回访: the system gives the next one to ask, to somebody who did not work on it."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, render_page
from linsheng.feedback.actions import record_callback
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, Resolution
from linsheng.feedback.queries import visible_to
from linsheng.feedback.queries.places import chosen_community
from linsheng.feedback.reporters import reporter_of
from linsheng.intake.actions.asking import skip_asking
from linsheng.intake.forms.asking import AskForm, SkipForm
from linsheng.intake.queries.asking import queue_of
from linsheng.intake.views.common import staff_page

SALT = "intake.asking"
YES = {"yes": True, "no": False}


def turn_of(case: Case, user: User) -> str:
    """Says that the system gave this case to this person: nobody answers for one that they picked."""
    return signing.dumps([case.pk, case.cycle, user.pk], salt=SALT)


def _given(request: HttpRequest) -> Case | None:
    """The case of the form that came back; ``None`` if it is not this person's turn (any more)."""
    user = signed_in(request)
    try:
        pk, cycle, owner = signing.loads(request.POST.get("turn", ""), salt=SALT, max_age=12 * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    case = visible_to(user).filter(pk=pk, cycle=cycle).select_related("community").first()
    return case if owner == user.pk else None


@staff_page(Permission.ASK_BACK)
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask the next one; what was answered is logged, and the one after it comes up."""
    if request.method != "POST":
        return _shown(request, AskForm(), SkipForm())
    skipping = request.POST.get("action") == "skip"
    ask, skip = AskForm(None if skipping else request.POST), SkipForm(request.POST if skipping else None)
    case = _given(request)
    if case is None:
        messages.error(request, _("这一件已换成下一件，请按页面上的继续。"))
        return redirect("intake:to_ask")
    if _done(request, case, skip if skipping else ask):
        return redirect("intake:to_ask")
    return _shown(request, ask, skip, status=422)


def _done(request: HttpRequest, case: Case, form: AskForm | SkipForm) -> bool:
    """Whether the form was right and is kept; else it says what is wrong."""
    if not form.is_valid():
        return False
    by, now, values = signed_in(request), now_of(request), form.cleaned_data
    try:
        if isinstance(form, SkipForm):
            skip_asking(case=case, reason=values["reason"], by=by, now=now)
            messages.success(request, _("已跳过，原因已记录。今天不会再给您这一件。"))
        else:
            answers: dict[str, Any] = {name: values[name] for name in ("outcome", "satisfied", "note")}
            answers |= {name: YES.get(values[name]) for name in ("contacted", "solved")}
            record_callback(case=case, **answers, by=Actor.staff(by), now=now)
            messages.success(request, _("已登记回访。"))
    except (Conflict, Forbidden) as error:
        # Somebody else was quicker, or the case went on: the next one comes up.
        messages.error(request, str(error.message))
    except Invalid as error:
        show_errors(form, error)
        return False
    return True


def _shown(request: HttpRequest, ask: AskForm, skip: SkipForm, status: int = 200) -> HttpResponse:
    user, now = signed_in(request), now_of(request)
    place = chosen_community(user, request.session.get("community", ""))
    queue = queue_of(user, place.pk if place else None, now)
    context: dict[str, Any] = {"queue": queue, "case": queue.case, "ask": ask, "skip": skip, "place": place}
    if queue.case is not None:
        case = queue.case
        result = Resolution.objects.filter(case=case, cycle=case.cycle).first()
        context |= {"reporter": reporter_of(case, user), "result": result, "turn": turn_of(case, user)}
        company = case.community.organisation_id
        record_reading("to_ask", by=user, now=now, organisation_id=company, community_id=case.community_id, ids=[case.pk])
    return render_page(request, "intake/calls/to_ask.html", context, status=status)
