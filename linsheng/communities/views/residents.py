"""Residents: the list, the download, and where they live."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.communities import actions, queries
from linsheng.communities.forms.lists import ResidentFilter
from linsheng.communities.forms.people import MoveInForm, MoveOutForm, PersonForm, ResidencyForm
from linsheng.communities.models import Residency, Resident
from linsheng.communities.permissions import has, scope
from linsheng.communities.roster import template
from linsheng.communities.views.common import chosen_communities, must, one, page_of
from linsheng.core import tabular
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page


def _filtered(rows: QuerySet[Residency], form: ResidentFilter) -> QuerySet[Residency]:
    """Present residencies, one line for each person and home."""
    chosen = form.chosen() if form.is_bound else {}
    if text := chosen.get("q"):
        rows = queries.search_residencies(rows, text)
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if account := chosen.get("account"):
        rows = rows.filter(resident__user__isnull=account == "no")
    return rows


def _rows(request: HttpRequest, *also: Permission) -> tuple[QuerySet[Residency], ResidentFilter]:
    """What the address asks for, in communities where the person may see the roster and ``also`` everything else needed."""
    form = ResidentFilter(request.GET or None)
    communities = chosen_communities(request, Permission.SEE_ROSTER)
    for permission in also:
        communities = communities.filter(scope(signed_in(request), permission).q(""))
    return _filtered(queries.present_residencies(communities), form), form


@login_required
@require_safe
def residents(request: HttpRequest) -> HttpResponse:
    """Who lives in the chosen communities."""
    must(request, Permission.SEE_ROSTER)
    rows, form = _rows(request)
    page = page_of(request, rows)
    read = [(row.home.community.organisation_id, row.home.community_id, row.resident_id) for row in page]
    _note(request, read, exported=False)
    user = signed_in(request)
    exports = has(user, Permission.EXPORT) and has(user, Permission.SEE_PERSONAL_DATA)
    return render_page(request, "communities/residents.html", {"page": page, "form": form, "exports": exports})


def _note(request: HttpRequest, read: Iterable[tuple[int, int, int]], *, exported: bool) -> None:
    """One entry a company, from (company, community, resident)."""
    by_company: dict[int, list[tuple[int, int]]] = {}
    for organisation_id, community_id, resident_id in read:
        by_company.setdefault(organisation_id, []).append((community_id, resident_id))
    for organisation_id, some in by_company.items():
        where = {community_id for community_id, _resident_id in some}
        record_reading(
            "residents",
            by=signed_in(request),
            now=now_of(request),
            organisation_id=organisation_id,
            community_id=where.pop() if len(where) == 1 else None,
            ids=[resident_id for _community_id, resident_id in some],
            exported=exported,
        )


@login_required
@require_safe
def export_residents(request: HttpRequest) -> HttpResponseBase:
    """The list as a file with the roster's own headings: it can be set right and imported again."""
    for permission in (Permission.SEE_ROSTER, Permission.SEE_PERSONAL_DATA, Permission.EXPORT):
        must(request, permission)
    rows, _form = _rows(request, Permission.SEE_PERSONAL_DATA, Permission.EXPORT)
    read = rows.values_list("home__community__organisation_id", "home__community_id", "resident_id")
    _note(request, read.iterator(), exported=True)
    form = tabular.requested_format(request.GET.get("format", ""))
    name = _("居民名册-%(day)s") % {"day": tabular.today_in_name(now_of(request))}
    return tabular.table_response(name, form, template.header(), _lines(rows))


def _lines(rows: QuerySet[Residency]) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=1000):
        home, person = row.home, row.resident
        place = [home.building.name, home.number, home.floor, home.area, home.get_tenure_display()]
        yield [*place, person.name, person.phone, person.email, row.get_kind_display(), row.since]


def _resident(request: HttpRequest, pk: int) -> Resident:
    must(request, Permission.EDIT_ROSTER)
    return one(queries.residents_visible_to(signed_in(request), Permission.EDIT_ROSTER), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit_resident(request: HttpRequest, pk: int) -> HttpResponse:
    """Set right name, number and mail address."""
    user, resident = signed_in(request), _resident(request, pk)
    form = PersonForm(posted(request), initial={name: getattr(resident, name) for name in PersonForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_resident(resident=resident, facts=form.facts(), by=user, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("住户资料已保存。"))
            return redirect("communities:resident", pk)
    here = one(queries.with_homes(Resident.objects.all(), scope(user, Permission.EDIT_ROSTER)), pk=pk)
    if request.method == "GET":
        organisation_id = resident.organisation_id
        record_reading("resident", by=user, now=now_of(request), organisation_id=organisation_id, ids=[resident.pk])
    context = {"form": form, "resident": resident, "residencies": here.current}  # type: ignore[attr-defined]  # prefetched
    return render_page(request, "communities/resident.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def move_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Register somebody in a home."""
    must(request, Permission.EDIT_ROSTER)
    home = one(queries.homes_visible_to(signed_in(request), Permission.EDIT_ROSTER), pk=pk)
    form = MoveInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        kind, since = form.cleaned_data["kind"], form.cleaned_data["since"]
        try:
            actions.move_in(home=home, facts=form.facts(), kind=kind, since=since, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("住户已登记。"))
            return redirect("communities:home", pk)
    return render_page(request, "communities/move_in.html", {"form": form, "home": home}, status=422 if form.errors else 200)


def _residency(request: HttpRequest, pk: int) -> Residency:
    must(request, Permission.EDIT_ROSTER)
    return one(queries.residencies_visible_to(signed_in(request), Permission.EDIT_ROSTER), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit_residency(request: HttpRequest, pk: int) -> HttpResponse:
    """Set right in what capacity, and since when."""
    residency = _residency(request, pk)
    form = ResidencyForm(posted(request), initial={"kind": residency.kind, "since": residency.since})
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_residency(residency=residency, **form.cleaned_data, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("communities:home", residency.home_id)
    context = {"form": form, "residency": residency}
    return render_page(request, "communities/residency.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def move_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End a residency."""
    residency = _residency(request, pk)
    form = MoveOutForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_out(residency=residency, until=form.cleaned_data["until"], by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已办理迁出，历史记录保留在房屋页面。"))
            return redirect("communities:home", residency.home_id)
    context = {"form": form, "residency": residency}
    return render_page(request, "communities/move_out.html", context, status=422 if form.errors else 200)
