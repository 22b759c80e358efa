"""Webhook: which systems of the company hear of what happens; each tried, with its log."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.core.errors import DomainError, NotVisible
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.core.pagination import cursor_page
from linsheng.jobs.models import LeaseState
from linsheng.messaging import actions
from linsheng.messaging.models import Webhook
from linsheng.messaging.models.hooks import CHOSEN
from linsheng.messaging.showing import TONES
from linsheng.web import channels

PAGE_SIZE = 30
NEWEST_FIRST = ("-created_at", "-id")


class WebhookForm(forms.Form):
    """A webhook; a stored secret is never shown, and stays when nothing is typed."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    url = forms.CharField(
        label=gettext_lazy("网址"),
        max_length=500,
        help_text=gettext_lazy("https:// 开头。内网地址要由运维写进 OUTGOING_PRIVATE_HOSTS。"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=gettext_lazy("签名密钥"),
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("哪些事件"),
        choices=[(event.value, event.label) for event in CHOSEN],
        widget=forms.CheckboxSelectMultiple,
    )
    on = forms.BooleanField(label=gettext_lazy("启用"), required=False)

    @classmethod
    def of(cls, request: HttpRequest, webhook: Webhook) -> "WebhookForm":
        said = {"name": webhook.name, "url": webhook.url, "events": webhook.events, "on": webhook.on}
        form = cls(posted(request), initial=said)
        stored = gettext_lazy("已保存，不会显示；不改就留空。")
        form.fields["secret"].help_text = stored if webhook.secret else gettext_lazy("至少 16 个字符；对方用它核对签名。")
        return form


def _visible(user: User, pk: int) -> Webhook:
    found = Webhook.objects.filter(pk=pk, organisation_id__in=channels.companies_of(user)).first()
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is set up."""
    rows = Webhook.objects.filter(organisation_id__in=channels.companies_of(signed_in(request)))
    return render_page(request, "web/webhooks.html", {"rows": list(rows)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    return _edit(request, Webhook(organisation_id=channels.company_of(user).pk))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _visible(signed_in(request), pk))


def _edit(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    form = WebhookForm.of(request, webhook)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_webhook(webhook=webhook, **form.cleaned_data, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("web:webhook", saved.pk)
    stored = Webhook.objects.filter(pk=webhook.pk).first() if webhook.pk else None
    context: dict[str, Any] = {"form": form, "webhook": stored}
    if stored is not None:
        page = cursor_page(stored.deliveries.all(), order=NEWEST_FIRST, cursor=request.GET.get("cursor"), size=PAGE_SIZE)
        context |= {"page": page, "rows": [(row, TONES[LeaseState(row.state)]) for row in page.items]}
    return render_page(request, "web/webhook.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a ping now, and say what came back."""
    user = signed_in(request)
    row = actions.test_webhook(webhook=_visible(user, pk), by=user, now=now_of(request))
    if row.error:
        messages.error(request, _("没有发出去：%(error)s") % {"error": row.error})
    else:
        messages.success(request, _("对方已收下测试事件（HTTP %(status)s）。") % {"status": row.status})
    return redirect("web:webhook", pk)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    actions.remove_webhook(webhook=_visible(user, pk), by=user, now=now_of(request))
    messages.success(request, _("Webhook 已删除。"))
    return redirect("web:webhooks")


@login_required
@require_POST
def again(request: HttpRequest, pk: int, delivery_id: int) -> HttpResponse:
    """Send one event once more."""
    user = signed_in(request)
    row = _visible(user, pk).deliveries.select_related("webhook").filter(pk=delivery_id).first()
    if row is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    actions.tell_again(delivery=row, by=user, now=now_of(request))
    messages.success(request, _("已重新排队发送。"))
    return redirect("web:webhook", pk)
