"""What waits for a resident, on their home page. Higher apps register their own (a survey, a vote)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from linsheng.accounts.models import User


@dataclass(frozen=True)
class Todo:
    """One line: what to do and where; ``note`` says how long it takes or since when it waits."""

    title: str
    url: str
    icon: str
    note: str = ""


Make = Callable[[User, datetime], Iterable[Todo]]
_makers: list[Make] = []


def register(make: Make) -> Make:
    """Add a source of things to do; the order of registering is the order on the page."""
    if make not in _makers:
        _makers.append(make)
    return make


def todos_for(user: User, now: datetime) -> list[Todo]:
    """Everything that waits for this person."""
    return [todo for make in _makers for todo in make(user, now)]
