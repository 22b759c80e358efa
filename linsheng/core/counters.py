"""Counting up in a row that other rows depend on: one statement that locks the row and says what it holds now."""

from typing import Any

from django.db import connection, models


def _column(model: type[models.Model], name: str) -> str:
    found = model._meta.get_field(name)
    return str(getattr(found, "column", None) or name)


def put(model: type[models.Model], field: str, value: Any, *, pk: int) -> None:
    """Write one column of a row that is locked already, without the cost of wording it anew each time."""
    quote, meta = connection.ops.quote_name, model._meta
    key = quote(str(getattr(meta.pk, "column", "id")))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {quote(meta.db_table)} SET {quote(_column(model, field))} = %s WHERE {key} = %s", [value, pk])  # noqa: S608


def count_up(model: type[models.Model], field: str, *, where: dict[str, Any], returning: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Add one to ``field`` of the row that ``where`` names; the values of ``returning`` afterwards, or ``None`` without such a row.

    The row stays locked until the transaction ends. Names are our own columns; values are parameters.
    """
    quote = connection.ops.quote_name
    columns = {name: quote(_column(model, name)) for name in (field, *where, *returning)}
    conditions = " AND ".join(f"{columns[name]} = %s" for name in where)
    answer = ", ".join(columns[name] for name in returning)
    table, counted = quote(model._meta.db_table), columns[field]
    sql = f"UPDATE {table} SET {counted} = {counted} + 1 WHERE {conditions} RETURNING {answer}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [getattr(value, "pk", value) for value in where.values()])
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found
