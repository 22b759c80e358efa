"""Questions that every request asks anew, with other values each time: worded once a connection, as Django would word them.

Building a query set and turning it into SQL costs Django more than the database needs to answer. A ``Question`` does both
once, with samples in the place of the values; from then on only the values change. It gives the same model instances, related ones
of ``select_related`` included, and keeps no answer. For questions without changing values see ``prepared``.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.utils import DEFAULT_DB_ALIAS

M = TypeVar("M", bound=Model)
# Unlike anything that a condition says by itself, and within every column's range.
_SAMPLES: Mapping[type, Callable[[int], Any]] = {
    str: lambda place: f"\ue000{place}",
    int: lambda place: 1_900_000_001 + place,
    datetime: lambda place: datetime(1901, 1, 1, tzinfo=UTC) + timedelta(microseconds=place + 1),
}
MOST_KEPT = 256


def _sent(value: Any) -> Any:
    """A value as Django gives it to the driver."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


@dataclass(frozen=True)
class _Worded(Generic[M]):
    """A statement, which of its parameters are values, and how its rows become instances."""

    sql: str
    params: tuple[Any, ...]
    slots: tuple[tuple[int, str], ...]
    compiler: Any
    model: type[M]
    columns: slice
    names: tuple[str, ...]
    populators: Sequence[Any]
    converters: Mapping[int, Any]

    def filled(self, values: Mapping[str, Any]) -> list[Any]:
        params = list(self.params)
        for place, name in self.slots:
            params[place] = _sent(values[name])
        return params

    def instances(self, rows: Sequence[Sequence[Any]]) -> Iterator[M]:
        for row in self.compiler.apply_converters(rows, self.converters) if self.converters else rows:
            made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.columns])
            for populator in self.populators:
                populator.populate(row, made)
            yield made


class Question(Generic[M]):
    """``ask(*given, **values)`` as a statement: ``given`` shapes it, ``values`` are filled in.

    ``kinds`` names the values with their types (``str``, ``int``, ``datetime``); each must stand in a condition as it is.
    """

    def __init__(self, ask: Callable[..., QuerySet[M]], **kinds: type) -> None:
        self.ask = ask
        self.samples = {name: _SAMPLES[kind](place) for place, (name, kind) in enumerate(kinds.items())}

    def rows(self, *given: Hashable, **values: Any) -> list[M]:
        """The instances that the query set would give; none where Django knows that nothing can be found."""
        worded = self._worded(given)
        if worded is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(worded.sql, worded.filled(values))
            return list(worded.instances(cursor.fetchall()))

    def first(self, *given: Hashable, **values: Any) -> M | None:
        """The first instance: let ``ask`` end in ``[:1]`` where there may be many."""
        return next(iter(self.rows(*given, **values)), None)

    def _worded(self, given: tuple[Hashable, ...]) -> _Worded[M] | None:
        """Kept on the connection, for a compiler belongs to one."""
        kept: dict[Any, _Worded[M] | None] = connections[DEFAULT_DB_ALIAS].__dict__.setdefault("_worded_questions", {})
        if (self, given) not in kept:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[self, given] = self._word(given)
        return kept[self, given]

    def _word(self, given: tuple[Hashable, ...]) -> _Worded[M] | None:
        compiler: Any = self.ask(*given, **self.samples).query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        own = compiler.klass_info["select_fields"]
        columns = slice(own[0], own[-1] + 1)
        return _Worded(
            sql=sql,
            params=tuple(params),
            slots=self._slots(params),
            compiler=compiler,
            model=compiler.klass_info["model"],
            columns=columns,
            names=tuple(column[0].target.attname for column in compiler.select[columns]),
            populators=get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]  # the stubs are a version ahead
            converters=compiler.get_converters([column[0] for column in compiler.select]),
        )

    def _slots(self, params: Sequence[Any]) -> tuple[tuple[int, str], ...]:
        """Where each value goes. Raises ``TypeError`` when a sample is not to be found in the statement."""
        found = [(place, name) for name, sample in self.samples.items() for place, p in enumerate(params) if p == _sent(sample)]
        if missing := self.samples.keys() - {name for _place, name in found}:
            raise TypeError(f"these values do not stand in the statement as they are: {', '.join(sorted(missing))}")
        return tuple(found)
