"""后台任务: jobs, deliveries and schedules, for whoever looks after the settings."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.audit.actions import record_reading
from linsheng.core.errors import Forbidden
from linsheng.core.http import now_of, render_page
from linsheng.core.pagination import cursor_page
from linsheng.core.tabular import requested_format, table_response, today_in_name
from linsheng.jobs.models import LeaseState
from linsheng.web import operations
from linsheng.web.deliveries import HEADER, DeliveryFilter, filtered, name, table

PAGE_SIZE = 50
STATES = [("", gettext_lazy("全部状态")), *LeaseState.choices]
NEWEST_FIRST = ("-created_at", "-id")


class StateFilter(forms.Form):
    """Jobs or deliveries in one state."""

    show = forms.CharField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部状态")), *LeaseState.choices]
    )


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Three tabs; a state to filter by."""
    user = signed_in(request)
    jobs, deliveries = operations.visible_jobs(user), operations.visible_deliveries(user)
    form = StateFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    show = request.GET.get("show", "")
    context: dict[str, Any] = {
        "form": form,
        "state": state,
        "failed_jobs": jobs.filter(state=LeaseState.FAILED).count(),
        "failed_deliveries": deliveries.filter(state=LeaseState.FAILED).count(),
    }
    if show == "deliveries":
        wanted = DeliveryFilter(request.GET)
        chosen = wanted.chosen
        context |= _listed(request, filtered(deliveries, chosen), "") | {"show": show, "form": wanted, "filtered": bool(chosen)}
        context["rows"] = operations.delivery_rows(context["page"].items)
        context["query"] = _query(request)
    elif show == "schedules":
        context |= {"show": show, "rows": operations.schedule_rows()}
    else:
        context |= _listed(request, jobs, state) | {"show": "jobs"}
        context["rows"] = operations.job_rows(context["page"].items)
    return render_page(request, "web/operations.html", context)


def _query(request: HttpRequest) -> str:
    """The filter as a part of an address, without the place in the list."""
    parameters = request.GET.copy()
    for other in ("cursor", "show", "format"):
        parameters.pop(other, None)
    return parameters.urlencode()


@login_required
@require_safe
def export_deliveries(request: HttpRequest) -> HttpResponseBase:
    """Exactly the filtered list; who took it away stands in the audit trail first."""
    user, now = signed_in(request), now_of(request)
    chosen = DeliveryFilter(request.GET).chosen
    rows, form = filtered(operations.visible_deliveries(user), chosen), requested_format(request.GET.get("format", ""))
    companies = operations.companies_of(user)
    if not companies:
        raise Forbidden(_("发送记录由公司的管理员查看。"))
    # What was searched for may itself be somebody's number.
    said = {key: str(value) for key, value in chosen.items() if key != "q"}
    data = {"count": rows.count(), "format": form, "filter": said}
    record_reading("deliveries", by=user, now=now, organisation_id=min(companies), exported=True, data=data)
    return table_response(f"{name()}-{today_in_name(now)}", form, [str(title) for title in HEADER], table(rows))


def _listed(request: HttpRequest, rows: QuerySet[Any], state: str) -> dict[str, Any]:
    rows = rows.filter(state=state) if state else rows
    return {"page": cursor_page(rows, order=NEWEST_FIRST, cursor=request.GET.get("cursor"), size=PAGE_SIZE)}


@login_required
@require_POST
def retry_job(request: HttpRequest, job_id: int) -> HttpResponse:
    operations.retry_job(job_id=job_id, by=signed_in(request), now=now_of(request))
    messages.success(request, _("任务已重新排队。"))
    return redirect("web:operations")


@login_required
@require_POST
def retry_delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    operations.retry_delivery(delivery_id=delivery_id, by=signed_in(request), now=now_of(request))
    messages.success(request, _("已重新排队发送。"))
    return redirect(f"{reverse('web:operations')}?show=deliveries")
