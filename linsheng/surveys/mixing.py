"""Marks of answers that the tables would give away, mixed among a few, so that no stored row of them is anybody's answer.

The result holds exact tables by building and by tenure. A row with twenty marks is found in them like a signature: which of the
rows without a tenure make up the difference between the table of tenants and the rows of tenants is a system of equations with one
solution. So where a tenure is rarer than five in a stratum, the marks of each question change places among its rows and as many
others as make five: sums stay right, and solving the system gives a row that nobody filled in.
"""

import secrets
from collections.abc import Sequence
from typing import Any, Final

from linsheng.surveys.coarsening import PLACE, SMALLEST_GROUP, Asked, Content, facts_of, is_fact
from linsheng.surveys.models import QuestionType

# With fewer strata to tell apart the means of a tenure and of all are as many equations as there are unknowns.
FEWEST_SETS: Final = 3
_NOTHING: Final = object()


def mixed_sets(contents: Sequence[Content], tenures: Sequence[str]) -> list[list[int]]:
    """The places of the answers to mix, a set a stratum; `tenures` are the true ones of what the contents may leave out."""
    blank: dict[Any, dict[str, list[int]]] = {}
    for place, (content, tenure) in enumerate(zip(contents, tenures, strict=True)):
        if not content["tenure"]:
            blank.setdefault(content["stratum"], {}).setdefault(tenure, []).append(place)
    return [found for groups in blank.values() if (found := _mixed_set(list(groups.values())))]


def _mixed_set(groups: list[list[int]]) -> list[int]:
    """The rare ones, and of the most frequent so many that they are five; all, where less than five would be left."""
    found = [place for group in groups if len(group) < SMALLEST_GROUP for place in group]
    missing = SMALLEST_GROUP - len(found)
    if not found or missing <= 0:
        return found
    most = max(groups, key=len)
    if len(most) - missing < SMALLEST_GROUP:
        return [place for group in groups for place in group]
    return found + secrets.SystemRandom().sample(most, missing)


def mix(contents: Sequence[Content], sets: Sequence[Sequence[int]], asked: Asked) -> None:
    """Inside each set the marks of every question that all were asked change places; changes the contents."""
    keys = [q.key for q, block in asked if q.kind != QuestionType.TEXT and not block.gate and not is_fact(q)]
    for places in sets:
        for key in keys:
            _shuffle([contents[place]["values"] for place in places], key)


def keep_only_marks(contents: Sequence[Content], sets: Sequence[Sequence[int]], asked: Asked) -> None:
    """Of all without a tenure where some are mixed: the tables tell the others' tenure, and few of those may share a fact."""
    strata = {contents[place]["stratum"] for places in sets for place in places}
    facts = facts_of(asked)[len(PLACE) :]
    for content in contents:
        if content["stratum"] in strata and not content["tenure"]:
            for fact in facts:
                fact.blank(content)


def _shuffle(rows: Sequence[dict[str, Any]], key: str) -> None:
    column = [row.pop(key, _NOTHING) for row in rows]
    secrets.SystemRandom().shuffle(column)
    for row, value in zip(rows, column, strict=True):
        if value is not _NOTHING:
            row[key] = value
