"""``/figures/monthly/``: everything about one month, on the page and as a file."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has
from linsheng.core.errors import Conflict
from linsheng.core.http import now_of, render_page
from linsheng.core.tabular import CONTENT_TYPES, file_response, requested_format
from linsheng.feedback import figures
from linsheng.feedback.figures import words
from linsheng.reports import actions, charts, tables
from linsheng.reports.definitions import definitions
from linsheng.reports.exports.csv import csv_chunks
from linsheng.reports.exports.workbook import workbook
from linsheng.reports.places import Place
from linsheng.reports.presenting import presented
from linsheng.reports.queries.monthly import Found, figures_for
from linsheng.reports.views.common import choices, figures_page


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    places: list[Place]
    place: Place
    month: figures.Month
    by: figures.By | None

    def address(self, name: str = "reports:monthly", *, month: figures.Month | None = None, **changes: str) -> str:
        """The same with changes."""
        values = {"community": self.place.value, "month": str(month or self.month), "by": self.by or "", **changes}
        return f"{reverse(name)}?{urlencode({key: value for key, value in values.items() if value})}"


def asked_for(request: HttpRequest) -> Asked:
    """Place, month (this one) and breakdown of the address; raises ``Invalid`` and ``NotVisible``."""
    places, place = choices(request)
    text = request.GET.get("month", "").strip()
    month = figures.month_of(text) if text else figures.Month.of(now_of(request))
    by = request.GET.get("by", "")
    known = by in set(figures.By) and (by != figures.By.COMMUNITY or not place.single)
    return Asked(places, place, month, figures.By(by) if known else None)


def tabs(asked: Asked) -> list[tuple[str | Promise, str, bool]]:
    """The breakdowns as tabs; communities only where there are several."""
    found: list[tuple[str | Promise, str, bool]] = [(_("总览"), asked.address(by=""), asked.by is None)]
    for by, label in tables.BREAKDOWNS.items():
        if by != figures.By.COMMUNITY or not asked.place.single:
            found.append((label, asked.address(by=by), asked.by == by))
    return found


@figures_page()
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The month's figures; those of very many cases only once they were computed."""
    asked, now = asked_for(request), now_of(request)
    found = figures_for(asked.place, asked.month, asked.by, now)
    this_month = figures.Month.of(now)
    context = {
        "asked": asked,
        "tabs": tabs(asked),
        "earlier_url": asked.address(month=asked.month.shifted(-1)),
        "later_url": asked.address(month=asked.month.shifted(1)) if asked.month < this_month else "",
        "latest": str(this_month),
        "request_url": asked.address("reports:request"),
        "found": found,
        "may_export": has(signed_in(request), Permission.EXPORT),
        "export_urls": {form: asked.address("reports:export", format=form) for form in CONTENT_TYPES},
        "may_read": all(has(signed_in(request), Permission.SEE_PERSONAL_DATA, place) for place in asked.place.communities),
    }
    if found.figures is not None:
        context |= _shown(asked, found.figures, request.GET.get("sort", tables.USUAL))
    return render_page(request, "reports/monthly.html", context)


def _shown(asked: Asked, month: figures.MonthlyFigures, sort: str) -> dict[str, object]:
    return {
        "figures": month,
        "shown": presented(month),
        "weak_words": words.weak_words(month.weak),
        "definitions": list(definitions()),
        "charts": [charts.control_chart(trend) for trend in month.trends],
        "distribution": charts.distribution_chart(month.total.ratings, month.month),
        "columns": tables.COLUMNS,
        "rows": tables.rows(month.groups, sort),
        "head": tables.HEADS[asked.by] if asked.by else "",
        "guarded": asked.by is not None and asked.by != figures.By.COMMUNITY,
    }


@figures_page()
@require_POST
def request_figures(request: HttpRequest) -> HttpResponse:
    """Have the figures computed by the worker, and show how far it is."""
    asked = asked_for(request)
    job = actions.request_figures(
        place=asked.place, month=asked.month, by=asked.by, back=asked.address(), user=signed_in(request), now=now_of(request)
    )
    return HttpResponseRedirect(reverse("jobs:progress", args=[job.pk]))


@figures_page(Permission.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The same figures as a workbook with charts, or as one long table."""
    asked, now = asked_for(request), now_of(request)
    found = figures_for(asked.place, asked.month, asked.by, now)
    if found.figures is None:
        raise Conflict(_("这份报表还没有算好，请先在报表页开始计算。"))
    form = requested_format(request.GET.get("format", ""))
    name = f"{_('月度报表')}-{asked.place.value.replace(':', '-')}-{asked.month}.{form}"
    return file_response(name, CONTENT_TYPES[form], _content(form, asked, found, now))


def _content(form: str, asked: Asked, found: Found, now: datetime) -> list[bytes]:
    month = found.figures
    if month is None:
        return []
    if form == "csv":
        return list(csv_chunks(month))
    return [workbook(month, place=asked.place.label, computed_at=found.computed_at)]
