"""Cursor pages: each costs the same however far one has gone, and rows that arrive meanwhile shift nothing."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid

M = TypeVar("M", bound=Model)
Column: TypeAlias = "Field[Any, Any]"


@dataclass(frozen=True)
class CursorPage(Generic[M]):
    """One page of rows and the cursor that opens the next one (``None`` at the end)."""

    items: list[M]
    next: str | None


def _encode(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decode(cursor: str, columns: Sequence[Column]) -> list[Any]:
    """The values of a cursor, one for each column and of its type; it comes from outside, so it may hold anything."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if not isinstance(values, list) or len(values) != len(columns):
            raise ValueError(values)
        return [_value(column, value) for column, value in zip(columns, values, strict=True)]
    except (ValueError, TypeError, RecursionError, ValidationError) as error:
        raise Invalid(_("翻页位置无效，请从第一页重新开始。"), fields={"cursor": _("翻页位置无效。")}) from error


def _value(column: Column, value: object) -> Any:
    """The value as the column holds it; raises what ``_decode`` catches."""
    if isinstance(value, bool) or not isinstance(value, str | int) or "\x00" in str(value):
        raise ValueError(value)
    found = column.to_python(value)
    # Dates at the ends of the calendar fall off when they change their zone.
    if isinstance(found, datetime) and (found.tzinfo is None or not 1 < found.year < 9999):
        raise ValueError(value)
    return found


def _columns(rows: QuerySet[Any], order: Sequence[str]) -> list[Column]:
    meta = rows.model._meta
    names = (name.lstrip("-") for name in order)
    return [meta.pk if name == "pk" else meta.get_field(name) for name in names]


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after ``values`` in ``order``: (a, b) beyond (x, y) ⇔ a beyond x, or a = x and b beyond y."""
    condition = Q()
    for index, name in enumerate(order):
        equal = {field.lstrip("-"): value for field, value in zip(order[:index], values, strict=False)}
        comparison = f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}"
        condition |= Q(**equal, **{comparison: values[index]})
    return condition


def cursor_page(rows: QuerySet[M], *, order: Sequence[str], cursor: str | None, size: int) -> CursorPage[M]:
    """A page of ``rows`` in ``order`` (never-null columns, the last one unique) after ``cursor``."""
    rows = rows.order_by(*order)
    if cursor:
        values = _decode(cursor, _columns(rows, order))
        first = order[0]
        # The plain bound on the first column lets both databases walk its index.
        bound = f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}"
        rows = rows.filter(**{bound: values[0]}).filter(_beyond(order, values))
    found = list(rows[: size + 1])
    more = len(found) > size
    items = found[:size]
    last = [getattr(items[-1], name.lstrip("-")) for name in order] if more else None
    return CursorPage(items, _encode(last) if last else None)
