"""Working time: which minutes count, when a promise falls due, how long something took.

Everything here takes and gives aware datetimes and counts in whole microseconds, so no rounding creeps in.
The rules that a reader may wonder about:

* A start outside working time counts from the next opening.
* A deadline that is used up exactly when an interval ends stays at that end: 12:00, not 14:00. In general the
  deadline is the *earliest* moment at which the minutes are used up.
* Zero minutes are due at the start itself, even when that lies outside working time or inside a pause.
* A pause takes away only the working time it covers; a lunch break inside a pause moves nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Final, Protocol, Self, TypeAlias
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

Pause: TypeAlias = tuple[datetime, datetime | None]
"""From when until when a clock stands still; None means that it has not resumed yet."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MINUTE: Final = 60_000_000
_NEVER: Final = 1 << 62
_MIDNIGHT: Final = time(0, 0)
_HORIZON_YEARS: Final = 60


class NoWorkingTimeError(ValueError):
    """The working time asked for does not come within any sensible number of years."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open hours within one day, in local wall time. An `end` of 00:00 means 24:00, the end of that day."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("An interval is local wall time: give times without a zone.")
        if self.end != _MIDNIGHT and self.end <= self.start:
            raise ValueError(f"An interval must end after it starts: {self.start}-{self.end}.")


Day: TypeAlias = tuple[Interval, ...]
"""The open hours of one day, in order; empty means closed."""

FULL_DAY: Final[Day] = (Interval(_MIDNIGHT, _MIDNIGHT),)
CLOSED: Final[Day] = ()


@dataclass(frozen=True)
class StatutoryYear:
    """What the State Council published for one year."""

    holidays: frozenset[date]
    makeup_workdays: frozenset[date]


@cache
def statutory_year(year: int) -> StatutoryYear | None:
    """The published holidays and make-up workdays (调休) of a year, or None when it is not published yet."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    try:
        holidays = frozenset(chinese_calendar.get_holidays(first, last, include_weekends=False))
    except NotImplementedError:
        return None
    weekends = (day for day in _days_of(year) if day.weekday() >= 5)
    return StatutoryYear(holidays, frozenset(day for day in weekends if chinese_calendar.is_workday(day)))


@dataclass(frozen=True)
class WorkingCalendar:
    """Which hours count, day by day.

    `weekly` holds seven days, Monday first, each with its intervals. With `observes_holidays`, statutory holidays
    are closed and a make-up workday has Monday's hours. `overrides` are the company's own dates: they replace
    whatever the day would have been, and an empty tuple closes it.

    Equal calendars answer alike, but each object keeps its own table of the years it was asked about (about
    a millisecond to fill): hold on to one in bulk work. Safe to share between threads.
    """

    code: str
    weekly: tuple[Day, ...]
    observes_holidays: bool = True
    overrides: Mapping[date, Day] = field(default_factory=dict, hash=False)
    zone: ZoneInfo = SHANGHAI
    _ruler: "_Ruler" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("A working calendar needs seven days, Monday first.")
        _set = object.__setattr__
        _set(self, "weekly", tuple(_checked_day(day) for day in self.weekly))
        _set(self, "overrides", {on: _checked_day(day) for on, day in self.overrides.items()})
        _set(self, "_ruler", _EveryMinute() if self.is_continuous else _Timeline(self.intervals_on, self.zone))

    @property
    def is_continuous(self) -> bool:
        """Whether every minute counts: 24×7 with no holidays and no overrides."""
        return not self.observes_holidays and not self.overrides and set(self.weekly) == {FULL_DAY}

    def intervals_on(self, day: date) -> Day:
        """The open hours of a local date: the company's override first, then the State Council, then the week."""
        override = self.overrides.get(day)
        if override is not None:
            return override
        published = statutory_year(day.year) if self.observes_holidays else None
        if published and day in published.holidays:
            return CLOSED
        if published and day in published.makeup_workdays:
            return self.weekly[0]
        return self.weekly[day.weekday()]

    def unpublished_years(self, start: date | datetime, end: date | datetime) -> frozenset[int]:
        """Years from `start` to `end`, both included, whose holidays are unknown here and were taken as plain weeks.

        Show a notice for each. Empty for a calendar that does not observe holidays.
        """
        if not self.observes_holidays:
            return frozenset()
        years = range(self._local_year(start), self._local_year(end) + 1)
        return frozenset(year for year in years if statutory_year(year) is None)

    def _local_year(self, moment: date | datetime) -> int:
        return moment.astimezone(self.zone).year if isinstance(moment, datetime) else moment.year


