"""Lexicon and model in one answer."""

import math
from collections.abc import Mapping

from linsheng.intake.triage.lexicon import Evidence

# What speaks for no item in particular: a proposal with one plain word is not sure.
DOUBT = 3.0
# An item that one of the two never heard of is still possible.
_UNKNOWN_TO_MODEL, _UNKNOWN_TO_LEXICON = 0.002, 0.01


def of_lexicon(said: Mapping[str, Evidence]) -> dict[str, float]:
    """Probabilities from the words alone; their sum stays below one."""
    powers = {code: math.pow(one.score, 1.5) for code, one in said.items()}
    total = sum(powers.values()) + DOUBT
    return {code: power / total for code, power in powers.items()}


def blended(lexicon: Mapping[str, float], model: Mapping[str, float], by_model: float, by_lexicon: float) -> dict[str, float]:
    """Both answers multiplied, each with its weight as exponent: where one knows nothing it leaves the word to the other.

    Sums mixed in shares did worse on unseen phrases: a model that is sure of a wrong thing outvoted a right word.
    """
    if not model:
        return dict(lexicon)
    heights = {
        code: by_model * math.log(model.get(code, 0.0) + _UNKNOWN_TO_MODEL)
        + by_lexicon * math.log(lexicon.get(code, 0.0) + _UNKNOWN_TO_LEXICON)
        for code in sorted(set(lexicon) | set(model))
    }
    top = max(heights.values())
    odds = {code: math.exp(height - top) for code, height in heights.items()}
    total = sum(odds.values())
    return {code: one / total for code, one in odds.items()}


def ranked(chances: Mapping[str, float]) -> list[str]:
    """Codes, the likeliest first; of equals the first by name, so that the answer is always the same."""
    return sorted(chances, key=lambda code: (-round(chances[code], 9), code))
