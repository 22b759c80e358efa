"""Ends, and coming back from them: close, refer, decline, withdraw, reopen."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core.errors import Conflict
from linsheng.feedback import telling
from linsheng.feedback.actions import recipients, results
from linsheng.feedback.actions.merging import release_children
from linsheng.feedback.actions.step import Change, Step, audit_all, needed
from linsheng.feedback.actions.words import optional
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseState, ResultNotice
from linsheng.feedback.notices import Words, send_to_staff
from linsheng.feedback.settings import settings_of
from linsheng.messaging.models import NoticeKind


@transaction.atomic
def close_case(*, case: Case, by: Actor, now: datetime) -> Case:
    """Close a case whose reporter was told, with proof; without it this is refused."""
    step = Step(case, "close", by=by, now=now)
    if step.case.told_at is None:
        raise Conflict(_why_not_told(step.case))
    step.case.closed_at = now
    return step.commit()


def _why_not_told(case: Case) -> str:
    """What the proof of telling still waits for."""
    if ResultNotice.objects.filter(case=case, cycle=case.cycle, reached=None).exists():
        return _("还不能办结：给反映人的邮件还没有送达。请稍候，或打电话告知后登记。")
    values = {"n": settings_of(case.community.organisation_id).tell_attempts}
    return _("还不能办结：没有告知反映人的证明。请先告知结果；联系不上时，请在不同时间至少尝试 %(n)s 次并登记。") % values


def _end(case: Case, action: str, reason: str, by: Actor, now: datetime) -> Case:
    """An end with a reason that the reporter reads; it is told and asked back like any result."""
    step = Step(case, action, by=by, now=now)
    reason = needed(reason, "reason", _("请写明原因，反映人会看到。"))
    results.publish(step.case, text=reason, by=by, now=now)
    step.case.closed_at = now
    done = step.write(text=reason)
    audit_all([step, *results.share_with_merged(done, action=action, text=reason, by=by, now=now)])
    return done


@transaction.atomic
def refer_case(*, case: Case, reason: str, by: Actor, now: datetime) -> Case:
    """Hand it on to whoever is responsible outside the company."""
    return _end(case, "refer", reason, by, now)


@transaction.atomic
def decline_case(*, case: Case, reason: str, by: Actor, now: datetime) -> Case:
    """Say that the company will not do it, and why."""
    return _end(case, "decline", reason, by, now)


@transaction.atomic
def withdraw_case(*, case: Case, reason: str = "", by: Actor, now: datetime) -> Case:
    """The reporter takes it back; nobody else can. What was merged into it is followed by itself again."""
    step = Step(case, "withdraw", by=by, now=now)
    step.case.closed_at = now
    done = step.write(text=optional(reason, "reason"))
    audit_all([step, *release_children(done, now)])
    words = Words(
        gettext_lazy("反映人已撤回：%(text)s"), gettext_lazy("您跟进的这件事已由反映人撤回。如果您也遇到，请自己提交一件反映。")
    )
    results.tell_followers(done, key="withdrawn", kind=NoticeKind.CASE_PROGRESS, words=words, now=now)
    return done


def reopen_until(case: Case, days: int) -> datetime | None:
    """The last moment at which a case can be reopened: so many days after its end, or after its reporter heard the result.

    ``None`` while nobody was told: who does not know the result cannot be late.
    """
    ended = case.closed_at or case.told_at
    return ended + timedelta(days=days) if ended else None


@transaction.atomic
def reopen_case(*, case: Case, reason: str, by: Actor, now: datetime) -> Case:
    """It is not solved: a new cycle begins, the handler's clock goes on where it stood.

    A merged household for whom it is not solved parts from the others: its case goes on by itself.
    """
    step = Step(case, "reopen", by=by, now=now)
    if not may_part(step.case):
        raise Conflict(_("合并到的那一件还没有处理结果，请等结果出来再说是否解决。"))
    reason = needed(reason, "reason", _("请说明哪里没有解决。"))
    days = settings_of(step.case.community.organisation_id).reopen_days
    until = reopen_until(step.case, days)
    if until is not None and now > until:
        raise Conflict(_("结束已超过 %(days)s 天，不能重新打开。请提交一件新的反映，我们会关联这一件。") % {"days": days})
    reopened = step.case
    data = _parted(reopened)
    reopened.cycle += 1
    reopened.resolved_at = reopened.told_at = reopened.closed_at = reopened.confirmed_at = reopened.asked_back_at = None
    reopened.urged_at = None
    done = step.write(text=reason, data=data)
    audit_all([step, *_reopen_children(done, now)])
    _tell_workers(done, reason, by, now)
    return done


def may_part(case: Case) -> bool:
    """Whether a merged case shares a result by now; any other has nothing to part from."""
    return case.state != CaseState.MERGED or (
        case.resolved_at is not None and case.parent is not None and case.parent.state in (CaseState.RESOLVED, CaseState.CLOSED)
    )


def _parted(case: Case) -> dict[str, object] | None:
    """Take it from the case that it was merged into, with whoever worked on that; what its history says of it."""
    former = case.parent
    if case.state != CaseState.MERGED or former is None:
        return None
    case.parent, case.handler = None, former.handler
    return {"from": former.pk, "number": former.number}


def _reopen_children(parent: Case, now: datetime) -> list[Change]:
    """The merged households' matter is open again, too: their clocks run, and the next result is told to them anew."""
    changes: list[Change] = []
    for child in results.children_of(parent):
        if child.resolved_at is None:
            continue
        change = Change(child, "reopen", by=Actor.clockwork(), now=now, claimed=True)
        child.resolved_at = None
        change.write(data={"parent": parent.number}, clock=True)
        changes.append(change)
        words = Words(gettext_lazy("继续处理：%(text)s"), gettext_lazy("和您一起处理的那件又打开了，有了结果会再告诉您。"))
        telling.tell_reporter(
            child, kind=NoticeKind.CASE_PROGRESS, words=words, key=f"case-{child.pk}-reopened-v{child.version}", now=now
        )
    return changes


def _tell_workers(case: Case, reason: str, by: Actor, now: datetime) -> None:
    words = Words(gettext_lazy("重新打开：%(text)s"), reason)
    for user in recipients.of_work(case):
        if user != by.user:
            send_to_staff(case=case, user=user, key=f"case-{case.pk}-reopened-{case.cycle}-{user.pk}", words=words, now=now)
