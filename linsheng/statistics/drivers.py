"""Which items carry the overall judgement: shares of explained variance that add up to R², with how sure their order is.

Sources: R. H. Lindeman, P. F. Merenda and R. Z. Gold (1980) and W. Kruskal (1987) for LMG, the mean gain in R² over all orders of
entry (the Shapley value; U. Grömping 2006, J. Stat. Software 17(1), R's `relaimpo`); J. W. Johnson (2000), Multivariate Behavioral
Research 35, 1-19, for relative weights. Importance is association: it says what goes with the judgement, not what would change it.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Floats, fixed, floats
from linsheng.statistics.fit import adjusted_r_squared

MOST_DRIVERS = 12
# Beyond so many people they are resampled in so many random groups: the same, and quick.
GROUPS = 2000
REPEATS = 300
# A spread below this share of the largest is none.
FLAT = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Drivers:
    """Shares of R² of each predictor by both methods (arrays alike long); ranks 1 (most) … p by LMG, with their bootstrap
    interval; `low` and `high` (p) the bootstrap's percentile interval of the LMG shares."""

    n: int
    missing: int
    r_squared: float
    lmg: Floats
    johnson: Floats
    rank: npt.NDArray[np.int64]
    rank_low: npt.NDArray[np.int64]
    rank_high: npt.NDArray[np.int64]
    low: Floats
    high: Floats

    @property
    def adjusted(self) -> float:
        return adjusted_r_squared(self.r_squared, self.n, self.lmg.size)


def key_drivers(
    outcome: npt.ArrayLike, predictors: npt.ArrayLike, *, repeats: int = REPEATS, seed: int = 1, confidence: float = 0.95
) -> Drivers | None:
    """Return how the explained variance of `outcome` (n) is shared among `predictors` (n × p, p at most 12).

    Rows with any missing value (NaN) are dropped and counted. `repeats` bootstrap samples of people (seeded) give the interval of
    the ranks; 0: none, the ranks themselves. A predictor without spread gets 0. None when fewer than p + 2 complete rows are left
    or the outcome does not vary. ValueError for more than 12 predictors, none, or unequal lengths."""
    y, x = floats(outcome, name="outcome"), np.asarray(predictors, dtype=np.float64)
    if x.ndim != 2 or x.shape[0] != y.size:
        raise ValueError("predictors must be a table with a row for every outcome.")
    if not 1 <= x.shape[1] <= MOST_DRIVERS:
        raise ValueError(f"Key drivers are reckoned of 1 to {MOST_DRIVERS} items, not of {x.shape[1]}.")
    rows = np.column_stack([x, y])
    rows = rows[~np.isnan(rows).any(1)]
    n, p = rows.shape[0], x.shape[1]
    if n < p + 2 or np.ptp(rows[:, -1]) == 0:
        return None
    rows = rows - rows.mean(0)
    correlation = _correlations((rows.T @ rows)[None], np.zeros((1, p + 1)), np.array([float(n)]))[0]
    shares = lmg_shares(correlation[None])[0]
    rank = _ranks(shares[None])[0]
    low, high, least, most = rank, rank, shares, shares
    if repeats:
        drawn = lmg_shares(_bootstrap(rows, repeats, np.random.default_rng(seed)))
        tail = (1 - confidence) / 2
        low, high = (np.quantile(_ranks(drawn), q, axis=0, method="inverted_cdf").astype(np.int64) for q in (tail, 1 - tail))
        least, most = (np.quantile(drawn, q, axis=0) for q in (tail, 1 - tail))
    r_squared = float(shares.sum())
    johnson = fixed(johnson_shares(correlation))
    return Drivers(n, y.size - n, r_squared, fixed(shares), johnson, rank, low, high, fixed(least), fixed(most))


