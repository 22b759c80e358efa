"""`manage.py deadlines`: when a promise made at a given moment falls due, by the engine that cases use."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, gettext_lazy

from linsheng.core.workcalendar import (
    ALWAYS,
    OFFICE,
    SHANGHAI,
    NoWorkingTimeError,
    Pause,
    WorkingCalendar,
    add_working_minutes,
)

CALENDARS: Final = {calendar.code: calendar for calendar in (OFFICE, ALWAYS)}
NAMES: Final = {OFFICE.code: gettext_lazy("办公时间"), ALWAYS.code: gettext_lazy("全天候")}
STILL_PAUSED: Final = "-"


class Command(BaseCommand):
    help = "Compute a deadline by the calendar of office hours or round the clock, leaving out pauses."

    # A calculator: it touches no database, page or setting that a check could save from harm.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calendar", required=True, help=" | ".join(CALENDARS))
        parser.add_argument("--start", required=True, help="ISO 8601; Asia/Shanghai when it has no offset")
        parser.add_argument("--minutes", required=True, help="working minutes, 0 or more")
        pause_help = f"a pause, any number of them; TO '{STILL_PAUSED}' means still paused"
        parser.add_argument("--pause", nargs=2, action="append", default=[], metavar=("FROM", "TO"), help=pause_help)
        parser.add_argument("--json", action="store_true", dest="as_json", help='print {"due": ISO}, null while paused')

    def handle(
        self, *, calendar: str, start: str, minutes: str | int, pause: list[tuple[str, str]], as_json: bool, **_: object
    ) -> None:
        hours, begin, count = _calendar(calendar), _moment(start), _minutes(minutes)
        due = _due(hours, begin, count, [_pause(*pair) for pair in pause])
        self._tell_unpublished(hours, begin, due or begin)
        if as_json:
            self.stdout.write(json.dumps({"due": due and _written(due)}))
        else:
            self.stdout.write(_sentence(hours, begin, count, due))

    def _tell_unpublished(self, calendar: WorkingCalendar, start: datetime, end: datetime) -> None:
        for year in sorted(calendar.unpublished_years(start, end)):
            notice = gettext("%(year)d 年的节假日安排没有收录，按普通周末计算。")
            self.stderr.write(notice % {"year": year})


def _due(calendar: WorkingCalendar, start: datetime, minutes: int, pauses: Sequence[Pause]) -> datetime | None:
    try:
        return add_working_minutes(start, minutes, calendar, pauses)
    except NoWorkingTimeError:
        raise CommandError(gettext("时限超出了可以计算的年份：请把 --minutes 改小，或检查 --start。")) from None


def _calendar(code: str) -> WorkingCalendar:
    if code in CALENDARS:
        return CALENDARS[code]
    raise CommandError(gettext("没有日历“%(code)s”：请用 %(known)s。") % {"code": code, "known": " / ".join(CALENDARS)})


def _minutes(text: str | int) -> int:
    try:
        minutes = int(text)
    except ValueError:
        minutes = -1
    if minutes < 0:
        raise CommandError(gettext("--minutes 要写不小于 0 的整数，现在是“%(text)s”。") % {"text": text})
    return minutes


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError):
        message = gettext("看不懂时间“%(text)s”：请写成 2026-02-13T17:30，也可以带时差 +08:00。")
        raise CommandError(message % {"text": text}) from None


def _pause(begin: str, end: str) -> Pause:
    pause = _moment(begin), None if end == STILL_PAUSED else _moment(end)
    if pause[1] is not None and pause[1] < pause[0]:
        raise CommandError(gettext("暂停不能在开始之前结束：%(begin)s 至 %(end)s。") % {"begin": begin, "end": end})
    return pause


def _written(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _spoken(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _sentence(calendar: WorkingCalendar, start: datetime, minutes: int, due: datetime | None) -> str:
    facts = {"name": NAMES[calendar.code], "start": _spoken(start), "minutes": minutes}
    if due is None:
        return gettext("按%(name)s从 %(start)s 起的 %(minutes)d 分钟没有到期时间：计时仍在暂停。") % facts
    return gettext("按%(name)s从 %(start)s 起 %(minutes)d 分钟，到期时间是 %(due)s。") % {**facts, "due": _spoken(due)}
