"""An attacker with the whole database, the access log, and the knowledge of who answered when: what can be linked?"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from linsheng.surveys.models import Answer, Comment


@dataclass(frozen=True)
class Visit:
    """One line of an access log."""

    path: str
    status: int
    size: int


def physical(model: type) -> list[dict[str, Any]]:
    """Every row of a table in the order in which the file holds it, with all that the database says besides its columns."""
    table = connection.ops.quote_name(model._meta.db_table)  # type: ignore[attr-defined]
    hidden = (
        "ctid::text AS _place, xmin::text AS _transaction, cmin::text AS _command"
        if connection.vendor == "postgresql"
        else ("rowid AS _place")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {hidden}, * FROM {table}")  # noqa: S608  # names of our own
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def dump() -> str:
    """The whole database as text."""
    return json.dumps({model._meta.label: physical(model) for model in apps.get_models() if model._meta.managed}, default=_plain)


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else bytes(value).hex() if isinstance(value, memoryview) else str(value)


def _place(row: dict[str, Any]) -> Any:
    place = row["_place"]
    return tuple(map(int, place.strip("()").split(","))) if isinstance(place, str) else place


def orders(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Every order that an attacker could take for that of arrival: as stored, by place, by transaction, by each column."""
    found = {"as stored": rows, "by place": sorted(rows, key=_place), "backwards": rows[::-1]}
    for name in rows[0]:
        found[f"by {name}"] = sorted(rows, key=lambda row: str(row[name]))
    return found


def marks_of(row: dict[str, Any]) -> str:
    """The answer itself, to be recognised by."""
    values = row["values"]
    return json.dumps(json.loads(values) if isinstance(values, str) else values, sort_keys=True)


def hits(truth: Sequence[str], guess: Sequence[str]) -> int:
    """How many homes, in the order in which they answered, were given their own answer."""
    return sum(a == b for a, b in zip(truth, guess, strict=True))


def links(truth: list[tuple[int, str, str]]) -> dict[str, int]:
    """For each way of guessing: right guesses. ``truth``: stratum, marks, words of each home in the order of answering.

    Whole waves at once, and inside each stratum, which both the ballot and the answer name.
    """
    found: dict[str, int] = {}
    ways: list[tuple[str, type, Callable[[dict[str, Any]], str], int]] = [
        ("answers", Answer, marks_of, 1),
        ("comments", Comment, lambda row: str(row["text"]), 2),
    ]
    for name, model, said, column in ways:
        for way, rows in orders(physical(model)).items():
            found[f"{name} {way}"] = hits([row[column] for row in truth], [said(row) for row in rows])  # type: ignore[misc]
            inside = 0
            for stratum in {row[0] for row in truth}:
                mine = [said(row) for row in rows if row["stratum_id"] == stratum]
                known = [str(row[column]) for row in truth if row[0] == stratum]
                if len(mine) == len(known):
                    inside += hits(known, mine)
            found[f"{name} {way}, stratum by stratum"] = inside
    return found
