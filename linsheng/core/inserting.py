"""New rows that every action writes: ``save(force_insert=True)`` with the statement worded once a process instead of each time."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import AutoField, BooleanField, CharField, DateTimeField, Field, IntegerField, JSONField, Model, TextField

Sender = Callable[[Any], Any]


def insert(row: Model, *, unless: str = "") -> bool:
    """Write a new row and give it the id that the database numbers it by.

    With ``unless``, the name of a unique column, nothing is written and ``False`` comes back where its value is there already: for
    what would otherwise need a savepoint. Raises ``IntegrityError`` for whatever else the database refuses. No signals are sent.
    """
    sql, senders = _worded(type(row), unless, connection.vendor)
    values = row.__dict__
    with connection.cursor() as cursor:
        cursor.execute(sql, [values[name] if send is None else send(values[name]) for name, send in senders])
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return True


@cache
def _worded(model: type[Model], unless: str, vendor: str) -> tuple[str, tuple[tuple[str, Sender | None], ...]]:
    meta, quote = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    into, places = ", ".join(quote(_column(field)) for field in fields), ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(meta.db_table)} ({into}) VALUES ({places})"  # noqa: S608  # names of ours
    if unless:
        sql += f" ON CONFLICT ({quote(_column(meta.get_field(unless)))}) DO NOTHING"
    return f"{sql} RETURNING {quote(_column(meta.pk))}", tuple((field.attname, sender(field)) for field in fields)


def _column(field: Any) -> str:
    return str(field.column)


def sender(field: "Field[Any, Any]") -> Sender | None:
    """How a value goes to the driver; ``None``: as it is."""
    if isinstance(field, DateTimeField):
        return _moment
    if isinstance(field, JSONField):
        return partial(_json, field.encoder)
    if isinstance(field, CharField | TextField):
        return _text
    # A key is a whole number already.
    if field.remote_field is not None or isinstance(field, IntegerField | AutoField | BooleanField):
        return None
    return partial(_as_django, field)


def _moment(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def _json(encoder: Any, value: Any) -> Any:
    return None if value is None else connection.ops.adapt_json_value(value, encoder)


def _text(value: Any) -> Any:
    """Choices are texts of a kind of their own, which drivers would write as their names."""
    return value if value is None or type(value) is str else str(value)


def _as_django(field: "Field[Any, Any]", value: Any) -> Any:
    return field.get_db_prep_save(value, connection)
