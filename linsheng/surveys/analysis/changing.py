"""What changed since the wave before, with the many comparisons taken into account (Holm).

The errors carry no finite population correction: whether it changed is asked of what lies behind the answers, and even a full
census answers a little differently each time. Unpaired samples are compared by Welch's t of the answers to the item, people asked
twice by their own differences."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from linsheng.statistics.checks import Floats
from linsheng.statistics.comparisons import MeanDifference, constant_p, difference, holm, independent_difference
from linsheng.statistics.strata import domain_means
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.columns import Column
from linsheng.surveys.analysis.estimating import certainty, hidden_totals, known_variance, whole
from linsheng.surveys.analysis.results import IMPROVED, NO_EVIDENCE, WORSE, Change


def changes(now: Sample, before: Sample) -> Mapping[str, Change]:
    """Return the change of each item; those hidden for few answers in either wave have none."""
    hidden = [hidden_totals(wave) for wave in (now, before)]
    paired = now.spec.paired_on is not None
    match = _matched(now.columns.keys, before.columns.keys) if paired else None
    found = {}
    for item in now.spec.items:
        if any(wave[item] for wave in hidden):
            found[item] = Change()
        elif match is not None:
            found[item] = _paired(now, before, item, match)
        else:
            found[item] = _independent(now, before, item)
    return judged(found, now.spec.confidence)


def judged(found: Mapping[str, Change], confidence: float) -> Mapping[str, Change]:
    """Return the changes with p values adjusted for their number and the verdict that they allow."""
    adjusted = holm([np.nan if each.p is None else each.p for each in found.values()])
    return {item: _judged(each, p, 1 - confidence) for (item, each), p in zip(found.items(), adjusted.tolist(), strict=True)}


def _judged(each: Change, p: float, most: float) -> Change:
    if each.p is None or each.difference is None:
        return each
    certain = p <= most and each.difference != 0
    verdict = (IMPROVED if each.difference > 0 else WORSE) if certain else NO_EVIDENCE
    return replace(each, p_adjusted=p, verdict=verdict)


def _independent(now: Sample, before: Sample, item: str) -> Change:
    sides, sizes = [], []
    for wave in (now, before):
        sure = certainty(wave, item, whole(wave), wave.uncorrected)
        scores = np.arange(wave.spec.levels, dtype=np.float64)
        means = domain_means(wave.answered(item), scores, wave.uncorrected, wave.stratum)
        variance = known_variance(means, sure.freedom) * sure.factor
        sides.append((float(means.mean[0]), float(variance[0]), float(sure.freedom[0])))
        sizes.append(int(means.n[0]))
    alike = constant_p(sizes[0], sizes[1])
    found = independent_difference(sides[0], sides[1], constant_p=alike, confidence=now.spec.confidence)
    return _change(found, sizes[0], sizes[1])


def _paired(now: Sample, before: Sample, item: str, match: tuple[Column, Column]) -> Change:
    ours, theirs = (_values(wave, item)[place] for wave, place in zip((now, before), match, strict=True))
    d = ours - theirs
    known = ~np.isnan(d)
    d, stratum = d[known], now.stratum[now.cells.of[match[0][known]]]
    homes = now.design.n * now.design.weight
    size = d.size
    if size < 2:
        return _change(difference(float(d[0]) if size else np.nan, np.nan, 0), size, size)
    # The pairs are the sample: what each stratum weighs is spread over its pairs.
    present, place = np.unique(stratum, return_inverse=True)
    per_pair = homes[present] / np.bincount(place) if now.spec.population is not None else np.ones(present.size)
    weights = per_pair[place]
    mean, variance = _weighted_mean(d, weights, place)
    found = difference(mean, variance, size - present.size, constant_p=min(1.0, 2 * 0.5**size), confidence=now.spec.confidence)
    return _change(found, size, size)


def _weighted_mean(d: Floats, weights: Floats, stratum: Column) -> tuple[float, float]:
    total = weights.sum()
    mean = float((weights * d).sum() / total)
    if np.ptp(d) == 0:
        return float(d[0]), 0.0
    u = weights * (d - mean) / total
    n = np.bincount(stratum)
    centred = np.bincount(stratum, weights=u**2) - np.where(n > 1, np.bincount(stratum, weights=u) ** 2 / n, 0.0)
    return mean, float((centred * np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)).sum())


def _values(wave: Sample, item: str) -> Floats:
    codes = wave.columns.items[item].astype(np.float64)
    codes[codes == wave.spec.levels] = np.nan
    return codes


def _matched(ours: Column | None, theirs: Column | None) -> tuple[Column, Column]:
    """Return the places of those who are in both waves, in the same order."""
    if ours is None or theirs is None:
        raise ValueError("A paired comparison needs the keys of both waves.")
    _both, here, there = np.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    return here, there


def _change(found: MeanDifference, n: int, n_before: int) -> Change:
    return Change(found.difference, found.standard_error, found.low, found.high, found.p, n=n, n_before=n_before)
