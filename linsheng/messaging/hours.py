"""A person's hours: when nothing rings, and when the digest is due. Reckoned on the clock of the place."""

from datetime import datetime, time, timedelta

from django.utils.timezone import localtime

from linsheng.messaging.models import Channel, NoticeTimes

# What rings in a pocket. Mail and the inbox lie still until somebody looks.
RINGING = frozenset({Channel.SMS, Channel.WECHAT, Channel.PUSH})


def times_of(user_id: int | None) -> NoticeTimes:
    """What the person has said, or the defaults: those hold for contacts without an account as well."""
    found = NoticeTimes.objects.filter(user_id=user_id).first() if user_id is not None else None
    return found or NoticeTimes()


def quiet_until(times: NoticeTimes, now: datetime) -> datetime | None:
    """When the quiet hours end in which ``now`` lies; None outside them."""
    here = localtime(now)
    if not times.quiet_on or not _within(here.time(), times.quiet_from, times.quiet_until):
        return None
    return _next(here, times.quiet_until)


def next_digest(hour: int, now: datetime) -> datetime:
    """The next time that it is this hour."""
    return _next(localtime(now), time(hour))


def _within(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end


def _next(here: datetime, at: time) -> datetime:
    today = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > here else today + timedelta(days=1)
