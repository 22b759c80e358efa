"""Intervals for means of answers on a scale with ends, from their mean and spread alone."""

import numpy as np

from linsheng.statistics.checks import Floats, normal_quantile

# Half an answer at each end of the scale: so little is known of the spread where few answered or all alike.
UNSEEN_ANSWERS = 1.0


def scale_bounds(
    mean: Floats, spread: Floats, n: Floats, effective: Floats, top: float, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the score interval of means on a scale from 0 to `top`, elementwise: never beyond the scale, never nothing wide.

    All means m with (mean - m)² <= z²·φ·m(top - m)/effective: E. B. Wilson (1927) with the variance function of quasi-likelihood
    (R. W. M. Wedderburn 1974, Biometrika 61, 439-447). φ is `spread`/(mean(top - mean)) after half an answer more at each end (as
    A. Agresti and B. A. Coull 1998 add to shares). Answers at the two ends alone give φ = 1 and Wilson's interval itself.
    `spread`: variance of the `n` answers (divided by n); `effective`: how many answers of a simple random sample they are worth,
    inf in a census. NaN in gives NaN out.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        all_told = n + UNSEEN_ANSWERS
        centre = (n * mean + UNSEEN_ANSWERS * top / 2) / all_told
        squares = (n * (spread + mean**2) + UNSEEN_ANSWERS * top**2 / 2) / all_told
        dispersion = (squares - centre**2) / (centre * (top - centre))
        share, tail = mean / top, normal_quantile(confidence) ** 2 * dispersion / effective
        middle, half = share + tail / 2, np.sqrt(tail * (share * (1 - share) + tail / 4))
        low, high = (middle - half) / (1 + tail), (middle + half) / (1 + tail)
    return np.asarray(top * np.clip(low, 0.0, share)), np.asarray(top * np.clip(high, share, 1.0))
