"""Figures in words: a mean and a share never without their interval."""

from linsheng.core.ui.figures import NONE, decimals_words, percent_words, signed_words
from linsheng.surveys.analysis import Estimate, Share


def mean_words(mean: float | None, low: float | None, high: float | None, scale: tuple[int, int] | None = None) -> str:
    """3.92(3.80–4.03); bounds that reach past the scale are cut to it."""
    if mean is None:
        return NONE
    if low is None or high is None:
        return decimals_words(mean, 2)
    if scale is not None:
        low, high = max(low, scale[0]), min(high, scale[1])
    return f"{decimals_words(mean, 2)}({decimals_words(low, 2)}–{decimals_words(high, 2)})"


def estimate_words(cell: Estimate, scale: tuple[int, int]) -> str:
    return mean_words(cell.mean, cell.low, cell.high, scale)


def weighted_words(cell: Estimate, scale: tuple[int, int]) -> str:
    return mean_words(cell.weighted.mean, cell.weighted.low, cell.weighted.high, scale)


def share_words(share: Share) -> str:
    """76%(70–81%)."""
    if share.share is None:
        return NONE
    if share.low is None or share.high is None:
        return percent_words(share.share)
    return f"{percent_words(share.share)}({percent_words(share.low)[:-1]}–{percent_words(share.high)})"


def change_words(change: float | None, low: float | None, high: float | None) -> str:
    """+0.32(+0.11 – +0.53)."""
    if change is None:
        return NONE
    if low is None or high is None:
        return signed_words(change, 2)
    return f"{signed_words(change, 2)}({signed_words(low, 2)} – {signed_words(high, 2)})"


def p_words(p: float | None) -> str:
    if p is None:
        return NONE
    return "<0.001" if p < 0.001 else decimals_words(p, 3)
