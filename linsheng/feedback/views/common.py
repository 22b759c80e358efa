"""What the staff's pages of cases share: who may open them, where they stand, and going on after a step."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import grants, require
from linsheng.core.http import is_htmx
from linsheng.feedback.queries.places import chosen_community

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Only for signed-in people who hold ``permission`` somewhere; what they see there is up to the queries."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            require(signed_in(request), permission)
            return view(request, *args, **kwargs)

        return login_required(checked)

    return wrap


def place_of(request: HttpRequest) -> Community | None:
    """The community chosen in the top bar, if it is one of the person's; ``None`` means all of theirs."""
    return chosen_community(signed_in(request), request.session.get("community", ""))


def organisation_of(request: HttpRequest, place: Community | None = None) -> int:
    """The company whose service items this person works with (anybody behind ``staff_page`` has one)."""
    return place.organisation_id if place else grants(request.user)[0].organisation_id


def go_on(request: HttpRequest, address: str) -> HttpResponse:
    """After a step: htmx loads the next page by itself, browsers are redirected."""
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
