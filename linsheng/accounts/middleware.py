"""Steps that come before everything else for somebody signed in: a new password, and the privacy text."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from linsheng.accounts.actions.sessions import PRIVACY_KEY
from linsheng.accounts.models import User
from linsheng.accounts.privacy.texts import VERSION

Handler = Callable[[HttpRequest], HttpResponse]

FREE: Final = frozenset(
    {
        "accounts:change_password",
        "accounts:consent",
        "accounts:privacy",
        "accounts:preferences",
        "accounts:sign_out",
        "jobs:healthz",
    }
)


def next_step(request: HttpRequest) -> str | None:
    """The URL name of the step that this session still owes."""
    user = request.user
    if not isinstance(user, User):
        return None
    if user.must_change_password:
        return "accounts:change_password"
    # Only sign-in writes the key: a session without it was opened by code that vouches for the person.
    return "accounts:consent" if request.session.get(PRIVACY_KEY, VERSION) != VERSION else None


class required_steps:  # noqa: N801  # reads like the function middlewares beside it
    """Send a session to the step it owes, whatever page it asked for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[object], kwargs: Mapping[str, object]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is not None and match.view_name in FREE:
            return None
        step = next_step(request)
        if step is None:
            return None
        back = request.get_full_path() if request.method == "GET" else "/"
        url = f"{reverse(step)}?{urlencode({'next': back})}"
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)
