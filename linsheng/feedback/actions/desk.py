"""What the desk does in one go: write down what somebody says, and hand it on or answer it at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.core.errors import Forbidden
from linsheng.feedback.actions.receiving import Report, receive_case
from linsheng.feedback.actions.step import needed
from linsheng.feedback.actions.telling import tell_result
from linsheng.feedback.actions.working import assign_case, resolve_case, start_case
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseState, Channel, ResultNotice


@transaction.atomic
def log_case(*, report: Report, handler: User | None = None, by: Actor, now: datetime) -> Case:
    """Receive a case and, with a ``handler``, assign it. A form sent twice gives the case that it made at first."""
    case = receive_case(report=report, by=by, now=now)
    if handler is None or case.state != CaseState.RECEIVED:
        return case
    return assign_case(case=case, handler=handler, by=by, now=now)


@transaction.atomic
def answer_at_once(*, report: Report, answer: str, by: Actor, now: datetime) -> Case:
    """Receive a case, take it, write the result and log that the reporter heard it: all of it or nothing.

    Whether it is solved is still asked by somebody else. Raises ``Invalid`` without an answer.
    """
    if by.user is None:
        raise Forbidden(_("当场答复由工作人员登记。"))
    answer = needed(answer, "answer", _("请写明当场答复了什么。"))
    case = log_case(report=report, handler=by.user, by=by, now=now)
    if case.state != CaseState.ASSIGNED:
        return case
    case = start_case(case=case, by=by, now=now)
    case = resolve_case(case=case, text=answer, by=by, now=now)
    if case.confidential:
        return case
    method = ResultNotice.Method.PHONE if report.channel == Channel.PHONE else ResultNotice.Method.VISIT
    return tell_result(case=case, method=method, reached=True, note=_("当场答复"), by=by, now=now)
