"""The handler's clock: deadlines in the promise's calendar, with pauses read from the history, never from a counter."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from linsheng.core.workcalendar import NoWorkingTimeError, WorkingCalendar, add_working_minutes
from linsheng.feedback.models import FAR, Case, CaseEvent, CaseState
from linsheng.standards.calendars import engine
from linsheng.standards.models import Promise

Span = tuple[datetime, datetime | None]
# (time, action, state before, state after) of one history entry.
Entry = tuple[datetime, str, str, str]

# The handler's clock stands still while a case waits, and between a result and a reopening.
STILL = frozenset(
    {CaseState.WAITING, CaseState.RESOLVED, CaseState.CLOSED, CaseState.REFERRED, CaseState.DECLINED, CaseState.WITHDRAWN}
)
RESULTS = frozenset({"resolve", "refer", "decline"})


def still_spans(changes: Iterable[tuple[datetime, str]]) -> list[Span]:
    """Spans in which the clock stood, from (time, new state) in time order; the last one may be open."""
    spans: list[Span] = []
    since: datetime | None = None
    for at, state in changes:
        if state in STILL and since is None:
            since = at
        elif state not in STILL and since is not None:
            spans.append((since, at))
            since = None
    return [*spans, (since, None)] if since is not None else spans


def running_states(entries: Iterable[Entry]) -> Iterator[tuple[datetime, str]]:
    """(time, state that the clock obeys), from the history in the order in which it was written.

    While a case is merged its clock goes on as it stood, until the shared result came; it runs again when the case that it was
    merged into is reopened. Times never go back, even where two servers' clocks differ.
    """
    last: datetime | None = None
    for at, action, before, after in entries:
        last = at if last is None else max(at, last)
        if after != CaseState.MERGED and (before != after or action == "receive"):
            yield last, after
        elif before == after == CaseState.MERGED and action in RESULTS:
            yield last, CaseState.RESOLVED
        elif before == after == CaseState.MERGED and action == "reopen":
            yield last, CaseState.IN_PROGRESS


def pauses_of(case: Case) -> list[Span]:
    """The spans in which this case's clock stood (one query)."""
    rows = CaseEvent.objects.filter(case=case).order_by("id").values_list("at", "action", "from_state", "to_state")
    return still_spans(running_states(rows))


def finished(pauses: Iterable[Span]) -> list[Span]:
    """The pauses that are over: while one lasts, a deadline is what it would be if the clock went on now."""
    return [span for span in pauses if span[1] is not None]


def take_promise(case: Case, promise: Promise | None) -> None:
    """Fix on the case what was promised; nothing is saved."""
    case.promise = promise
    case.calendar = promise.calendar if promise else None
    case.response_minutes = promise.response_minutes if promise else None
    case.resolution_minutes = promise.resolution_minutes if promise else None


def deadline(case: Case, minutes: int | None, calendar: WorkingCalendar | None, pauses: list[Span]) -> datetime | None:
    """When ``minutes`` of working time since the case came in are used up; ``None`` where nothing is promised."""
    if minutes is None or calendar is None:
        return None
    try:
        return add_working_minutes(case.received_at, minutes, calendar, pauses)
    except NoWorkingTimeError:
        return None


def set_deadlines(case: Case, pauses: list[Span]) -> None:
    """Work out both deadlines and the place on the workboard; nothing is saved.

    What happened after the first contact no longer moves the deadline for it.
    """
    calendar = engine(case.calendar) if case.calendar else None
    over = finished(pauses)
    contacted = case.responded_at
    before_contact = over if contacted is None else [span for span in over if span[0] < contacted]
    case.respond_by = deadline(case, case.response_minutes, calendar, before_contact)
    case.resolve_by = deadline(case, case.resolution_minutes, calendar, over)
    place(case)


def place(case: Case) -> None:
    """Set ``due_at`` from the state: the deadline that runs now."""
    if case.state == CaseState.WAITING:
        case.due_at = case.waiting_until or FAR
    elif not case.is_open:
        case.due_at = FAR
    else:
        case.due_at = running_deadline(case) or FAR


def running_deadline(case: Case) -> datetime | None:
    """The response deadline until the reporter was contacted, then the one for the result."""
    return case.respond_by if case.responded_at is None and case.respond_by else case.resolve_by


def unpublished_years(case: Case) -> list[int]:
    """Years in which a deadline lies and whose holidays were not published yet: there plain weekends were assumed."""
    if case.calendar is None or case.resolve_by is None:
        return []
    return sorted(engine(case.calendar).unpublished_years(case.received_at, case.resolve_by))
