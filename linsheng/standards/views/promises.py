"""The promises of the edition in force, by grade; changing one item's promises publishes the next edition."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linsheng.accounts.people import signed_in
from linsheng.communities.models import Grade, Organisation
from linsheng.core.http import now_of, render_page
from linsheng.core.tabular import requested_format, table_response, today_in_name
from linsheng.standards import actions, queries
from linsheng.standards.forms import PromiseForm
from linsheng.standards.models import Promise, ServiceItem, StandardVersion, Urgency
from linsheng.standards.views.common import absent, company_of, editing, may_edit


@dataclass(frozen=True)
class ItemPromises:
    """One item's promises at one grade, in the order of urgency; ``None`` where nothing is promised."""

    item: ServiceItem
    promises: list[Promise | None]


def _grade(request: HttpRequest) -> str:
    wanted = request.GET.get("grade", "")
    return wanted if wanted in Grade.values else Grade.STANDARD.value


def _table(organisation: Organisation, version: StandardVersion | None, grade: str) -> list[ItemPromises]:
    rows = Promise.objects.filter(version=version, grade=grade).select_related("calendar")
    known = {(p.item_id, p.urgency): p for p in rows}
    return [
        ItemPromises(item, [known.get((item.pk, urgency)) for urgency in Urgency.values]) for item in queries.items_of(organisation)
    ]


@login_required
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """How soon we respond and resolve, by item and urgency."""
    organisation, grade = company_of(request), _grade(request)
    version = queries.version_in_force(organisation, now_of(request))
    context = {
        "rows": _table(organisation, version, grade),
        "version": version,
        "versions": StandardVersion.objects.filter(organisation=organisation).select_related("made_by")[:10],
        "grade": grade,
        "grades": Grade.choices,
        "urgencies": Urgency.choices,
        "editable": may_edit(signed_in(request), organisation),
    }
    return render_page(request, "standards/promises.html", context)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """All promises of the edition in force."""
    version = queries.version_in_force(company_of(request), now_of(request))
    header = [_("代码"), _("服务项目"), _("物业类型"), _("紧急程度"), _("响应时限（分钟）"), _("解决时限（分钟）"), _("计时日历")]
    rows = (
        Promise.objects.filter(version=version)
        .select_related("item__dimension", "calendar")
        .order_by("item__dimension__order", "item__order", "grade", "id")
    )
    lines = (
        [
            p.item.code,
            p.item.name,
            p.get_grade_display(),
            p.get_urgency_display(),
            p.response_minutes,
            p.resolution_minutes,
            str(p.calendar),
        ]
        for p in rows
    )
    return table_response(
        f"{_('服务承诺')}-{today_in_name(now_of(request))}", requested_format(request.GET.get("format", "")), header, lines
    )


@dataclass(frozen=True)
class Cell:
    """One promise's form with what it is for."""

    grade: str
    grade_label: str
    urgency: str
    urgency_label: str
    form: PromiseForm


def _cells(request: HttpRequest, item: ServiceItem, version: StandardVersion | None) -> list[Cell]:
    known = {(p.grade, p.urgency): p for p in Promise.objects.filter(version=version, item=item)}
    calendars = queries.calendars_of(item.organisation_id)
    cells = []
    for grade, grade_label in Grade.choices:
        for urgency, urgency_label in Urgency.choices:
            old = known.get((grade, urgency))
            initial = (
                {
                    "response_minutes": old.response_minutes,
                    "resolution_minutes": old.resolution_minutes,
                    "calendar": old.calendar_id,
                }
                if old
                else {}
            )
            form = PromiseForm(request.POST or None, prefix=f"{grade}-{urgency}", calendars=calendars, initial=initial)
            cells.append(Cell(grade, str(grade_label), urgency, str(urgency_label), form))
    return cells


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One item's nine promises; saving publishes a new edition for cases that come in from now on."""
    organisation = editing(request)
    item = queries.items_of(organisation).filter(pk=pk).first()
    if item is None:
        raise absent(_("没有这个服务项目，或已停用。"))
    version = queries.version_in_force(organisation, now_of(request))
    cells = _cells(request, item, version)
    valid = request.method == "POST" and all([cell.form.is_valid() for cell in cells])  # noqa: C419  # every form shows its errors
    if valid:
        changes = [
            actions.PromiseChange(item=item, grade=cell.grade, urgency=cell.urgency, **cell.form.cleaned_data) for cell in cells
        ]
        new = actions.publish_promises(
            organisation=organisation, changes=changes, note=str(item), by=signed_in(request), now=now_of(request)
        )
        messages.success(request, _("已发布第 %(n)s 版。今后收到的反映按新承诺计时，之前的不变。") % {"n": new.number})
        return redirect("standards:promises")
    status = 422 if request.method == "POST" else 200
    return render_page(request, "standards/promise_form.html", {"item": item, "cells": cells, "version": version}, status=status)
