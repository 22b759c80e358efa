"""Forgetting a person: each app registers how it takes the person out of its own rows."""

from collections.abc import Callable
from datetime import datetime

from linsheng.accounts.models import User

Erase = Callable[[User, int | None, datetime], None]
"""Called with the user, the company that erases (None: every one), and the instant; inside a transaction."""

_steps: list[Erase] = []


def register(step: Erase) -> Erase:
    """Add a step. It keeps what statistics need and removes whatever tells who it was."""
    if step not in _steps:
        _steps.append(step)
    return step


def erase_everywhere(user: User, organisation_id: int | None, now: datetime) -> None:
    """Run every step, the highest app first: it still finds the person by what lower apps are about to remove."""
    for step in reversed(_steps):
        step(user, organisation_id, now)
