"""Working minutes of many cases at once: the calendar as sorted arrays, measured by bisection.

Agrees with ``core.workcalendar``, whose days it asks for; a hundred times as fast for tens of thousands of cases.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

import numpy as np
import numpy.typing as npt

from linsheng.core.workcalendar import WorkingCalendar

Floats = npt.NDArray[np.float64]
MINUTE = 60.0
_MIDNIGHT = time(0)
# Days on either side, so that time zones never push a moment off the ruler.
MARGIN = timedelta(days=2)


@dataclass(frozen=True, eq=False)
class Ruler:
    """The open hours of a calendar as seconds since the epoch; without any (24×7) every second counts."""

    starts: Floats
    ends: Floats
    before: Floats
    continuous: bool = False

    @classmethod
    def of(cls, calendar: WorkingCalendar, first: float, last: float) -> Self:
        """A ruler long enough for moments from ``first`` to ``last``, seconds since the epoch."""
        if calendar.is_continuous or not first <= last:
            return cls(np.zeros(0), np.zeros(0), np.zeros(0), continuous=True)
        begin = datetime.fromtimestamp(first, calendar.zone).date() - MARGIN
        end = datetime.fromtimestamp(last, calendar.zone).date() + MARGIN
        days = (begin + timedelta(days=number) for number in range((end - begin).days + 1))
        pairs = np.array([pair for day in days for pair in _intervals(calendar, day)], dtype=np.float64).reshape(-1, 2)
        lengths = pairs[:, 1] - pairs[:, 0]
        return cls(pairs[:, 0], pairs[:, 1], np.cumsum(lengths) - lengths)

    def position(self, moments: Floats) -> Floats:
        """Working seconds from the ruler's beginning to each moment."""
        if self.continuous or not self.starts.size:
            return moments if self.continuous else np.zeros_like(moments)
        index = np.searchsorted(self.starts, moments, side="right") - 1
        place = np.maximum(index, 0)
        worked = self.before[place] + np.minimum(moments, self.ends[place]) - self.starts[place]
        return np.where(index < 0, 0.0, worked)

    def minutes(self, since: Floats, until: Floats) -> Floats:
        """Working minutes from each moment to the other; negative the other way round."""
        return np.asarray((self.position(until) - self.position(since)) / MINUTE, dtype=np.float64)


def _intervals(calendar: WorkingCalendar, day: date) -> list[tuple[float, float]]:
    found = []
    for interval in calendar.intervals_on(day):
        closes = day + timedelta(days=1) if interval.end == _MIDNIGHT else day
        opens = datetime.combine(day, interval.start, calendar.zone)
        found.append((opens.timestamp(), datetime.combine(closes, interval.end, calendar.zone).timestamp()))
    return found
