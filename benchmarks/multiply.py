"""A company made many times as large by SQL: more communities, and years before; its open cases stay those of this year.

Every copy of a community has its own buildings, homes, people, staff and cases, whose numbers, tokens and search entries tell
them apart. Cases get their ids in the order in which they came in, as in a company that grew, so that one community's lie
scattered among all the others'.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import DateField, DateTimeField, ForeignKey, Model

from benchmarks import dialect
from benchmarks.dialect import execute, on_sqlite, rows
from linsheng.accounts.models import User
from linsheng.communities.models import Building, Community, Home, Post, Residency, Resident
from linsheng.feedback import search
from linsheng.feedback.models import Callback, Case, CaseEvent, CaseNumber, Escalation, Rating, Resolution, ResultNotice, Urge
from linsheng.messaging.models import Notice

# Copied with each community, in this order; all that refers to them follows.
PLACES: tuple[type[Model], ...] = (User, Community, Building, Home, Resident, Residency, Post, CaseNumber)
STORY: tuple[type[Model], ...] = (CaseEvent, Resolution, ResultNotice, Rating, Callback, Urge, Escalation)
# Cases told so long ago are closed by the worker, which is not running while a company is loaded.
SILENT_DAYS = 7


@dataclass(frozen=True)
class Size:
    """How many times as many communities, and how many years."""

    copies: int
    years: int


def table(model: type[Model]) -> str:
    return model._meta.db_table


def _letter(column: str) -> str:
    """The first letter of a community's code, another one for each copy."""
    return f"char(unicode({column}) + m.k)" if on_sqlite() else f"chr(ascii({column}) + m.k)"


