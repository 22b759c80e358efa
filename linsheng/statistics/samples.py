"""How many homes to ask: sample size for a finite number of homes, and how to share it out over strata."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from linsheng.statistics.checks import Floats, fixed, floats, normal_quantile


@dataclass(frozen=True, slots=True)
class SampleSize:
    """`answers` wanted of `population` homes, and how many to `invite` so that so many come back."""

    answers: int
    invite: int
    population: int


def sample_size(
    population: int, *, margin: float = 0.05, share: float = 0.5, confidence: float = 0.95, response: float = 1.0
) -> SampleSize:
    """Return how many answers give a share ± `margin` among `population` homes.

    Source: R. V. Krejcie and D. W. Morgan (1970), Educational and Psychological Measurement 30, 607-610:
    χ²NP(1-P)/(d²(N-1) + χ²P(1-P)), χ² with 1 degree of freedom, rounded to the nearest as in their table; the same as
    Cochran's n₀/(1 + (n₀-1)/N). `response`: expected share that answers, by which the number to invite is larger (all homes at
    most). Presumes that those who answer are like the others. ValueError for a population below 1 or a share, margin or response
    that is none.
    """
    if population < 1:
        raise ValueError(f"population must be at least 1, not {population}.")
    if not (0 < margin < 1 and 0 < share < 1 and 0 < response <= 1):
        raise ValueError("margin and share must lie between 0 and 1, response above 0 and at most 1.")
    chi2 = normal_quantile(confidence) ** 2
    spread = chi2 * share * (1 - share)
    exact = spread * population / (margin**2 * (population - 1) + spread)
    answers = min(population, max(1, math.floor(exact + 0.5)))
    return SampleSize(answers, min(population, math.ceil(answers / response - 1e-9)), population)


def allocate(
    total: int, population: npt.ArrayLike, *, spread: npt.ArrayLike | None = None, least: int = 2
) -> npt.NDArray[np.int64]:
    """Return how many homes to draw in each stratum, `total` in all: in proportion to N_h, or to N_h·S_h.

    Source: Cochran (1977), 5.5 (J. Neyman 1934); rounded by largest remainders. `population` (strata) homes; `spread` (strata) the
    standard deviation expected in each. Every stratum gets `least` (all its homes if fewer), none more than it has; what a full
    stratum cannot take goes to the others. ValueError when `total` exceeds the homes or negative or missing numbers are given.
    """
    homes = floats(population, name="population")
    deviation = np.ones_like(homes) if spread is None else floats(spread, name="spread")
    if np.isnan(homes + deviation).any() or (homes < 0).any() or (deviation < 0).any() or total < 0:
        raise ValueError("Numbers of homes, spreads and the total must not be negative or missing.")
    if total > homes.sum():
        raise ValueError(f"{total} homes cannot be drawn out of {homes.sum():g}.")
    floor = np.minimum(homes, least)
    if floor.sum() > total:
        return _rounded(_filled(float(total), np.zeros_like(homes), floor, homes), homes, total)
    size = homes * (deviation if deviation.any() else 1.0)
    return _rounded(_filled(float(total), floor, homes, size), homes, total)


def _filled(total: float, low: Floats, high: Floats, size: Floats) -> Floats:
    """Return shares in proportion to size, none outside low to high, that add up to the total (by bisection of the factor)."""
    ends = (0.0, float((high[size > 0] / size[size > 0]).max(initial=0.0)) + 1.0)
    for _ in range(200):
        middle = sum(ends) / 2
        ends = (middle, ends[1]) if np.clip(middle * size, low, high).sum() < total else (ends[0], middle)
    share = np.clip(ends[1] * size, low, high)
    room = high - share
    left = total - share.sum()
    return share + (room * (left / room.sum()) if left > 1e-9 and room.sum() > 0 else 0.0)


def _rounded(shares: Floats, most: Floats, total: int) -> npt.NDArray[np.int64]:
    whole = np.floor(shares + 1e-9)
    order = np.argsort(-(shares - whole), kind="stable")
    order = order[whole[order] < most[order]]
    whole[order[: max(total - int(whole.sum()), 0)]] += 1
    return whole.astype(np.int64)


def detectable_difference(n: npt.ArrayLike, *, spread: float = 1.0, confidence: float = 0.95, power: float = 0.8) -> Floats:
    """Return the difference of two means that samples of `n` answers each find with probability `power`.

    Source: (z_confidence + z_power)·S·√(2/n), Cochran (1977), 4.11. `spread` S in the unit of the answers; inf where n = 0.
    """
    sizes = np.atleast_1d(np.asarray(n, dtype=np.float64))
    reach = normal_quantile(confidence) + float(special.ndtri(power))
    with np.errstate(divide="ignore"):
        return fixed(reach * spread * np.sqrt(2 / sizes))
