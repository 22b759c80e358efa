"""Service items that are rated low by more than chance.

The items' means are shrunk towards their common mean (one-way random effects, REML), so that three bad stars do not make an
item weak; an item is weak when the upper end of its shrunk 95% interval still lies below the company's mean rating. Three
months are taken together: in one month most items have too few ratings to say anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db.models import Count, Sum

from linsheng.communities.models import Community
from linsheng.feedback.figures.periods import Month
from linsheng.feedback.figures.shapes import ENOUGH, WeakGroup, WeakItems
from linsheng.feedback.models import Rating
from linsheng.standards.models import ServiceItem
from linsheng.statistics.means import rating_interval
from linsheng.statistics.shrinkage import one_way_random_effects

MONTHS_LOOKED_AT: Final = 3


@dataclass(frozen=True, slots=True)
class _Estimate:
    item: int
    n: int
    mean: float
    shrunk: float
    low: float
    high: float


def weak_items(communities: Sequence[int], organisation: int | None, month: Month, now: datetime) -> WeakItems:
    """The weak items of these communities, measured by the whole company (four queries)."""
    since, cut = month.shifted(1 - MONTHS_LOOKED_AT).start, month.cut(now)
    ratings = Rating.objects.filter(at__gte=since, at__lt=cut)
    mean = _company_mean(ratings, organisation)
    counts = ratings.filter(community__in=communities).order_by().values_list("case__item_id", "stars").annotate(rows=Count("id"))
    items, stars = _expanded(counts)
    _items, sizes = np.unique(items, return_counts=True)
    compared = int((sizes >= ENOUGH).sum())
    if mean is None or not items.size:
        return WeakItems((), compared, mean, int(items.size), since)
    found = [each for each in _estimates(items, stars) if each.n >= ENOUGH and each.high < mean]
    names = {item.pk: item for item in ServiceItem.objects.filter(pk__in=[each.item for each in found])}
    groups = [_named(each, names[each.item]) for each in sorted(found, key=lambda each: each.shrunk)]
    return WeakItems(tuple(groups), compared, mean, int(items.size), since)


def _named(each: _Estimate, item: ServiceItem) -> WeakGroup:
    return WeakGroup(item.code, str(item), each.n, each.mean, each.shrunk, each.low, each.high)


def _company_mean(ratings: Any, organisation: int | None) -> float | None:
    places = list(Community.objects.filter(organisation=organisation).values_list("pk", flat=True))
    sums = ratings.filter(community__in=places).aggregate(stars=Sum("stars"), rows=Count("id"))
    return sums["stars"] / sums["rows"] if sums["rows"] else None


def _expanded(counts: Iterable[tuple[int, int, int]]) -> tuple[Any, Any]:
    rows = np.array(list(counts), dtype=np.int64).reshape(-1, 3)
    return np.repeat(rows[:, 0], rows[:, 2]), np.repeat(rows[:, 1], rows[:, 2])


def _estimates(items: Any, stars: Any) -> list[_Estimate]:
    """Every item's mean; where nothing can be shrunk (one item, or one rating each) with its plain interval."""
    try:
        fit = one_way_random_effects(stars, items)
    except ValueError:
        return [_alone(int(item), stars[items == item]) for item in np.unique(items)]
    columns = zip(fit.labels, fit.n, fit.group_means, fit.shrunk, fit.low, fit.high, strict=True)
    return [
        _Estimate(int(str(item)), int(n), float(raw), float(pulled), float(low), float(high))
        for item, n, raw, pulled, low, high in columns
    ]


def _alone(item: int, stars: Any) -> _Estimate:
    found = rating_interval(stars)
    mean = found.mean or 0.0
    return _Estimate(item, found.n, mean, mean, found.low or mean, found.high or mean)
