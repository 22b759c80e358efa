"""Questions that every page asks, worded once a process: Django takes longer to write such a statement than it takes to answer.

Only the statement is kept, never an answer; it follows from the arguments alone.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Statement = tuple[str, tuple[Any, ...]]


@lru_cache(maxsize=512)
def statement(ask: Callable[..., QuerySet[Any, Any]], given: tuple[Hashable, ...], vendor: str) -> Statement | None:
    """The SQL of ``ask(*given)`` and its parameters; ``None`` where Django knows that nothing can be found."""
    try:
        sql, params = ask(*given).query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def rows_of(ask: Callable[..., QuerySet[Any, Any]], *given: Hashable) -> list[Any]:
    """The rows of ``ask(*given)``, a ``values_list`` of texts and whole numbers.

    ``ask`` must depend on nothing but its arguments. Times, dates and booleans would come as the driver has them.
    """
    found = statement(ask, given, connection.vendor)
    if found is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*found)
        return list(cursor.fetchall())
