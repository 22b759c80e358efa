"""What comes out: frozen figures, and the same as JSON."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NO_EVIDENCE, IMPROVED, WORSE = "no evidence", "improved", "worse"


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its interval, 0 to 1; None: nobody answered, or hidden."""

    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Weighted:
    """The mean with raked weights (with design weights where the spec has no margins)."""

    mean: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    n_eff: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """One item in one group. `hidden`: fewer than `min_group` answered in all, so nothing but n is shown."""

    n: int
    mean: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    satisfied: Share = Share()
    index: float | None = None
    distribution: Mapping[str, int] | None = None
    weighted: Weighted = Weighted()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """This wave minus the one before, in points of the scale."""

    difference: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    verdict: str = NO_EVIDENCE
    n: int = 0
    n_before: int = 0


@dataclass(frozen=True, slots=True)
class Driver:
    """An item's share of what explains the overall judgement; ranks from 1 (most)."""

    lmg: float
    johnson: float
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True, slots=True)
class LowArea:
    """An item, of all (`by` None) or in one group, below the target and not by chance. `p` one-sided, before and after
    adjusting."""

    item: str
    by: str | None
    level: str | None
    n: int
    mean: float
    low: float
    high: float
    target: float
    p: float
    p_adjusted: float
    words: str


@dataclass(frozen=True, slots=True)
class Returned:
    """How many sent anything in, of how many."""

    n: int
    population: float | None

    @property
    def rate(self) -> float | None:
        return self.n / self.population if self.population else None

    def as_dict(self) -> dict[str, Any]:
        return {"n": self.n, "population": _plain(self.population), "rate": self.rate}


@dataclass(frozen=True, slots=True)
class Response:
    """Response in all and by stratum; `empty` rows answered no item at all; `notes` in words on what the figures rest on."""

    total: Returned
    empty: int
    strata: Mapping[str, Returned] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """The whole. `change` and `drivers` are None where they were not asked for; a hidden cell of `by` and an item without figures
    is None."""

    response: Response
    items: Mapping[str, Estimate]
    by: Mapping[str, Mapping[str, Mapping[str, Estimate | None]]] = field(default_factory=dict)
    change: Mapping[str, Change] | None = None
    drivers: Mapping[str, Driver | None] | None = None
    low_areas: tuple[LowArea, ...] = ()


def as_json(found: Analysis) -> dict[str, Any]:
    """Return the analysis as plain dictionaries in the shape of the contract of `manage.py analyse --json`."""
    response = found.response.total.as_dict() | {"empty": found.response.empty}
    if found.response.strata is not None:
        response["strata"] = {name: part.as_dict() for name, part in found.response.strata.items()}
    response["notes"] = list(found.response.notes)
    by = {
        column: {
            level: {item: None if cell is None else _fields(cell) for item, cell in cells.items()} for level, cells in rows.items()
        }
        for column, rows in found.by.items()
    }
    result: dict[str, Any] = {"response": response, "items": {item: _fields(cell) for item, cell in found.items.items()}, "by": by}
    result["change"] = {item: _fields(change) for item, change in (found.change or {}).items()}
    result["drivers"] = {item: None if each is None else _fields(each) for item, each in (found.drivers or {}).items()}
    result["low_areas"] = [_fields(area) for area in found.low_areas]
    return result


def number(value: float) -> float | None:
    """Return a Python float, None for NaN."""
    plain = float(value)
    return None if math.isnan(plain) else plain


def _plain(value: float | None) -> float | None:
    return int(value) if value is not None and float(value).is_integer() else value


def _fields(thing: Any) -> Any:
    """Dataclasses as dictionaries, deep."""
    names = getattr(thing, "__dataclass_fields__", None)
    return thing if names is None else {name: _fields(getattr(thing, name)) for name in names}
