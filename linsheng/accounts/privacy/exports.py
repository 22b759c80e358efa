"""What is known about a person: each app registers its part, shown on "my data" and put in the download."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from linsheng.accounts.models import User

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One kind of data: ``fields`` maps each key of the records to its word on screen, in order. Lower ``order`` first."""

    key: str
    title: str | Promise
    fields: Mapping[str, str | Promise]
    records: Callable[[User], Sequence[Record]]
    order: int = 50


_parts: dict[str, Part] = {}


def register(part: Part) -> Part:
    """Add a part; a key is used once."""
    if part.key in _parts:
        raise ValueError(f"two parts of personal data are called {part.key!r}")
    _parts[part.key] = part
    return part


def parts() -> tuple[Part, ...]:
    """All parts, the lowest ``order`` first."""
    return tuple(sorted(_parts.values(), key=lambda part: part.order))


def everything_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """The person's data by part, as plain values."""
    return {part.key: [dict(record) for record in part.records(user)] for part in parts()}
