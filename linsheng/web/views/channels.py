"""发送渠道: what a company sends through, each set up, tried and switched on here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.phones import mobile_number
from linsheng.core.errors import DomainError, Invalid, NotVisible
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.messaging import actions
from linsheng.messaging.adapters.registry import provider_of
from linsheng.messaging.models import Channel, ChannelSetting, PushSubscription
from linsheng.web import channels
from linsheng.web.forms import ChannelForm


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is set up, what can be added."""
    user = signed_in(request)
    rows = channels.rows(user)
    return render_page(request, "web/channels.html", {"rows": rows, "addable": channels.addable(rows), "user": user})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, provider: str) -> HttpResponse:
    """One more channel, through a provider."""
    user = signed_in(request)
    company = channels.company_of(user)
    found = provider_of(provider)
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    setting = ChannelSetting(organisation_id=company.pk, channel=found.channel, provider=provider)
    return _edit(request, setting)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, channels.visible_setting(signed_in(request), pk))


def _edit(request: HttpRequest, setting: ChannelSetting) -> HttpResponse:
    user, provider = signed_in(request), provider_of(setting.provider)
    if provider is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    places = channels.places_of(setting.organisation_id)
    form = ChannelForm(posted(request), provider=provider, setting=setting, communities=places)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_channel(setting=setting, **form.values, by=user, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已保存。") if saved.on else _("已保存，还没有启用。请发一条测试消息，收到后再启用。"))
            return redirect("web:channel", saved.pk)
    stored = ChannelSetting.objects.filter(pk=setting.pk).first() if setting.pk else None
    context = {
        "form": form,
        "setting": stored,
        "provider": provider,
        "callback_url": channels.callback_url(stored) if stored else "",
        "needs_address": provider.channel in channels.NEEDS_ADDRESS,
        "own_phone": user.phone or "",
    }
    return render_page(request, "web/channel.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message now, and say what the provider said."""
    user = signed_in(request)
    setting = channels.visible_setting(user, pk)
    to = request.POST.get("to", "").strip()
    if setting.channel == Channel.SMS:
        to = mobile_number(to)
    elif setting.channel == Channel.PUSH:
        to = _own_browser(user)
    elif setting.channel in channels.NEEDS_ADDRESS and not to:
        raise Invalid(_("请填写收件人。"))
    error = actions.test_channel(setting=setting, to=to[:254], by=user, now=now_of(request))
    _say(request, error)
    return redirect("web:channel", pk)


def _own_browser(user: User) -> str:
    """The browser that was opened last; a test goes to oneself."""
    found = PushSubscription.objects.filter(user=user).order_by("-created_at").first()
    if found is None:
        raise Invalid(_("请先启用，并在“通知设置”里为这个浏览器打开推送，再来测试。"))
    return f"push-{found.pk}"


def _say(request: HttpRequest, error: str) -> None:
    if error:
        messages.error(request, _("没有发出去：%(error)s") % {"error": error})
    else:
        messages.success(request, _("服务商已收下测试消息，请看是否收到。"))


@login_required
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    company = channels.company_of(user)
    to = request.POST.get("to", "").strip()
    try:
        validate_email(to)
    except ValidationError as error:
        raise Invalid(_("请填写正确的邮箱地址。")) from error
    _say(request, actions.test_mail(organisation_id=company.pk, to=to, by=user, now=now_of(request)))
    return redirect("web:channels")


@login_required
@require_POST
def test_inbox(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    actions.test_inbox(organisation_id=channels.company_of(user).pk, by=user, now=now_of(request))
    messages.success(request, _("已放进您的站内通知。"))
    return redirect("messaging:inbox")


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    actions.remove_channel(setting=channels.visible_setting(user, pk), by=user, now=now_of(request))
    messages.success(request, _("渠道已删除。"))
    return redirect("web:channels")
