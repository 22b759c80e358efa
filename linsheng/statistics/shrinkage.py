"""Fair comparison of groups of unequal size (staff, buildings): a mean of four ratings is pulled towards the common one."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from linsheng.statistics.checks import Floats, fixed, floats, normal_quantile

# Variance ratios (between / within) among which the best is looked for before it is refined.
RATIOS = np.concatenate([[0.0], np.logspace(-8, 8, 129)])
# Squares within that are smaller than this share of those between are rounding.
ROUNDING = 1e-20


@dataclass(frozen=True, slots=True, eq=False)
class GroupEffects:
    """Groups in sorted order of `labels`; arrays alike long, in the unit of the values (variances: its square).

    `effects` are best linear unbiased predictions of the deviation from `mean`; `shrunk` = mean + effects, with interval
    `low` to `high`; `weight` from 0 (all noise) to 1 (taken as it is) is how far a group's own mean counts.
    """

    labels: tuple[object, ...]
    n: Floats
    group_means: Floats
    mean: float
    mean_standard_error: float
    between: float
    within: float
    weight: Floats
    effects: Floats
    shrunk: Floats
    standard_errors: Floats
    low: Floats
    high: Floats
    missing: int
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Sufficient statistics: sizes, means as deviations from `origin`, and the sum of squares within."""

    labels: tuple[object, ...]
    n: Floats
    origin: float
    means: Floats
    within_squares: float
    missing: int

    def precision(self, ratio: npt.ArrayLike) -> Floats:
        """Return n/(1 + n·ratio): each group's weight in the common mean, groups along the last axis."""
        return np.asarray(self.n / (1 + self.n * np.asarray(ratio, dtype=np.float64)[..., None]), dtype=np.float64)

    def common_mean(self, weights: Floats) -> Floats:
        """Return the weighted mean of the group means."""
        return np.asarray((weights * self.means).sum(-1) / weights.sum(-1), dtype=np.float64)

    def squares(self, weights: Floats) -> tuple[Floats, Floats]:
        """Return the generalised residual sum of squares and its derivative by the ratio, negated."""
        gaps = (self.means - self.common_mean(weights)[..., None]) ** 2
        return self.within_squares + (weights * gaps).sum(-1), (weights**2 * gaps).sum(-1)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Estimates on the scale of `_Groups.means`."""

    mean: float
    mean_variance: float
    between: float
    within: float
    weight: Floats


def one_way_random_effects(values: npt.ArrayLike, groups: npt.ArrayLike, *, confidence: float = 0.95) -> GroupEffects:
    """Fit value = mean + group effect + error by REML and predict each group's effect (empirical Bayes).

    Source: S. R. Searle, G. Casella and C. E. McCulloch (1992), Variance Components, chapters 3, 6 and 7; G. K. Robinson
    (1991), Statistical Science 6, 15-32; agrees with `lme4::lmer(y ~ 1 + (1|group))`. `values` and `groups` (any sortable
    labels) are one-dimensional and alike long; sizes may differ. Standard errors are of mean + effect; they count the
    uncertainty of the mean but not of the variances, so intervals are slightly narrow for few groups. A missing value
    (NaN) is dropped and counted; a group with no value left is not in the result. ValueError for fewer than two groups,
    or when no group has two values, since noise and difference then cannot be told apart.
    """
    z = normal_quantile(confidence)
    data = _grouped(values, groups)
    ratio = _reml_ratio(data)
    fit = _noiseless(data) if ratio is None else _fitted(data, ratio)
    effects = fit.weight * (data.means - fit.mean)
    shrunk = data.origin + fit.mean + effects
    errors = np.sqrt(fit.between * (1 - fit.weight) + (1 - fit.weight) ** 2 * fit.mean_variance)
    return GroupEffects(
        labels=data.labels,
        n=fixed(data.n),
        group_means=fixed(data.origin + data.means),
        mean=data.origin + fit.mean,
        mean_standard_error=math.sqrt(fit.mean_variance),
        between=fit.between,
        within=fit.within,
        weight=fixed(fit.weight),
        effects=fixed(effects),
        shrunk=fixed(shrunk),
        standard_errors=fixed(errors),
        low=fixed(shrunk - z * errors),
        high=fixed(shrunk + z * errors),
        missing=data.missing,
        confidence=confidence,
    )


def _grouped(values: npt.ArrayLike, groups: npt.ArrayLike) -> _Groups:
    array, keys = floats(values, name="values"), np.asarray(groups)
    if keys.shape != array.shape:
        raise ValueError(f"values and groups must have the same length, not {array.size} and {keys.size}.")
    known = ~np.isnan(array)
    labels, place = np.unique(keys[known], return_inverse=True)
    if labels.size < 2:
        raise ValueError(f"Comparing groups needs at least two with values, not {labels.size}.")
    if labels.size == place.size:
        raise ValueError("At least one group needs two values; otherwise noise and difference cannot be told apart.")
    # Centred first, so that large values with a small spread keep their digits.
    origin = float(array[known].mean())
    centred = array[known] - origin
    n = np.bincount(place).astype(np.float64)
    means = np.bincount(place, weights=centred) / n
    squares = float(((centred - means[place]) ** 2).sum())
    return _Groups(tuple(labels.tolist()), n, origin, means, squares, int((~known).sum()))


def _score(data: _Groups, ratio: float) -> float:
    """Return the derivative by the ratio of minus twice the profiled restricted log likelihood."""
    w = data.precision(ratio)
    squares, slope = data.squares(w)
    return float(w.sum() - (w**2).sum() / w.sum() - (data.n.sum() - 1) * slope / squares)


def _deviance(data: _Groups, ratios: Floats) -> Floats:
    """Return minus twice the profiled restricted log likelihood, but for a constant, at each ratio."""
    w = data.precision(ratios)
    squares, _ = data.squares(w)
    logs = np.log1p(data.n * ratios[:, None]).sum(-1) + np.log(w.sum(-1))
    return np.asarray((data.n.sum() - 1) * np.log(squares) + logs, dtype=np.float64)


def _reml_ratio(data: _Groups) -> float | None:
    """Return the REML ratio of between to within variance; None when there is no variation within groups at all."""
    if data.within_squares <= ROUNDING * float((data.n * data.means**2).sum()):
        return None
    best = int(np.argmin(_deviance(data, RATIOS)))
    low, high = RATIOS[max(best - 1, 0)], RATIOS[min(best + 1, RATIOS.size - 1)]
    if best == 0 and _score(data, 0.0) >= 0:
        return 0.0
    if _score(data, low) * _score(data, high) > 0:
        return float(RATIOS[best])
    return float(optimize.brentq(lambda ratio: _score(data, ratio), low, high, xtol=1e-14, rtol=1e-13))


def _fitted(data: _Groups, ratio: float) -> _Fit:
    w = data.precision(ratio)
    squares, _ = data.squares(w)
    within = float(squares / (data.n.sum() - 1))
    return _Fit(float(data.common_mean(w)), within / float(w.sum()), ratio * within, within, ratio * w)


def _noiseless(data: _Groups) -> _Fit:
    """Return the limit of no noise: every group mean is exact and counts fully."""
    differ = bool(np.ptp(data.means) > 0)
    between = float(data.means.var(ddof=1)) if differ else 0.0
    weight = np.full_like(data.means, 1.0 if differ else 0.0)
    return _Fit(float(data.means.mean()), between / data.means.size, between, 0.0, weight)


@dataclass(frozen=True, slots=True, eq=False)
class JamesStein:
    """Means drawn towards their common mean by one factor, 0 (fully) to 1 (not at all)."""

    mean: float
    factor: float
    shrunk: Floats


def james_stein(means: npt.ArrayLike, variance: float) -> JamesStein:
    """Return the positive-part James-Stein estimate of means that are known equally well.

    Source: W. James and C. Stein (1961); B. Efron and C. Morris (1977), Scientific American 236(5), 119-127: mean + c·(y - mean),
    c = 1 - (k - 3)·variance/Σ(y - mean)², at least 0. `variance` of each mean, in its squared unit. Groups of unequal size need
    `one_way_random_effects`. A missing mean (NaN) stays missing. ValueError for fewer than four means or a negative variance.
    """
    y = floats(means, name="means")
    known = ~np.isnan(y)
    k = int(known.sum())
    if k < 4 or not variance >= 0:
        raise ValueError("James-Stein needs at least four means and a variance that is not negative.")
    centre = float(y[known].mean())
    squares = float(((y[known] - centre) ** 2).sum())
    factor = max(0.0, 1 - (k - 3) * variance / squares) if squares > 0 else 1.0
    return JamesStein(centre, factor, fixed(centre + factor * (y - centre)))
