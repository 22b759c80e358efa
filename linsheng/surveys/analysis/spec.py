"""What is asked of the analysis: the spec of `manage.py analyse`, which the pages of a wave fill in themselves."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid

Population: TypeAlias = Mapping[str, float] | float | None
KEYS = (
    "id",
    "items",
    "strata",
    "population",
    "margins",
    "by",
    "scale",
    "missing",
    "confidence",
    "target",
    "compare",
    "paired_on",
    "drivers_of",
    "min_group",
)
MOST_LEVELS = 10_001


class SpecError(Invalid):
    """The spec asks for something that cannot be done; the message says what."""


@dataclass(frozen=True, slots=True)
class Spec:
    """See `linsheng.surveys.analysis` for every field. `hide_totals`: an item answered by fewer than `min_group` in all is hidden
    too."""

    items: tuple[str, ...]
    strata: str | None = None
    population: Population = None
    margins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    scale: tuple[int, int] = (1, 5)
    confidence: float = 0.95
    target: float | None = None
    drivers_of: str | None = None
    min_group: int = 5
    hide_totals: bool = True
    id: str | None = None
    missing: tuple[str, ...] = ()
    compare: Path | None = None
    paired_on: str | None = None

    @property
    def of_before(self) -> "Spec":
        """What the wave before is asked: a change needs neither its groups nor its margins."""
        return replace(self, by=(), margins={})

    @property
    def levels(self) -> int:
        """How many answers the scale has."""
        return self.scale[1] - self.scale[0] + 1

    @property
    def satisfied_from(self) -> int:
        """The code (answer minus lowest) from which somebody is satisfied: the upper quarter of the scale, 4 of 1–5, 8 of 0–10."""
        return math.ceil(0.75 * (self.levels - 1) - 1e-9)

    @property
    def groupings(self) -> tuple[str, ...]:
        """The names of all factors that the analysis needs, each once."""
        names = ([self.strata] if self.strata else []) + list(self.by) + list(self.margins)
        return tuple(dict.fromkeys(names))


def parse_spec(data: Any) -> Spec:
    """Return the spec of a parsed JSON object. SpecError names the key that is wrong."""
    if not isinstance(data, dict):
        raise SpecError(_("spec 必须是一个 JSON 对象。"))
    given = {key: value for key, value in data.items() if value is not None}
    for key in given:
        if key not in KEYS:
            raise SpecError(_("spec 中有不认识的键“%(key)s”。可用的键：%(keys)s。") % {"key": key, "keys": ", ".join(KEYS)})
    items = _names(given, "items")
    if not items:
        raise SpecError(_("spec 缺少“items”：要分析的列名。"))
    strata = _name(given, "strata")
    spec = Spec(
        items=items,
        strata=strata,
        population=_population(given, strata),
        margins=_margins(given),
        by=_names(given, "by"),
        scale=_scale(given),
        confidence=_number(given, "confidence", 0.95, above=0, below=1),
        target=_number(given, "target", None),
        drivers_of=_name(given, "drivers_of"),
        min_group=int(_number(given, "min_group", 5, above=0, whole=True)),
        hide_totals="min_group" in given or bool(given.get("by")),
        id=_name(given, "id"),
        missing=_missing(given),
        compare=Path(given["compare"]) if _name(given, "compare") else None,
        paired_on=_name(given, "paired_on"),
    )
    if spec.drivers_of is not None and spec.drivers_of not in items:
        raise _wrong("drivers_of", _("必须是“items”中的一列"))
    if spec.paired_on and not spec.compare:
        raise _wrong("paired_on", _("只有与“compare”一起用才有意义"))
    return spec


def _wrong(key: str, why: str) -> SpecError:
    return SpecError(_("spec 的“%(key)s”：%(why)s。") % {"key": key, "why": why})


def _name(given: Mapping[str, Any], key: str) -> str | None:
    value = given.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _wrong(key, _("必须是一个列名或文件名"))
    return value


def _names(given: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = given.get(key, [])
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise _wrong(key, _("必须是列名的数组"))
    if len(set(value)) != len(value):
        raise _wrong(key, _("有重复的列名"))
    return tuple(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number(
    given: Mapping[str, Any],
    key: str,
    default: Any,
    *,
    above: float | None = None,
    below: float | None = None,
    whole: bool = False,
) -> Any:
    if key not in given:
        return default
    value = given[key]
    if not _is_number(value) or (whole and value != int(value)):
        raise _wrong(key, _("必须是整数") if whole else _("必须是一个数"))
    if (above is not None and value <= above) or (below is not None and value >= below):
        raise _wrong(key, _("超出允许的范围"))
    return value


def _scale(given: Mapping[str, Any]) -> tuple[int, int]:
    value = given.get("scale", [1, 5])
    if not (isinstance(value, list) and len(value) == 2 and all(_is_number(end) and end == int(end) for end in value)):
        raise _wrong("scale", _("必须是两个整数：最低分和最高分"))
    low, high = int(value[0]), int(value[1])
    if not 1 <= high - low < MOST_LEVELS:
        raise _wrong("scale", _("最低分必须小于最高分，档数不能过多"))
    return low, high


def _sizes(value: Any, key: str) -> dict[str, float]:
    if not isinstance(value, dict) or not value:
        raise _wrong(key, _("必须给出每一组的户数"))
    for name, size in value.items():
        if not _is_number(size) or size < 0:
            raise _wrong(key, _("“%(name)s”的户数必须是不小于 0 的数") % {"name": name})
    return {str(name).strip(): float(size) for name, size in value.items()}


def _population(given: Mapping[str, Any], strata: str | None) -> Population:
    value = given.get("population")
    if value is None:
        return None
    if _is_number(value):
        if value <= 0:
            raise _wrong("population", _("必须大于 0"))
        return float(value)
    sizes = _sizes(value, "population")
    return sizes if strata else sum(sizes.values())


def _margins(given: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    value = given.get("margins", {})
    if not isinstance(value, dict):
        raise _wrong("margins", _("必须是一个对象：每个列名对应它各组的户数"))
    return {str(name): _sizes(sizes, f"margins.{name}") for name, sizes in value.items()}


def _missing(given: Mapping[str, Any]) -> tuple[str, ...]:
    value = given.get("missing", [])
    if not isinstance(value, list):
        raise _wrong("missing", _("必须是数组"))
    return tuple(str(each).strip() for each in value if each is not None)
