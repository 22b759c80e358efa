"""Medians of the two clocks of the cases that came in within a span, with those still running censored, not dropped.

*Handler's clock*: working minutes of the promise's calendar from receipt to the (last) result, without the times in which it
stood still, which are read from the history. Where a case has one result, in time, the history need not be asked: its deadline
already holds every pause, so what it used is what was promised less what was left. *Resident's clock*: plain minutes from
receipt to the moment the reporter confirmed that it is solved; a case that ended without a word is censored where it ended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db.models import F, Q

from linsheng.feedback.clocks import STILL
from linsheng.feedback.figures.columns import Epoch, Floats, matrix
from linsheng.feedback.figures.shapes import MedianTime
from linsheng.feedback.figures.tallies import Span
from linsheng.feedback.figures.worktime import MINUTE, Ruler
from linsheng.feedback.models import CaseEvent, CaseState
from linsheng.standards.calendars import engine
from linsheng.standards.models import ServiceCalendar
from linsheng.statistics.survival import kaplan_meier_median

Flags = npt.NDArray[np.bool_]
# Decimals of a minute that are kept: what the database's clock tells, without the rounding of floats.
ROUNDING: Final = 4
# A result was given: the clock has ended, at least until the case is reopened.
RESULT = frozenset({CaseState.RESOLVED, CaseState.CLOSED, CaseState.REFERRED, CaseState.DECLINED})
# States in which a case leaves the clock for good (a withdrawal, another case).
LEFT = frozenset({CaseState.WITHDRAWN, CaseState.MERGED})
_TIMES = {
    "received": "received_at",
    "due": "resolve_by",
    "resolved": "resolved_at",
    "confirmed": "confirmed_at",
    "closed": "closed_at",
}
_NUMBERS = ("id", "calendar_id", "resolution_minutes", "received", "due", "resolved", "confirmed", "closed")


@dataclass(frozen=True, eq=False)
class Clocks:
    """Minutes of both clocks, case by case, all arrays alike long; NaN where a case has no such clock."""

    groups: npt.NDArray[np.object_]
    handler: Floats
    handler_ended: Flags
    resident: Floats
    resident_ended: Flags

    def medians(self, group: Any = None) -> tuple[MedianTime, MedianTime]:
        """Handler's and resident's median, of all or of one group."""
        chosen = np.ones(self.groups.size, dtype=bool) if group is None else self.groups == group
        handler = _median(self.handler[chosen], self.handler_ended[chosen])
        return handler, _median(self.resident[chosen], self.resident_ended[chosen])


@dataclass(frozen=True, eq=False)
class _Rows:
    """The columns of the cases, as seconds since the epoch."""

    groups: npt.NDArray[np.object_]
    id: Floats
    calendar: Floats
    minutes: Floats
    received: Floats
    due: Floats
    resolved: Floats
    confirmed: Floats
    closed: Floats
    merged: Flags
    plain: Flags


def clocks_of(span: Span) -> Clocks:
    """Both clocks of every case that came in within the span, as they stood at its cut."""
    cut = span.cut.timestamp()
    rows = _load(span)
    confirmed = rows.confirmed < cut
    last_seen = np.fmin(rows.closed, cut)
    until = np.where(confirmed, rows.confirmed, np.maximum(last_seen, rows.received))
    resident = np.round((until - rows.received) / MINUTE, ROUNDING)
    handler, ended = _handler_clock(span, rows, cut)
    return Clocks(rows.groups, handler, ended, resident, confirmed)


def _plain_condition(span: Span) -> Q:
    """One result, given in time: what it took follows from its deadline."""
    once = Q(cycle=1, state__in=[CaseState.RESOLVED, CaseState.CLOSED], resolve_by__isnull=False)
    return once & Q(resolved_at__lt=span.cut, resolved_at__lte=F("resolve_by"))


def _came_in(span: Span) -> Any:
    return span.cases.filter(span.within("received_at"))


def _load(span: Span) -> _Rows:
    rows = _came_in(span).annotate(**{name: Epoch(column) for name, column in _TIMES.items()}).order_by()
    found = list(rows.values_list(*_NUMBERS, "cycle", "state", span.path()))
    numbers = matrix([row[:-2] for row in found], len(_NUMBERS) + 1)
    groups = np.empty(len(found), dtype=object)
    groups[:] = [row[-1] for row in found]
    states = np.array([row[-2] for row in found], dtype=object)
    columns = dict(zip(("id", "calendar", "minutes", *_NUMBERS[3:], "cycle"), numbers.T, strict=True))
    plain = (columns.pop("cycle") == 1) & np.isin(states, [CaseState.RESOLVED, CaseState.CLOSED])
    plain &= (columns["resolved"] < span.cut.timestamp()) & (columns["resolved"] <= columns["due"])
    return _Rows(groups=groups, merged=states == CaseState.MERGED, plain=plain, **columns)


def _handler_clock(span: Span, rows: _Rows, cut: float) -> tuple[Floats, Flags]:
    """Working minutes and whether they ended; NaN for merged cases (another case's clock) and where nothing was promised."""
    minutes = np.full(rows.id.size, np.nan)
    ended = rows.plain.copy()
    measured = ~rows.merged & ~np.isnan(rows.minutes)
    histories = _histories(span) if (measured & ~rows.plain).any() else {}
    for calendar, ruler in _rulers(rows, measured, cut).items():
        mine = measured & (rows.calendar == calendar)
        quick = mine & rows.plain
        minutes[quick] = rows.minutes[quick] - ruler.minutes(rows.resolved[quick], rows.due[quick])
        slow = np.flatnonzero(mine & ~rows.plain)
        minutes[slow], ended[slow] = _from_history(rows, slow, histories, ruler, cut)
    return np.maximum(np.round(minutes, ROUNDING), 0.0), ended


def _rulers(rows: _Rows, measured: Flags, cut: float) -> dict[float, Ruler]:
    wanted = {int(key) for key in np.unique(rows.calendar[measured & ~np.isnan(rows.calendar)])}
    calendars = ServiceCalendar.objects.filter(pk__in=wanted).prefetch_related("overrides")
    if not wanted:
        return {}
    first = float(rows.received[measured].min())
    last = max(cut, float(np.nanmax(rows.due[measured], initial=cut)))
    return {float(calendar.pk): Ruler.of(engine(calendar), first, last) for calendar in calendars}


def _histories(span: Span) -> dict[int, list[tuple[float, str]]]:
    """The changes of state, until the cut, of the cases whose clock their columns do not tell."""
    cases = _came_in(span).filter(resolution_minutes__isnull=False).exclude(state=CaseState.MERGED)
    unclear = cases.filter(~_plain_condition(span) | Q(resolved_at=None) | Q(resolve_by=None))
    changes = CaseEvent.objects.filter(case__in=unclear.values("pk"), at__lt=span.cut).exclude(from_state=F("to_state"))
    rows = changes.order_by("case_id", "at", "id").values_list("case_id", Epoch("at"), "to_state")
    return {case: [(at, state) for _case, at, state in group] for case, group in groupby(rows, key=itemgetter(0))}


def _from_history(
    rows: _Rows, places: npt.NDArray[np.intp], histories: Mapping[int, list[tuple[float, str]]], ruler: Ruler, cut: float
) -> tuple[Floats, Flags]:
    """Working minutes until the end or the cut, without the spans in which the clock stood still."""
    ends, ended, owners, spans = np.full(places.size, cut), np.zeros(places.size, dtype=bool), [], []
    for place, row in enumerate(places):
        end, ended[place], still = read_history(histories.get(int(rows.id[row]), ()), cut)
        ends[place] = max(end, rows.received[row])
        owners += [place] * len(still)
        spans += still
    worked = ruler.minutes(rows.received[places], ends)
    pauses = matrix(spans, 2)
    np.subtract.at(worked, np.array(owners, dtype=np.intp), ruler.minutes(pauses[:, 0], pauses[:, 1]))
    return worked, ended


def read_history(changes: Iterable[tuple[float, str]], cut: float) -> tuple[float, bool, list[tuple[float, float]]]:
    """Where the handler's clock stopped (at the result, a withdrawal, or the cut), whether by a result, and its earlier pauses."""
    still: list[tuple[float, float]] = []
    since: float | None = None
    result: float | None = None
    left: float | None = None
    for at, state in changes:
        if state not in STILL and since is not None:
            still.append((since, at))
            since = result = None
        elif state in STILL and since is None:
            since = at
        result = at if state in RESULT and result is None else result
        left = at if state in LEFT else None
    end = since if since is not None else left if left is not None else cut
    return end, result is not None, still


def _median(durations: Floats, ended: Flags) -> MedianTime:
    found = kaplan_meier_median(durations, ended)
    return MedianTime(found.median, found.low, found.high, found.n, found.events, found.censored, found.missing)
