"""Weights against non-response: post-stratification and raking to known margins, what they cost, and means with them.

Source: W. E. Deming and F. F. Stephan (1940), Annals of Mathematical Statistics 11, 427-444 (raking); J.-C. Deville and C.-E.
Särndal (1992), JASA 87, 376-382 (the variance is that of the residuals from the margins); L. Kish (1965), Survey Sampling, 11.7
(effective n). Weights repair only what the margins explain: that tenants answer less often, not that the dissatisfied do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Floats, fixed, floats
from linsheng.statistics.strata import Codes, DomainMeans, Strata, _by_stratum, no_mean, weighed_mean

TURNS = 2000
CLOSE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """A weight for each cell (each respondent of it), which reproduces every margin; `turns` it took; `effective_n` by Kish."""

    weights: Floats
    margins: tuple[Codes, ...]
    sizes: Floats
    turns: int
    effective_n: float


def kish_effective_n(weights: npt.ArrayLike, sizes: npt.ArrayLike | None = None) -> float:
    """Return (Σw)²/Σw², the number of equally weighted answers worth as much; `sizes`: how many share each weight. 0 for none.

    ValueError for a negative or missing weight.
    """
    w = floats(weights, name="weights")
    times = np.ones_like(w) if sizes is None else floats(sizes, name="sizes")
    if np.isnan(w).any() or (w < 0).any():
        raise ValueError("Weights must not be negative or missing.")
    squares = float((times * w**2).sum())
    return float((times * w).sum()) ** 2 / squares if squares > 0 else 0.0


def rake(
    weights: npt.ArrayLike, margins: Sequence[npt.ArrayLike], totals: Sequence[npt.ArrayLike], *, sizes: npt.ArrayLike | None = None
) -> Raked:
    """Return weights that reproduce the known totals of every margin, as near to the given ones as iteration keeps them.

    `weights` (cells) design weights; `margins` each (cells) the codes 0 … k-1 of one variable; `totals` each (k) how many homes
    have that code; `sizes` (cells) respondents a cell (default 1: a cell is a respondent). One margin is post-stratification. All
    totals are scaled to the sum of the first. ValueError when a code with homes has no respondents or a respondent a code without
    homes, when a code is missing, or when the margins contradict each other (no convergence)."""
    w = floats(weights, name="weights").copy()
    times = np.ones_like(w) if sizes is None else floats(sizes, name="sizes")
    codes = tuple(np.asarray(margin, dtype=np.int64) for margin in margins)
    wanted = [floats(total, name="totals") for total in totals]
    _check_margins(w, times, codes, wanted)
    targets = [total * (wanted[0].sum() / total.sum()) for total in wanted]
    for turn in range(1, TURNS + 1):
        worst = 0.0
        for code, target in zip(codes, targets, strict=True):
            now = np.bincount(code, weights=w * times, minlength=target.size)
            factor = np.where(target > 0, target / np.where(now > 0, now, 1.0), 1.0)
            worst = max(worst, float(np.abs(factor - 1).max()))
            w *= factor[code]
        if worst < CLOSE or len(codes) == 1:
            return Raked(fixed(w), codes, fixed(times), turn, kish_effective_n(w, times))
    raise ValueError("The margins contradict each other among those who answered: raking does not settle.")


def post_stratify(
    weights: npt.ArrayLike, cell: npt.ArrayLike, totals: npt.ArrayLike, *, sizes: npt.ArrayLike | None = None
) -> Raked:
    """Return weights that reproduce the known size of every cell: raking to the one margin `cell`. Arguments and errors as
    `rake`."""
    return rake(weights, [cell], [totals], sizes=sizes)


class MarginResiduals:
    """What the margins leave unexplained of any quantity that adds up over cells."""

    def __init__(self, raked: Raked, importance: Floats) -> None:
        """`importance` (cells): the weight of one respondent in the regression on the margins."""
        columns = [np.eye(int(code.max(initial=0)) + 1)[code] for code in raked.margins]
        self._design = np.concatenate(columns, axis=1)
        self._heft = importance * raked.sizes
        self._inverse = np.linalg.pinv(self._design.T @ (self._heft[:, None] * self._design), hermitian=True)
        self._importance = importance

    def fitted(self, sums: Floats) -> Floats:
        """Return the fitted value of a respondent in each cell, from the cells' sums of the quantity."""
        return np.asarray(self._design @ (self._inverse @ (self._design.T @ (self._importance * sums))), dtype=np.float64)


def raked_mean(
    counts: npt.ArrayLike,
    scores: npt.ArrayLike,
    design: Strata,
    stratum: Codes,
    raked: Raked,
    residuals: MarginResiduals,
    inside: npt.NDArray[np.bool_] | None = None,
) -> DomainMeans:
    """Return the mean with raked weights, of all or of the cells `inside`, as `domain_means` of one domain.

    `counts` (cells × levels) as there; the variance is taken of u = w·residual, the residual of (x - mean)/Σw (0 where nobody
    answered or outside) from the margins, over all respondents.
    """
    table, x = np.asarray(counts, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if inside is not None:
        table = table * inside[:, None]
    w, answered = raked.weights, table.sum(1)
    total, n = float((w * answered).sum()), float(answered.sum())
    if n == 0:
        return no_mean()
    mean = float((w * (table @ x)).sum()) / total
    z = (x - mean) / total
    fit = residuals.fitted(table @ z)
    first = table @ z - raked.sizes * fit
    second = (table * (z - fit[:, None]) ** 2).sum(1) + (raked.sizes - answered) * fit**2
    place = np.zeros(stratum.size, dtype=np.int64)
    variance = float(_by_stratum(w * first, w**2 * second, place, stratum, 1, design)[0])
    spread = float((w * (table @ (x - mean) ** 2)).sum()) / total
    return weighed_mean(n, mean, variance, spread, w**2 * answered, total, design, stratum)


def _check_margins(w: Floats, times: Floats, codes: Sequence[Codes], wanted: Sequence[Floats]) -> None:
    if len(codes) != len(wanted) or not codes:
        raise ValueError("Raking needs totals for each margin, and at least one margin.")
    if np.isnan(w).any() or (w < 0).any():
        raise ValueError("Weights must not be negative or missing.")
    for code, total in zip(codes, wanted, strict=True):
        if code.shape != w.shape:
            raise ValueError("Every margin must have a code for every respondent.")
        if (code < 0).any() or (code >= total.size).any():
            raise ValueError("A respondent's place in a margin is missing or has no total.")
        if np.isnan(total).any() or (total < 0).any() or not total.sum() > 0:
            raise ValueError("Totals of a margin must not be negative or missing, nor all 0.")
        there = np.bincount(code, weights=times * (w > 0), minlength=total.size)
        if ((there == 0) & (total > 0)).any():
            raise ValueError("A margin has homes where nobody answered; join that level to another.")
        if ((there > 0) & (total == 0)).any():
            raise ValueError("A margin has no homes where somebody answered.")
