"""From calendars as rows to the time engine of ``core``; built once and kept while the rows stay the same."""

from datetime import time
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid
from linsheng.core.questions import Question
from linsheng.core.workcalendar import Interval, WorkingCalendar
from linsheng.standards.models import CalendarOverride, ServiceCalendar

END_OF_DAY = "24:00"
AT_HAND = "_days_at_hand"


def parse_interval(pair: Any) -> Interval:
    """``["08:30", "12:00"]`` → interval; ``24:00`` is midnight at the day's end."""
    try:
        start, end = pair
        return Interval(time.fromisoformat(start), time(0) if end == END_OF_DAY else time.fromisoformat(end))
    except (TypeError, ValueError) as error:
        raise Invalid(_("时段请写成 08:30-12:00 的形式，先后不能颠倒。"), fields={"intervals": str(error)}) from error


def _freeze(value: Any) -> Any:
    return tuple(_freeze(part) for part in value) if isinstance(value, list | tuple) else value


@lru_cache(maxsize=256)
def _engine(code: str, weekly: tuple[Any, ...], observes: bool, overrides: tuple[Any, ...]) -> WorkingCalendar:
    days = tuple(tuple(parse_interval(pair) for pair in day) for day in weekly)
    dated = {day: tuple(parse_interval(pair) for pair in intervals) for day, intervals in overrides}
    return WorkingCalendar(code=code, weekly=days, observes_holidays=observes, overrides=dated)


def _days(*, calendar: int) -> QuerySet[CalendarOverride]:
    return CalendarOverride.objects.filter(calendar=calendar)


_days_of = Question(_days, calendar=int)


def with_days(calendar: ServiceCalendar) -> ServiceCalendar:
    """The row with its dated overrides at hand: both deadlines and the ladder of a new case ask for them."""
    calendar.__dict__[AT_HAND] = _days_of.rows(calendar=calendar.pk)
    return calendar


def engine(calendar: ServiceCalendar) -> WorkingCalendar:
    """The working calendar of a row with its dated overrides (one query, or none where they are at hand or prefetched).

    Kept on the row where its overrides are at hand, and between rows by content.
    """
    known = calendar.__dict__.get(AT_HAND, calendar.__dict__.get("_prefetched_objects_cache", {}).get("overrides"))
    kept: tuple[Any, Any, bool, WorkingCalendar] | None = calendar.__dict__.get("_kept_engine")
    same_days = kept is not None and known is not None and kept[0] is known
    if kept and same_days and kept[1] is calendar.weekly and kept[2] == calendar.observes_holidays:
        return kept[3]
    overrides = tuple((o.date, _freeze(o.intervals)) for o in (calendar.overrides.all() if known is None else known))
    made = _engine(calendar.code, _freeze(calendar.weekly), calendar.observes_holidays, overrides)
    calendar.__dict__["_kept_engine"] = (known, calendar.weekly, calendar.observes_holidays, made)
    return made