def lmg_shares(correlations: Floats) -> Floats:
    """Return LMG shares (batch × p) from correlation matrices (batch × (p+1) × (p+1)), the outcome last. They add up to R²."""
    batch, p = correlations.shape[0], correlations.shape[1] - 1
    r2 = np.zeros((1 << p, batch))
    _explain(correlations, r2, mask=0, first=0)
    masks = np.arange(1 << p)
    count = ((masks[:, None] >> np.arange(p)) & 1).sum(1)
    weight = np.array([1 / (p * math.comb(p - 1, k)) for k in range(p)])
    shares = np.empty((batch, p))
    for j in range(p):
        without = masks[(masks >> j) & 1 == 0]
        shares[:, j] = weight[count[without]] @ (r2[without | (1 << j)] - r2[without])
    return shares


def _explain(left: Floats, r2: Floats, *, mask: int, first: int) -> None:
    """Fill in R² of every set that adds predictors from `first` on to `mask`.

    `left` (batch × those and the outcome, squared) is what the predictors of `mask` leave of the correlations.
    """
    for i in range(left.shape[1] - 1):
        pivot = left[:, i, i]
        # A predictor that the others say already adds nothing.
        inverse = np.where(pivot > FLAT, 1 / np.maximum(pivot, FLAT), 0.0)
        chosen = mask | (1 << (first + i))
        r2[chosen] = r2[mask] + left[:, i, -1] ** 2 * inverse
        if i + 2 < left.shape[1]:
            rest = left[:, i, i + 1 :]
            outer = rest[:, :, None] * (rest * inverse[:, None])[:, None, :]
            _explain(left[:, i + 1 :, i + 1 :] - outer, r2, mask=chosen, first=first + i + 1)


def johnson_shares(correlation: Floats) -> Floats:
    """Return Johnson's relative weights (p) from one correlation matrix ((p+1) × (p+1)), the outcome last. They add up to R²."""
    inner, outer = correlation[:-1, :-1], correlation[:-1, -1]
    values, vectors = np.linalg.eigh(inner)
    roots = np.sqrt(np.clip(values, 0.0, None))
    keep = roots > math.sqrt(FLAT) * roots.max()
    loadings = (vectors * roots) @ vectors.T
    inverse = (vectors[:, keep] / roots[keep]) @ vectors[:, keep].T
    return np.asarray(loadings**2 @ (inverse @ outer) ** 2, dtype=np.float64)


def _correlations(products: Floats, sums: Floats, n: Floats) -> Floats:
    """Return correlation matrices from sums of products and sums (batches first); without spread: uncorrelated."""
    covariance = products - sums[:, :, None] * sums[:, None, :] / n[:, None, None]
    spread = np.diagonal(covariance, axis1=1, axis2=2)
    flat = spread <= FLAT * np.maximum(np.diagonal(products, axis1=1, axis2=2), 1e-300)
    root = np.sqrt(np.where(flat, 1.0, spread))
    result = covariance / (root[:, :, None] * root[:, None, :])
    result = np.where(flat[:, :, None] | flat[:, None, :], 0.0, result)
    place = np.arange(result.shape[1])
    result[:, place, place] = 1.0
    return np.asarray(result, dtype=np.float64)


def _bootstrap(rows: Floats, repeats: int, rng: np.random.Generator) -> Floats:
    """Return the correlation matrix of each of `repeats` samples of people with replacement."""
    n, width = rows.shape
    if n > 10 * GROUPS:
        rows = rows[rng.permutation(n)[: n - n % GROUPS]]
    groups = GROUPS if n > 10 * GROUPS else n
    members = rows.reshape(groups, -1, width)
    products = np.matmul(members.transpose(0, 2, 1), members).reshape(groups, -1)
    sums = members.sum(1)
    drawn = rng.multinomial(groups, np.full(groups, 1 / groups), size=repeats).astype(np.float64)
    return _correlations(
        (drawn @ products).reshape(repeats, width, width), drawn @ sums, np.full(repeats, float(members.shape[1] * groups))
    )


def _ranks(shares: Floats) -> npt.NDArray[np.int64]:
    """Return ranks 1 (largest share) … p in each row, ties in the order of the columns."""
    order = np.argsort(-shares, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1, shares.shape[1] + 1), order.shape), axis=1)
    return ranks.astype(np.int64)
