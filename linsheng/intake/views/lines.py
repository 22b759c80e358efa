"""Settings: telephone exchanges, their secrets, and which line belongs to which community."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community, Organisation
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import DomainError, Forbidden, NotVisible
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.intake.actions import lines as actions
from linsheng.intake.forms.calls import ExchangeForm, LineForm
from linsheng.intake.models import Exchange, Line
from linsheng.intake.signing import secret_of
from linsheng.intake.views.common import staff_page

EDIT = Permission.EDIT_SETTINGS


def _companies(request: HttpRequest) -> frozenset[int]:
    """The companies whose settings are this person's; nobody else comes here."""
    found = organisations_with(signed_in(request), EDIT)
    if not found:
        raise Forbidden(_("电话系统由公司的管理员设置。"))
    return found


def _exchange(request: HttpRequest, pk: int) -> Exchange:
    found = Exchange.objects.filter(organisation__in=_companies(request), pk=pk, retired_at=None).first()
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


@staff_page(EDIT)
@require_http_methods(["GET", "POST"])
def exchanges(request: HttpRequest) -> HttpResponse:
    """All exchanges, and one more."""
    companies = _companies(request)
    form = ExchangeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        company = Organisation.objects.get(pk=min(companies))
        made = actions.create_exchange(
            organisation=company, name=form.cleaned_data["name"], by=signed_in(request), now=now_of(request)
        )
        messages.success(request, _("已建好，请登记线路并照说明设置电话系统。"))
        return redirect("intake:exchange", pk=made.pk)
    rows = Exchange.objects.filter(organisation__in=companies, retired_at=None).prefetch_related("lines__community")
    context = {"form": form, "rows": rows}
    return render_page(request, "intake/calls/exchanges.html", context, status=422 if form.errors else 200)


@staff_page(EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """One exchange: its lines, its secret, and the exact command to try it."""
    found = _exchange(request, pk)
    places = Community.objects.filter(organisation=found.organisation_id, retired_at=None).order_by("code")
    form = LineForm(posted(request), communities=places)
    if request.method == "POST" and form.is_valid():
        try:
            line = actions.add_line(exchange=found, **form.cleaned_data, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("线路 %(line)s 已对应到%(place)s。") % {"line": line.number, "place": line.community})
            return redirect("intake:exchange", pk=pk)
    lines = found.lines.filter(retired_at=None).select_related("community")
    context = {"exchange": found, "lines": lines, "form": form, "secret": secret_of(found), "command": _command(request, found)}
    return render_page(request, "intake/calls/exchange.html", context, status=422 if form.errors else 200)


def _command(request: HttpRequest, exchange: Exchange) -> str:
    """What to paste into a shell: a test call on the first line."""
    line = exchange.lines.filter(retired_at=None).order_by("pk").first()
    # A number that nobody has.
    body = {"number": "10000000001", "line": line.number if line else "8001", "call_id": "test-CALLID"}
    text = json.dumps(body).replace("CALLID", "'$T'")
    return "\n".join(
        [
            f"SECRET={secret_of(exchange)}",
            "T=$(date +%s)",
            f"BODY='{text}'",
            'SIG=$(printf "%s.%s" "$T" "$BODY" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d" " -f1)',
            f"curl -sS {request.build_absolute_uri('/api/v1/calls')} -H 'Content-Type: application/json' \\",
            f"  -H 'X-Linsheng-Exchange: {exchange.key}' -H \"X-Linsheng-Timestamp: $T\" \\",
            '  -H "X-Linsheng-Signature: sha256=$SIG" --data "$BODY"',
        ]
    )


@staff_page(EDIT)
@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret."""
    actions.rotate_secret(exchange=_exchange(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("密钥已更换，旧密钥还能用 24 小时。"))
    return redirect("intake:exchange", pk=pk)


@staff_page(EDIT)
@require_POST
def retire_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line out of use."""
    line = Line.objects.filter(exchange__organisation__in=_companies(request), pk=pk).select_related("exchange").first()
    if line is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    actions.retire_line(line=line, by=signed_in(request), now=now_of(request))
    messages.success(request, _("线路 %(line)s 已停用。") % {"line": line.number})
    return redirect("intake:exchange", pk=line.exchange_id)


@staff_page(EDIT)
@require_POST
def retire_exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an exchange out of use."""
    found = actions.retire_exchange(exchange=_exchange(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("电话系统“%(name)s”已停用。") % {"name": found.name})
    return redirect("intake:exchanges")
