"""Editing working calendars and their dated overrides."""

from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.core.errors import Invalid
from linsheng.standards.actions.promises import require_standards
from linsheng.standards.calendars import parse_interval
from linsheng.standards.models import CalendarOverride, ServiceCalendar

Pairs = list[list[str]]


def _checked(pairs: Any) -> Pairs:
    """Intervals in order and apart from each other; raises ``Invalid`` with a sentence."""
    intervals = sorted(((parse_interval(pair), pair) for pair in pairs), key=lambda both: both[0])
    for (earlier, _a), (later, _b) in pairwise(intervals):
        if earlier.end.isoformat() == "00:00:00" or later.start < earlier.end:
            raise Invalid(_("同一天的时段不能重叠。"), fields={"intervals": _("时段重叠。")})
    return [list(pair) for _interval, pair in intervals]


@transaction.atomic
def save_calendar(
    *, calendar: ServiceCalendar, name: str, name_en: str, weekly: list[Pairs], observes_holidays: bool, by: User, now: datetime
) -> ServiceCalendar:
    """Change names and weekly hours. Deadlines already set stay; they are worked out anew when a case's clock next changes."""
    require_standards(by, calendar.organisation)
    checked = [_checked(day) for day in weekly]
    if len(checked) != 7 or not any(checked):
        raise Invalid(_("一周七天里至少要有一天有工作时段。"), fields={"weekly": _("至少填写一天。")})
    calendar.name, calendar.name_en = name, name_en
    calendar.weekly, calendar.observes_holidays = checked, observes_holidays
    calendar.save(update_fields=["name", "name_en", "weekly", "observes_holidays"])
    record(
        "standards.save_calendar",
        by=by,
        now=now,
        subject=calendar,
        organisation_id=calendar.organisation_id,
        data={"weekly": checked},
    )
    return calendar


@transaction.atomic
def set_override(
    *, calendar: ServiceCalendar, date: date, intervals: Pairs, note: str = "", by: User, now: datetime
) -> CalendarOverride:
    """Say how one date is worked: empty ``intervals`` closes it. Wins over holidays and make-up days."""
    require_standards(by, calendar.organisation)
    override, _new = CalendarOverride.objects.update_or_create(
        calendar=calendar, date=date, defaults={"intervals": _checked(intervals), "note": note}
    )
    record(
        "standards.set_override", by=by, now=now, subject=calendar, organisation_id=calendar.organisation_id, data={"date": date}
    )
    return override


@transaction.atomic
def remove_override(*, override: CalendarOverride, by: User, now: datetime) -> None:
    """Let the date be worked as the week and the holidays say."""
    calendar = override.calendar
    require_standards(by, calendar.organisation)
    record(
        "standards.remove_override",
        by=by,
        now=now,
        subject=calendar,
        organisation_id=calendar.organisation_id,
        data={"date": override.date},
    )
    override.delete()
