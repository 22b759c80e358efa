"""Did it change? Differences of means and shares, independent and paired, and what many comparisons at once allow to be said.

A change is asked of what lies behind the answers, not of the very homes that sent them in, so its standard errors carry no finite
population correction (Cochran 1977, 2.14: dropped when two groups are compared): a census would otherwise call any wobble a
change."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from linsheng.statistics.checks import Flags, Floats, floats, normal_quantile, same_length, t_quantile


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """A difference of means in their unit, with a two-sided p value; None where the data cannot tell."""

    difference: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    p: float | None
    freedom: float | None
    confidence: float


@dataclass(frozen=True, slots=True)
class PairedChange:
    """McNemar's test of two yes-or-no answers of the same people: `gained` no → yes, `lost` yes → no.

    `difference` is the share after minus before, with its interval; `exact_p` is the binomial p value of the discordant pairs.
    """

    n: int
    gained: int
    lost: int
    chi2: float | None
    chi2_corrected: float | None
    p: float | None
    p_corrected: float | None
    exact_p: float
    difference: float | None
    low: float
    high: float


def mcnemar(table: npt.ArrayLike, confidence: float = 0.95) -> PairedChange:
    """Return McNemar's test of a 2 × 2 table, rows before and columns after, in the same order of (yes, no).

    Source: Q. McNemar (1947), Psychometrika 12, 153-157: (b - c)²/(b + c), with A. L. Edwards's correction (|b - c| - 1)²/(b + c);
    interval of the difference by D. G. Bonett and R. M. Price (2012), J. Educ. Behav. Stat. 37, 479-488 (one pair added to each
    discordant cell). No discordant pair: chi2 None, exact p 1. ValueError unless four whole counts, none negative.
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.shape != (2, 2) or not (np.isfinite(counts).all() and (counts >= 0).all() and (counts == np.floor(counts)).all()):
        raise ValueError("McNemar's test needs a 2 × 2 table of whole counts.")
    lost, gained, n = counts[0, 1], counts[1, 0], counts.sum()
    discordant = lost + gained
    exact = 1.0 if discordant == 0 else min(1.0, 2 * float(special.bdtr(min(lost, gained), int(discordant), 0.5)))
    chi2 = None if discordant == 0 else float((lost - gained) ** 2 / discordant)
    corrected = None if discordant == 0 else float(max(abs(lost - gained) - 1, 0) ** 2 / discordant)
    p, p_corrected = (None if value is None else float(special.chdtrc(1, value)) for value in (chi2, corrected))
    low, high = _bonett_price(gained, lost, n, confidence)
    difference = float((gained - lost) / n) if n else None
    return PairedChange(int(n), int(gained), int(lost), chi2, corrected, p, p_corrected, exact, difference, low, high)


def paired_difference(after: npt.ArrayLike, before: npt.ArrayLike, *, confidence: float = 0.95) -> MeanDifference:
    """Return the mean of after - before of the same people, with its t interval and the paired t test.

    Source: Student (1908). Arrays are alike long; a pair with a missing value (NaN) is dropped. One pair has a difference only.
    Where every pair moved alike there is no spread to test with, and p is that of the sign test, 2·½^n. ValueError for unequal
    lengths."""
    x, y = floats(after, name="after"), floats(before, name="before")
    same_length(x, y, names="after and before")
    d = x - y
    d = d[~np.isnan(d)]
    if d.size == 0:
        return MeanDifference(None, None, None, None, None, None, confidence)
    variance = float(d.var(ddof=1)) / d.size if d.size > 1 else math.nan
    if d.size > 1 and np.ptp(d) == 0:
        variance = 0.0
    return difference(float(d.mean()), variance, d.size - 1, constant_p=min(1.0, 2 * 0.5**d.size), confidence=confidence)


def independent_difference(
    after: tuple[float, float, float], before: tuple[float, float, float], *, constant_p: float = 0.0, confidence: float = 0.95
) -> MeanDifference:
    """Return after - before of two independent samples, each given as (mean, variance of the mean, degrees of freedom).

    Source: B. L. Welch (1947), Biometrika 34, 28-35, with F. E. Satterthwaite's degrees of freedom; of simple random samples it is
    R's `t.test`. `constant_p` is used where neither sample varies. A missing (NaN) mean or variance, or no degree of freedom: None.
    """
    gap, variance = after[0] - before[0], after[1] + before[1]
    parts = [(v, f) for _m, v, f in (after, before) if v > 0]
    if math.isnan(variance) or any(f < 1 for _v, f in parts):
        return MeanDifference(None if math.isnan(gap) else gap, None, None, None, None, None, confidence)
    freedom = variance**2 / sum(v**2 / f for v, f in parts) if parts else min(after[2], before[2])
    return difference(gap, variance, freedom, constant_p=constant_p, confidence=confidence)


