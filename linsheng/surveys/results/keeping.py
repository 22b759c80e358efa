"""From the result to JSON and back, so that it can be kept as it was."""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from linsheng.surveys.results.shapes import WaveResult

Reader = Callable[[Any], Any]


def as_data(thing: Any) -> Any:
    """Dataclasses as dictionaries, tuples as lists, days as text."""
    if is_dataclass(thing):
        return {name.name: as_data(getattr(thing, name.name)) for name in fields(thing)}
    if isinstance(thing, Mapping):
        return {key: as_data(value) for key, value in thing.items()}
    if isinstance(thing, tuple | list):
        return [as_data(each) for each in thing]
    return thing.isoformat() if isinstance(thing, date) else thing


def restored(data: Any) -> WaveResult:
    """The result that ``as_data`` was given, in this format or an older one, which did not hold all of it."""
    found: WaveResult = _reader(WaveResult)(data)
    return found


def _same(data: Any) -> Any:
    return data


@lru_cache(maxsize=256)
def _reader(hint: Any) -> Reader:
    """What makes a value of this type: worked out once a type, for a large wave holds tens of thousands of values."""
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return _dataclass_reader(hint)  # type: ignore[arg-type]  # the dataclass itself, never one of its objects
    if hint is date:
        return date.fromisoformat
    if origin in {Union, types.UnionType}:
        return _optional(_reader(next(each for each in inner if each is not type(None))))
    if origin is tuple:
        return _tuple_reader(_reader(inner[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_reader(_reader(inner[1]))
    return _same


def _dataclass_reader(cls: type) -> Reader:
    readers = {name: _reader(hint) for name, hint in get_type_hints(cls).items()}
    making = {name: read for name, read in readers.items() if read is not _same}

    def read(data: Any) -> Any:
        values = dict(data)
        for name, make in making.items():
            if name in values:
                values[name] = make(values[name])
        return cls(**values)

    return read


def _optional(make: Reader) -> Reader:
    return _same if make is _same else lambda data: None if data is None else make(data)


def _tuple_reader(make: Reader) -> Reader:
    return tuple if make is _same else lambda data: tuple([make(each) for each in data])


def _mapping_reader(make: Reader) -> Reader:
    return dict if make is _same else lambda data: {key: make(value) for key, value in data.items()}
