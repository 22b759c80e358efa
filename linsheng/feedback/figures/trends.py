"""Control charts of the months up to one: is it more than noise?

Shares get a p′ chart, the volume a u′ chart per hundred homes (single values, XmR, where no homes are known): Laney's versions,
because months always differ more than coins do. Limits come from the months *before* the one that is judged, so that it
cannot widen its own; a month that still runs is left out of the volume.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from django.db.models import Count, Q, QuerySet
from django.db.models import Value as Constant

from linsheng.communities.models import Home
from linsheng.feedback.figures.periods import Month
from linsheng.feedback.figures.shapes import Trend, TrendPoint
from linsheng.feedback.models import Callback, Case, Rating
from linsheng.statistics.control_charts import ControlChart, p_chart, u_chart, xmr_chart
from linsheng.statistics.means import SATISFIED_FROM

MONTHS: Final = 24
HOMES_IN_A_RATE: Final = 100
Counts: TypeAlias = npt.NDArray[np.float64]
Maker: TypeAlias = Callable[..., ControlChart]


@dataclass(frozen=True)
class _Run:
    """The months of a chart, and the instants between them."""

    months: tuple[Month, ...]
    bounds: tuple[datetime, ...]

    @classmethod
    def ending(cls, month: Month, now: datetime) -> "_Run":
        months = tuple(month.shifted(-back) for back in reversed(range(MONTHS)))
        return cls(months, (*(each.start for each in months), month.cut(now)))

    def counted(self, rows: QuerySet[Any], name: str, /, **counts: Count) -> list[Counts]:
        """Each count by month, from one query: a range of the index for each month, so that nothing is sorted or converted."""
        spans = [rows.filter(**{f"{name}__gte": start, f"{name}__lt": end}).order_by() for start, end in pairwise(self.bounds)]
        each = [span.values(bucket=Constant(index)).annotate(**counts) for index, span in enumerate(spans)]
        columns = [np.zeros(len(self.months)) for _ in counts]
        for row in each[0].union(*each[1:], all=True):
            for column, key in zip(columns, counts, strict=True):
                column[row["bucket"]] = row[key]
        return columns


def trends(communities: Sequence[int], month: Month, now: datetime) -> tuple[Trend, ...]:
    """The charts ``satisfied``, ``solved`` and ``volume`` over up to 24 months (five queries)."""
    run = _Run.ending(month, now)
    return satisfied_trend(communities, month, now), _solved(communities, run), _volume(communities, run, finished=month.end <= now)


def satisfied_trend(communities: Sequence[int], month: Month, now: datetime) -> Trend:
    """Satisfied rate of ratings: share of 4 and 5 stars (one query)."""
    run = _Run.ending(month, now)
    rows = Rating.objects.filter(community__in=communities)
    n, good = run.counted(rows, "at", rows=Count("id"), good=Count("id", filter=Q(stars__gte=SATISFIED_FROM)))
    return _share_trend("satisfied", run.months, good, n)


def volume_trend(communities: Sequence[int], month: Month, now: datetime) -> Trend:
    """Cases received per hundred homes (three queries)."""
    return _volume(communities, _Run.ending(month, now), finished=month.end <= now)


def _solved(communities: Sequence[int], run: _Run) -> Trend:
    rows = Callback.objects.filter(community__in=communities, outcome=Callback.Outcome.ANSWERED)
    n, good = run.counted(rows, "at", rows=Count("id"), good=Count("id", filter=Q(solved=True)))
    return _share_trend("solved", run.months, good, n)


def _volume(communities: Sequence[int], run: _Run, *, finished: bool) -> Trend:
    """The homes of today stand for those of earlier months: what was built since is rare, and not recorded."""
    homes = Home.objects.filter(community__in=communities, retired_at=None).count()
    cases = Case.objects.filter(community__in=communities)
    (received,) = run.counted(cases, "received_at", rows=Count("id"))
    begun = np.flatnonzero(received > 0)
    last = len(run.months) if finished else len(run.months) - 1
    first = min(int(begun[0]), last) if begun.size else last
    if begun.size and not cases.filter(received_at__lt=run.bounds[first]).exists():
        # The month in which the very first case came in is not a whole one.
        first = min(first + 1, last)
    months, counts = run.months[first:last], received[first:last]
    if not homes:
        return _trend("volume", months, (counts, np.ones_like(counts)), _single_values, "cases")
    exposure = np.full(counts.size, homes / HOMES_IN_A_RATE)
    return _trend("volume", months, (counts, exposure), _rate_chart, "homes")


def _share_trend(name: str, months: tuple[Month, ...], good: Counts, n: Counts) -> Trend:
    begun = np.flatnonzero(n > 0)
    first = int(begun[0]) if begun.size else len(months)
    return _trend(name, months[first:], (good[first:], n[first:]), _share_chart, "answers")


def _share_chart(good: Counts, n: Counts, baseline: int | None) -> ControlChart:
    return p_chart(good, n, baseline=baseline, overdispersed=True)


def _rate_chart(counts: Counts, exposure: Counts, baseline: int | None) -> ControlChart:
    return u_chart(counts, exposure, baseline=baseline, overdispersed=True)


def _single_values(counts: Counts, _exposure: Counts, baseline: int | None) -> ControlChart:
    return xmr_chart(counts, baseline=baseline, lowest=0).individuals


def _trend(name: str, months: Sequence[Month], columns: tuple[Counts, Counts], make: Maker, unit: str) -> Trend:
    counts, n = columns
    # The month in question is judged by those before it; with fewer than two of them there is nothing to judge by.
    chart = make(counts, n, len(months) - 1 if len(months) > 2 else None)
    reasons = {signal.index: tuple(str(reason) for reason in signal.reasons) for signal in chart.signals}
    points = tuple(
        TrendPoint(
            month=str(month),
            value=_known(chart.values[index]),
            count=int(counts[index]),
            n=float(n[index]),
            centre=_known(chart.centre[index]),
            lower=_known(chart.lower[index]),
            upper=_known(chart.upper[index]),
            reasons=reasons.get(index, ()),
        )
        for index, month in enumerate(months)
    )
    return Trend(name, points, chart.baseline_points, chart.provisional, unit)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
