"""How a telephone exchange proves that a report is its own: HMAC-SHA256 over the timestamp and the body."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils.crypto import salted_hmac

from linsheng.intake.models import Exchange

KEY, TIMESTAMP, SIGNATURE = "X-Linsheng-Exchange", "X-Linsheng-Timestamp", "X-Linsheng-Signature"
# A report that was listened in on is worth nothing after this; within it, the call's id makes a repetition harmless.
WINDOW = timedelta(minutes=5)


def _derived(salt: str) -> str:
    return salted_hmac("linsheng.intake.exchange", salt, algorithm="sha256").hexdigest()


def secret_of(exchange: Exchange) -> str:
    """The secret that the exchange signs with."""
    return _derived(exchange.salt)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``hex(HMAC-SHA256(secret, timestamp + "." + body))``"""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def _secrets(exchange: Exchange, now: datetime) -> list[str]:
    found = [_derived(exchange.salt)]
    if exchange.previous_salt and exchange.previous_until is not None and now < exchange.previous_until:
        found.append(_derived(exchange.previous_salt))
    return found


def _is_recent(timestamp: str, now: datetime) -> bool:
    digits = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    return digits and abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()


def exchange_signed(*, key: str, timestamp: str, given: str, body: bytes, now: datetime) -> Exchange | None:
    """The exchange that signed this; ``None`` when it is unknown, too old, or not signed by it."""
    if not key.isprintable() or not _is_recent(timestamp, now):
        return None
    exchange = Exchange.objects.filter(key=key[:40], retired_at=None).first()
    if exchange is None:
        return None
    sent = given.removeprefix("sha256=").strip().lower().encode()
    matches = [hmac.compare_digest(signature(secret, timestamp, body).encode(), sent) for secret in _secrets(exchange, now)]
    return exchange if any(matches) else None
