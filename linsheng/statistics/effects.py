"""How large an effect is: training before and after (paired t, d_z, normalised gain) and measures against places without them."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from linsheng.statistics.checks import floats, same_length
from linsheng.statistics.comparisons import MeanDifference, paired_difference

# So many at the top before, and a test can hardly show that anybody learnt anything.
CEILING_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class PairedEffect:
    """Change of the same people, after minus before. `d_z` = mean/sd of the differences with its interval; `g_z` = J·d_z.

    `gain`: the class's normalised gain, (after - before)/(full - before) of the means; `ceiling`: share who had full marks before.
    """

    n: int
    change: MeanDifference
    t: float | None
    d_z: float | None
    d_low: float | None
    d_high: float | None
    g_z: float | None
    gain: float | None
    ceiling: float | None

    @property
    def ceiling_warning(self) -> bool:
        """Whether so many had full marks before that the gain says little."""
        return self.ceiling is not None and self.ceiling >= CEILING_SHARE


def hedges_j(freedom: float) -> float:
    """Return the small-sample factor J = Γ(m/2)/(√(m/2)·Γ((m-1)/2)), m `freedom` > 1.

    Source: L. V. Hedges (1981), Journal of Educational Statistics 6, 107-128 (exact, not the approximation 1 - 3/(4m - 1)).
    """
    if freedom <= 1:
        raise ValueError(f"J needs more than one degree of freedom, not {freedom}.")
    return math.exp(float(special.gammaln(freedom / 2) - special.gammaln((freedom - 1) / 2))) / math.sqrt(freedom / 2)


def paired_effect(
    after: npt.ArrayLike, before: npt.ArrayLike, *, full: float | None = None, confidence: float = 0.95
) -> PairedEffect:
    """Return the paired effect of a training.

    Source: J. Cohen (1988), 2.3.5 for d_z (sd of the differences, not the average sd of d_av); interval from the noncentral t
    (G. Cumming and S. Finch 2001); R. R. Hake (1998), American Journal of Physics 66, 64-74, for the normalised gain. Arrays are
    alike long, a pair with a missing value (NaN) is dropped; `full` marks are needed for gain and ceiling. No spread of the
    differences, or fewer than three pairs: no d_z. ValueError for unequal lengths or scores above full marks.
    """
    x, y = floats(after, name="after"), floats(before, name="before")
    change = paired_difference(x, y, confidence=confidence)
    known = ~np.isnan(x - y)
    x, y = x[known], y[known]
    n = x.size
    t = d = low = high = g = None
    if n > 2 and change.difference is not None and change.standard_error:
        t = change.difference / change.standard_error
        d, g = t / math.sqrt(n), hedges_j(n - 1) * t / math.sqrt(n)
        low, high = (bound / math.sqrt(n) for bound in _noncentrality(t, n - 1, confidence))
    gain, ceiling = _gain(x, y, full)
    return PairedEffect(n, change, t, d, low, high, g, gain, ceiling)


def normalised_gains(after: npt.ArrayLike, before: npt.ArrayLike, full: float) -> npt.NDArray[np.float64]:
    """Return each person's gain, (after - before)/(full - before); NaN for missing scores and for those who had full marks
    before."""
    x, y = floats(after, name="after"), floats(before, name="before")
    same_length(x, y, names="after and before")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y < full, (x - y) / (full - y), np.nan)


def _gain(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], full: float | None) -> tuple[float | None, float | None]:
    if full is None or not x.size:
        return None, None
    if (x > full).any() or (y > full).any():
        raise ValueError("A score is above full marks.")
    room = full - float(y.mean())
    return (float(x.mean() - y.mean()) / room if room > 0 else None), float((y >= full).mean())


def _noncentrality(t: float, freedom: int, confidence: float) -> tuple[float, float]:
    """Return the noncentralities under which a t as large, and as small, has probability (1 - confidence)/2."""
    tail, reach = (1 - confidence) / 2, 10 + 2 * abs(t)

    def gap(delta: float, wanted: float) -> float:
        below = float(stats.nct.cdf(t, freedom, delta))
        # Far out the distribution function is not computed; there it is 0 or 1.
        return (float(delta < t) if math.isnan(below) else below) - wanted

    low, high = (float(optimize.brentq(gap, t - reach, t + reach, args=(wanted,), xtol=1e-10)) for wanted in (1 - tail, tail))
    return low, high
