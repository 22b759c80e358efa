"""Times, durations and deadlines in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

MINUTE = timedelta(minutes=1)
# A deadline is "soon" in the last quarter of its time, and in the last two hours of any.
SOON_SHARE = 0.25
SOON_SPAN = timedelta(hours=2)


@dataclass(frozen=True)
class Distance:
    """How far a deadline is: ``tone`` (late, soon, waiting, done, plain), an icon and the words."""

    tone: str
    icon: str
    text: str


@lru_cache(maxsize=1024)
def _day_words(day: date, this_year: bool, language: str | None) -> str:
    # Lists name the same few days again and again, and formatting a date is slow; the language is part of the key.
    if this_year:
        # Translators: a date format of Django (n = month, j = day), not words
        return date_format(day, _("n月j日"))
    # Translators: a date format of Django
    return date_format(day, _("Y年n月j日"))


@lru_cache(maxsize=1024)
def _day_in_full(day: date, language: str | None) -> str:
    # Translators: a date format of Django
    return date_format(day, _("Y年n月j日 l"))


def _local(value: date | datetime) -> tuple[date, str]:
    """The calendar day and the time of day (empty for a plain date) in the current time zone."""
    if not isinstance(value, datetime):
        return value, ""
    zone = timezone.get_current_timezone()
    local = value if value.tzinfo is zone else value.astimezone(zone)
    return local.date(), f" {local.hour:02d}:{local.minute:02d}"


def moment_words(value: date | datetime, now: datetime, *, with_time: bool = False) -> str:
    """今天 14:05, 昨天 09:30, 11月23日, 2024年3月5日; ``with_time`` keeps the time on other days too."""
    (day, time), today = _local(value), timezone.localtime(now).date()
    distance = (day - today).days
    if -1 <= distance <= 1:
        return (_("昨天"), _("今天"), _("明天"))[distance + 1] + time
    words = _day_words(day, day.year == today.year, get_language())
    return words + time if with_time else words


def moment_in_full(value: date | datetime) -> str:
    """2026年11月23日 星期一 14:05 (a date without the time)."""
    day, time = _local(value)
    return _day_in_full(day, get_language()) + time


def duration_words(span: timedelta | float | Decimal) -> str:
    """200 (minutes) → 3 小时 20 分; at most two units; a negative one has a minus before it."""
    minutes = int((span if isinstance(span, timedelta) else timedelta(minutes=float(span))) / MINUTE)
    if minutes < 0:
        return f"−{duration_words(-minutes)}"
    if minutes < 1:
        return _("不到 1 分钟")
    if minutes < 60:
        return _("%(minutes)d 分钟") % {"minutes": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        whole = _("%(hours)d 小时") % {"hours": hours}
        return _("%(hours)d 小时 %(minutes)d 分") % {"hours": hours, "minutes": minutes} if minutes else whole
    days, hours = divmod(hours, 24)
    whole = _("%(days)d 天") % {"days": days}
    return _("%(days)d 天 %(hours)d 小时") % {"days": days, "hours": hours} if hours else whole


def working_words(minutes: int, day_minutes: int | None) -> str:
    """As a promise says it: 1350 minutes of a calendar with 450 a day → 3 个工作日 (and no misleading "22 hours")."""
    if not day_minutes or minutes < day_minutes:
        return duration_words(minutes)
    days, rest = divmod(minutes, day_minutes)
    whole = ngettext("%(days)d 个工作日", "%(days)d 个工作日", days) % {"days": days}
    return f"{whole} {duration_words(rest)}" if rest else whole


def rounded(span: timedelta) -> timedelta:
    """As one says it of a deadline: minutes are dropped from three hours on, hours from three days on."""
    span = abs(span)
    unit = timedelta(days=1) if span >= timedelta(days=3) else timedelta(hours=1) if span >= timedelta(hours=3) else MINUTE
    return span // unit * unit


def rough_words(span: timedelta) -> str:
    return duration_words(rounded(span))


# What a distance looks like and says, by its name.
_SAYINGS = {
    "met": ("done", "check", gettext_lazy("按时")),
    "missed": ("late", "alert-triangle", gettext_lazy("超 %(span)s")),
    "paused": ("waiting", "clock-pause", gettext_lazy("等待中 不计时")),
    "over": ("late", "alert-triangle", gettext_lazy("已超 %(span)s")),
    "soon": ("soon", "clock-exclamation", gettext_lazy("还剩 %(span)s")),
    "left": ("plain", "clock", gettext_lazy("还剩 %(span)s")),
}


@lru_cache(maxsize=4096)
def _said(name: str, span: timedelta, language: str | None) -> Distance:
    # A list says the same few spans again and again; the language is part of the key.
    tone, icon, words = _SAYINGS[name]
    return Distance(tone, icon, str(words) % {"span": duration_words(span)})


def deadline_distance(
    due: datetime | None, now: datetime, *, since: datetime | None = None, paused: bool = False, done: datetime | None = None
) -> Distance:
    """The words for a deadline ``due``; ``since`` is its beginning, ``done`` when it was met."""
    if due is None:
        return Distance("plain", "clock", _("无时限"))
    language = get_language()
    if done is not None:
        return _said("met", MINUTE, language) if done <= due else _said("missed", rounded(done - due), language)
    if paused:
        return _said("paused", MINUTE, language)
    if now > due:
        return _said("over", rounded(now - due), language)
    left = due - now
    return _said("soon" if left <= _soon_span(due, since) else "left", rounded(left), language)


def _soon_span(due: datetime, since: datetime | None) -> timedelta:
    """How long before ``due`` it is "soon": a short time left is short however much of it was used."""
    return max(SOON_SPAN, (due - since) * SOON_SHARE) if since else SOON_SPAN
