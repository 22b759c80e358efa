"""Forgetting residents as a company knows them; apps above register how they forget them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from linsheng.accounts.actions.people import ERASED_NAME
from linsheng.communities.models import Residency, Resident

Forget = Callable[[Sequence[int]], None]
"""Called with the ids of residents, inside a transaction, before their own rows lose what they say."""

_steps: list[Forget] = []


def register(step: Forget) -> Forget:
    """Add a step for residents who may have no account; those who have one come through ``accounts.privacy.erasure`` too."""
    if step not in _steps:
        _steps.append(step)
    return step


def erase_residents(residents: QuerySet[Resident], now: datetime) -> int:
    """Take name, number and address out of the records; that somebody lived there, from when to when, stays."""
    ids = list(residents.filter(erased_at=None).values_list("pk", flat=True))
    for step in reversed(_steps):
        step(ids)
    today = timezone.localdate(now)
    # A residency that began later than today would end before its start.
    Residency.objects.filter(resident__in=ids, until=None, since__gt=today).update(since=today)
    Residency.objects.filter(resident__in=ids, until=None).update(until=today)
    values = {"name": ERASED_NAME, "phone": "", "email": "", "user": None, "reachable": False, "erased_at": now}
    return Resident.objects.filter(pk__in=ids).update(**values)
