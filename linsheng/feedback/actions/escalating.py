"""Climbing the ladder: each rung once a cycle, told to whoever holds the role there, acknowledged by a person."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.communities.models import Post
from linsheng.core.errors import Conflict, Forbidden
from linsheng.feedback import ladder
from linsheng.feedback.actions.recipients import RANKS, of_role
from linsheng.feedback.actions.step import Change, Step, claimed_case, fresh_case
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseState, Escalation
from linsheng.feedback.notices import Words, send_to_staff
from linsheng.messaging.models import NoticeKind

# The front desk hears of what no handler hears, but is nobody's superior.
SUPERIORS = (Role.SUPERVISOR, Role.MANAGER, Role.DIRECTOR)


def recipients(case: Case, role: str) -> list[User]:
    """Who is told at a rung."""
    return of_role(case, role)


@transaction.atomic
def escalate_case(*, case: Case, now: datetime) -> Escalation | None:
    """Raise the next rung if its time has come; returns it, or ``None`` when there was nothing to do. Safe to repeat."""
    fresh = claimed_case(case.pk)
    rung = ladder.next_rung(fresh)
    if rung is None or rung.at > now:
        Case.objects.filter(pk=fresh.pk).update(next_escalation_at=rung.at if rung else None)
        return None
    raised = _raise(fresh, rung, now)
    change = Change(fresh, "escalate", by=Actor.clockwork(), now=now, claimed=True)
    change.write(internal=True, data={"role": raised.role, "clock": raised.clock, "order": raised.order}, clock=True)
    _tell(fresh, raised, now)
    change.audit()
    return raised


def _raise(case: Case, rung: ladder.Rung, now: datetime) -> Escalation:
    minutes = rung.step.acknowledge_minutes
    return Escalation.objects.create(
        case=case,
        cycle=case.cycle,
        clock=rung.clock,
        order=rung.step.order,
        role=rung.step.role,
        raised_at=now,
        acknowledge_by=now + timedelta(minutes=minutes) if minutes else None,
    )


def _tell(case: Case, raised: Escalation, now: datetime) -> None:
    due = case.respond_by if raised.clock == Escalation.Clock.RESPONSE else case.resolve_by
    late = due is not None and now >= due
    words = Words(
        gettext_lazy("已超时：%(text)s") if late else gettext_lazy("即将超时：%(text)s"),
        gettext_lazy("%(number)s 的%(clock)s时限需要您关注，请打开后点“确认已知悉”。"),
        {"clock": Escalation.Clock(raised.clock).label},
    )
    for user in of_role(case, raised.role):
        key = f"escalation-{raised.pk}-{user.pk}"
        send_to_staff(case=case, user=user, key=key, words=words, kind=NoticeKind.ESCALATION, now=now)


@transaction.atomic
def acknowledge_escalation(*, case: Case, by: Actor, now: datetime) -> Case:
    """Take note of every rung raised for one's own role or below; the ladder then waits for its own times."""
    step = Step(case, "acknowledge", by=by, now=now)
    user = by.user
    open_rungs = Escalation.objects.filter(case=case, cycle=step.case.cycle, acknowledged_at=None)
    mine = [e.pk for e in open_rungs if user is not None and _concerns(step.case, e, user)]
    if not open_rungs:
        raise Conflict(_("没有需要确认的升级提醒。"))
    if not mine:
        raise Forbidden(_("这次升级提醒是给上级岗位的，请由其确认。"))
    Escalation.objects.filter(pk__in=mine, acknowledged_at=None).update(acknowledged_at=now, acknowledged_by=user)
    return step.commit(internal=True, clock=True)


def _concerns(case: Case, raised: Escalation, user: User) -> bool:
    """Whether the user was told of this rung, or holds a higher post there."""
    if user in of_role(case, raised.role):
        return True
    posts = Post.objects.filter(user=user, organisation=case.community.organisation_id, ended_at=None)
    ranks = [RANKS.index(Role(p.role)) for p in posts if p.role in SUPERIORS and p.community_id in (None, case.community_id)]
    return bool(ranks) and max(ranks) > RANKS.index(Role(raised.role))


def remind_of_waiting(*, case: Case, now: datetime) -> bool:
    """Tell whoever works on a waiting case that the expected date has come; whether there was something to tell.

    The clock goes on standing: whether it may run again is a person's decision. Safe to repeat.
    """
    with transaction.atomic():
        fresh = fresh_case(case)
        until = fresh.waiting_until
        if fresh.state != CaseState.WAITING or until is None or until > now:
            return False
        words = Words(gettext_lazy("等待到期：%(text)s"), gettext_lazy("%(number)s 预计的日期到了，请恢复处理或写明新的日期。"))
        for user in of_role(fresh, Role.HANDLER):
            key = f"case-{fresh.pk}-waited-{int(until.timestamp())}-{user.pk}"
            send_to_staff(case=fresh, user=user, key=key, words=words, now=now)
        return True
