"""How many homes to ask, and which: proportional to the strata, drawn at random."""

import math
import secrets
from collections.abc import Sequence
from typing import Final, TypeVar

CHI_SQUARE: Final = 3.841
"""95 % confidence, one degree of freedom."""
SHARE: Final = 0.5
MARGIN: Final = 0.05
FEWEST_A_STRATUM: Final = 2

Row = TypeVar("Row")


def answers_needed(homes: int, *, margin: float = MARGIN, share: float = SHARE) -> int:
    """Answers for a share to be known within ``margin`` at 95 % in a finite population (Krejcie and Morgan 1970)."""
    if homes <= 0:
        return 0
    spread = CHI_SQUARE * share * (1 - share)
    return min(homes, round(spread * homes / (margin**2 * (homes - 1) + spread)))


def homes_to_ask(homes: int, answers: int, expected_rate: int) -> int:
    """How many homes to ask so that about ``answers`` of them answer at the expected rate (percent)."""
    return min(homes, math.ceil(answers * 100 / max(1, expected_rate)))


def allocate(sizes: Sequence[int], total: int) -> list[int]:
    """Proportional to size by largest remainders, at least two a stratum where it has them; never more than there are."""
    everybody = sum(sizes)
    total = min(total, everybody)
    if not everybody:
        return [0] * len(sizes)
    exact = [total * size / everybody for size in sizes]
    given = [math.floor(share) for share in exact]
    by_rest = sorted(range(len(sizes)), key=lambda place: (given[place] - exact[place], place))
    for place in by_rest[: total - sum(given)]:
        given[place] += 1
    return [min(size, max(number, min(size, FEWEST_A_STRATUM))) for size, number in zip(sizes, given, strict=True)]


def draw(rows: Sequence[Row], number: int) -> list[Row]:
    """So many of the rows, each with the same chance, in their order; nobody can foresee or repeat it."""
    chosen = set(secrets.SystemRandom().sample(range(len(rows)), number))
    return [row for place, row in enumerate(rows) if place in chosen]
