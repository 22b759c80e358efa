"""Proof of telling: logged by hand, or reported back by the worker that delivered a mail."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core.errors import Conflict, Invalid
from linsheng.feedback import telling
from linsheng.feedback.actions import recipients
from linsheng.feedback.actions.results import set_told
from linsheng.feedback.actions.step import Change, Step, claimed_case
from linsheng.feedback.actions.words import needed, optional
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseState, Resolution, ResultNotice
from linsheng.feedback.notices import Words, send_to_staff
from linsheng.feedback.settings import settings_of
from linsheng.messaging.models import Notice, NoticeKind


@transaction.atomic
def tell_result(
    *, case: Case, method: str = "phone", reached: bool = True, note: str = "", at: datetime | None = None, by: Actor, now: datetime
) -> Case:
    """Log that the reporter was told, or that it was tried in vain; enough tries at different times count as told.

    ``at`` is when it happened, if it is logged later than that.
    """
    step = Step(case, "tell", by=by, now=now)
    at = at or now
    note = optional(note, "note", longest=200)
    _check_method(step.case, method, note, reached=reached)
    result = Resolution.objects.filter(case=case, cycle=step.case.cycle).first()
    if result is None:
        raise Conflict(_("还没有处理结果可以告知，请先填写处理结果。"))
    if step.case.confidential:
        raise Conflict(_("反映人要求保密，结果已放在其专属进展页，请不要打电话。"))
    if not result.at <= at <= now:
        raise Invalid(_("告知时间须在有结果之后、现在之前。"), fields={"at": _("请核对告知的时间。")})
    ResultNotice.objects.create(case=step.case, cycle=step.case.cycle, method=method, at=at, by=by.user, reached=reached, note=note)
    if reached or _tried_enough(step.case):
        set_told(step.case, at, reached=reached)
    return step.commit(text=note, data={"method": method, "reached": reached})


def _check_method(case: Case, method: str, note: str, *, reached: bool) -> None:
    if method not in telling.BY_HAND:
        raise Invalid(_("请选择电话或当面；站内和邮件由系统发送。"), fields={"method": _("请选择电话或当面。")})
    if method != ResultNotice.Method.POSTED:
        return
    if not telling.reached_by_nothing(case):
        sentence = _("反映人留了电话、邮箱或房号，请打电话或当面告知。")
        raise Invalid(sentence, fields={"method": sentence})
    if not reached:
        sentence = _("张贴没有“联系不上”：贴了就登记已告知，没贴就先不登记。")
        raise Invalid(sentence, fields={"reached": sentence})
    needed(note, "note", _("请写明张贴在哪里。"))


def _tried_enough(case: Case) -> bool:
    rows = ResultNotice.objects.filter(case=case, cycle=case.cycle, reached=False, method__in=telling.BY_HAND)
    return telling.attempts_suffice(list(rows.values_list("at", flat=True)), settings_of(case.community.organisation_id))


@transaction.atomic
def mark_delivered(*, notice_id: int, now: datetime) -> int:
    """A mail was taken by its server; returns how many proofs of telling that completed. Safe to repeat."""
    rows = list(ResultNotice.objects.filter(notice_id=notice_id, reached=None))
    for row in rows:
        ResultNotice.objects.filter(pk=row.pk, reached=None).update(reached=True, at=now)
        _told_by_mail(row, now)
    if not rows:
        _message_arrived(notice_id, now)
    return len(rows)


def _told_by_mail(row: ResultNotice, now: datetime) -> None:
    """The first proof of its cycle is an event of the case; further ones are only noted."""
    case = claimed_case(row.case_id)
    if row.cycle != case.cycle or case.told_at is not None:
        return
    change = Change(case, "tell", by=Actor.clockwork(), now=now, claimed=True)
    set_told(case, now)
    change.commit(data={"method": row.method, "reached": True})


def _message_arrived(notice_id: int, now: datetime) -> None:
    """A handler's message that went by mail alone is contact once it has arrived."""
    notice = Notice.objects.filter(pk=notice_id, kind=NoticeKind.CASE_PROGRESS, subject_type="feedback.case").first()
    if notice is None or not notice.key.startswith(f"case-{notice.subject_id}-message-"):
        return
    case = claimed_case(notice.subject_id or 0)
    if not case.is_open or case.responded_at is not None:
        return
    change = Change(case, "contact", by=Actor.clockwork(), now=now, claimed=True)
    case.responded_at = now
    change.commit(data={"method": "message", "reached": True}, clock=True)


@transaction.atomic
def mark_undelivered(*, notice_id: int, reason: str, now: datetime) -> int:
    """A mail came back or was refused for good: somebody has to phone. Safe to repeat."""
    return ResultNotice.objects.filter(notice_id=notice_id, reached=None).update(reached=False, at=now, note=reason[:200])


@transaction.atomic
def mark_returned(*, case: Case, address: str, notice_id: int | None, reason: str, now: datetime) -> Case:
    """A mail to the reporter came back after its server had taken it: it proves nothing, the address is not written to again,
    and who works on the case hears that somebody has to phone. Safe to repeat."""
    Case.objects.filter(pk=case.pk, contact_email__iexact=address).update(contact_reachable=False)
    proofs = ResultNotice.objects.filter(notice_id=notice_id, method=ResultNotice.Method.EMAIL) if notice_id else None
    if proofs is not None and proofs.exclude(reached=False).update(reached=False, at=now, note=reason[:200]):
        _take_proof_back(case, reason, now)
    fresh = claimed_case(case.pk)
    words = Words(gettext_lazy("邮件被退回：%(text)s"), gettext_lazy("%(number)s 的邮件没有送到反映人，请打电话或上门。"))
    for user in recipients.of_work(fresh.parent or fresh):
        send_to_staff(case=fresh, user=user, key=f"case-{case.pk}-returned-{notice_id or 0}-{user.pk}", words=words, now=now)
    return fresh


def _take_proof_back(case: Case, reason: str, now: datetime) -> None:
    """Unless something else proves it, the reporter of this cycle is not told; what is closed stays closed, with the entry."""
    fresh = claimed_case(case.pk)
    proved = ResultNotice.objects.filter(case=fresh, cycle=fresh.cycle, reached=True).exists()
    if not proved and fresh.state != CaseState.CLOSED:
        fresh.told_at = None
    change = Change(fresh, "tell", by=Actor.clockwork(), now=now, claimed=True)
    change.commit(text=reason[:200], data={"method": ResultNotice.Method.EMAIL, "reached": False})
