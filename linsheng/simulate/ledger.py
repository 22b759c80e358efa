"""Rows in memory, written in large batches: what the actions would have written, without asking the database at every step."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import BooleanField, DateField, DateTimeField, DecimalField, JSONField, Max, Model

from linsheng.audit.actions import chain_key
from linsheng.audit.models import AuditChain, AuditEntry
from linsheng.communities.models import Community, Organisation
from linsheng.feedback import search
from linsheng.feedback.models import Callback, Case, CaseEvent, CaseNumber, Escalation, Rating, Resolution, ResultNotice, Urge
from linsheng.messaging.models import Delivery, Notice

# In this order, so that nothing points at a row that is not there yet. All are given their ids here.
TABLES: tuple[type[Model], ...] = (Case, CaseEvent, Resolution, Notice, Delivery, ResultNotice, Rating, Callback, Urge, Escalation)
BATCH = 1000
# (at, actor id, action, what kind of subject, its id, community id, data)
AuditLine = tuple[datetime, int | None, str, str, int, int, dict[str, Any]]


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    """What a column holds when nothing is said."""
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


class Ledger:
    """Collects rows with ids of their own and writes them; the audit chain is written at the end, in order of time."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)
        self.next_id = {model: self._free_id(model) for model in TABLES}
        self.searchable: list[tuple[int, list[str]]] = []
        self.audit: list[AuditLine] = []
        self.numbers: dict[tuple[int, str], int] = {}

    @staticmethod
    def _free_id(model: type[Model]) -> int:
        highest: int | None = model._default_manager.aggregate(highest=Max("pk"))["highest"]
        return (highest or 0) + 1

    def add(self, row: Any) -> Any:
        """Take a row and give it its id."""
        model = type(row)
        row.pk = self.next_id[model]
        self.next_id[model] += 1
        self.rows[model].append(row)
        return row

    def insert(self, model: type[Model], **values: Any) -> SimpleNamespace:
        """Take a row given by its columns: like ``add`` for tables whose objects nobody needs, and much quicker."""
        row = SimpleNamespace(**(_defaults(model) | values))
        row.id = self.next_id[model]
        self.next_id[model] += 1
        self.rows[model].append(row)
        return row

    def number(self, community: Community, month: str) -> int:
        """The next case number of a community's month, going on from what is in the database."""
        key = (community.pk, month)
        if key not in self.numbers:
            known = CaseNumber.objects.filter(community=community, month=month).values_list("last", flat=True).first()
            self.numbers[key] = known or 0
        self.numbers[key] += 1
        return self.numbers[key]

    def full(self) -> bool:
        return len(self.rows[Case]) >= 5 * BATCH

    @transaction.atomic
    def flush(self) -> None:
        """Write what was collected so far, but for the audit chain."""
        for model in TABLES:
            write_rows(model, self.rows[model])
        search.write_index(self.searchable)
        self.rows.clear()
        self.searchable.clear()

    @transaction.atomic
    def finish(self) -> None:
        """Write the rest: rows, number counters, the audit chain; set PostgreSQL's own counters right."""
        self.flush()
        for (community, month), last in self.numbers.items():
            CaseNumber.objects.update_or_create(community_id=community, month=month, defaults={"last": last})
        self._write_chain()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [*TABLES, AuditEntry]):
                cursor.execute(statement)

    def _write_chain(self) -> None:
        chain, _new = AuditChain.objects.get_or_create(key=chain_key(self.organisation.pk))
        self.audit.sort(key=lambda line: line[0])
        first_id = self._free_id(AuditEntry)
        for start in range(0, len(self.audit), 10 * BATCH):
            lines = self.audit[start : start + 10 * BATCH]
            write_tuples(AuditEntry, AUDIT_COLUMNS, list(_chained(chain, lines, first_id + start)))
        chain.save(update_fields=["length", "head"])
        self.audit.clear()


AUDIT_COLUMNS = (
    "id",
    "chain_id",
    "sequence",
    "at",
    "actor_id",
    "action",
    "subject_type",
    "subject_id",
    "community_id",
    "data",
    "previous",
    "hash",
)


def _chained(chain: AuditChain, lines: Sequence[AuditLine], first_id: int) -> Iterable[tuple[Any, ...]]:
    """Entries as tuples, each with the hash that covers the one before it; moves the chain's head on."""
    for place, (at, actor, action, kind, subject, community, data) in enumerate(lines):
        sequence, previous = chain.length + 1, chain.head
        moment = int(at.timestamp() * 1_000_000)
        content = [previous, sequence, moment, actor, action, kind, subject, community, data]
        chain.length, chain.head = sequence, hashlib.sha256(_encode(content).encode()).hexdigest()
        yield (
            first_id + place,
            chain.pk,
            sequence,
            at,
            actor,
            action,
            kind,
            subject,
            community,
            data,
            previous,
            chain.head,
        )


# ``audit.actions.entry_hash`` for data that is plain JSON already; a test compares the two.
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _converter(field: Any) -> Callable[[Any], Any] | None:
    """How a value of this column is sent to the database; ``None`` where it goes as it is."""
    if isinstance(field, DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, JSONField | DateField | BooleanField | DecimalField):
        return partial(field.get_db_prep_save, connection=connection)
    return None


def write_rows(model: type[Model], rows: Sequence[Any]) -> None:
    """Insert objects with ids; several times as quick as ``bulk_create``, which asks every field of every row again."""
    names = [field.attname for field in model._meta.concrete_fields]
    write_tuples(model, names, [tuple(map(row.__dict__.__getitem__, names)) for row in rows])


def write_tuples(model: type[Model], names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert values given in the order of ``names``."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    converters = [(place, convert) for place, name in enumerate(names) if (convert := _converter(fields[name]))]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(fields[name].column or name) for name in names)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608  # names of ours
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            cursor.executemany(statement, [_converted(row, converters) for row in rows[start : start + BATCH]])


def _converted(row: tuple[Any, ...], converters: list[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = [str(value) if isinstance(value, Enum) else value for value in row]
    for place, convert in converters:
        if values[place] is not None:
            values[place] = convert(values[place])
    return values
