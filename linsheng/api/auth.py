"""Bearer tokens: who is calling."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer

from linsheng.accounts.actions import authenticate_token
from linsheng.accounts.models import User
from linsheng.core.http import now_of


class TokenAuth(HttpBearer):
    """``Authorization: Bearer ls_…``; the language of sentences is the user's unless the request asks for one."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = authenticate_token(secret=token, now=now_of(request))
        if user is not None and "Accept-Language" not in request.headers:
            translation.activate(user.language)
        return user


def caller(request: HttpRequest) -> User:
    """The authenticated user of an API request."""
    user: Any = getattr(request, "auth", None)
    if not isinstance(user, User):
        raise TypeError("an operation without authentication asked for its caller")
    return user


def instant(request: HttpRequest) -> datetime:
    return now_of(request)
