"""Dates of mails: absent, wrong, far away."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Final

from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.headers import Headers
from linsheng.intake.mail.model import Fault

YEARS: Final = range(1990, 2100)
CHINA: Final = timezone(timedelta(hours=8))
AHEAD: Final = timedelta(days=2)  # a clock in another zone, or a little wrong
NUMBERS: Final = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:[ T]*(\d{1,2})[:：时](\d{2})(?:[:：分](\d{2}))?)?\s*([+-]\d{4})?"
)


def read_date(headers: Headers, notes: Notes, now: datetime | None) -> datetime | None:
    """When it was written, as it says; ``None`` where that is no date, or one that lies ahead."""
    text = headers.text("date")
    if not text:
        notes.add(Fault.DATE_MISSING)
        return None
    found = parsed(text)
    latest = now or received(headers)
    if found is None or (latest is not None and found > latest + AHEAD):
        notes.add(Fault.DATE_WRONG)
        return None
    return found


def received(headers: Headers) -> datetime | None:
    """When our own server took it over: the last thing in the topmost Received."""
    values = headers.raws("received")
    return parsed(values[0].rpartition(b";")[2].decode("ascii", "replace")) if values else None


def parsed(text: str) -> datetime | None:
    for reading in (_by_rule, _by_numbers):
        try:
            found = reading(text[:100])
            if found is not None and found.year in YEARS:
                return found.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _by_rule(text: str) -> datetime:
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _by_numbers(text: str) -> datetime | None:
    match = NUMBERS.search(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    zone = (
        CHINA
        if not match[7]
        else timezone((1 if match[7][0] == "+" else -1) * timedelta(hours=int(match[7][1:3]), minutes=int(match[7][3:])))
    )
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)
