"""What the residents' pages share: who may open them, and which of their communities they look at."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linsheng.accounts.people import signed_in
from linsheng.communities.permissions import is_staff
from linsheng.core.errors import Forbidden
from linsheng.feedback.queries.resident import Household, households_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def resident_page(view: View[P]) -> View[P]:
    """Only for signed-in residents. Staff never act as reporters, so their accounts have no such pages."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_staff(signed_in(request)):
            raise Forbidden(_("这是住户的页面。工作人员请从工作台办理。"))
        return view(request, *args, **kwargs)

    return login_required(checked)


def homes_here(request: HttpRequest) -> list[Household]:
    """The person's homes in the community chosen in the top bar, or in their first one; empty for who has none."""
    households = households_of(signed_in(request))
    wanted = request.session.get("community", "")
    codes = [h.community.code for h in households]
    code = wanted if wanted in codes else codes[0] if codes else ""
    return [h for h in households if h.community.code == code]
