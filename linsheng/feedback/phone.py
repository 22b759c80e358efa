"""Who wants to know that a call was written down as a case. The app of the ways in keeps the calls; this one only says so."""

from collections.abc import Callable
from datetime import datetime

from linsheng.accounts.models import User
from linsheng.feedback.models import Case

Listener = Callable[[Case, str, User, datetime], None]
"""Called with the case, the call that the form came from (empty: none), who wrote it down, and the instant; in the transaction."""

_listeners: list[Listener] = []


def on_logged(listener: Listener) -> Listener:
    """Hear of every case that the call form makes."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def call_logged(case: Case, call: str, by: User, now: datetime) -> None:
    """Tell all who listen."""
    for listener in _listeners:
        listener(case, call, by, now)
