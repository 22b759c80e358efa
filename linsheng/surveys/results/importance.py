"""What carries overall satisfaction, and how each of it does: the map of importance and performance."""

from collections.abc import Mapping

from linsheng.statistics.drivers import Drivers
from linsheng.surveys.analysis import Estimate
from linsheng.surveys.analysis.driving import driven
from linsheng.surveys.results.samples import Frame
from linsheng.surveys.results.shapes import OVERALL, SERVICE, Asked, DriverPoint, DriverResult, ItemResult
from linsheng.surveys.results.words import upper_half

IMPROVE, KEEP, WATCH, EASE = "improve", "keep", "watch", "ease"


def drivers_of(frame: Frame, asked: list[Asked], items: Mapping[str, ItemResult]) -> DriverResult | None:
    """None where there is no overall judgement, or where too few answered it together with the rest."""
    shown = {key for key, item in items.items() if item.estimate.mean is not None}
    outcome = next((each.key for each in asked if each.role == OVERALL and each.key in shown), None)
    others = [each.key for each in asked if each.role == SERVICE and each.key in shown]
    if outcome is None or not others:
        return None
    entering, found = driven(frame.sample([outcome, *others], by=()), outcome)
    if found is None:
        return None
    target = float(frame.closed.wave.target)
    points = [_point(key, items[key].estimate, found, at, target) for at, key in enumerate(entering)]
    return DriverResult(
        outcome=outcome,
        n=found.n,
        r_squared=found.r_squared,
        across=float(found.lmg.mean()),
        target=target,
        points=tuple(sorted(points, key=lambda point: point.rank)),
        left_out=tuple(key for key in others if key not in entering),
    )


def _point(key: str, cell: Estimate, found: Drivers, at: int, target: float) -> DriverPoint:
    importance, low, high = (float(each[at]) for each in (found.lmg, found.low, found.high))
    across, mean = float(found.lmg.mean()), cell.mean or 0.0
    worst, best = (mean if bound is None else bound for bound in (cell.low, cell.high))
    # What may as well be one of the less important half is nothing to put first.
    first = importance >= across and upper_half(int(found.rank_high[at]), found.rank.size)
    quarter = (IMPROVE if first else WATCH) if mean < target else (KEEP if importance >= across else EASE)
    return DriverPoint(
        key=key,
        importance=importance,
        importance_low=low,
        importance_high=high,
        johnson=float(found.johnson[at]),
        rank=int(found.rank[at]),
        rank_low=int(found.rank_low[at]),
        rank_high=int(found.rank_high[at]),
        mean=mean,
        low=worst,
        high=best,
        quarter=quarter,
        sure=not (low <= across <= high or worst <= target <= best),
    )
