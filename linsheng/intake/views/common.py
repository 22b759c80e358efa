"""What the staff's pages of the ways in share."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import require

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
