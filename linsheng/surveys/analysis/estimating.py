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
    mean_bounds,
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


def certainty(sample: Sample, item: str, groups: Grouping, design: Strata | None = None) -> Certainty:
    """Return how sure the means of the item are, from its own answers: of 28 neighbours of whom five answered, five count."""
    design, n, k = design or sample.design, sample.answered(item).sum(1), len(groups.levels)
    return Certainty(
        answer_freedom(n, sample.stratum, groups.codes, k, design.n.size),
        few_answers(n, design, sample.stratum, groups.codes, k),
    )


def _interval(sample: Sample, groups: Grouping, means: DomainMeans) -> tuple[Floats, Floats, Floats]:
    """Return variance and interval of each mean: of all R's t, respondents minus strata; of a group, where few answer and most give
    the best answer, one that knows the ends of the scale and takes nothing but mean and spread (ADR 0011)."""
    if not groups.of_all:
        return means.variance, *mean_bounds(means, sample.spec.levels - 1, sample.spec.confidence)
    variance = known_variance(means, groups.freedom)
    return variance, *t_bounds(means.mean, variance, groups.freedom, sample.spec.confidence)


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
    variance, low, high = _interval(sample, groups, means)
    least = spec.scale[0]
    figures = (means.mean + least, np.sqrt(variance), low + least, high + least, means.mean / (spec.levels - 1) * 100, means.kish)
    satisfied = (shares.mean, *share_bounds(shares, spec.confidence))
    rows = zip(_lists(figures), _lists(satisfied), means.n.tolist(), _distribution(counts, groups.codes, k).tolist(), strict=True)
    keys = [str(value) for value in range(least, spec.scale[1] + 1)]
    found: list[Estimate | None] = [None] * k
    for at, ((mean, se, below, above, index, kish), share, n, distribution) in enumerate(rows):
        if seen.shown[at]:
            by_design = Weighted(mean, se, below, above, kish)
            weighted = _weighted(sample, counts, groups, at, by_design) if seen.raked[at] else Weighted()
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


def _weighted(sample: Sample, counts: Counts, groups: Grouping, at: int, by_design: Weighted) -> Weighted:
    """Return the mean with raked weights; without margins the design's own."""
    if sample.raked is None or sample.residuals is None:
        return by_design
    inside = None if groups.of_all else groups.codes == at
    scores = np.arange(sample.spec.levels, dtype=np.float64)
    found = raked_mean(counts, scores, sample.design, sample.stratum, sample.raked, sample.residuals, inside)
    variance, low, high = _interval(sample, groups, found)
    least = sample.spec.scale[0]
    figures = (found.mean + least, np.sqrt(variance), low + least, high + least, found.kish)
    return Weighted(*(number(figure[0]) for figure in figures))


def _distribution(counts: Counts, codes: Counts, groups: int) -> Counts:
    """Return how many gave each answer (groups × levels)."""
    found = np.zeros((groups + 1, counts.shape[1]), dtype=np.int64)
    np.add.at(found, np.where(codes < 0, groups, codes), counts)
    return found[:groups]


def hidden_totals(sample: Sample) -> Mapping[str, bool]:
    """Say of each item whether so few answered it in all that nothing may be shown."""
    least = sample.spec.min_group if sample.spec.hide_totals else 0
    return {item: 0 < int(sample.answered(item).sum()) < least for item in sample.spec.items}
