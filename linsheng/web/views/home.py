"""``/``: where each person's day begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has, is_staff
from linsheng.web.navigation import address


def beginning(user: User) -> str:
    """The first page of this person: residents' home; figures for who answers for them; else the workboard."""
    if not is_staff(user):
        wanted = ["feedback:home"]
    elif has(user, Permission.SEE_FIGURES):
        wanted = ["reports:today", "feedback:board"]
    elif has(user, Permission.SEE_ALL_CASES) or has(user, Permission.HANDLE_CASE):
        wanted = ["feedback:board"]
    else:
        wanted = ["communities:staff", "feedback:board"]
    found = (address(name) for name in [*wanted, "accounts:me"])
    return next(where for where in found if where is not None)


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to their own first page."""
    if not isinstance(request.user, User):
        return redirect("accounts:sign_in")
    return redirect(beginning(request.user))
