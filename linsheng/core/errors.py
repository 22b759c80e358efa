"""Errors of the domain: each carries a sentence for the person who met it."""

from collections.abc import Mapping
from typing import ClassVar


class DomainError(Exception):
    """Something that the rules refuse. ``message`` says why, and what to do instead."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "error"

    def __init__(self, message: object = "", *, fields: Mapping[str, object] | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.fields = dict(fields or {})


class Forbidden(DomainError):
    """The person is known, and may not do this."""

    status, code = 403, "forbidden"


class NotVisible(DomainError):
    """There is no such thing in what this person may see; the same answer as for what does not exist."""

    status, code = 404, "not_found"


class Conflict(DomainError):
    """It would be allowed at another time or in another state; not now."""

    status, code = 409, "conflict"


class Invalid(DomainError):
    """What was sent cannot be used; ``fields`` names each field with its sentence."""

    status, code = 422, "invalid"


class TooMany(DomainError):
    """Asked too often; try again later."""

    status, code = 429, "too_many"
