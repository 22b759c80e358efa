"""How many rows each tab of the workboard has: one statement, put together from parts that are worked out once a process.

Asking Django for seven nested queries on every page cost more than the database's answer.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from linsheng.accounts.models import User
from linsheng.feedback.models import Case
from linsheng.feedback.queries.board import ASK_WITHIN, COUNTED, MOST_COUNTED, BoardFilter, end_of_today, scoped, view_condition
from linsheng.feedback.queries.scope import visible_to

# Any two instants: where a condition's parameters differ between them stands a moment that depends on ``now``.
ONE, OTHER = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC), datetime(2002, 5, 6, 7, 8, 9, tzinfo=UTC)

Statement = tuple[str, tuple[Any, ...]]


def _moments(now: datetime) -> tuple[datetime, datetime, datetime]:
    """The moments that conditions speak of."""
    return now, end_of_today(now), now - ASK_WITHIN


def _sent(moment: datetime) -> Any:
    """A moment as a statement's parameter."""
    return connection.ops.adapt_datetimefield_value(moment)


def _condition(view: str, now: datetime) -> Statement:
    query = Case.objects.filter(view_condition(view, now)).order_by().query
    sql, params = query.where.as_sql(query.get_compiler(connection=connection), connection)
    return sql, tuple(params)


@lru_cache(maxsize=64)
def _prepared(view: str, vendor: str) -> tuple[str, tuple[tuple[int | None, Any], ...]]:
    """A tab's condition, and its parameters: (which of ``_moments``, None) or (None, value)."""
    (sql, ones), (_sql, others) = _condition(view, ONE), _condition(view, OTHER)
    known = [_sent(moment) for moment in _moments(ONE)]
    return sql, tuple(
        (None, one) if one == other else (known.index(_sent(one) if isinstance(one, datetime) else one), None)
        for one, other in zip(ones, others, strict=True)
    )


def _where(cases: QuerySet[Case]) -> Statement:
    """``SELECT pk … WHERE …`` of rows that a person sees, to which a tab's condition is added."""
    sql, params = cases.order_by().values("pk").query.sql_with_params()
    return sql if " WHERE " in sql else f"{sql} WHERE 1 = 1", tuple(params)


def _statement(bases: dict[str, Statement], views: Sequence[str], now: datetime) -> Statement:
    """One row with the count of every view."""
    moments = [_sent(moment) for moment in _moments(now)]
    counts, params = [], []
    for view in views:
        base, given = bases[view]
        condition, own = _prepared(view, connection.vendor)
        # Both parts come from the ORM, with all values as parameters.
        counts.append(f"(SELECT COUNT(*) FROM ({base} AND {condition} LIMIT {MOST_COUNTED}) counted)")  # noqa: S608
        params += [*given, *(value if place is None else moments[place] for place, value in own)]
    return f"SELECT {', '.join(counts)}", tuple(params)


def board_counts(user: User, wanted: BoardFilter, now: datetime) -> dict[str, int]:
    """How many rows each tab of ``COUNTED`` has, counting at most ``MOST_COUNTED`` of each; one query for all."""
    cases = visible_to(user)
    if cases.query.is_empty():
        return dict.fromkeys(COUNTED, 0)
    if wanted.community:
        cases = cases.filter(community=wanted.community)
    # What nobody has counts for all of a team even where one looks at one's own.
    usual = _where(scoped(cases, user, wanted.scope, "open"))
    unassigned = usual if wanted.scope == "all" else _where(scoped(cases, user, wanted.scope, "unassigned"))
    sql, params = _statement({view: unassigned if view == "unassigned" else usual for view in COUNTED}, COUNTED, now)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return dict(zip(COUNTED, cursor.fetchone(), strict=True))
