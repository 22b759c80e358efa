"""Who is asking."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from linsheng.accounts.models import User


def unwrapped(person: Any) -> Any:
    """The row itself: each middleware that knows of users puts a lazy wrapper round it, and each costs at every access."""
    while isinstance(person, SimpleLazyObject):
        # Asking for anything makes a wrapper find what it stands for.
        person.pk  # noqa: B018
        person = person._wrapped
    return person


def signed_in(request: HttpRequest) -> User:
    """The user of a view behind ``login_required``."""
    return cast(User, unwrapped(request.user))
