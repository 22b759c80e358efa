"""Sending what is queued: claim, send, note that it was sent, mark it done. The worker runs this as its loop ``deliveries``.

No transaction is open while the other side is spoken to. A worker that dies before the note "sent" sends again, under the same
Message-ID; one that dies after it only marks it done. Channels that cannot tell a repeat (``repeatable`` is off) note the beginning
as well: what began and has no known end is not sent again by itself, a person decides.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from linsheng.jobs import leases
from linsheng.jobs.faults import fault
from linsheng.jobs.registry import Turn
from linsheng.messaging import personal, registry, timing
from linsheng.messaging.adapters.base import Adapter, GoneError, PermanentError, TemporaryError
from linsheng.messaging.adapters.registry import adapter_for, carrier_of
from linsheng.messaging.models import Delivery

logger = logging.getLogger(__name__)

SILENT_DEATH = "the worker ended without a word at every attempt"


def deliver_next(turn: Turn) -> bool:
    """Take one due delivery as far as it goes; False when there is none."""
    fault("deliveries.before_claim")
    rows = Delivery.objects.select_related("notice__user", "setting")
    delivery = leases.claim(rows, worker=turn.worker, now=turn.now, lease=turn.lease)
    if delivery is None:
        return False
    fault("deliveries.claimed")
    try:
        _deliver(delivery, turn)
    except leases.LeaseLostError:
        logger.warning("%s was taken over while %s worked on it", delivery, turn.worker)
    fault("deliveries.marked")
    return True


def _deliver(delivery: Delivery, turn: Turn) -> None:
    if leases.exhausted(delivery):
        _give_up(delivery, delivery.error or SILENT_DEATH, turn)
    elif delivery.sent_at is not None:
        _mark_done(delivery, turn)
    elif (until := timing.waits_until(delivery, turn.now)) is not None:
        leases.put_off(delivery, until=until)
    elif _send(delivery, turn):
        _mark_done(delivery, turn)


def _send(delivery: Delivery, turn: Turn) -> bool:
    """Hand it over, and note that at once; whether it went."""
    adapter = adapter_for(delivery.channel)
    if adapter is None:
        return _give_up(delivery, f"no adapter for the channel {delivery.channel}", turn)
    carrier = carrier_of(delivery)
    once = carrier is not None and not carrier.repeatable
    if once and delivery.begun_at is not None:
        return _give_up(delivery, _("上次发送时程序中断，不能确定对方是否已收到；为免重复没有自动重发。"), turn)
    if once:
        now = turn.clock()
        leases.renew(delivery, until=now + turn.lease, begun_at=now)
    fault("deliveries.before_send")
    return _hand_over(adapter, delivery, turn)


def _hand_over(adapter: Adapter, delivery: Delivery, turn: Turn) -> bool:
    try:
        number = adapter.send(delivery) or ""
    except GoneError as error:
        personal.gone(delivery)
        return _give_up(delivery, str(error), turn)
    except PermanentError as error:
        return _give_up(delivery, str(error), turn)
    except TemporaryError as error:
        return _try_later(delivery, str(error), turn, after=error.after)
    except Exception as error:  # an adapter's mistake must end on its row, not end the worker
        logger.exception("the adapter for %s failed", delivery)
        end = _try_later if delivery.begun_at is None else _give_up
        return end(delivery, f"{type(error).__name__}: {error}", turn)
    fault("deliveries.sent")
    now = turn.clock()
    leases.renew(delivery, until=now + turn.lease, sent_at=now, provider_id=number)
    fault("deliveries.noted")
    return True


def _mark_done(delivery: Delivery, turn: Turn) -> None:
    now = turn.clock()
    _end(delivery, turn, lambda: leases.finish(delivery, now=now), lambda: registry.tell_delivered(delivery, now))


def _give_up(delivery: Delivery, reason: str, turn: Turn) -> bool:
    """Failed, visible with its reason; those who wait for it are told, unless it had been sent after all."""
    now = turn.clock()
    tell = registry.tell_failed if delivery.sent_at is None else registry.nobody
    _end(delivery, turn, lambda: leases.fail(delivery, now=now, error=reason), lambda: tell(delivery, now))
    return False


def _end(delivery: Delivery, turn: Turn, mark: Callable[[], bool], tell: Callable[[], None]) -> None:
    """Mark the end and tell those who wait for it, in one transaction."""
    try:
        with transaction.atomic():
            if mark():
                tell()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # a callback's mistake: only this end is tried again, and at last goes untold
        logger.exception("a callback for %s failed", delivery)
        reason = f"{type(error).__name__}: {error}"
        if leases.last_try(delivery):
            leases.fail(delivery, now=turn.clock(), error=reason)
        else:
            leases.try_later(delivery, now=turn.clock(), error=reason, jitter=turn.jitter())


def _try_later(delivery: Delivery, reason: str, turn: Turn, after: timedelta = timedelta()) -> bool:
    if leases.last_try(delivery):
        return _give_up(delivery, reason, turn)
    now = turn.clock()
    if delivery.begun_at is not None:
        # It was refused: the end is known.
        leases.renew(delivery, until=now + turn.lease, begun_at=None)
    leases.try_later(delivery, now=now, error=reason, jitter=turn.jitter(), after=after)
    return False
