"""Did a measure work? Difference in differences with errors by cluster, and randomisation inference where clusters are few."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Floats, floats
from linsheng.statistics.comparisons import MeanDifference, difference

# Below so many clusters the clustered errors are too small too often (Cameron, Gelbach and Miller 2008).
ENOUGH_CLUSTERS = 30
MOST_ASSIGNMENTS = 20_000


@dataclass(frozen=True, slots=True)
class Intervention:
    """Change with the measure minus change without it, in the unit of the outcome.

    `clustered`: interval and p from clustered errors; `p_randomised`: share of assignments of the measure to other clusters that
    would look as strong, the p to be believed when `few_clusters`."""

    effect: float | None
    change_with: float | None
    change_without: float | None
    clustered: MeanDifference
    p_randomised: float | None
    clusters: int
    clusters_with: int
    n: int
    missing: int

    @property
    def few_clusters(self) -> bool:
        return self.clusters < ENOUGH_CLUSTERS

    @property
    def p(self) -> float | None:
        """The p value to be believed."""
        return self.p_randomised if self.few_clusters else self.clustered.p


def did_of_means(with_after: float, with_before: float, without_after: float, without_before: float) -> float:
    """Return the difference in differences of four means: (with_after - with_before) - (without_after - without_before)."""
    return (with_after - with_before) - (without_after - without_before)


def difference_in_differences(
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    after: npt.ArrayLike,
    cluster: npt.ArrayLike,
    *,
    confidence: float = 0.95,
    seed: int = 1,
) -> Intervention:
    """Return the effect of a measure taken in whole clusters (buildings, communities).

    Source: O. Ashenfelter and D. Card (1985); errors by K.-Y. Liang and S. Zeger (1986) with the correction G/(G-1)·(n-1)/(n-4)
    and t(G-1); randomisation by R. A. Fisher (1935): all assignments, or 20,000 of them (seeded), to as many clusters. One
    element an answer: `outcome` (NaN dropped and counted), `treated` and `after` 0 or 1, `cluster` any label, treated as a whole
    or not at all. A cell without answers: effect None. ValueError for a cluster that is partly treated, or unequal lengths."""
    y, d, late = floats(outcome, name="outcome"), floats(treated, name="treated"), floats(after, name="after")
    keys = np.asarray(cluster)
    if not y.size == d.size == late.size == keys.size:
        raise ValueError("outcome, treated, after and cluster must have the same length.")
    if not (np.isin(d, (0, 1)).all() and np.isin(late, (0, 1)).all()):
        raise ValueError("treated and after must be 0 or 1 for every answer.")
    known = ~np.isnan(y)
    labels, place = np.unique(keys, return_inverse=True)
    share = np.bincount(place, weights=d) / np.bincount(place)
    if ((share > 0) & (share < 1)).any():
        raise ValueError("A cluster must be treated as a whole or not at all.")
    y, d, late, place = y[known], d[known], late[known], place[known]
    sums, sizes = (_by_cluster(values, place, late, labels.size) for values in (y, np.ones_like(y)))
    there = sizes.sum(1) > 0
    sums, sizes, with_it = sums[there], sizes[there], share[there] > 0
    means = [_changes(sums, sizes, side[None].astype(np.float64))[0] for side in (with_it, ~with_it)]
    effect = means[0] - means[1]
    numbers = (int(there.sum()), int(with_it.sum()), y.size, int((~known).sum()))
    if math.isnan(effect):
        nothing = difference(math.nan, math.nan, 0, confidence=confidence)
        return Intervention(None, _or_none(means[0]), _or_none(means[1]), nothing, None, *numbers)
    variance = _clustered_variance(y, d, late, place, numbers[0])
    clustered = difference(effect, variance, numbers[0] - 1, confidence=confidence)
    p = _randomised_p(sums, sizes, with_it, effect, np.random.default_rng(seed))
    return Intervention(effect, means[0], means[1], clustered, p, *numbers)


def _by_cluster(values: Floats, place: npt.NDArray[np.intp], late: Floats, clusters: int) -> Floats:
    """Return sums (clusters × before, after)."""
    return np.column_stack([np.bincount(place, weights=values * (late == side), minlength=clusters) for side in (0, 1)])


def _changes(sums: Floats, sizes: Floats, chosen: Floats) -> Floats:
    """Return the change of the mean of each choice (choices × clusters) of clusters."""
    with np.errstate(divide="ignore", invalid="ignore"):
        means = (chosen @ sums) / (chosen @ sizes)
    return np.asarray(means[:, 1] - means[:, 0])


def _clustered_variance(y: Floats, d: Floats, late: Floats, place: npt.NDArray[np.intp], clusters: int) -> float:
    if clusters < 3:
        return math.nan
    x = np.column_stack([np.ones_like(y), d, late, d * late])
    bread = np.linalg.pinv(x.T @ x, hermitian=True)
    residual = y - x @ (bread @ (x.T @ y))
    scores = np.column_stack([np.bincount(place, weights=column * residual) for column in x.T])
    n, k = x.shape
    correction = clusters / (clusters - 1) * (n - 1) / (n - k) if n > k else math.nan
    return float((bread @ (scores.T @ scores) @ bread)[3, 3]) * correction


def _randomised_p(
    sums: Floats, sizes: Floats, with_it: npt.NDArray[np.bool_], effect: float, rng: np.random.Generator
) -> float | None:
    clusters, chosen = with_it.size, int(with_it.sum())
    if math.comb(clusters, chosen) <= MOST_ASSIGNMENTS:
        picks = np.array(list(itertools.combinations(range(clusters), chosen)))
        extra = 0
    else:
        picks = rng.permuted(np.tile(np.arange(clusters), (MOST_ASSIGNMENTS, 1)), axis=1)[:, :chosen]
        extra = 1
    assigned = np.zeros((picks.shape[0], clusters))
    np.put_along_axis(assigned, picks, 1.0, axis=1)
    effects = _changes(sums, sizes, assigned) - _changes(sums, sizes, 1 - assigned)
    effects = effects[~np.isnan(effects)]
    # As strong but for rounding counts as as strong.
    strong = int((np.abs(effects) >= abs(effect) * (1 - 1e-9)).sum())
    return (strong + extra) / (effects.size + extra)


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
