"""The table that comes out: what, measured, floor, ratio, wanted, holds?"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure. ``holds`` is ``None`` where nothing is demanded; ``strict`` ones count at any size."""

    what: str
    measured: str
    floor: str = ""
    ratio: str = ""
    wanted: str = ""
    holds: bool | None = None
    strict: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        word = {None: "", True: "yes", False: "NO"}[self.holds]
        return self.what, self.measured, self.floor, self.ratio, self.wanted, word


HEAD = ("what", "measured", "floor / at the small size", "ratio", "wanted", "holds?")


def width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table, aligned for reading as it is."""
    table = [HEAD, *rows]
    widths = [max(width(row[place]) for row in table) for place in range(len(HEAD))]
    shown = ["| " + " | ".join(cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)) + " |" for row in table]
    return [shown[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *shown[1:]]


def printed(rows: Sequence[Row]) -> str:
    return "\n".join(lines([row.cells for row in rows]))
