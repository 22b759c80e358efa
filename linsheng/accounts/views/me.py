"""The signed-in person's own page, and how they like to read."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linsheng.accounts import actions, panels
from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.preferences import LANGUAGES, remember
from linsheng.core.errors import Invalid
from linsheng.core.http import now_of, render_page, safe_next


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Name, homes or posts, reading, notices, my data, signing out."""
    user = signed_in(request)
    context = {
        "person": user,
        "panels": panels.panels_for(user, now_of(request)),
        "has_password": user.has_usable_password(),
        "second_step": actions.has_second_step(user),
    }
    return render_page(request, "accounts/me.html", context)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Text size and language; for those signed out they live in cookies."""
    large = {"1": True, "0": False}.get(request.POST.get("large_text", ""))
    language = request.POST.get("language") or None
    if language is not None and language not in LANGUAGES:
        raise Invalid(_("没有这种语言。"), fields={"language": _("没有这种语言。")})
    if isinstance(request.user, User):
        actions.set_preferences(user=request.user, large_text=large, language=language)
    response = redirect(safe_next(request, "/"))
    remember(response, large_text=large, language=language)
    return response
