"""Signing in with a password, the second step, and out again."""

from datetime import timedelta
from typing import Final

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linsheng.accounts.actions import check_second_step, has_second_step
from linsheng.accounts.entering import HOME, enter
from linsheng.accounts.forms import CodeForm, SignInForm
from linsheng.accounts.limits import Limit, take
from linsheng.accounts.models import User
from linsheng.core.http import now_of, posted, render_page, safe_next
from linsheng.core.network import client_ip

# axes counts by name and address; this stops whoever tries one common password on name after name.
FAILURES_PER_IP: Final = Limit("password.ip", 60, timedelta(minutes=15))
PENDING: Final = "second_step"
PENDING_FOR: Final = timedelta(minutes=10)
PENDING_TRIES: Final = 5


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By username and password."""
    if request.user.is_authenticated:
        return redirect(safe_next(request, HOME))
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        attempt = take(FAILURES_PER_IP, client_ip(request), now=now_of(request))
        # Raises nothing: axes answers for a locked-out person by its middleware.
        user = authenticate(request, username=form.cleaned_data["username"].strip(), password=form.cleaned_data["password"])
        if isinstance(user, User):
            attempt.delete()
            return _password_was_right(request, user)
        form.add_error(None, _("用户名或密码不对，请再试一次。"))
    context = {"form": form, "next": safe_next(request, "")}
    return render_page(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


def _password_was_right(request: HttpRequest, user: User) -> HttpResponse:
    if has_second_step(user):
        _remember_pending(request, user)
        return redirect("accounts:second_step")
    return enter(request, user, how="password", url=safe_next(request, HOME))


def _remember_pending(request: HttpRequest, user: User) -> None:
    """Note in the still anonymous session whose password was right."""
    request.session.flush()
    until = now_of(request) + PENDING_FOR
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": until.timestamp(),
        "next": safe_next(request, HOME),
        "tries": 0,
    }


def _pending_user(request: HttpRequest) -> User | None:
    pending = request.session.get(PENDING)
    if not pending or pending["until"] < now_of(request).timestamp() or pending["tries"] >= PENDING_TRIES:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    unchanged = user is not None and constant_time_compare(pending["hash"], user.get_session_auth_hash())
    return user if unchanged else None


@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator app, or a recovery code. Until it is right nobody is signed in."""
    user = _pending_user(request)
    if user is None:
        request.session.pop(PENDING, None)
        return redirect("accounts:sign_in")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if device := check_second_step(user=user, code=form.cleaned_data["code"]):
            url = request.session.pop(PENDING)["next"]
            return enter(request, user, how="password", url=url, device=device)
        request.session[PENDING] = {**request.session[PENDING], "tries": request.session[PENDING]["tries"] + 1}
        form.add_error("code", _("动态码不对，请等新的一组出现后再输。"))
    return render_page(request, "accounts/second_step.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("accounts:sign_in")


def locked_out(request: HttpRequest, *_details: object) -> HttpResponse:
    """What somebody reads after too many wrong passwords; named in the settings."""
    return render(request, "accounts/locked_out.html", status=429)
