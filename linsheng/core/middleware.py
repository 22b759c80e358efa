"""What every request gets: the time it arrived, and the right ``Vary``."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from linsheng.core import clock

Handler = Callable[[HttpRequest], HttpResponse]


class TimedRequest(HttpRequest):
    """A request as our views see it: it carries the instant at which it arrived."""

    now: datetime


def edge_clock(get_response: Handler) -> Handler:
    """Read the clock once a request, so that everything in it happens at one instant."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]  # read through core.http.now_of
        return get_response(request)

    return middleware


def vary_on_htmx(get_response: Handler) -> Handler:
    """A partial and its full page share an address; caches must keep them apart, whichever came first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response

    return middleware


def refuse_nul(get_response: Handler) -> Handler:
    """No address of ours holds a NUL: nobody types one, and PostgreSQL fails on a query that does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or any("\x00" in part for pair in request.GET.lists() for part in (pair[0], *pair[1])):
            raise BadRequest("a NUL character in the address")
        return get_response(request)

    return middleware


def keep_private(get_response: Handler) -> Handler:
    """What a session is answered with stays out of every cache, also the browser's own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
