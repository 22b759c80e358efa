"""What the pages of figures share."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import require
from linsheng.reports.places import Place, chosen_place, places_of

View = Callable[[HttpRequest], HttpResponseBase]


def figures_page(*permissions: Permission) -> Callable[[View], View]:
    """Only for signed-in people who hold all these permissions somewhere; which figures they see is up to ``places_of``."""

    def wrap(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest) -> HttpResponseBase:
            for permission in (Permission.SEE_FIGURES, *permissions):
                require(signed_in(request), permission)
            return view(request)

        return login_required(checked)

    return wrap


def choices(request: HttpRequest) -> tuple[list[Place], Place]:
    """The places that the reader may choose from, and the one they look at."""
    places = places_of(signed_in(request))
    return places, chosen_place(places, request.GET.get("community", ""), request.session.get("community", ""))
