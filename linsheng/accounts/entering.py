"""The last step of every way to sign in: the session is opened, and the browser goes on."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponseRedirect

from linsheng.accounts.actions import open_session
from linsheng.accounts.models import User
from linsheng.accounts.preferences import carry_over
from linsheng.core.http import now_of

HOME: Final = "/"


def enter(request: HttpRequest, user: User, *, how: str, url: str, device: Any = None) -> HttpResponseRedirect:
    """Open the session and go on to ``url``; ``device`` is the second step that was taken."""
    open_session(request, user=user, how=how, now=now_of(request), device=device)
    response = HttpResponseRedirect(url)
    carry_over(request, response, user)
    return response
