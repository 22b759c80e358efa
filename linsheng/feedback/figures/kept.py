"""Figures that were computed before and kept as JSON, made into figures again."""

import dataclasses
import types
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

from linsheng.feedback.figures.periods import Month
from linsheng.feedback.figures.shapes import MonthlyFigures

# Goes up with every change of the figures' shape or meaning: what was kept before is computed anew.
FORMAT: Final = 1
_SINGLE: Final[Mapping[str, str]] = {"start": "from", "cut": "to", "total": "figures"}
_LISTED_BY_NAME: Final = ("changes", "trends")


def restored(data: Mapping[str, Any]) -> MonthlyFigures:
    """The figures whose ``as_dict()`` this is. Raises ``KeyError`` or ``TypeError`` for anything else."""
    hints = get_type_hints(MonthlyFigures)
    values: dict[str, Any] = {}
    for each in dataclasses.fields(MonthlyFigures):
        raw = data[_SINGLE.get(each.name, each.name)]
        if each.name in _LISTED_BY_NAME:
            raw = list(raw.values())
        elif each.name == "communities":
            raw = [(place["code"], place["name"]) for place in raw]
        values[each.name] = _built(hints[each.name], raw)
    return MonthlyFigures(**values)


def _built(kind: Any, raw: Any) -> Any:
    """``raw`` as a value of the annotated type."""
    if raw is None:
        return None
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _built(next(part for part in get_args(kind) if part is not type(None)), raw)
    if origin is tuple:
        return _tuple(get_args(kind), raw)
    if dataclasses.is_dataclass(kind) and kind is not Month:
        hints, make = get_type_hints(kind), cast(Any, kind)
        return make(**{each.name: _built(hints[each.name], raw[each.name]) for each in dataclasses.fields(kind)})
    if kind is Month:
        return Month.parse(raw)
    if kind is datetime:
        return datetime.fromisoformat(raw)
    return kind(raw) if isinstance(kind, type) and issubclass(kind, StrEnum) else raw


def _tuple(parts: tuple[Any, ...], raw: Any) -> tuple[Any, ...]:
    kinds = [parts[0]] * len(raw) if parts[-1] is Ellipsis else parts
    return tuple(_built(kind, value) for kind, value in zip(kinds, raw, strict=True))
