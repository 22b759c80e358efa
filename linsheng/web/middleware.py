"""The staff's chosen community, and domain errors turned into pages."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from linsheng.core.errors import Conflict, DomainError, Invalid

Handler = Callable[[HttpRequest], HttpResponse]
COMMUNITY_COOKIE = "community"


def current_community(get_response: Handler) -> Handler:
    """Remember ``?community=CODE`` in the session, so that staff of several communities choose once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        code = request.GET.get("switch_community")
        # Strangers choose nothing: each of their requests would leave a session behind.
        if code is not None and request.method == "GET" and request.user.is_authenticated:
            request.session[COMMUNITY_COOKIE] = code[:12]
            # One slash, no more: browsers take //somebody.else for another site.
            return HttpResponseRedirect("/" + request.path.lstrip("/\\"))
        return get_response(request)

    return middleware


class domain_errors:  # noqa: N801  # reads like the function middlewares beside it
    """A refused action becomes a page with its sentence, or a message on the page that one came from."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        back = request.headers.get("Referer", "")
        own = back.startswith(f"{request.scheme}://{request.get_host()}/")
        if isinstance(error, Conflict | Invalid) and request.method == "POST" and own and not getattr(request, "htmx", False):
            messages.error(request, str(error.message))
            return HttpResponseRedirect(back)
        return render(
            request,
            f"{error.status if error.status in {403, 404, 429} else 400}.html",
            {"reason": error.message},
            status=error.status,
        )
