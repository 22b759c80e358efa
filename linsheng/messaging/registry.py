"""Where higher layers learn how a notice fared. They register in their ``tasks.py``; the callbacks run in the worker."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.mail.backends.base import BaseEmailBackend

from linsheng.messaging.models import Delivery

Callback = Callable[[Delivery, datetime], None]


@dataclass(frozen=True)
class Letterhead:
    """How one mail leaves: who writes, where answers go, which conversation it belongs to. What is empty stays as it would be."""

    sender: str = ""
    reply_to: str = ""
    subject: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    hint: str = ""  # a line under the text: what an answer does
    connect: Callable[[], BaseEmailBackend] | None = None  # by a server of its own


Heading = Callable[[Delivery], Letterhead | None]

_delivered: list[Callback] = []
_failed: list[Callback] = []
_headings: list[Heading] = []


def on_delivered(callback: Callback) -> Callback:
    """Call ``callback(delivery, now)`` in the transaction that marks a delivery done; usable as a decorator.

    If it raises, the mark is rolled back and tried again later, without sending again: callbacks must bear repetition.
    """
    if callback not in _delivered:
        _delivered.append(callback)
    return callback


def on_failed(callback: Callback) -> Callback:
    """The same for a delivery that is given up; ``delivery.error`` holds the provider's words."""
    if callback not in _failed:
        _failed.append(callback)
    return callback


def on_compose(heading: Heading) -> Heading:
    """Let ``heading(delivery)`` give a mail its letterhead as it is composed; the first that is not None holds.

    A mail that is sent again is composed again: the same delivery must get the same head.
    """
    if heading not in _headings:
        _headings.append(heading)
    return heading


def letterhead_of(delivery: Delivery) -> Letterhead:
    return next((found for heading in _headings if (found := heading(delivery)) is not None), Letterhead())


def tell_delivered(delivery: Delivery, now: datetime) -> None:
    for callback in _delivered:
        callback(delivery, now)


def tell_failed(delivery: Delivery, now: datetime) -> None:
    for callback in _failed:
        callback(delivery, now)


def nobody(delivery: Delivery, now: datetime) -> None:
    """For ends that concern nobody."""
