"""Rows in memory, taken away in large batches: what the actions would have written, without asking the database at every step."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, JSONField, Max, Model

from linsheng.communities.models import Community, Organisation
from linsheng.core.inserting import sender
from linsheng.feedback.models import Callback, Case, CaseEvent, CaseNumber, Escalation, Rating, Resolution, ResultNotice, Urge
from linsheng.messaging.models import Delivery, Notice

# In this order, so that nothing points at a row that is not there yet. All are given their ids here.
TABLES: tuple[type[Model], ...] = (Case, CaseEvent, Resolution, Notice, Delivery, ResultNotice, Rating, Callback, Urge, Escalation)
BATCH = 5000
# Ids are set aside for a part before it is known how many rows its cases make: nine events each, as it turns out.
ROWS_A_CASE, ROWS_BESIDES = 30, 1000
# (at, actor id, action, what kind of subject, its id, community id, data)
AuditLine = tuple[datetime, int | None, str, str, int, int, dict[str, Any]]
# The microsecond, the columns from ``at`` to ``community_id`` with the data as JSON, and all of it as it is hashed.
SealedLine = tuple[int, tuple[Any, ...], str]
Ids = dict[type[Model], int]

# ``audit.actions.entry_hash`` for data that is plain JSON already; a test compares the two.
encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


@dataclass
class Batch:
    """What is ready to be written: values as the database takes them, in the order of ``columns``."""

    rows: dict[type[Model], list[tuple[Any, ...]]]
    searchable: list[tuple[int, list[str]]] = field(default_factory=list)
    audit: list[SealedLine] = field(default_factory=list)
    # (community id, month) → the last number given
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return len(self.rows[Case])


class Ledger:
    """Collects rows with ids of their own. Nothing here asks the database once it is made."""

    def __init__(self, organisation: Organisation, *, first: Ids, numbers: Mapping[tuple[int, str], int]) -> None:
        self.organisation = organisation
        self.next_id = dict(first)
        self.numbers = dict(numbers)
        self.ends: Ids = {}
        self._clear()

    @classmethod
    def of(cls, organisation: Organisation) -> "Ledger":
        """One that goes on where the database ends."""
        given = CaseNumber.objects.filter(community__organisation=organisation).values_list("community_id", "month", "last")
        numbers = {(community, month): last for community, month, last in given}
        return cls(organisation, first={model: _free_id(model) for model in TABLES}, numbers=numbers)

    def part(self, cases: int) -> "Ledger":
        """One of its own for so many cases, to be filled beside this one: their ids never meet."""
        part = Ledger(self.organisation, first=self.next_id, numbers=self.numbers)
        for model, first in self.next_id.items():
            self.next_id[model] = first + (cases if model is Case else cases * ROWS_A_CASE + ROWS_BESIDES)
        part.ends = dict(self.next_id)
        return part

    def add(self, row: Any) -> Any:
        """Take a row and give it its id."""
        row.pk = self._id(type(row))
        self.rows[type(row)].append(row)
        return row

    def insert(self, model: type[Model], **values: Any) -> SimpleNamespace:
        """Take a row given by its columns: like ``add`` for tables whose objects nobody needs, and much quicker."""
        row = SimpleNamespace(**(_defaults(model) | values))
        row.id = self._id(model)
        self.rows[model].append(row)
        return row

    def number(self, community: Community, month: str) -> int:
        """The next case number of a community's month."""
        key = (community.pk, month)
        self.numbers[key] = self.numbers.get(key, 0) + 1
        return self.numbers[key]

    def full(self) -> bool:
        return len(self.rows[Case]) >= BATCH

    def take(self) -> Batch:
        """All that was collected, ready to be written; the ledger goes on empty."""
        if any(self.next_id[model] > end for model, end in self.ends.items()):
            raise OverflowError("More rows than ids were set aside for this part.")
        rows = {model: ready(model, self.rows[model]) for model in TABLES}
        batch = Batch(rows, self.searchable, [_sealed(line) for line in self.audit], dict(self.numbers))
        self._clear()
        return batch

    def _id(self, model: type[Model]) -> int:
        given = self.next_id[model]
        self.next_id[model] = given + 1
        return given

    def _clear(self) -> None:
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)
        self.searchable: list[tuple[int, list[str]]] = []
        self.audit: list[AuditLine] = []


def _free_id(model: type[Model]) -> int:
    highest: int | None = model._default_manager.aggregate(highest=Max("pk"))["highest"]
    return (highest or 0) + 1


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    """What a column holds when nothing is said."""
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def _sealed(line: AuditLine) -> SealedLine:
    at, actor, action, kind, subject, community, data = line
    micros, told = int(at.timestamp() * 1_000_000), encode(data)
    facts = encode([micros, actor, action, kind, subject, community])
    return micros, (_moment(at), actor, action, kind, subject, community, told), f"{facts[1:-1]},{told}"


# Values as the database takes them


@cache
def columns(model: type[Model]) -> tuple[str, ...]:
    """Attribute names of the columns of a table, in order."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def ready(model: type[Model], rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Objects with ids as tuples to insert; several times as quick as ``bulk_create``, which asks each field again."""
    values_of, converters = itemgetter(*columns(model)), _converters(model)
    return [_converted(values_of(row.__dict__), converters) for row in rows]


@cache
def _converters(model: type[Model]) -> list[tuple[int, Callable[[Any], Any]]]:
    found = ((place, _converter(field)) for place, field in enumerate(model._meta.concrete_fields))
    return [(place, convert) for place, convert in found if convert]


def _converter(field: Any) -> Callable[[Any], Any] | None:
    """``inserting.sender``, but that JSON is text, which passes between processes, and that moments are not worked out twice."""
    if isinstance(field, DateTimeField):
        return _moment
    return encode if isinstance(field, JSONField) else sender(field)


@lru_cache(maxsize=1 << 17)
def _moment(value: datetime) -> Any:
    """One moment stands in many rows: the event, its audit entry, the notice, the mail."""
    return connection.ops.adapt_datetimefield_value(value)


def _converted(row: tuple[Any, ...], converters: list[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for place, convert in converters:
        if values[place] is not None:
            values[place] = convert(values[place])
    return tuple(values)
