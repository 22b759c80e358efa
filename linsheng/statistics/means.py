"""Means with their interval: any measured value, and ratings of 1 to 5 stars.

A missing value (NaN or None) is left out and counted, never replaced; "no contact" is missing, not a middle score.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import optimize

from linsheng.statistics.checks import Floats, floats, normal_quantile, plain, t_quantile
from linsheng.statistics.proportions import ShareInterval, wilson_interval

LOWEST_STAR, HIGHEST_STAR = 1, 5
SATISFIED_FROM = 4
# How far the likeliest distribution is pulled (log scale), and what a star that nobody gave counts while it is pulled.
LEAST_TILT, LARGEST_TILT = 1e-9, 80.0
UNSEEN = 1e-9


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean in the unit of its values. What the sample cannot tell is None: all of n = 0, the spread of n = 1."""

    n: int
    missing: int
    mean: float | None
    sd: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    confidence: float
    population: int | None


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """Three different quantities of the same ratings: mean (平均分), satisfied rate (满意率), index (满意指数, 0 to 100)."""

    mean: MeanInterval
    satisfied: ShareInterval
    index: float | None
    counts: tuple[int, int, int, int, int]


def mean_interval(values: npt.ArrayLike, confidence: float = 0.95, population: int | None = None) -> MeanInterval:
    """Return the mean of a simple random sample with its t interval.

    Source: W. G. Cochran (1977), Sampling Techniques, 3rd ed., sections 2.5-2.8: mean ± t(n-1)·s/√n·√(1 - n/N), where
    `population` N is the number that could have answered; None means that it is large. The correction is for sampling
    only and does not cure non-response. `values` is one-dimensional; missing values are dropped and counted. n = 1 has no
    interval unless the population is 1; n = N has no sampling error. ValueError when n > N or N < 1.
    """
    array = floats(values, name="values")
    sample = array[~np.isnan(array)]
    n, missing = sample.size, int(array.size - sample.size)
    unsampled = _unsampled_share(n, population)
    nothing = MeanInterval(n, missing, None, None, None, None, None, confidence, population)
    if n == 0:
        return nothing
    mean = float(sample.mean())
    # Identical values must give exactly zero, which a rounded mean would not.
    spread = None if n == 1 else 0.0 if np.ptp(sample) == 0 else float(sample.std(ddof=1))
    if unsampled == 0:
        return replace(nothing, mean=mean, sd=spread, standard_error=0.0, low=mean, high=mean)
    if spread is None:
        return replace(nothing, mean=mean)
    error = spread / math.sqrt(n) * math.sqrt(unsampled)
    half = t_quantile(confidence, freedom=n - 1) * error
    return replace(nothing, mean=mean, sd=spread, standard_error=error, low=mean - half, high=mean + half)


def rating_interval(stars: npt.ArrayLike, confidence: float = 0.95, population: int | None = None) -> MeanInterval:
    """Return the mean of 1-to-5 ratings, stars taken as numbers, with a score interval that stays inside 1 to 5.

    Source: E. B. Wilson (1927) carried from two answers to five: all means m with (mean - m)² <= z²·v(m)/n·(1 - n/N), where
    v(m) is the variance of the likeliest distribution with mean m, p ∝ count/(1 + t·(star - mean)) (A. B. Owen 2001,
    Empirical Likelihood, chapter 2). With ratings of 1 and 5 only it is Wilson's interval. The t interval would cover
    80 to 90 % where most stars are five and n is below 50, and be nothing wide where all are. `population`, missing values
    and n = N as in `mean_interval`, but n = 1 has an interval. ValueError when a rating is not 1, 2, 3, 4 or 5.
    """
    array = _stars(stars)
    result = mean_interval(array, confidence, population)
    reach = normal_quantile(confidence) ** 2 * _unsampled_share(result.n, population) / max(result.n, 1)
    if result.mean is None or reach == 0:
        return result
    counts = _star_counts(array)
    low = _score_bound(counts, reach)
    high = LOWEST_STAR + HIGHEST_STAR - _score_bound(counts[::-1], reach)
    return replace(result, low=min(low, result.mean), high=max(high, result.mean))


def rating_summary(stars: npt.ArrayLike, confidence: float = 0.95, population: int | None = None) -> RatingSummary:
    """Return mean, satisfied rate (share of 4 and 5, Wilson) and index ((mean - 1)/4·100) of 1-to-5 ratings.

    Missing ratings count nowhere but in `mean.missing`; no rating at all gives None for all three. ValueError as
    `rating_interval`.
    """
    array = _stars(stars)
    mean = rating_interval(array, confidence, population)
    one, two, three, four, five = _star_counts(array)
    satisfied = wilson_interval(int((array >= SATISFIED_FROM).sum()), mean.n, confidence)
    index = None if mean.mean is None else (mean.mean - LOWEST_STAR) / (HIGHEST_STAR - LOWEST_STAR) * 100
    return RatingSummary(mean, satisfied, index, (one, two, three, four, five))


def _stars(stars: npt.ArrayLike) -> Floats:
    array = floats(stars, name="stars")
    if not (np.isnan(array) | np.isin(array, np.arange(LOWEST_STAR, HIGHEST_STAR + 1))).all():
        raise ValueError("A rating must be 1, 2, 3, 4 or 5, or missing.")
    return array


def _unsampled_share(n: int, population: int | None) -> float:
    if population is None:
        return 1.0
    if population < 1:
        raise ValueError(f"population must be at least 1, not {plain(population)}.")
    if n > population:
        raise ValueError(f"{n} values cannot come from a population of {population}.")
    return 1 - n / population


def _star_counts(array: Floats) -> list[int]:
    return [int((array == star).sum()) for star in range(LOWEST_STAR, HIGHEST_STAR + 1)]


def _score_bound(counts: list[int], reach: float) -> float:
    """Return the lowest mean m with (mean - m)² <= reach·v(m)."""
    mean = sum(count * star for star, count in enumerate(counts, LOWEST_STAR)) / sum(counts)
    if mean == LOWEST_STAR:
        return mean

    def excess(tilt: float) -> float:
        tilted, variance = _tilted(counts, mean, tilt)
        return (mean - tilted) ** 2 - reach * variance

    if excess(LEAST_TILT) >= 0:
        return mean
    return _tilted(counts, mean, float(optimize.brentq(excess, LEAST_TILT, LARGEST_TILT)))[0]


def _tilted(counts: list[int], mean: float, tilt: float) -> tuple[float, float]:
    """Return mean and variance of the likeliest distribution, pulled down to where the lowest star weighs e^tilt times as much."""
    lowest = math.exp(-tilt)
    slope = (1 - lowest) / (mean - LOWEST_STAR)
    weights = [count / (1 + slope * (star - mean)) for star, count in enumerate(counts[1:], LOWEST_STAR + 1)]
    # A star that nobody gave may still be the likeliest place of those below.
    weights.insert(0, max(counts[0], UNSEEN) / lowest)
    total = sum(weights)
    tilted = sum(weight * star for star, weight in enumerate(weights, LOWEST_STAR)) / total
    variance = sum(weight * (star - tilted) ** 2 for star, weight in enumerate(weights, LOWEST_STAR)) / total
    return tilted, variance
