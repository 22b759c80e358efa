"""When a delivery may go: not while its reader sleeps, and not faster than its provider takes them."""

from datetime import datetime, timedelta

from linsheng.messaging import hours
from linsheng.messaging.adapters.registry import carrier_of
from linsheng.messaging.models import Delivery

MINUTE = timedelta(minutes=1)


def waits_until(delivery: Delivery, now: datetime) -> datetime | None:
    """When to look again; None when it may go now."""
    return _quiet(delivery, now) or _rate(delivery, now)


def _quiet(delivery: Delivery, now: datetime) -> datetime | None:
    """What rings waits for the morning, unless it is urgent; what began already is finished."""
    notice = delivery.notice
    if delivery.channel not in hours.RINGING or notice.urgent or delivery.begun_at is not None:
        return None
    return hours.quiet_until(hours.times_of(notice.user_id), now)


def _rate(delivery: Delivery, now: datetime) -> datetime | None:
    """A provider that takes so many a minute is asked no more often: being refused costs some of them minutes of silence."""
    carrier = carrier_of(delivery)
    if carrier is None or not carrier.per_minute:
        return None
    sent = Delivery.objects.filter(setting=delivery.setting_id, sent_at__gt=now - MINUTE).order_by("-sent_at")
    window = list(sent.values_list("sent_at", flat=True)[: carrier.per_minute])
    return window[-1] + MINUTE if len(window) == carrier.per_minute and window[-1] is not None else None
