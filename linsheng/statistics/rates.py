"""The three rates of callbacks (响应率 / 解决率 / 满意率) and the index composed of them."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Floats, floats, same_length
from linsheng.statistics.proportions import ShareInterval, wilson_interval

BASICALLY_SATISFIED = 0.9
# Contacted, solved, satisfied.
INDEX_WEIGHTS = (10.0, 50.0, 40.0)


@dataclass(frozen=True, slots=True)
class CompositeIndex:
    """The weighted mean of the three rates, 0 to 100; None when a rate that counts is out of nothing."""

    value: float | None
    low: float
    high: float
    weights: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class CallbackRates:
    """The three rates, each over the valid callbacks that answered it, and what did not enter them.

    `satisfied_fully`, `satisfied_basically` and `dissatisfied` add up to `satisfied.n`.
    """

    contacted: ShareInterval
    solved: ShareInterval
    satisfied: ShareInterval
    satisfied_fully: int
    satisfied_basically: int
    dissatisfied: int
    index: CompositeIndex
    valid: int
    non_response: int
    excluded: int


def callback_rates(
    contacted: npt.ArrayLike,
    solved: npt.ArrayLike,
    satisfied: npt.ArrayLike,
    *,
    non_response: int = 0,
    excluded: int = 0,
    basically: float = BASICALLY_SATISFIED,
    weights: tuple[float, float, float] = INDEX_WEIGHTS,
    confidence: float = 0.95,
) -> CallbackRates:
    """Return the three rates of valid callbacks with their Wilson intervals, and the composite index.

    The arrays are alike long, one element a valid callback: contacted and solved true or false, satisfied 1 (yes),
    `basically` (mostly) or 0 (no). A missing answer (NaN or None) leaves that rate's denominator, not the others'.
    `non_response` (asked, never answered) and `excluded` (not to be asked) are handed through, to be shown beside.

    Source: E. B. Wilson (1927) for the intervals; `basically` and the weights are settings of the programme. Satisfied is a
    mean of values between 0 and 1, whose variance is at most p(1-p); Wilson with the weighted sum as numerator is
    therefore at least as wide as needed. The index's interval joins the three lower and the three upper bounds: it holds
    however the three answers hang together, and is wide. ValueError for other values, unequal lengths, negative counts,
    `basically` outside 0 to 1, or weights that are negative or all 0.
    """
    answers = _answers(contacted, solved, satisfied, basically)
    if non_response < 0 or excluded < 0:
        raise ValueError("Numbers of non-responses and exclusions must not be negative.")
    reached, done, content = (_rate(column, confidence) for column in answers)
    full, half, none = (int((answers[2] == value).sum()) for value in (1.0, basically, 0.0))
    return CallbackRates(
        contacted=reached,
        solved=done,
        satisfied=content,
        satisfied_fully=full,
        satisfied_basically=half,
        dissatisfied=none,
        index=composite_index((reached, done, content), weights),
        valid=answers[0].size,
        non_response=non_response,
        excluded=excluded,
    )


def composite_index(
    rates: tuple[ShareInterval, ShareInterval, ShareInterval], weights: tuple[float, float, float] = INDEX_WEIGHTS
) -> CompositeIndex:
    """Return Σ weight·rate / Σ weight · 100; a rate with weight 0 may be missing. ValueError for negative or all-zero weights."""
    total = sum(weights)
    if not all(math.isfinite(weight) and weight >= 0 for weight in weights) or total <= 0:
        raise ValueError("Weights of the index must not be negative, and one must be above 0.")
    counted = [(rate, weight * 100 / total) for rate, weight in zip(rates, weights, strict=True) if weight > 0]
    low = sum(rate.low * part for rate, part in counted)
    high = sum(rate.high * part for rate, part in counted)
    shares = [(rate.share, part) for rate, part in counted if rate.share is not None]
    value = sum(share * part for share, part in shares) if len(shares) == len(counted) else None
    return CompositeIndex(value, low, high, weights)


def _answers(
    contacted: npt.ArrayLike, solved: npt.ArrayLike, satisfied: npt.ArrayLike, basically: float
) -> tuple[Floats, Floats, Floats]:
    if not 0 < basically < 1:
        raise ValueError(f"basically must lie between 0 and 1, not {basically}.")
    reached, done = floats(contacted, name="contacted"), floats(solved, name="solved")
    content = floats(satisfied, name="satisfied")
    same_length(reached, done, names="contacted and solved")
    same_length(reached, content, names="contacted and satisfied")
    _only(reached, (0.0, 1.0), "contacted must be true, false or missing.")
    _only(done, (0.0, 1.0), "solved must be true, false or missing.")
    _only(content, (0.0, basically, 1.0), f"satisfied must be 1, {basically}, 0 or missing.")
    return reached, done, content


def _only(column: Floats, allowed: tuple[float, ...], sentence: str) -> None:
    if not (np.isnan(column) | np.isin(column, allowed)).all():
        raise ValueError(sentence)


def _rate(column: Floats, confidence: float) -> ShareInterval:
    known = column[~np.isnan(column)]
    # fsum keeps 0.9 + 0.9 + … from passing the count by rounding.
    return wilson_interval(math.fsum(known), known.size, confidence)
