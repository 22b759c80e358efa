"""The case's own page: for whoever holds its unguessable link, without an account."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from linsheng.core.http import secret_address
from linsheng.feedback.views.seats import seat_by_link
from linsheng.feedback.views.voice import show_case, take_step


@secret_address
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """How the case stands, and what its reporter can do."""
    return show_case(request, seat_by_link(request, token))


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """Answer, rate, reopen, urge, withdraw or add."""
    return take_step(request, seat_by_link(request, token), step)
