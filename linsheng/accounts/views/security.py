"""One's own password, second step and sessions."""

from base64 import b32encode
from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linsheng.accounts import actions
from linsheng.accounts.forms import CodeForm, PasswordChangeForm, PasswordForm
from linsheng.accounts.limits import Limit, take
from linsheng.accounts.people import signed_in
from linsheng.core.errors import Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page, safe_next

# Whoever finds an open session must not be able to guess the password by it.
PASSWORD_TRIES: Final = Limit("password.own", 8, timedelta(minutes=15))


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; all other sessions end."""
    user, form = signed_in(request), PasswordChangeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        take(PASSWORD_TRIES, str(user.pk), now=now_of(request))
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            actions.change_password(user=user, old=old, new=new, now=now_of(request), keep=request)
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("密码已修改，其他设备上的登录已退出。"))
            return redirect(safe_next(request, "/"))
    context = {"form": form, "forced": user.must_change_password, "next": safe_next(request, "")}
    return render_page(request, "accounts/change_password.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out on every other device."""
    actions.end_sessions(user=signed_in(request), by=signed_in(request), now=now_of(request), keep=request)
    messages.success(request, _("其他设备上的登录都已退出。"))
    return redirect("accounts:me")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def set_up_second_step(request: HttpRequest) -> HttpResponse:
    """Scan, confirm, and keep the recovery codes."""
    user = signed_in(request)
    if actions.has_second_step(user):
        return redirect("accounts:turn_off_second_step")
    device = actions.begin_second_step(user=user)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            codes = actions.confirm_second_step(user=user, code=form.cleaned_data["code"], now=now_of(request), keep=request)
        except Invalid as error:
            show_errors(form, error)
        else:
            return render_page(request, "accounts/recovery_codes.html", {"codes": codes})
    import segno

    context = {"form": form, "qr": segno.make(device.config_url).svg_data_uri(scale=5), "secret": _secret(device.bin_key)}
    return render_page(request, "accounts/set_up_second_step.html", context, status=422 if form.errors else 200)


def _secret(key: bytes) -> str:
    """The key as one types it into an app that cannot scan."""
    text = b32encode(key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


@sensitive_post_parameters("password")
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def turn_off_second_step(request: HttpRequest) -> HttpResponse:
    """Back to the password alone."""
    form = PasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        take(PASSWORD_TRIES, str(signed_in(request).pk), now=now_of(request))
        try:
            actions.turn_off_second_step(user=signed_in(request), password=form.cleaned_data["password"], now=now_of(request))
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("两步验证已关闭。"))
            return redirect("accounts:me")
    return render_page(request, "accounts/turn_off_second_step.html", {"form": form}, status=422 if form.errors else 200)
