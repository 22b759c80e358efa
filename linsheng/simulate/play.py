"""Playing a script: the order of things is decided here, once; who writes the rows is the player's business."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from linsheng.accounts.permissions import Role
from linsheng.core.errors import DomainError
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case
from linsheng.jobs.models import LeaseState
from linsheng.messaging.models import Delivery
from linsheng.simulate.script import CaseScript, StepPlan

ACKNOWLEDGED_AFTER = timedelta(minutes=90)
ACKNOWLEDGED_SHARE = 0.6


class Player(Protocol):
    """Writes what happens to one case."""

    def receive(self, script: CaseScript) -> None: ...

    def take(self, step: StepPlan) -> None:
        """Take the step if the rules allow it now; else nothing happens."""

    def next_rung_at(self) -> datetime | None: ...

    def climb(self, at: datetime) -> str:
        """Raise the next rung; returns the role that was told, empty when there was nothing to raise."""


def play(script: CaseScript, player: Player, until: datetime) -> None:
    """Play one case up to an instant: its steps, and in between the rungs of the ladder whose time comes."""
    player.receive(script)
    queue = [(step.at, place, step) for place, step in enumerate(script.steps)]
    heapq.heapify(queue)
    while True:
        rung = player.next_rung_at()
        step_at = queue[0][0] if queue else None
        if rung is not None and rung <= until and (step_at is None or rung <= step_at):
            _climb(script, player, rung, queue)
        elif step_at is not None and step_at <= until:
            player.take(heapq.heappop(queue)[2])
        else:
            return


def _climb(script: CaseScript, player: Player, at: datetime, queue: list[tuple[datetime, int, StepPlan]]) -> None:
    role = player.climb(at)
    if role == Role.SUPERVISOR and script.luck < ACKNOWLEDGED_SHARE:
        step = StepPlan(at + ACKNOWLEDGED_AFTER, "acknowledge", script.acknowledger)
        heapq.heappush(queue, (step.at, 1000 + len(queue), step))


class ActionPlayer:
    """Plays through the same actions as the pages: slow, and by definition right."""

    def __init__(self) -> None:
        self.case: Case | None = None

    def receive(self, script: CaseScript) -> None:
        if script.entered_by is not None:
            by = Actor.staff(script.entered_by)
        else:
            by = Actor(user=script.reporter, reporter=True) if script.reporter else Actor.clockwork()
        self.case = actions.receive_case(report=script.report, by=by, now=script.at)
        _deliver(script.at)

    def take(self, step: StepPlan) -> None:
        case = self._fresh()
        reporter = Actor(user=case.resident.user, reporter=True) if case.resident and case.resident.user else Actor.by_link()
        by = actor_for(step.who, case) if step.who is not None else reporter
        try:
            ACTIONS[step.action](case=case, by=by, now=step.at, **step.values)
        except DomainError:
            return
        _deliver(step.at)

    def next_rung_at(self) -> datetime | None:
        return self._fresh().next_escalation_at

    def climb(self, at: datetime) -> str:
        raised = actions.escalate_case(case=self._fresh(), now=at)
        _deliver(at)
        return raised.role if raised else ""

    def _fresh(self) -> Case:
        if self.case is None:
            raise RuntimeError("nothing was received yet")
        return Case.objects.select_related("resident__user").get(pk=self.case.pk)


ACTIONS: dict[str, Callable[..., object]] = {
    "assign": actions.assign_case,
    "contact": actions.contact_reporter,
    "start": actions.start_case,
    "wait": actions.wait_case,
    "resume": actions.resume_case,
    "resolve": actions.resolve_case,
    "tell": actions.tell_result,
    "close": actions.close_case,
    "reopen": actions.reopen_case,
    "refer": actions.refer_case,
    "decline": actions.decline_case,
    "withdraw": actions.withdraw_case,
    "urge": actions.urge_case,
    "rate": actions.rate_case,
    "callback": actions.record_callback,
    "note": actions.add_note,
    "acknowledge": actions.acknowledge_escalation,
}


def _deliver(at: datetime) -> None:
    """Every mail arrives at once: what is simulated lies in the past, and nothing is really sent."""
    for delivery in Delivery.objects.filter(state=LeaseState.QUEUED, created_at=at):
        Delivery.objects.filter(pk=delivery.pk).update(state=LeaseState.DONE, attempts=1, finished_at=at)
        actions.mark_delivered(notice_id=delivery.notice_id, now=at)
