"""通知设置: what each person wants to be told where and when, and the WeChat that is theirs."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.core.errors import DomainError, Invalid, NotVisible
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, render_page
from linsheng.messaging import actions, hours, push, queries
from linsheng.messaging.forms import PreferencesForm, TimesForm
from linsheng.messaging.models import Channel, PushSubscription, WechatLink
from linsheng.messaging.preferences import STAFF_KINDS

WORKER = Path(__file__).resolve().parent.parent / "push_worker.js"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Kind × channel, a switch each; hours and WeChat below, each a form of its own."""
    user = signed_in(request)
    if request.method == "POST":
        form = PreferencesForm(request.POST)
        if not form.is_valid():
            raise Invalid(_("选项无效，请刷新页面后重新选择。"))
        actions.set_preferences(user=user, wanted=form.wanted(), by=user, now=now_of(request))
        messages.success(request, _("通知设置已保存。"))
        return redirect("messaging:preferences")
    return _shown(request, user, TimesForm.of(hours.times_of(user.pk)))


def _shown(
    request: HttpRequest, user: User, form: TimesForm, *, code: str = "", code_of: int = 0, status: int = 200
) -> HttpResponse:
    channels = queries.channels_of(user)
    context = {
        "table": queries.preference_table(user),
        "staff_kinds": STAFF_KINDS,
        "address": user.email,
        "phone": user.phone or "",
        "texts": "sms" in channels,
        "times": form,
        "push_key": push.identity(now_of(request)).public if Channel.PUSH in channels else "",
        "browsers": list(PushSubscription.objects.filter(user=user).order_by("pk")),
        "seats": queries.wechat_seats(user),
        "code": code,
        "code_of": code_of,
    }
    return render_page(request, "messaging/preferences.html", context, status=status)


@login_required
@require_POST
def times(request: HttpRequest) -> HttpResponse:
    """Quiet hours and the hour of the digest."""
    user = signed_in(request)
    form = TimesForm(request.POST)
    if form.is_valid():
        try:
            actions.set_times(user=user, **form.values, by=user, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("通知时间已保存。"))
            return redirect("messaging:preferences")
    return _shown(request, user, form, status=422)


@login_required
@require_POST
def wechat_code(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """A fresh code, shown once."""
    user = signed_in(request)
    code = actions.wechat_code(user=user, organisation_id=organisation_id, now=now_of(request))
    response = _shown(request, user, TimesForm.of(hours.times_of(user.pk)), code=code, code_of=organisation_id)
    response["Cache-Control"] = "no-store, private"
    return response


@login_required
@require_POST
def unlink_wechat(request: HttpRequest, organisation_id: int) -> HttpResponse:
    user = signed_in(request)
    link = WechatLink.objects.filter(user=user, organisation_id=organisation_id).first()
    if link is None:
        raise NotVisible(_("没有绑定微信。"))
    actions.unlink_wechat(link=link, by=user, now=now_of(request))
    messages.success(request, _("已解除微信绑定。"))
    return redirect("messaging:preferences")


@login_required
@require_POST
def subscribe_push(request: HttpRequest) -> HttpResponse:
    """The browser of this request is woken from now on."""
    given = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    label = browser_name(request.headers.get("User-Agent", ""))
    actions.subscribe_push(user=signed_in(request), **given, label=label, now=now_of(request))
    messages.success(request, _("这个浏览器以后会收到推送。"))
    return redirect("messaging:preferences")


@login_required
@require_POST
def unsubscribe_push(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    found = PushSubscription.objects.filter(pk=pk, user=user).first()
    if found is None:
        raise NotVisible(_("没有这个浏览器。"))
    actions.unsubscribe_push(subscription=found, by=user, now=now_of(request))
    messages.success(request, _("这个浏览器不再收到推送。"))
    return redirect("messaging:preferences")


def browser_name(agent: str) -> str:
    """Enough to tell one's own browsers apart."""
    names = ("Edg", "Firefox", "HuaweiBrowser", "MiuiBrowser", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
    found = [next((word for word in words if word in agent), "") for words in (names, systems)]
    return " · ".join(filter(None, found)).replace("Edg", "Edge").replace("Macintosh", "macOS")


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The service worker: at the root, for it may only look after what lies below its own address."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
