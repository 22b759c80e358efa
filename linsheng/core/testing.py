"""For tests of every app: a row of the permission table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EVERYBODY = (
    "anonymous",
    "owner",
    "neighbour",
    "frontdesk",
    "handler",
    "supervisor",
    "manager",
    "director",
    "auditor",
    "administrator",
    "outsider",
    "stranger",
)
STAFF_HERE = frozenset({"frontdesk", "handler", "supervisor", "manager", "director", "auditor", "administrator"})
RESIDENTS_HERE = frozenset({"owner", "neighbour"})
SIGNED_IN = frozenset(EVERYBODY) - {"anonymous"}
ALL = frozenset(EVERYBODY)


@dataclass(frozen=True)
class PermissionRow:
    """Who may call one address with one method, and what the others get.

    ``args`` makes the URL's arguments from the cast (and may create what the address needs); ``data`` is what is posted.
    Those in ``allowed`` must get a success (2xx, or a redirect that does not lead to the sign-in page, or ``accepted``);
    an anonymous caller outside it must be sent to sign in (or get 401/403/404); everybody else must get 403 or 404.
    ``shared`` may be given for addresses where the refusal differs: {"stranger": 404}.
    """

    name: str
    allowed: frozenset[str]
    method: str = "GET"
    args: Callable[[Any], Mapping[str, Any]] = field(default=lambda cast: {})
    data: Callable[[Any], Mapping[str, Any]] = field(default=lambda cast: {})
    query: str = ""
    accepted: frozenset[int] = frozenset()
    refused: Mapping[str, int] = field(default_factory=dict)
