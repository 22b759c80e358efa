"""Numbers in words: each carries its unit and denominator."""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

from django.utils.translation import gettext as _

NONE = "—"


def is_known(value: object) -> TypeGuard[float | Decimal]:
    """Whether there is a figure at all: not ``None``, not a template's empty string, not NaN or infinite."""
    return isinstance(value, int | float | Decimal) and math.isfinite(value)


def decimals_words(value: float | Decimal | None, digits: int = 1) -> str:
    """4.3 → ``4.30`` (``digits=2``); nothing known → ``—``. Rounds half up, as people expect on paper."""
    if not is_known(value):
        return NONE
    return f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,f}".replace("-", "−")


def signed_words(value: float | Decimal | None, digits: int = 1) -> str:
    """A change: ``+1.2``, ``−0.3``, ``0.0``."""
    words = decimals_words(value, digits)
    return f"+{words}" if value and is_known(value) and value > 0 else words


def percent_words(share: float | Decimal, digits: int = 0) -> str:
    """0.86 → ``86%``."""
    return f"{decimals_words(Decimal(str(share)) * 100, digits)}%"


def count_words(value: float | None) -> str:
    """1234 → ``1,234``; a weighted count keeps one decimal."""
    return decimals_words(value, 0 if is_known(value) and value == int(value) else 1)


def rate_words(
    part: float | None, whole: float | None, *, low: float | None = None, high: float | None = None, digits: int = 0
) -> str:
    """``86%(43/50)``, with its 95% interval if ``low`` and ``high`` (shares) are given; no denominator → 暂无."""
    if not whole or part is None or not is_known(part / whole):
        return _("暂无")
    share = percent_words(part / whole, digits)
    values = {"share": share, "part": count_words(part), "whole": count_words(whole)}
    if low is None or high is None:
        return _("%(share)s(%(part)s/%(whole)s)") % values
    values["interval"] = f"{percent_words(low, digits)[:-1]}–{percent_words(high, digits)}"
    return _("%(share)s(%(part)s/%(whole)s，95%% 区间 %(interval)s)") % values


def yuan_words(fen: int | None) -> str:
    """Integer fen → ``¥1,234.50``."""
    if fen is None:
        return NONE
    yuan, rest = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}¥{yuan:,}.{rest:02d}"
