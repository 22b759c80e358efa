"""The privacy text, and agreeing to it."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from linsheng.accounts import actions, queries
from linsheng.accounts.actions.sessions import PRIVACY_KEY
from linsheng.accounts.people import signed_in
from linsheng.accounts.privacy.texts import VERSION
from linsheng.core.http import now_of, render_page, safe_next


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The text, for everybody."""
    return render(request, "accounts/privacy.html", {"version": VERSION})


@login_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Agree and go on, or not and leave."""
    if request.method == "POST" and request.POST.get("answer") == "agree":
        actions.give_consent(user=signed_in(request), now=now_of(request))
        request.session[PRIVACY_KEY] = VERSION
        return redirect(safe_next(request, "/"))
    if request.method == "POST":
        logout(request)
        return redirect("accounts:privacy")
    given = queries.consent_given_at(signed_in(request))
    return render_page(
        request, "accounts/consent.html", {"version": VERSION, "next": safe_next(request, "/"), "given_before": given}
    )
