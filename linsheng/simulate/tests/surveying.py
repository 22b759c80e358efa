"""Simulated waves as the columns of an analysis: of those who answered, or of every home."""

import numpy as np

from linsheng.simulate.opinions import ITEMS, SCALES, Opinions
from linsheng.surveys.analysis import Columns, Factor

TENURES = ("owner", "let")
# Asked of everybody: gated items are answered by too few to find anything in one community.
UNGATED = tuple(key for key in SCALES if key not in {item.key for item in ITEMS if item.gate})


def columns_of(drawn: Opinions, keys: tuple[str, ...] = SCALES) -> Columns:
    """The answers that came back, one element a respondent."""
    rows = drawn.respondents
    items = {key: np.where(drawn.marks[key][rows] > 0, drawn.marks[key][rows] - 1, 5).astype(np.uint8) for key in keys}
    buildings = tuple(f"{place + 1}栋" for place in range(int(drawn.homes.building.max()) + 1))
    factors = {
        "building": Factor(drawn.homes.building[rows].astype(np.int32), buildings),
        "tenure": Factor(drawn.homes.let[rows].astype(np.int32), TENURES),
    }
    return Columns(len(rows), items, factors)


def margins_of(drawn: Opinions) -> dict[str, dict[str, float]]:
    """How many homes each building and tenure really has."""
    buildings, let = np.bincount(drawn.homes.building), int(drawn.homes.let.sum())
    return {
        "building": {f"{place + 1}栋": float(homes) for place, homes in enumerate(buildings)},
        "tenure": {"owner": float(len(drawn.homes) - let), "let": float(let)},
    }
