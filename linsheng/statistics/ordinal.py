"""Ordered answers without pretending that the steps between them are alike: Kruskal-Wallis and the proportional-odds model."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from linsheng.statistics.checks import Floats, fixed, floats, normal_quantile, same_length
from linsheng.statistics.strata import Codes

STEPS, HALVINGS = 100, 40
CLOSE = 1e-10


@dataclass(frozen=True, slots=True)
class KruskalWallis:
    """H corrected for ties, its degrees of freedom and p; None when there is nothing to compare."""

    n: int
    missing: int
    statistic: float | None
    freedom: int
    p: float | None


@dataclass(frozen=True, slots=True, eq=False)
class OrderedLogit:
    """Proportional-odds fit. A positive coefficient moves towards higher answers; exp(coefficient) is the odds ratio.

    `coefficients`, `standard_errors`, `p`, `low` and `high` are alike long (predictors); `thresholds` and their errors one fewer
    than levels."""

    levels: tuple[float, ...]
    coefficients: Floats
    standard_errors: Floats
    p: Floats
    low: Floats
    high: Floats
    thresholds: Floats
    threshold_errors: Floats
    deviance: float
    n: float
    missing: int


def kruskal_wallis(values: npt.ArrayLike, groups: npt.ArrayLike) -> KruskalWallis:
    """Return the Kruskal-Wallis test of whether groups answer alike.

    Source: W. H. Kruskal and W. A. Wallis (1952), JASA 47, 583-621; R's `kruskal.test`. `values` (n) ordered in any unit, NaN is
    dropped and counted; `groups` (n) labels. Fewer than two groups or identical values: statistic None. ValueError for unequal
    lengths."""
    x, keys = floats(values, name="values"), np.asarray(groups)
    if keys.shape != x.shape:
        raise ValueError("values and groups must have the same length.")
    known = ~np.isnan(x)
    levels, rank_of = np.unique(x[known], return_inverse=True)
    labels, group = np.unique(keys[known], return_inverse=True)
    n, missing = int(known.sum()), int((~known).sum())
    if labels.size < 2 or levels.size < 2:
        return KruskalWallis(n, missing, None, max(labels.size - 1, 0), None)
    ties = np.bincount(rank_of).astype(np.float64)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[rank_of]
    sums, sizes = np.bincount(group, weights=ranks), np.bincount(group)
    h = 12 / (n * (n + 1)) * float((sums**2 / sizes).sum()) - 3 * (n + 1)
    h /= 1 - float((ties**3 - ties).sum()) / (n**3 - n)
    freedom = labels.size - 1
    return KruskalWallis(n, missing, h, freedom, float(special.chdtrc(freedom, h)))


def ordered_logit(
    answers: npt.ArrayLike, predictors: npt.ArrayLike, *, weights: npt.ArrayLike | None = None, confidence: float = 0.95
) -> OrderedLogit:
    """Fit P(answer <= k) = logistic(threshold_k - x·coefficients) by maximum likelihood.

    Source: P. McCullagh (1980), JRSS B 42, 109-142; R's `MASS::polr`. `answers` (n) ordered numbers; `predictors` (n × p)
    numbers, groups as 0/1 columns without the reference group and without a constant; `weights` (n) how many such rows there are.
    A row with anything missing (NaN) is dropped and counted. Standard errors from the observed information. ValueError for fewer
    than two levels, negative weights, columns that explain each other, or where a predictor parts the answers fully (no maximum).
    """
    y, x = floats(answers, name="answers"), np.asarray(predictors, dtype=np.float64)
    times = np.ones_like(y) if weights is None else floats(weights, name="weights")
    same_length(y, times, names="answers and weights")
    if x.ndim != 2 or x.shape[0] != y.size:
        raise ValueError("predictors must be a table with a row for every answer.")
    if (times < 0).any():
        raise ValueError("weights must not be negative.")
    known = ~(np.isnan(y) | np.isnan(x).any(1) | np.isnan(times))
    missing = int((~known).sum())
    known &= times > 0
    levels, code = np.unique(y[known], return_inverse=True)
    if levels.size < 2:
        raise ValueError("An ordered logit needs answers on at least two levels.")
    model = _Model(code, x[known], times[known], levels.size)
    parameters, covariance = model.fitted()
    errors = np.sqrt(np.diag(covariance))
    k = levels.size - 1
    beta, error = parameters[k:], errors[k:]
    z = normal_quantile(confidence)
    return OrderedLogit(
        levels=tuple(levels.tolist()),
        coefficients=fixed(beta),
        standard_errors=fixed(error),
        p=fixed(2 * special.ndtr(-np.abs(beta / error))),
        low=fixed(beta - z * error),
        high=fixed(beta + z * error),
        thresholds=fixed(parameters[:k]),
        threshold_errors=fixed(errors[:k]),
        deviance=-2 * model.likelihood(parameters),
        n=float(times[known].sum()),
        missing=missing,
    )


class _Model:
    """The log likelihood with its derivatives; parameters are thresholds, then coefficients."""

    def __init__(self, code: Codes, x: Floats, times: Floats, levels: int) -> None:
        self.code, self.times, self.levels = code, times, levels
        self.k = levels - 1
        ends = np.eye(levels)[code]
        # Upper end of each answer's range: its own threshold (none for the highest); lower end: the one below.
        self.upper = np.column_stack([ends[:, : self.k], -x])
        self.lower = np.column_stack([ends[:, 1:], -x])
        self.top, self.bottom = code == levels - 1, code == 0

    def _parts(self, parameters: Floats) -> tuple[Floats, Floats, Floats]:
        above = np.where(self.top, 1.0, special.expit(self.upper @ parameters))
        below = np.where(self.bottom, 0.0, special.expit(self.lower @ parameters))
        return above, below, above - below

    def likelihood(self, parameters: Floats) -> float:
        _above, _below, p = self._parts(parameters)
        if (p <= 0).any():
            return -np.inf
        return float((self.times * np.log(p)).sum())

    def derivatives(self, parameters: Floats) -> tuple[Floats, Floats]:
        above, below, p = self._parts(parameters)
        up, down = above * (1 - above), below * (1 - below)
        gradient = self.upper.T @ (self.times * up / p) - self.lower.T @ (self.times * down / p)
        uu = self.times * (up * (1 - 2 * above) / p - (up / p) ** 2)
        ll = self.times * (-down * (1 - 2 * below) / p - (down / p) ** 2)
        ul = self.times * up * down / p**2
        mixed = self.upper.T @ (ul[:, None] * self.lower)
        hessian = self.upper.T @ (uu[:, None] * self.upper) + self.lower.T @ (ll[:, None] * self.lower) + mixed + mixed.T
        return gradient, hessian

    def fitted(self) -> tuple[Floats, Floats]:
        """Return the maximum and the inverse of the information there, by Newton's method with halved steps."""
        shares = np.cumsum(np.bincount(self.code, weights=self.times, minlength=self.levels))
        parameters = np.concatenate([special.logit(shares[:-1] / shares[-1]), np.zeros(self.upper.shape[1] - self.k)])
        best = self.likelihood(parameters)
        for _ in range(STEPS):
            gradient, hessian = self.derivatives(parameters)
            try:
                step = np.linalg.solve(hessian, gradient)
            except np.linalg.LinAlgError as error:
                raise ValueError("A predictor is explained by the others, or does not vary.") from error
            size = next((0.5**i for i in range(HALVINGS) if self.likelihood(parameters - 0.5**i * step) >= best), 0.0)
            parameters = parameters - size * step
            gained, best = self.likelihood(parameters) - best, self.likelihood(parameters)
            if np.abs(step).max() < CLOSE * (1 + np.abs(parameters).max()) or (size == 0 and gained <= 0):
                break
        information = -self.derivatives(parameters)[1]
        if np.abs(parameters).max() > 30 or np.linalg.cond(information) > 1e13:
            raise ValueError("A predictor parts the answers fully, or is explained by the others: there is no best fit.")
        return parameters, np.asarray(np.linalg.inv(information))