def add_working_minutes(start: datetime, minutes: int, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()) -> datetime | None:
    """The earliest moment at which `minutes` of working time outside the pauses have passed since `start`.

    Pauses may overlap, come in any order and lie anywhere. None when an open pause keeps the minutes from ever
    being used up. The answer has the zone of `start`. Raises ValueError for a naive datetime, negative minutes or
    a pause that ends before it begins, and NoWorkingTimeError when the calendar never offers that much working time.
    """
    if minutes < 0:
        raise ValueError("A deadline cannot lie before its start: minutes must not be negative.")
    cursor, remaining = _micros(start), minutes * _MINUTE
    standing = _merged(pauses, cursor, _NEVER)
    if remaining == 0:
        return start
    for begin, end in standing:
        due = calendar._ruler.reach(cursor, remaining)
        if due <= begin:
            return _moment(due, start)
        if end == _NEVER:
            return None
        remaining -= calendar._ruler.worked(cursor, begin)
        cursor = end
    return _moment(calendar._ruler.reach(cursor, remaining), start)


def working_minutes_between(start: datetime, end: datetime, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()) -> float:
    """Minutes of working time from `start` to `end` outside the pauses; 0 when `end` is not after `start`.

    An open pause lasts until `end`. The inverse of `add_working_minutes`; raises as it does.
    """
    begin, finish = _micros(start), _micros(end)
    standing = _merged(pauses, begin, finish)
    if finish <= begin:
        return 0.0
    worked = calendar._ruler.worked(begin, finish)
    return (worked - sum(calendar._ruler.worked(*pause) for pause in standing)) / _MINUTE


class _Ruler(Protocol):
    """Measures working time between moments given as microseconds since the epoch."""

    def worked(self, start: int, end: int) -> int:
        """Working microseconds from `start` to `end`, which is not earlier."""

    def reach(self, start: int, need: int) -> int:
        """The earliest moment with `need` > 0 working microseconds since `start`."""


class _EveryMinute:
    """The ruler of a calendar that never closes."""

    def worked(self, start: int, end: int) -> int:
        return end - start

    def reach(self, start: int, need: int) -> int:
        return start + need


@dataclass(frozen=True, slots=True)
class _Span:
    """The open intervals of consecutive years as sorted arrays; never changed once made."""

    first: int
    last: int
    opens: int
    closes: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    @classmethod
    def of(cls, first: int, last: int, zone: ZoneInfo, intervals: list[tuple[int, int]]) -> Self:
        before, total = [], 0
        for start, end in intervals:
            before.append(total)
            total += end - start
        starts, ends = [start for start, _ in intervals], [end for _, end in intervals]
        return cls(first, last, _year_start(first, zone), _year_start(last + 1, zone), starts, ends, before, total)

    def position(self, moment: int) -> int:
        """Working microseconds from the beginning of the span to a moment inside it."""
        index = bisect_right(self.starts, moment) - 1
        return 0 if index < 0 else self.before[index] + min(moment, self.ends[index]) - self.starts[index]

    def moment(self, position: int) -> int:
        """The earliest moment at which that many working microseconds, more than 0, have passed."""
        index = bisect_left(self.before, position) - 1
        return self.starts[index] + position - self.before[index]


