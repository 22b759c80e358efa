"""An attacker with the whole database, the access log, and the knowledge of who answered when: what can be linked?

He tries every order that the database holds, and every fact that he may know of a home."""

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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


# Everybody is asked these, and nobody knows what anybody said: by them an answer is recognised when the guesses are counted.
GATED = ("complaint.handling", "complaint.followup", "repair.home", "repair.public")
FACTS = ("complaint.made", "repair.made", "tenure", "years")


def recognised(values: Mapping[str, Any]) -> str:
    """The answer itself, without what may be left out of it."""
    kept = {key: value for key, value in values.items() if key not in {*GATED, *FACTS} and not key.startswith("open.")}
    return json.dumps(kept, sort_keys=True)


def values_of(row: Mapping[str, Any]) -> dict[str, Any]:
    values = row["values"]
    found: dict[str, Any] = json.loads(values) if isinstance(values, str) else values
    return found


def marks_of(row: dict[str, Any]) -> str:
    return recognised(values_of(row))


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


@dataclass(frozen=True)
class Home:
    """All that the attacker knows of a home that answered, the worst case; and its marks, by which his guesses are judged."""

    facts: Mapping[str, Any]
    marks: str


@dataclass(frozen=True)
class Linked:
    """How many answers he gave to the right home, how many are right by chance among the homes that could be it, and the fewest of
    those that any answer has."""

    right: int
    by_chance: float
    fewest: int


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What still stands in a stored answer; whether marks behind a gate are there tells the gate."""
    values = values_of(row)
    found = {name: row[name] for name in ("stratum_id", "tenure", "mode")} | {key: values.get(key) for key in FACTS}
    for key in GATED:
        if values.get(key) is not None:
            found[f"{key.split('.')[0]}.made"] = "yes"
    return {name: value for name, value in found.items() if value not in {None, ""}}


def links_by_facts(homes: Sequence[Home], seed: int = 1) -> Linked:
    """Each answer is given to one of the homes of which the most facts agree; among several he tries his luck."""
    rng, right, chance, fewest = random.Random(seed), 0, 0.0, len(homes)
    groups: dict[str, list[Home]] = {}
    for row in physical(Answer):
        known = facts_of(row)
        pattern = json.dumps(known, sort_keys=True)
        agree = groups[pattern] = groups.get(pattern) or _best(homes, known)
        right += rng.choice(agree).marks == marks_of(row)
        chance += 1 / len(agree)
        fewest = min(fewest, len(agree))
    return Linked(right, chance, fewest)


def _best(homes: Sequence[Home], known: Mapping[str, Any]) -> list[Home]:
    scores = [sum(home.facts[name] == value for name, value in known.items()) for home in homes]
    most = max(scores)
    return [home for home, score in zip(homes, scores, strict=True) if score == most]


def fewest_alike() -> int:
    """Of how many answers the smallest group is that is alike in everything that stands, what is left out included."""
    shown = [json.dumps([row["stratum_id"], row["tenure"], row["mode"], _gaps(values_of(row))]) for row in physical(Answer)]
    return min(Counter(shown).values())


def _gaps(values: Mapping[str, Any]) -> list[Any]:
    left_out = [key in values and values[key] is None for key in (*FACTS, *GATED)]
    return [[values.get(key, "unanswered") for key in FACTS], left_out]
