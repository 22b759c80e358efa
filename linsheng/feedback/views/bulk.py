"""One action on the rows that were checked; what became of each stands on the list afterwards."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.accounts.queries import user_called
from linsheng.core.errors import Invalid
from linsheng.core.http import now_of, safe_next
from linsheng.feedback import actions
from linsheng.feedback.actions.bulk import BulkOutcome, apply_to_all
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case
from linsheng.feedback.queries import visible_to
from linsheng.feedback.queries.places import Handler, colleagues_called
from linsheng.feedback.views.common import staff_page

KEY = "bulk_outcome"
Function = Callable[[Case], object]


def _function(request: HttpRequest, by: Actor, now: datetime) -> Function:
    """The action that was asked for, as a function of one case."""
    plain = {"start": actions.start_case, "close": actions.close_case, "acknowledge": actions.acknowledge_escalation}
    asked = request.POST.get("action", "")
    if asked in plain:
        return lambda case: plain[asked](case=case, by=by, now=now)
    if asked == "assign":
        handler = _handler(request)
        return lambda case: actions.assign_case(case=case, handler=handler, by=by, now=now)
    raise Invalid(_("请选择要办理的操作。"))


def _handler(request: HttpRequest) -> User:
    asked = request.POST.get("handler", "").strip()
    found = colleagues_called(signed_in(request), asked) if asked else []
    handler = user_called(found[0].username) if len(found) == 1 else None
    if handler is None:
        raise Invalid(words := _why_nobody(asked, found), fields={"handler": words})
    return handler


def _why_nobody(asked: str, found: list[Handler]) -> str:
    if found:
        names = pgettext("between words", "、").join(handler.username for handler in found)
        return _("有 %(n)s 位叫“%(name)s”，请写用户名：%(names)s。") % {"n": len(found), "name": asked, "names": names}
    return _("这里没有叫“%(name)s”的同事，请写姓名或用户名。") % {"name": asked} if asked else _("请先选择要指派给谁。")


def chosen_cases(user: User, ids: list[str]) -> list[Case]:
    """The checked cases that the user sees, in the list's order."""
    numbers = [int(pk) for pk in ids if pk.isdecimal()]
    found = {case.pk: case for case in visible_to(user).filter(pk__in=numbers).select_related("community")}
    return [found[pk] for pk in numbers if pk in found]


def _kept(outcome: BulkOutcome) -> dict[str, Any]:
    """What the list shows of it, small enough for the session."""
    refused = [{"pk": r.case.pk, "number": r.case.number, "sentence": r.sentence} for r in outcome.refused]
    return {"summary": outcome.summary, "done": len(outcome.done), "refused": refused}


def take_outcome(request: HttpRequest) -> dict[str, Any] | None:
    """What became of the last bulk action; told once."""
    kept: dict[str, Any] | None = request.session.pop(KEY, None) if KEY in request.session else None
    return kept


@staff_page(Permission.SEE_WORKBOARD)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Apply the action to each checked case; go back to the list."""
    user = signed_in(request)
    back = HttpResponseRedirect(safe_next(request, reverse("feedback:board")))
    cases = chosen_cases(user, request.POST.getlist("ids"))
    if not cases:
        messages.warning(request, _("没有勾选任何一件。请先勾选，再选择操作。"))
        return back
    outcome = apply_to_all(cases, _function(request, Actor.staff(user), now_of(request)))
    if outcome.refused:
        request.session[KEY] = _kept(outcome)
    else:
        messages.success(request, outcome.summary)
    return back