def difference(gap: float, variance: float, freedom: float, *, constant_p: float = 0.0, confidence: float = 0.95) -> MeanDifference:
    """Return a difference with the interval and two-sided p of t(freedom); `constant_p` stands in where the variance is 0."""
    normal_quantile(confidence)
    if math.isnan(gap):
        return MeanDifference(None, None, None, None, None, None, confidence)
    if math.isnan(variance) or freedom <= 0:
        return MeanDifference(gap, None, None, None, None, None, confidence)
    error = math.sqrt(variance)
    if error == 0:
        return MeanDifference(gap, 0.0, gap, gap, 1.0 if gap == 0 else constant_p, freedom, confidence)
    half = t_quantile(confidence, freedom=freedom) * error
    p = 2 * float(special.stdtr(freedom, -abs(gap) / error))
    return MeanDifference(gap, error, gap - half, gap + half, p, freedom, confidence)


def welch_difference(after: npt.ArrayLike, before: npt.ArrayLike, *, confidence: float = 0.95) -> MeanDifference:
    """Return the difference of the means of two independent simple random samples. Missing values are dropped; as R's `t.test`."""
    samples = []
    for values, name in ((after, "after"), (before, "before")):
        array = floats(values, name=name)
        known = array[~np.isnan(array)]
        spread = 0.0 if known.size > 1 and np.ptp(known) == 0 else float(known.var(ddof=1)) if known.size > 1 else math.nan
        samples.append((float(known.mean()) if known.size else math.nan, spread / max(known.size, 1), known.size - 1.0))
    return independent_difference(
        samples[0], samples[1], confidence=confidence, constant_p=constant_p(samples[0][2] + 1, samples[1][2] + 1)
    )


def constant_p(n1: float, n2: float) -> float:
    """Return the permutation p value of two samples without any spread but with different means: 2/C(n1 + n2, n1), at most 1."""
    return min(1.0, 2 * math.exp(-float(special.gammaln(n1 + n2 + 1) - special.gammaln(n1 + 1) - special.gammaln(n2 + 1))))


def holm(p_values: npt.ArrayLike) -> Floats:
    """Return p values adjusted so that of all comparisons together one is falsely called with at most that probability.

    Source: S. Holm (1979), Scandinavian Journal of Statistics 6, 65-70; any dependence. Missing (NaN) stays missing and is not
    counted. ValueError for a p outside 0 to 1."""
    p, known, order = _sorted(p_values)
    m = order.size
    adjusted = np.maximum.accumulate(p[known][order] * (m - np.arange(m)))
    return _restored(p, known, order, adjusted)


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Return p values adjusted so that of those called, at most that share is expected to be false.

    Source: Y. Benjamini and Y. Hochberg (1995), JRSS B 57, 289-300; independent or positively dependent tests. As `holm` otherwise.
    """
    p, known, order = _sorted(p_values)
    m = order.size
    scaled = p[known][order] * m / (np.arange(m) + 1)
    adjusted = np.minimum.accumulate(scaled[::-1])[::-1]
    return _restored(p, known, order, adjusted)


def _sorted(p_values: npt.ArrayLike) -> tuple[Floats, Flags, npt.NDArray[np.intp]]:
    p = floats(p_values, name="p_values")
    known = ~np.isnan(p)
    if ((p[known] < 0) | (p[known] > 1)).any():
        raise ValueError("A p value must lie between 0 and 1.")
    return p, known, np.argsort(p[known], kind="stable")


def _restored(p: Floats, known: Flags, order: npt.NDArray[np.intp], adjusted: Floats) -> Floats:
    back = np.empty_like(adjusted)
    back[order] = np.minimum(adjusted, 1.0)
    result = np.full_like(p, np.nan)
    result[known] = back
    return result


def _bonett_price(gained: float, lost: float, n: float, confidence: float) -> tuple[float, float]:
    if n == 0:
        return -1.0, 1.0
    up, down = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    half = normal_quantile(confidence) * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    return max(float(up - down - half), -1.0), min(float(up - down + half), 1.0)
