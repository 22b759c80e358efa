"""Parts of the page 我的 that higher apps bring: homes, posts, notices."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linsheng.accounts.models import User


@dataclass(frozen=True)
class Panel:
    """One part: a template with its context; lower ``order`` stands higher."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


Make = Callable[[User, datetime], Panel | None]
_makers: list[Make] = []


def register(make: Make) -> Make:
    """Add a part; ``make`` returns None for people whom it does not concern."""
    if make not in _makers:
        _makers.append(make)
    return make


def panels_for(user: User, now: datetime) -> list[Panel]:
    found = [panel for make in _makers if (panel := make(user, now)) is not None]
    return sorted(found, key=lambda panel: panel.order)
