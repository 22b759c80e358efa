"""What the analysis works on: answers as columns of small whole numbers, one element a respondent."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Column: TypeAlias = npt.NDArray[Any]
UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """What group each respondent belongs to: `codes` (n) are places in `levels`, `UNKNOWN` (-1) where it is not known."""

    codes: Column
    levels: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[object], levels: Sequence[str] | None = None) -> "Factor":
        """Make a factor of one text a respondent (None or "": not known); levels in natural order unless given."""
        plain = ["" if text is None else str(text) for text in texts]
        names = tuple(levels) if levels is not None else tuple(sorted(set(plain) - {""}, key=natural))
        places = {name: place for place, name in enumerate(names)} | {"": UNKNOWN}
        return cls(np.fromiter(map(places.__getitem__, plain), dtype=np.int32, count=len(plain)), names)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Answers of `n` respondents.

    `items`: name → codes (n), any unsigned or signed small integer type: the answer minus the lowest of the scale, and the number
    of levels of the scale (5 on a scale of 1 to 5) where there is no answer ("no contact", skipped, not asked).
    `factors`: name → Factor, for every stratum, margin and `by` that the spec names. `keys` (n): who it is, where the same people
    are compared (linked waves, files with `paired_on`); None otherwise. `notes` what a reader must know of the source."""

    n: int
    items: Mapping[str, Column]
    factors: Mapping[str, Factor] = field(default_factory=dict)
    keys: Column | None = None
    notes: tuple[str, ...] = ()


def item_codes(answers: Iterable[float | None], scale: tuple[int, int] = (1, 5)) -> Column:
    """Return the codes of answers on the scale; None and NaN are no answer. ValueError for one that is not on the scale."""
    low, high = scale
    values = np.array([np.nan if answer is None else answer for answer in answers], dtype=np.float64)
    missing = np.isnan(values)
    if ((values[~missing] < low) | (values[~missing] > high) | (values[~missing] % 1 != 0)).any():
        raise ValueError(f"An answer is not one of {low} to {high}.")
    return np.where(missing, high - low + 1, values - low).astype(code_type(scale))


def code_type(scale: tuple[int, int]) -> type[np.unsignedinteger[Any]]:
    """Return the smallest type that holds the codes of a scale."""
    return np.uint8 if scale[1] - scale[0] + 1 < 256 else np.uint16


def natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key that puts 3栋 before 10栋."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", text) if part]
