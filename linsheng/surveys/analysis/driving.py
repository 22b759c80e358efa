"""Which items carry the judgement that the spec names (see `statistics.drivers`).

Only people who answered everything enter. An item that fewer than half of those with a judgement answered (a gated one) would
throw most of them out, so it is left out and has no figures; of more than twelve items the twelve with the largest relative
weights (Johnson) enter."""

from collections.abc import Mapping

import numpy as np

from linsheng.statistics.checks import Floats
from linsheng.statistics.drivers import MOST_DRIVERS, Drivers, johnson_shares, key_drivers
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.results import Driver

OFTEN = 0.5


def drivers(sample: Sample, outcome: str) -> Mapping[str, Driver | None]:
    """Return the importance of every other item; None for those that do not enter."""
    found: dict[str, Driver | None] = {item: None for item in sample.spec.items if item != outcome}
    entering, result = driven(sample, outcome)
    if result is None:
        return found
    columns = zip(entering, result.lmg, result.johnson, result.rank, result.rank_low, result.rank_high, strict=True)
    return found | {
        item: Driver(float(lmg), float(johnson), int(rank), int(low), int(high)) for item, lmg, johnson, rank, low, high in columns
    }


def driven(sample: Sample, outcome: str) -> tuple[list[str], Drivers | None]:
    """Return the items that enter, and what they explain; None where fewer than `min_group` answered all of them."""
    others = [item for item in sample.spec.items if item != outcome]
    y = _floats(sample, outcome)
    judged = ~np.isnan(y)
    entering = [item for item in others if judged.any() and _answered(sample, item)[judged].mean() >= OFTEN]
    if len(entering) > MOST_DRIVERS:
        entering = _strongest(sample, y, entering)
    if not entering:
        return [], None
    table = np.column_stack([_floats(sample, item) for item in entering])
    result = key_drivers(y, table, confidence=sample.spec.confidence)
    return entering, None if result is None or result.n < sample.spec.min_group else result


def _strongest(sample: Sample, y: Floats, items: list[str]) -> list[str]:
    rows = np.column_stack([*(_floats(sample, item) for item in items), y])
    rows = rows[~np.isnan(rows).any(1)]
    if rows.shape[0] < 3:
        return items[:MOST_DRIVERS]
    flat = np.ptp(rows, axis=0) == 0
    correlations = np.eye(rows.shape[1])
    varying = np.flatnonzero(~flat)
    correlations[np.ix_(varying, varying)] = np.corrcoef(rows[:, varying], rowvar=False)
    best = np.sort(np.argsort(-johnson_shares(correlations), kind="stable")[:MOST_DRIVERS])
    return [items[place] for place in best]


def _answered(sample: Sample, item: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(sample.columns.items[item] < sample.spec.levels)


def _floats(sample: Sample, item: str) -> Floats:
    codes = sample.columns.items[item].astype(np.float64)
    codes[codes >= sample.spec.levels] = np.nan
    return codes
