"""The month's figures: computed at once where that is quick, else those that were kept."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linsheng.feedback import figures
from linsheng.feedback.models import Case
from linsheng.reports.models import KeptFigures
from linsheng.reports.places import Place

# Above this many cases several communities together take longer than a page may.
MOST_AT_ONCE = 100_000


@dataclass(frozen=True)
class Found:
    """The figures and when they were computed; ``figures`` is None while nobody has had them computed."""

    figures: figures.MonthlyFigures | None
    computed_at: datetime
    kept: bool = False


def key_of(community_ids: Iterable[int], month: figures.Month, by: figures.By | None) -> str:
    """One key for these figures, whoever asks."""
    text = f"{figures.FORMAT}|{sorted(community_ids)}|{month}|{by or ''}"
    return hashlib.sha256(text.encode()).hexdigest()


def takes_long(place: Place) -> bool:
    """Whether the worker has to compute it; counts no further than it must."""
    if place.single:
        return False
    return Case.objects.filter(community__in=place.ids).order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE


def figures_for(place: Place, month: figures.Month, by: figures.By | None, now: datetime) -> Found:
    """The figures of a place, or the news that they have to be asked for."""
    if not takes_long(place):
        return Found(figures.monthly(place.ids, month, by, now=now), now)
    kept = KeptFigures.objects.filter(key=key_of(place.ids, month, by)).first()
    if kept is None:
        return Found(None, now, kept=True)
    return Found(figures.restored(kept.data), kept.computed_at, kept=True)
