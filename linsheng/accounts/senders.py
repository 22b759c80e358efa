"""Who carries a text message to a phone. ``SMS_SENDER`` names the class; a gateway's adapter is one class more."""

import os
import sys
from functools import lru_cache
from typing import Protocol, cast, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string


class SendingError(Exception):
    """The message could not be handed over; the person may try again."""


class Sender(Protocol):
    """Takes a message to a phone, or raises ``SendingError``. It must end within a few seconds."""

    def send(self, phone: str, text: str) -> None: ...


@runtime_checkable
class CodeSender(Protocol):
    """A sender that has to know the code apart from the text: most providers fill it into a template of theirs."""

    def send_code(self, phone: str, code: str, text: str) -> None: ...


class ConsoleSender:
    """For development and the demo: the message stands in the server's console and in ``sms.log`` beside the data."""

    def send(self, phone: str, text: str) -> None:
        line = f"{text} → {phone}\n"
        sys.stdout.write(line)
        sys.stdout.flush()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(settings.HOME / "sms.log", flags, 0o600), "a", encoding="utf-8") as log:
            log.write(line)


@lru_cache(maxsize=4)
def _made(path: str) -> Sender:
    return cast(Sender, import_string(path)())


def sender() -> Sender:
    """The configured one."""
    return _made(settings.SMS_SENDER)


def send_code(phone: str, code: str, text: str) -> None:
    """Hand a one-time code to the configured sender. Raises ``SendingError``."""
    carrier = sender()
    if isinstance(carrier, CodeSender):
        carrier.send_code(phone, code, text)
    else:
        carrier.send(phone, text)
