"""How long handling takes when some cases are still open: the product-limit curve and its median.

An open case is right-censored: it has taken at least as long as it is old. Dropping it would flatter the figure.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Flags, Floats, fixed, floats, normal_quantile, same_length

HALF = 0.5
# Rounding of the running product must not carry an exact half over the line.
ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurve:
    """The share still open just after each time at which a case ended, with its pointwise interval; all arrays alike long.

    The share is 1 before the first time. Times keep the unit of the durations; `low` and `high` are NaN where the share is 0.
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    ended: Floats
    n: int
    events: int
    censored: int
    missing: int
    confidence: float


@dataclass(frozen=True, slots=True)
class MedianTime:
    """The time by which half have ended, in the unit of the durations; None where the data do not reach that far."""

    median: float | None
    low: float | None
    high: float | None
    n: int
    events: int
    censored: int
    missing: int
    confidence: float


def kaplan_meier_curve(durations: npt.ArrayLike, observed: npt.ArrayLike, *, confidence: float = 0.95) -> SurvivalCurve:
    """Return the product-limit estimate of the share still open.

    Source: E. L. Kaplan and P. Meier (1958), JASA 53, 457-481; variance of Greenwood (1926); pointwise interval on the
    log(-log) scale (J. D. Kalbfleisch and R. L. Prentice 1980). `durations` >= 0 and `observed` (True: ended
    then; False: still open then) are alike long. At a tie the ended come before the open. A NaN duration is dropped and
    counted as missing; no case at all gives empty arrays. ValueError for negative durations, unequal lengths, or an
    `observed` that is neither true nor false.
    """
    z = normal_quantile(confidence)
    lengths, ended_mask, missing = _usable(durations, observed)
    times, at_risk, ended = _event_table(lengths, ended_mask)
    survival = np.cumprod(1 - ended / at_risk, dtype=np.float64)
    low, high = _log_log_band(survival, at_risk, ended, z)
    events = int(ended_mask.sum())
    return SurvivalCurve(
        times=fixed(times),
        survival=fixed(survival),
        low=fixed(low),
        high=fixed(high),
        at_risk=fixed(at_risk),
        ended=fixed(ended),
        n=lengths.size,
        events=events,
        censored=lengths.size - events,
        missing=missing,
        confidence=confidence,
    )


def kaplan_meier_median(durations: npt.ArrayLike, observed: npt.ArrayLike, *, confidence: float = 0.95) -> MedianTime:
    """Return the median duration when some are still running.

    Source: the smallest time at which the Kaplan-Meier share is at most one half (no averaging over a flat half, as in
    `lifelines`; R's `survfit` averages there); interval by R. Brookmeyer and J. Crowley (1982), Biometrics 38, 29-41, on the
    log(-log) scale. `median` is None when the curve never comes down to one half, `high` when its upper band does not
    before the last case ended (there the band has no value; `lifelines` puts 0); `low` may then still be known ("longer than").
    Arguments, missing values and errors as `kaplan_meier_curve`.
    """
    curve = kaplan_meier_curve(durations, observed, confidence=confidence)
    return MedianTime(
        median=_first_at_half(curve.times, curve.survival),
        low=_first_at_half(curve.times, np.where(curve.survival == 0, 0.0, curve.low)),
        high=_first_at_half(curve.times, curve.high),
        n=curve.n,
        events=curve.events,
        censored=curve.censored,
        missing=curve.missing,
        confidence=confidence,
    )


def _usable(durations: npt.ArrayLike, observed: npt.ArrayLike) -> tuple[Floats, Flags, int]:
    lengths, flags = floats(durations, name="durations"), floats(observed, name="observed")
    same_length(lengths, flags, names="durations and observed")
    if not np.isin(flags, (0.0, 1.0)).all():
        raise ValueError("observed must be true (ended) or false (still open) for every duration.")
    if (lengths < 0).any():
        raise ValueError("durations must not be negative.")
    known = ~np.isnan(lengths)
    return lengths[known], flags[known] == 1, int((~known).sum())


def _event_table(lengths: Floats, ended_mask: Flags) -> tuple[Floats, Floats, Floats]:
    """Return the times at which something ended, the number at risk just before, and the number that ended."""
    times, place = np.unique(lengths, return_inverse=True)
    leaving = np.bincount(place, minlength=times.size).astype(np.float64)
    ended = np.bincount(place, weights=ended_mask, minlength=times.size).astype(np.float64)
    at_risk = lengths.size - np.cumsum(leaving) + leaving
    happened = ended > 0
    return times[happened], at_risk[happened], ended[happened]


def _log_log_band(survival: Floats, at_risk: Floats, ended: Floats, z: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ended / (at_risk * (at_risk - ended)))
        spread = z * np.sqrt(greenwood) / np.abs(np.log(survival))
        low, high = survival ** np.exp(spread), survival ** np.exp(-spread)
    over = survival == 0
    return np.where(over, np.nan, low), np.where(over, np.nan, high)


def _first_at_half(times: Floats, curve: Floats) -> float | None:
    reached = np.flatnonzero(curve <= HALF + ROUNDING)
    return float(times[reached[0]]) if reached.size else None
