"""What the two databases say differently while a small company is made into a large one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

# Years are shifted by whole weeks, so that Mondays stay Mondays.
DAYS_OF_A_YEAR = 364


def on_sqlite() -> bool:
    return connection.vendor == "sqlite"


def execute(sql: str) -> None:
    """Run one statement as it is, percent signs and all."""
    with connection.cursor() as cursor:
        cursor.execute(sql, None)


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, None)
        return cursor.fetchall()


def shifted(column: str) -> str:
    """A time, the copy's years earlier; the far future stays where it is."""
    if on_sqlite():
        return f"CASE WHEN m.t = 0 OR {column} > '2900-01-01' THEN {column} ELSE datetime({column}, '-' || (m.t * {DAYS_OF_A_YEAR}) || ' days') END"  # noqa: E501  # one statement
    return f"CASE WHEN m.t = 0 OR {column} > '2900-01-01' THEN {column} ELSE {column} - m.t * interval '{DAYS_OF_A_YEAR} days' END"


def shifted_day(column: str) -> str:
    if on_sqlite():
        return f"date({column}, '-' || (m.t * {DAYS_OF_A_YEAR}) || ' days')"
    return f"({column} - m.t * {DAYS_OF_A_YEAR})"


def secondary_indexes(tables: Sequence[str]) -> list[tuple[str, str]]:
    """(name, statement that makes it) of the indexes that may be missing for a while."""
    names = ", ".join(f"'{table}'" for table in tables)
    if on_sqlite():
        return rows(f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})")
    return rows(
        f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ({names}) "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Large inserts first, their indexes afterwards."""
    found = secondary_indexes(tables)
    for name, _statement in found:
        execute(f'DROP INDEX "{name}"')
    yield
    for _name, statement in found:
        execute(statement)


def begin_loading() -> None:
    """Speed before safety, for this connection only: what breaks here is made again."""
    if on_sqlite():
        for pragma in (
            "foreign_keys=OFF",
            "synchronous=OFF",
            "journal_mode=OFF",
            "temp_store=MEMORY",
            "cache_size=-1048576",
            "threads=2",
        ):
            execute(f"PRAGMA {pragma}")
    else:
        for setting in (
            "session_replication_role = replica",
            "synchronous_commit = off",
            "work_mem = '256MB'",
            "maintenance_work_mem = '512MB'",
        ):
            execute(f"SET {setting}")


def end_loading(tables: Sequence[str]) -> None:
    """The state in which a database that grew by itself would be."""
    if on_sqlite():
        execute("PRAGMA journal_mode=WAL")
        return
    execute("SET session_replication_role = origin")
    for table in tables:
        execute(f'VACUUM (ANALYZE) "{table}"')
