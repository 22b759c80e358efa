"""Every item of all and of each group: mean, satisfied share, index, distribution, both weightings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from linsheng.statistics.checks import Flags, Floats
from linsheng.statistics.strata import (
    DomainMeans,
    Strata,
    answer_freedom,
    domain_freedom,
    domain_means,
    few_answers,
    share_bounds,
    t_bounds,
)
from linsheng.statistics.weighting import raked_mean
from linsheng.surveys.analysis.cells import Counts, Sample
from linsheng.surveys.analysis.results import Estimate, Share, Weighted, number


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A division of the cells into groups: `codes` (cells), -1: in none; `freedom` (groups) degrees of freedom of the respondents
    of each. `of_all`: one group of everybody."""

    codes: Counts
    levels: tuple[str, ...]
    freedom: Floats
    of_all: bool = False


def whole(sample: Sample) -> Grouping:
    """Return the division into one group of all."""
    return replace(_grouping(sample, np.zeros(sample.cells.sizes.size, dtype=np.int64), ("",)), of_all=True)


def grouping(sample: Sample, name: str) -> Grouping:
    """Return the division by one factor."""
    return _grouping(sample, sample.cells.codes[name], sample.columns.factors[name].levels)


def _grouping(sample: Sample, codes: Counts, levels: tuple[str, ...]) -> Grouping:
    size = sample.design.n.size
    return Grouping(codes, levels, domain_freedom(sample.cells.sizes, sample.stratum, codes, len(levels), size))


@dataclass(frozen=True, slots=True, eq=False)
class Certainty:
    """What the answers to one item allow (each: groups): degrees of freedom, and what the variance is too small by."""

    freedom: Floats
    factor: Floats

    def bounds(self, mean: Floats, variance: Floats, confidence: float) -> tuple[Floats, Floats]:
        return t_bounds(mean, variance * self.factor, self.freedom, confidence)


def certainty(sample: Sample, item: str, groups: Grouping, design: Strata | None = None) -> Certainty:
    """Return how sure the means of the item are, from its own answers: of 28 neighbours of whom five answered, five count."""
    design, n, k = design or sample.design, sample.answered(item).sum(1), len(groups.levels)
    return Certainty(
        answer_freedom(n, sample.stratum, groups.codes, k, design.n.size),
        few_answers(n, design, sample.stratum, groups.codes, k),
    )


def _interval_certainty(sample: Sample, item: str, groups: Grouping) -> Certainty:
    """Of all, R's: respondents minus strata; of a group, what its answers allow."""
    return Certainty(groups.freedom, np.ones(1)) if groups.of_all else certainty(sample, item, groups)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is shown of each group (each: groups): anything at all, the distribution, the raked mean."""

    shown: Flags
    spread: Flags
    raked: Flags


def estimates(sample: Sample, item: str, groups: Grouping, seen: Seen) -> list[Estimate | None]:
    """Return the estimate of the item in each group; None in those that are not shown."""
    spec, counts = sample.spec, sample.answered(item)
    scores = np.arange(spec.levels, dtype=np.float64)
    k = len(groups.levels)
    means = domain_means(counts, scores, sample.design, sample.stratum, groups.codes, k)
    shares = domain_means(
        counts, (scores >= spec.satisfied_from).astype(np.float64), sample.design, sample.stratum, groups.codes, k
    )
    sure = _interval_certainty(sample, item, groups)
    variance = known_variance(means, sure.freedom)
    low, high = sure.bounds(means.mean, variance, spec.confidence)
    least = spec.scale[0]
    figures = (means.mean + least, np.sqrt(variance), low + least, high + least, means.mean / (spec.levels - 1) * 100, means.kish)
    satisfied = (shares.mean, *share_bounds(shares, spec.confidence))
    rows = zip(_lists(figures), _lists(satisfied), means.n.tolist(), _distribution(counts, groups.codes, k).tolist(), strict=True)
    keys = [str(value) for value in range(least, spec.scale[1] + 1)]
    found: list[Estimate | None] = [None] * k
    for at, ((mean, se, below, above, index, kish), share, n, distribution) in enumerate(rows):
        if seen.shown[at]:
            by_design = Weighted(mean, se, below, above, kish)
            weighted = _weighted(sample, counts, groups, at, sure, by_design) if seen.raked[at] else Weighted()
            spread = dict(zip(keys, distribution, strict=True)) if seen.spread[at] else None
            found[at] = Estimate(int(n), mean, se, below, above, Share(*share), index, spread, weighted)
    return found


def _lists(arrays: tuple[Floats, ...]) -> list[list[float | None]]:
    """Return rows of Python floats, None for NaN."""
    table = np.column_stack(arrays)
    rows: list[list[float | None]] = table.tolist()
    if np.isnan(table).any():
        rows = [[None if figure != figure else figure for figure in row] for row in rows]  # noqa: PLR0124  # only NaN differs from itself
    return rows


def known_variance(means: DomainMeans, freedom: Floats) -> Floats:
    """Return the variances, NaN where there is no degree of freedom to know them by."""
    return np.asarray(np.where((freedom < 1) & ~means.census, np.nan, means.variance), dtype=np.float64)


def _weighted(sample: Sample, counts: Counts, groups: Grouping, at: int, sure: Certainty, by_design: Weighted) -> Weighted:
    """Return the mean with raked weights; without margins the design's own."""
    if sample.raked is None or sample.residuals is None:
        return by_design
    inside = None if groups.of_all else groups.codes == at
    scores = np.arange(sample.spec.levels, dtype=np.float64)
    mean, variance, n_eff = raked_mean(counts, scores, sample.design, sample.stratum, sample.raked, sample.residuals, inside)
    if sure.freedom[at] < 1 and by_design.se != 0:
        variance = np.nan
    own = Certainty(sure.freedom[at : at + 1], sure.factor[at : at + 1])
    low, high = own.bounds(np.array([mean]), np.array([variance]), sample.spec.confidence)
    least = sample.spec.scale[0]
    return Weighted(number(mean + least), number(np.sqrt(variance)), number(low[0] + least), number(high[0] + least), number(n_eff))


def _distribution(counts: Counts, codes: Counts, groups: int) -> Counts:
    """Return how many gave each answer (groups × levels)."""
    found = np.zeros((groups + 1, counts.shape[1]), dtype=np.int64)
    np.add.at(found, np.where(codes < 0, groups, codes), counts)
    return found[:groups]


def hidden_totals(sample: Sample) -> Mapping[str, bool]:
    """Say of each item whether so few answered it in all that nothing may be shown."""
    least = sample.spec.min_group if sample.spec.hide_totals else 0
    return {item: 0 < int(sample.answered(item).sum()) < least for item in sample.spec.items}