class Multiplier:
    """Works on one database, once."""

    def __init__(self, size: Size, say: Callable[[str], None]) -> None:
        self.size, self.say = size, say
        self.offsets = {model: rows(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table(model)}")[0][0] for model in PLACES}

    def run(self) -> None:
        tables = [table(model) for model in (*PLACES, Case, *STORY, Notice)]
        self._close_silent()
        with dialect.without_indexes(tables):
            for model in PLACES:
                self._copy_place(model)
            self.say("communities and people")
            self._map()
            self._cases()
            self.say("cases")
            self._search()
            self.say("search index")
            for model in (*STORY, Notice):
                self._story(model)
            self.say("histories and notices")
            self._drop_seeds()
            self._restart_counters()
        self.say("indexes")
        dialect.end_loading([*tables, *([] if on_sqlite() else [search.TABLE])])
        self.say("done")

    def _close_silent(self) -> None:
        week = "datetime('now', '-7 days')" if on_sqlite() else "now() - interval '7 days'"
        after = f"datetime(told_at, '+{SILENT_DAYS} days')" if on_sqlite() else f"told_at + interval '{SILENT_DAYS} days'"
        execute(f"UPDATE feedback_case SET state = 'closed', closed_at = {after} WHERE state = 'resolved' AND told_at < {week}")

    # Columns

    def _columns(self, model: type[Model], own: Mapping[str, str], alias: str) -> dict[str, str]:
        """Column → expression: references moved on with their copy, times with their year, ``own`` as said."""
        found = {}
        for field in model._meta.concrete_fields:
            name = f'{alias}."{field.column}"'
            if field.primary_key and "id" not in own:
                continue
            if field.column in own:
                found[field.column] = own[field.column]
            elif isinstance(field, ForeignKey) and field.related_model in self.offsets:
                found[field.column] = f"{name} + m.k * {self.offsets[field.related_model]}"
            elif isinstance(field, DateTimeField):
                found[field.column] = dialect.shifted(name)
            elif isinstance(field, DateField):
                found[field.column] = dialect.shifted_day(name)
            else:
                found[field.column] = name
        return found

    def _insert(self, model: type[Model], own: Mapping[str, str], source: str, order: str = "") -> None:
        columns = self._columns(model, own, "s")
        names = ", ".join(f'"{name}"' for name in columns)
        execute(f"INSERT INTO {table(model)} ({names}) SELECT {', '.join(columns.values())} FROM {source} {order}")

    # Places and people

    def _copy_place(self, model: type[Model]) -> None:
        if self.size.copies == 1:
            return
        own: dict[str, str] = {"id": f"s.id + m.k * {self.offsets[model]}"}
        if model is User:
            own |= {"username": "s.username || '-' || m.k", "phone": "NULL"}
        elif model is Community:
            own |= {"code": f"{_letter('s.code')} || substr(s.code, 2)", "name": "s.name || m.k"}
        elif model is Resident:
            # Nobody's number, as in the seed: another digit of the same unassigned range for each copy.
            own |= {"phone": "CASE WHEN s.phone = '' THEN '' ELSE substr(s.phone, 1, 3) || m.k || substr(s.phone, 5) END"}
        counted = ", ".join(f"({k}, 0)" for k in range(1, self.size.copies))
        numbers = f"(SELECT column1 AS k, column2 AS t FROM (VALUES {counted}) v) m"
        only = "WHERE s.community_id IS NOT NULL" if model is Post else ""
        self._insert(model, own, f"{table(model)} s, {numbers}", f"{only} ORDER BY m.k, s.id")

    # Cases

    def _map(self) -> None:
        """The new cases in order of arrival: where each comes from, which copy it is, how many years back."""
        for model in (Case, *STORY, Notice):
            execute(f"CREATE TABLE seed_{table(model)} AS SELECT * FROM {table(model)}")
        execute(
            f"CREATE TABLE seed_search AS SELECT {'rowid AS case_id' if on_sqlite() else 'case_id'}, tokens FROM {search.TABLE}"
        )
        for model in STORY:
            execute(f"CREATE INDEX seed_by_case_{table(model)} ON seed_{table(model)} (case_id)")
        execute(f"CREATE INDEX seed_by_subject ON seed_{table(Notice)} (subject_id)")
        execute("CREATE UNIQUE INDEX seed_search_case ON seed_search (case_id)")
        execute(f"CREATE UNIQUE INDEX seed_case_id ON seed_{table(Case)} (id)")
        for model in (Notice, *reversed(STORY), Case):
            self._empty(table(model))
        self._empty(search.TABLE)
        identity = "INTEGER PRIMARY KEY" if on_sqlite() else "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
        execute(f"CREATE TABLE bench_map (id {identity}, src bigint, k integer, t integer)")
        ks = ", ".join(f"({k})" for k in range(self.size.copies))
        ts = ", ".join(f"({t})" for t in range(self.size.years))
        pairs = f"(SELECT a.column1 AS k, b.column1 AS t FROM (VALUES {ks}) a, (VALUES {ts}) b) m"
        arrived = dialect.shifted("s.received_at")
        only = "m.t = 0 OR s.is_open = 0" if on_sqlite() else "m.t = 0 OR NOT s.is_open"
        execute(
            f"INSERT INTO bench_map (src, k, t) SELECT s.id, m.k, m.t FROM seed_{table(Case)} s, {pairs} WHERE {only} "
            f"ORDER BY {arrived}, m.k, s.id"
        )

    def _empty(self, name: str) -> None:
        # PostgreSQL deletes quicker by truncating, and this connection's switched-off checks allow it.
        execute(f'DELETE FROM "{name}"' if on_sqlite() else f'TRUNCATE "{name}" CASCADE')

    def _year(self, column: str) -> str:
        """``2611`` of a number, the copy's years earlier."""
        if on_sqlite():
            return f"printf('%02d', CAST(substr({column}, 4, 2) AS INTEGER) - m.t)"
        return f"lpad((CAST(substr({column}, 4, 2) AS integer) - m.t)::text, 2, '0')"

    def _number(self, column: str) -> str:
        return f"{_letter(column)} || substr({column}, 2, 2) || {self._year(column)} || substr({column}, 6)"

    def _cases(self) -> None:
        own = {
            "id": "m.id",
            "number": self._number("s.number"),
            "track_token": "s.track_token || '.' || m.t || '.' || m.k",
            "parent_id": "NULL",
        }
        self._insert(Case, own, f"bench_map m JOIN seed_{table(Case)} s ON s.id = m.src", "ORDER BY m.id")

    def _search(self) -> None:
        """The entries with their own community and number; those of earlier years are of ended cases as they stand."""
        old, new = "lower(substr(c.number, 1, 7))", f"lower(substr({self._number('c.number')}, 1, 7))"
        mark = f"'{search.PLACE}' || (c.community_id + m.k * {self.offsets[Community]})"
        source = f"FROM bench_map m JOIN seed_{table(Case)} c ON c.id = m.src JOIN seed_search s ON s.case_id = m.src ORDER BY m.id"
        if on_sqlite():
            entry = f"replace({mark} || substr(s.tokens, instr(s.tokens, ' ')), {old}, {new})"
            execute(f"INSERT INTO {search.TABLE} (rowid, tokens) SELECT m.id, {entry} {source}")
            return
        execute(f"DROP INDEX {search.TABLE}_tokens")
        quoted = f"'''{search.PLACE}' || c.community_id || ''''"
        entry = f"replace(replace(s.tokens::text, {quoted}, '''' || {mark} || ''''), {old}, {new})::tsvector"
        execute(f"INSERT INTO {search.TABLE} (case_id, tokens) SELECT m.id, {entry} {source}")
        execute(f"CREATE INDEX {search.TABLE}_tokens ON {search.TABLE} USING gin (tokens)")

    def _story(self, model: type[Model]) -> None:
        case = "subject_id" if model is Notice else "case_id"
        own = {case: "m.id"}
        if model is Notice:
            own |= {"key": "s.key || '.' || m.t || '.' || m.k", "url": "s.url"}
        if model is ResultNotice:
            own["notice_id"] = "NULL"
        self._insert(model, own, f"bench_map m JOIN seed_{table(model)} s ON s.{case} = m.src", "ORDER BY m.id")

    # Afterwards

    def _drop_seeds(self) -> None:
        for name in ("bench_map", "seed_search", *(f"seed_{table(model)}" for model in (Case, *STORY, Notice))):
            execute(f"DROP TABLE {name}")

    def _restart_counters(self) -> None:
        with connection.cursor() as cursor:
            from django.core.management.color import no_style  # noqa: PLC0415  # only here

            for statement in connection.ops.sequence_reset_sql(no_style(), [*PLACES, Case]):
                cursor.execute(statement)
