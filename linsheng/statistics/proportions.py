"""Shares (满意率, in-time share, …): score intervals, the difference of two shares, and what may be said of it.

A share out of nothing (n = 0) is `None`, never 0 and never NaN; its interval is the whole range, because nothing is known.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Floats, normal_quantile, plain
from linsheng.statistics.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class ShareInterval:
    """A share with its numerator, denominator and interval; all between 0 and 1. `share` is None when n is 0."""

    successes: float
    n: float
    share: float | None
    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class ShareDifference:
    """First share minus second, from -1 to 1. `difference` is None when either share is out of nothing."""

    first: ShareInterval
    second: ShareInterval
    difference: float | None
    low: float
    high: float
    confidence: float

    @property
    def differs(self) -> bool:
        """Whether the interval leaves out zero, so that chance alone is a poor explanation."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict and the difference (after minus before) that it rests on."""

    verdict: Verdict
    difference: ShareDifference


def wilson_bounds(successes: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the lower and upper Wilson bounds, vectorised over arrays that broadcast.

    Source: E. B. Wilson (1927), JASA 22, 209-212; (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n), no continuity
    correction. n = 0 gives 0 to 1. ValueError for missing (NaN) or impossible counts.
    """
    z = normal_quantile(confidence)
    x, total = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64))
    _check_counts(x, total)
    some = np.where(total > 0, total, 1.0)
    share = x / some
    scale = 1 + z * z / some
    centre = (share + z * z / (2 * some)) / scale
    half = z * np.sqrt(share * (1 - share) / some + (z / (2 * some)) ** 2) / scale
    low = np.where((total == 0) | (x == 0), 0.0, np.clip(centre - half, 0.0, share))
    high = np.where((total == 0) | (x == total), 1.0, np.clip(centre + half, share, 1.0))
    return low, high


def wilson_interval(successes: float, n: float, confidence: float = 0.95) -> ShareInterval:
    """Return the share successes/n with its Wilson score interval.

    Source: as `wilson_bounds`. Counts need not be whole: a weighted numerator or an effective n may be given.
    n = 0: share None, interval 0 to 1. ValueError when a count is negative, missing, or successes exceed n.
    """
    low, high = wilson_bounds(successes, n, confidence)
    share = None if n == 0 else float(successes / n)
    return ShareInterval(plain(successes), plain(n), share, float(low), float(high), confidence)


def newcombe_difference(x1: float, n1: float, x2: float, n2: float, *, confidence: float = 0.95) -> ShareDifference:
    """Return x1/n1 - x2/n2, of two independent groups, with its interval.

    Source: R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10 (square-and-add of the two Wilson
    intervals, no continuity correction). When n1 or n2 is 0 the difference is None and the interval -1 to 1.
    ValueError as `wilson_interval`. For the same people asked twice use a paired method instead.
    """
    first, second = wilson_interval(x1, n1, confidence), wilson_interval(x2, n2, confidence)
    if first.share is None or second.share is None:
        return ShareDifference(first, second, None, -1.0, 1.0, confidence)
    difference = first.share - second.share
    low = difference - math.hypot(first.share - first.low, second.high - second.share)
    high = difference + math.hypot(first.high - first.share, second.share - second.low)
    return ShareDifference(first, second, difference, max(low, -1.0), min(high, 1.0), confidence)


def changed(
    *, before: tuple[float, float], after: tuple[float, float], confidence: float = 0.95, higher_is_better: bool = True
) -> Change:
    """Say whether a share changed by more than chance explains; `before` and `after` are (successes, n).

    Source: Newcombe's interval of after - before; a verdict other than "no evidence" needs it to leave out zero. One
    comparison only: of many made at once, 1 - confidence of them are false, and groups picked because they were extreme
    move back by themselves. ValueError as `wilson_interval`; n = 0 is no evidence.
    """
    difference = newcombe_difference(*after, *before, confidence=confidence)
    if not difference.differs:
        return Change(Verdict.NO_EVIDENCE, difference)
    rose = difference.low > 0
    return Change(Verdict.IMPROVED if rose == higher_is_better else Verdict.WORSE, difference)


def _check_counts(x: Floats, total: Floats) -> None:
    if not (np.isfinite(x).all() and np.isfinite(total).all()):
        raise ValueError("Counts of a share must be finite numbers, none missing.")
    if (x < 0).any() or (total < 0).any():
        raise ValueError("Counts of a share must not be negative.")
    if (x > total).any():
        raise ValueError("A share cannot have more successes than cases.")
