"""Small helpers for views: the instant of a request, its user, and partials for htmx."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def now_of(request: HttpRequest) -> datetime:
    """The instant at which the request arrived (aware, UTC)."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]  # set by the edge_clock middleware


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, partial: str = "", target: str = "", status: int = 200
) -> HttpResponse:
    """The page, or only its inline ``partial`` when htmx asks for the element ``target``."""
    wanted = getattr(request, "htmx", None)
    if partial and wanted and wanted.target == target and not wanted.history_restore_request:
        template = f"{template}#{partial}"
    return render(request, template, {"now": now_of(request), **context}, status=status)


def safe_next(request: HttpRequest, default: str) -> str:
    """The address to go on to, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else default


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the POST data, also when it is empty; None for every other method."""
    return request.POST if request.method == "POST" else None


def secret_address(view: View[P]) -> View[P]:
    """The address itself is the key: no search engine, no cache, and no other site learns it.

    ``same-origin`` tells other sites as little as ``no-referrer``, under which browsers send forms with ``Origin: null``, which the
    check against forged requests refuses.
    """

    @wraps(view)
    def kept(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "same-origin"
        response["Cache-Control"] = "no-store, private"
        return response

    return kept
