"""Writing what ledgers collected: rows as they come, at the end the audit chain in the order of time."""

import gc
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model

from linsheng.audit.actions import chain_key
from linsheng.audit.models import AuditChain, AuditEntry
from linsheng.communities.models import Organisation
from linsheng.feedback import search
from linsheng.feedback.models import CaseNumber
from linsheng.simulate.ledger import TABLES, Batch, Ledger, SealedLine, columns

AT_ONCE = 2000
# What a sealed line holds, then its place in the chain.
AUDIT_COLUMNS = (
    *("at", "actor_id", "action", "subject_type", "subject_id", "community_id", "data"),
    *("id", "chain_id", "sequence", "previous", "hash"),
)


class Writer:
    """Writes batches, in whatever order they come; ``finish`` once they are all there."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.audit: list[SealedLine] = []
        self.numbers: dict[tuple[int, str], int] = {}

    @transaction.atomic
    def write(self, batch: Batch) -> None:
        """Write the rows of a batch; its audit lines wait for those that are yet to come."""
        for model in TABLES:
            insert(model, columns(model), batch.rows[model])
        search.write_index(batch.searchable, fresh=True)
        self.audit += batch.audit
        for key, last in batch.numbers.items():
            self.numbers[key] = max(last, self.numbers.get(key, 0))
        # The lines hold no cycles: the collector need not walk through them again and again.
        gc.freeze()

    @transaction.atomic
    def finish(self) -> None:
        """Write number counters and the audit chain; set PostgreSQL's own counters right."""
        for (community, month), last in self.numbers.items():
            CaseNumber.objects.update_or_create(community_id=community, month=month, defaults={"last": last})
        self._write_chain()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [*TABLES, AuditEntry]):
                cursor.execute(statement)
        counted(*TABLES, AuditEntry)
        gc.unfreeze()

    def _write_chain(self) -> None:
        chain, _new = AuditChain.objects.get_or_create(key=chain_key(self.organisation.pk))
        highest = AuditEntry.objects.aggregate(highest=Max("pk"))["highest"] or 0
        # By time alone, so that lines of one moment stay in the order in which they were written down.
        self.audit.sort(key=lambda line: line[0])
        insert(AuditEntry, AUDIT_COLUMNS, _chained(chain, self.audit, highest + 1))
        chain.save(update_fields=["length", "head"])
        self.audit.clear()


def counted(*models: type[Model]) -> None:
    """Let PostgreSQL count rows that this transaction wrote: knowing of none it loops over them within loops."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(model._meta.db_table) for model in models)}")


def write_all(ledger: Ledger) -> None:
    """Write one ledger, down to its audit chain."""
    writer = Writer(ledger.organisation)
    writer.write(ledger.take())
    writer.finish()


def _chained(chain: AuditChain, lines: Sequence[SealedLine], first_id: int) -> Iterator[tuple[Any, ...]]:
    """Entries as tuples, each with the hash that covers the one before it; moves the chain's head on."""
    for number, (_micros, values, facts) in enumerate(lines, first_id):
        sequence, previous = chain.length + 1, chain.head
        head = hashlib.sha256(f'["{previous}",{sequence},{facts}]'.encode()).hexdigest()
        chain.length, chain.head = sequence, head
        yield (*values, number, chain.pk, sequence, previous, head)


def insert(model: type[Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert values as the database takes them, in the order of ``names``."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    table, into = quote(model._meta.db_table), ", ".join(quote(fields[name].column or name) for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({into}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            statement = f"INSERT INTO {table} ({into}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608  # names of ours
            for some in _in_parts(rows):
                cursor.executemany(statement, some)


def _in_parts(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    rest = iter(rows)
    while part := list(islice(rest, AT_ONCE)):
        yield part
