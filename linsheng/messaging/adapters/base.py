"""What every adapter keeps to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Protocol

from django.utils.functional import Promise

from linsheng.messaging.models import Delivery

Words = str | Promise
Config = Mapping[str, str]


class DeliveryError(Exception):
    """It was not taken over; the message says why, in words for an administrator, and holds no secret."""


class TemporaryError(DeliveryError):
    """Worth another try: nobody answered, too busy, greylisted. ``after`` is how long the provider wants to be left alone."""

    def __init__(self, message: str, *, after: timedelta = timedelta()) -> None:
        super().__init__(message)
        self.after = after


class PermanentError(DeliveryError):
    """No use trying again: there is no such address."""


class UncertainError(PermanentError):
    """It may have been taken over, and a second time would be a second message: a person decides."""


class GoneError(PermanentError):
    """Whom it was for cannot be reached this way any more: the subscription ended."""


class Adapter(Protocol):
    """Hands a delivery to one outside channel.

    ``send`` returns once the other side has taken the message over, with the other side's number for it where there is one, and
    raises ``TemporaryError`` or ``PermanentError`` otherwise. It passes ``delivery.message_id`` on as the message's own identity:
    the same delivery may come again after a crash.
    """

    def send(self, delivery: Delivery) -> str | None: ...


@dataclass(frozen=True)
class Message:
    """What goes out, as far as providers need it. ``link`` is absolute or empty; ``code`` is for one-time codes alone."""

    to: str
    title: str
    body: str = ""
    link: str = ""
    identity: str = ""
    kind: str = ""
    time: str = ""
    code: str = ""


@dataclass(frozen=True)
class Field:
    """One thing that a provider needs to know; a ``secret`` is stored sealed and never shown again."""

    name: str
    label: Words
    secret: bool = False
    required: bool = True
    help: Words = ""
    initial: str = ""
    choices: tuple[tuple[str, Words], ...] = ()
    lines: bool = False


class Provider(Protocol):
    """One company, or one protocol, that carries messages of one channel."""

    key: ClassVar[str]
    channel: ClassVar[str]
    label: ClassVar[Words]
    # What a company has to apply for there, in a sentence or two.
    needs: ClassVar[Words]
    fields: ClassVar[tuple[Field, ...]]
    # Whether the same identity sent twice is one message for the reader.
    repeatable: ClassVar[bool]
    # So many messages a minute through one setting; 0: no limit of its own.
    per_minute: ClassVar[int]

    def check(self, config: Config) -> dict[str, str]:
        """What is wrong with what was typed: field → sentence."""
        ...

    def send(self, message: Message, config: Config) -> str: ...
