"""When the next rung of the escalation ladder is reached. Each of the two deadlines climbs it by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from linsheng.core.questions import Question
from linsheng.core.workcalendar import ALWAYS, add_working_minutes
from linsheng.feedback import clocks
from linsheng.feedback.models import Case, CaseState, Escalation, EscalationStep
from linsheng.standards.calendars import engine


@dataclass(frozen=True)
class Rung:
    """One rung not yet reached, when it will be, and which deadline it is about."""

    step: EscalationStep
    at: datetime
    clock: str


def running_clocks(case: Case) -> dict[str, tuple[datetime, int]]:
    """The deadlines that run now, with their working minutes: until the reporter was contacted both do."""
    found: dict[str, tuple[datetime, int]] = {}
    if case.responded_at is None and case.respond_by is not None:
        found[Escalation.Clock.RESPONSE] = case.respond_by, case.response_minutes or 0
    if case.resolve_by is not None:
        found[Escalation.Clock.RESOLUTION] = case.resolve_by, case.resolution_minutes or 0
    return found


def _own_time(case: Case, step: EscalationStep, clock: str, pauses: list[clocks.Span]) -> datetime | None:
    """When a rung is reached by the clock alone: a share of the working time, or plain hours after the deadline.

    Hours after the deadline do not pass while the clock stands: who reopens an old case does not wake the director at once.
    """
    due, minutes = running_clocks(case)[clock]
    if step.hours_after is not None:
        return add_working_minutes(due, step.hours_after * 60, ALWAYS, pauses)
    if step.percent == 100 or case.calendar is None:
        return due
    return add_working_minutes(case.received_at, minutes * (step.percent or 0) // 100, engine(case.calendar), pauses)


def _next_of(
    case: Case, clock: str, steps: Sequence[EscalationStep], raised: Sequence[Escalation], pauses: list[clocks.Span]
) -> Rung | None:
    """The lowest rung of one deadline that was not reached; the one just below it, not acknowledged in time, pulls it nearer."""
    mine = sorted((e for e in raised if e.clock == clock), key=lambda e: e.order)
    reached = {e.order for e in mine}
    step = next((s for s in steps if s.order not in reached), None)
    at = _own_time(case, step, clock, pauses) if step else None
    if step is None or at is None:
        return None
    ignored = mine[-1].acknowledge_by if mine and mine[-1].acknowledged_at is None else None
    return Rung(step, min(at, ignored) if ignored else at, clock)


def next_rung(case: Case, pauses: list[clocks.Span] | None = None) -> Rung | None:
    """The rung that is reached next in this cycle; ``None`` while the clock stands or nothing is left to climb."""
    if not case.is_open or case.state == CaseState.WAITING or not running_clocks(case):
        return None
    steps = list(EscalationStep.objects.filter(organisation=case.community.organisation_id))
    if not steps:
        return None
    raised = list(Escalation.objects.filter(case=case, cycle=case.cycle))
    return rung_among(case, steps, raised, clocks.pauses_of(case) if pauses is None else pauses)


def rung_among(case: Case, steps: Sequence[EscalationStep], raised: Sequence[Escalation], pauses: list[clocks.Span]) -> Rung | None:
    """``next_rung`` from rows at hand: the company's steps, and what was raised in this cycle."""
    if not case.is_open or case.state == CaseState.WAITING:
        return None
    over = clocks.finished(pauses)
    found = [_next_of(case, clock, steps, raised, over) for clock in running_clocks(case)]
    return min((rung for rung in found if rung), key=lambda rung: rung.at, default=None)


def next_time(case: Case, pauses: list[clocks.Span] | None = None) -> datetime | None:
    """When the worker has to look at this case again."""
    rung = next_rung(case, pauses)
    return rung.at if rung else None


def _steps(organisation: int) -> QuerySet[EscalationStep]:
    return EscalationStep.objects.filter(organisation=organisation)[:1]


_lowest_step = Question(_steps, organisation=int)


def first_time(case: Case) -> datetime | None:
    """``next_time`` of a case that has no history yet: its lowest rung, without asking for what was raised."""
    step = _lowest_step.first(organisation=case.community.organisation_id)
    if step is None:
        return None
    times = [_own_time(case, step, clock, []) for clock in running_clocks(case)]
    return min((at for at in times if at), default=None)