class _Timeline:
    """The ruler of a calendar with opening hours: a table of years, grown when a question reaches beyond it."""

    def __init__(self, intervals_on: Callable[[date], Day], zone: ZoneInfo) -> None:
        self._intervals_on, self._zone = intervals_on, zone
        self._years: dict[int, list[tuple[int, int]]] = {}
        self._span: _Span | None = None

    def worked(self, start: int, end: int) -> int:
        span = self._covering(start, end)
        return span.position(end) - span.position(start)

    def reach(self, start: int, need: int) -> int:
        span = self._covering(start, start)
        target = span.position(start) + need
        while target > span.total:
            if span.last - _year_of(start, self._zone) >= _HORIZON_YEARS:
                raise NoWorkingTimeError("This calendar does not have that much working time in the years to come.")
            span = self._keep(span.first, span.last + 1)
        return span.moment(target)

    def _covering(self, start: int, end: int) -> _Span:
        span = self._span
        if span and span.opens <= start and end < span.closes:
            return span
        first, last = _year_of(start, self._zone), _year_of(end, self._zone)
        if last - first > _HORIZON_YEARS:
            raise NoWorkingTimeError("These two moments are too many years apart to measure working time between them.")
        if span and max(last, span.last) - min(first, span.first) <= _HORIZON_YEARS:
            first, last = min(first, span.first), max(last, span.last)
        return self._keep(first, last)

    def _keep(self, first: int, last: int) -> _Span:
        intervals = [interval for year in range(first, last + 1) for interval in self._year(year)]
        # Replaced whole, so another thread goes on with the span it holds.
        self._span = span = _Span.of(first, last, self._zone, intervals)
        return span

    def _year(self, year: int) -> list[tuple[int, int]]:
        if year not in self._years:
            days = ((day, self._intervals_on(day)) for day in _days_of(year))
            self._years[year] = [self._bounds(day, interval) for day, intervals in days for interval in intervals]
        return self._years[year]

    def _bounds(self, day: date, interval: Interval) -> tuple[int, int]:
        ends_on = day + timedelta(days=1) if interval.end == _MIDNIGHT else day
        return _wall(day, interval.start, self._zone), _wall(ends_on, interval.end, self._zone)


def _checked_day(day: Sequence[Interval]) -> Day:
    ordered = tuple(sorted(day))
    for earlier, later in pairwise(ordered):
        if earlier.end == _MIDNIGHT or later.start < earlier.end:
            raise ValueError(f"Intervals of one day overlap: {earlier.start}-{earlier.end} and {later.start}-{later.end}.")
    return ordered


def _merged(pauses: Sequence[Pause], after: int, before: int) -> list[tuple[int, int]]:
    """The pauses cut to the window, sorted and without overlaps; an open one ends with the window."""
    merged: list[tuple[int, int]] = []
    for raw_begin, raw_end in sorted(map(_bounds_of_pause, pauses)):
        begin, end = max(raw_begin, after), min(raw_end, before)
        if end <= begin:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _bounds_of_pause(pause: Pause) -> tuple[int, int]:
    begin, end = _micros(pause[0]), _NEVER if pause[1] is None else _micros(pause[1])
    if end < begin:
        raise ValueError(f"A pause must not end before it begins: {pause[0]} - {pause[1]}.")
    return begin, end


def _micros(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(f"A moment needs a time zone: {moment}.")
    return (moment - _EPOCH) // _MICROSECOND


def _moment(micros: int, like: datetime) -> datetime:
    try:
        return (_EPOCH + timedelta(microseconds=micros)).astimezone(like.tzinfo)
    except OverflowError:
        raise NoWorkingTimeError("That moment lies beyond the last year that can be written.") from None


def _wall(day: date, at: time, zone: ZoneInfo) -> int:
    return _micros(datetime.combine(day, at, zone))


def _year_start(year: int, zone: ZoneInfo) -> int:
    return _wall(date(year, 1, 1), _MIDNIGHT, zone)


def _year_of(micros: int, zone: ZoneInfo) -> int:
    try:
        year = (_EPOCH + timedelta(microseconds=micros)).astimezone(zone).year
    except OverflowError:
        year = MAXYEAR
    if MINYEAR < year < MAXYEAR - _HORIZON_YEARS - 1:
        return year
    raise NoWorkingTimeError("That moment is too far away for a working calendar.")


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days))


def _weekdays(*hours: Interval) -> tuple[Day, ...]:
    return (hours,) * 5 + (CLOSED,) * 2


OFFICE: Final = WorkingCalendar("office", _weekdays(Interval(time(8, 30), time(12, 0)), Interval(time(14, 0), time(18, 0))))
"""Monday to Friday 08:30-12:00 and 14:00-18:00, statutory holidays off, make-up workdays on."""

ALWAYS: Final = WorkingCalendar("always", (FULL_DAY,) * 7, observes_holidays=False)
"""24×7."""
