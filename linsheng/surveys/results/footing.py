"""What is kept of a wave so that the next one can be compared with it, when its answers have been coarsened."""

import math

import numpy as np

from linsheng.statistics.comparisons import constant_p, independent_difference
from linsheng.statistics.strata import domain_means
from linsheng.surveys.analysis import Change
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.estimating import Grouping, certainty, grouping, hidden_totals, known_variance, whole
from linsheng.surveys.results.shapes import BUILDING, Footing


def footing_of(sample: Sample, key: str) -> Footing | None:
    """Of all answers; None where so few answered that nothing is shown."""
    return None if hidden_totals(sample)[key] else _footings(sample, key, whole(sample))[0]


def footings_of(sample: Sample, key: str) -> dict[str, Footing]:
    """Of each building."""
    if BUILDING not in sample.spec.by:
        return {}
    groups = grouping(sample, BUILDING)
    return dict(zip(groups.levels, _footings(sample, key, groups), strict=True))


def _footings(sample: Sample, key: str, groups: Grouping) -> list[Footing]:
    scores = np.arange(sample.spec.levels, dtype=np.float64)
    means = domain_means(sample.answered(key), scores, sample.uncorrected, sample.stratum, groups.codes, len(groups.levels))
    # Of 28 neighbours of whom five answered, five count.
    sure = certainty(sample, key, groups, sample.uncorrected)
    errors = np.sqrt(known_variance(means, sure.freedom) * sure.factor)
    points = means.mean + sample.spec.scale[0]
    rows = zip(means.n.tolist(), points.tolist(), errors.tolist(), sure.freedom.tolist(), strict=True)
    return [Footing(int(n), _known(mean), _known(se), freedom) for n, mean, se, freedom in rows]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def change_between(now: Footing | None, before: Footing | None, confidence: float) -> Change:
    """Welch's t of two samples; nothing where one of them is hidden."""
    if now is None or before is None:
        return Change()
    found = independent_difference(_side(now), _side(before), constant_p=constant_p(now.n, before.n), confidence=confidence)
    return Change(found.difference, found.standard_error, found.low, found.high, found.p, n=now.n, n_before=before.n)


def _side(footing: Footing) -> tuple[float, float, float]:
    mean, se = (math.nan if value is None else value for value in (footing.mean, footing.se))
    return mean, se**2, footing.freedom
