"""How much may come in by the public form. Generous to people, for a whole building may share one address; tight for machines."""

from datetime import datetime, timedelta

from linsheng.accounts.limits import Limit, take
from linsheng.accounts.models import Attempt
from linsheng.core.errors import TooMany

# Carriers put thousands of phones behind one address.
BY_ADDRESS = Limit("public form by address", 200, timedelta(hours=1))
BY_PLACE = Limit("public form by place", 200, timedelta(hours=1))
BY_PHONE = Limit("public form by phone", 6, timedelta(hours=1))


def take_public(*, network: str, code: str, phone: str, now: datetime) -> list[Attempt]:
    """Count one report everywhere it counts; raises ``TooMany``, having counted nothing, when one limit is reached."""
    keys = [(BY_ADDRESS, network), (BY_PLACE, code), *([(BY_PHONE, phone)] if phone else [])]
    taken: list[Attempt] = []
    try:
        for limit, key in keys:
            taken.append(take(limit, key, now=now))
    except TooMany:
        give_back(taken)
        raise
    return taken


def give_back(taken: list[Attempt]) -> None:
    """What did not become a report was none."""
    for attempt in taken:
        attempt.delete()
