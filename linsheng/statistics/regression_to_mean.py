"""The worst always "improve": what groups picked for being low would have come back by themselves, and what is beyond that.

A low mean is partly bad luck. The best guess of where a group really was is its mean drawn towards the common one, the more so
the less it is known (empirical Bayes); a change counts from there. Measured from the raw mean, the worst five of forty buildings
rise by 0.3 with nothing done."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from linsheng.statistics.checks import Flags, Floats, fixed, floats
from linsheng.statistics.comparisons import MeanDifference, difference, holm


@dataclass(frozen=True, slots=True, eq=False)
class BeyondRegression:
    """Groups in the order given, in the unit of the means; arrays alike long, NaN where a group has no figure.

    `change` raw; `expected` of it from falling back alone; `beyond` the rest, with standard error, two-sided p and p adjusted
    (Holm) over the chosen. `together`: the mean of what is beyond over the chosen ones, and its test."""

    shrunk: Floats
    change: Floats
    expected: Floats
    beyond: Floats
    standard_errors: Floats
    p: Floats
    p_adjusted: Floats
    together: MeanDifference
    between: float
    mean: float


def beyond_regression(
    before: npt.ArrayLike,
    before_errors: npt.ArrayLike,
    after: npt.ArrayLike,
    after_errors: npt.ArrayLike,
    *,
    chosen: npt.ArrayLike | None = None,
    against_others: bool = False,
    confidence: float = 0.95,
) -> BeyondRegression:
    """Return the change of groups beyond regression to the mean.

    Source: C. E. Davis (1976), Am. J. Epidemiology 104, 493-498; C. N. Morris (1983), JASA 78, 47-55 (shrinkage with known
    variances); variance between groups by R. C. Paule and J. Mandel (1982). Means and their standard errors of every group, the
    unchosen too, for they tell how much groups differ; `chosen` (bool): those that are judged, all if not given.
    `against_others`: measure against what the unchosen gained beyond their own expectation, so that a rise of all is not credited
    to the chosen. t with (groups - 1) degrees of freedom. A group with a missing mean or error in either wave is left out.
    ValueError for fewer than three groups left, negative errors, unequal lengths, or `against_others` without others."""
    x, y = floats(before, name="before"), floats(after, name="after")
    v, w = floats(before_errors, name="before_errors") ** 2, floats(after_errors, name="after_errors") ** 2
    pick = np.ones(x.size, dtype=np.bool_) if chosen is None else np.asarray(chosen, dtype=np.bool_)
    if not x.size == y.size == v.size == w.size == pick.size:
        raise ValueError("Means, errors and chosen must have the same length.")
    known = ~np.isnan(x + y + v + w)
    if known.sum() < 3:
        raise ValueError("Regression to the mean can only be told from three or more groups.")
    between, mean, mean_variance = _between(x[known], v[known])
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(v + between > 0, between / (between + v), 1.0)
    shrunk = mean + weight * (x - mean)
    gap = _Gaps(y - shrunk, w + between * (1 - weight), 1 - weight, mean_variance)
    gap = gap.against(known & ~pick) if against_others else gap
    variance, freedom = np.where(known, gap.variance, np.nan), float(known.sum() - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2 * special.stdtr(freedom, -np.abs(gap.values) / np.sqrt(variance))
    return BeyondRegression(
        shrunk=fixed(np.where(known, shrunk, np.nan)),
        change=fixed(np.where(known, y - x, np.nan)),
        expected=fixed(np.where(known, shrunk - x, np.nan)),
        beyond=fixed(np.where(known, gap.values, np.nan)),
        standard_errors=fixed(np.sqrt(variance)),
        p=fixed(np.where(known, p, np.nan)),
        p_adjusted=fixed(holm(np.where(known & pick, p, np.nan))),
        together=difference(*gap.mean_of(known & pick), freedom, confidence=confidence),
        between=between,
        mean=mean,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Gaps:
    """What is beyond, of each group: its `own` variance, how far it hangs on the common mean, and what the others add to all."""

    values: Floats
    own: Floats
    shared: Floats
    mean_variance: float
    rest: float = 0.0

    @property
    def variance(self) -> Floats:
        return self.own + self.rest + self.shared**2 * self.mean_variance

    def against(self, others: Flags) -> "_Gaps":
        """Return the same measured from the mean of the others."""
        if not others.any():
            raise ValueError("There are no others to measure against.")
        rest = float(self.own[others].sum()) / int(others.sum()) ** 2
        centre, hang = float(self.values[others].mean()), float(self.shared[others].mean())
        return _Gaps(self.values - centre, self.own, self.shared - hang, self.mean_variance, rest)

    def mean_of(self, picked: Flags) -> tuple[float, float]:
        """Return the mean over some groups, and its variance."""
        if not picked.any():
            return math.nan, math.nan
        k = int(picked.sum())
        hang = float(self.shared[picked].mean())
        return float(self.values[picked].mean()), float(self.own[picked].sum()) / k**2 + self.rest + hang**2 * self.mean_variance


def _between(x: Floats, v: Floats) -> tuple[float, float, float]:
    """Return the variance between groups, their common mean and its variance."""

    def weighted(tau2: float) -> tuple[float, float]:
        precision = 1 / np.maximum(v + tau2, 1e-300)
        mean = float((precision * x).sum() / precision.sum())
        return mean, float((precision * (x - mean) ** 2).sum()) - (x.size - 1)

    top = float(np.ptp(x)) ** 2 + float(v.max()) + 1e-12
    tau2 = 0.0
    if weighted(1e-12 * top)[1] > 0:
        while weighted(top)[1] > 0:
            top *= 4
        tau2 = float(optimize.brentq(lambda value: weighted(value)[1], 1e-12 * top, top, xtol=1e-14))
    spread = v + tau2
    if (spread == 0).all():
        return 0.0, float(x.mean()), 0.0
    return tau2, weighted(tau2)[0], float(1 / (1 / np.maximum(spread, 1e-300)).sum())
