"""How a person reads: text size and language, kept with the account and, for those signed out, in cookies."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from linsheng.accounts.actions import set_preferences
from linsheng.accounts.models import User

TEXT_COOKIE: Final = "text"
A_YEAR: Final = 60 * 60 * 24 * 365
LANGUAGES: Final = frozenset(code for code, _name in settings.LANGUAGES)


def remember(response: HttpResponse, *, large_text: bool | None = None, language: str | None = None) -> None:
    """Set the cookies of what was chosen."""
    if large_text is not None:
        _set(response, TEXT_COOKIE, "large" if large_text else "usual")
    if language is not None:
        _set(response, settings.LANGUAGE_COOKIE_NAME, language)


def _set(response: HttpResponse, name: str, value: str) -> None:
    # Readable by our JavaScript, which switches the text size without waiting for the server.
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=settings.HTTPS)


def carry_over(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """At sign-in: what was chosen in this browser is kept with the account; else the account's choice comes to the browser."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in LANGUAGES and chosen != user.language:
        set_preferences(user=user, language=chosen)
    elif chosen not in LANGUAGES:
        remember(response, language=user.language)
    if user.large_text:
        remember(response, large_text=True)
    elif request.COOKIES.get(TEXT_COOKIE) == "large":
        set_preferences(user=user, large_text=True)
