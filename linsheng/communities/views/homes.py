"""Homes: the list, one home with its people and whatever else stands there, and editing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.communities import actions, panels, queries
from linsheng.communities.forms.lists import HomeFilter
from linsheng.communities.forms.places import HomeForm, home_values
from linsheng.communities.models import Home
from linsheng.communities.permissions import has
from linsheng.communities.views.common import chosen_communities, must, one, page_of
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page


@login_required
@require_safe
def homes(request: HttpRequest) -> HttpResponse:
    """Every home of the chosen communities, with who lives there."""
    must(request, Permission.SEE_ROSTER)
    communities = chosen_communities(request, Permission.SEE_ROSTER)
    form = HomeFilter(request.GET or None, buildings=queries.buildings_of(communities))
    rows = Home.objects.filter(community__in=communities, retired_at=None).select_related("building", "community")
    chosen = form.chosen() if form.is_bound else {}
    if text := chosen.pop("q", ""):
        rows = queries.search_homes(rows, text)
    page = page_of(request, queries.with_people(queries.in_walking_order(rows.filter(**chosen))))
    _note_reading(request, list(page))
    context = {"page": page, "form": form, "several": len(communities) > 1, "edits": _edits(request)}
    return render_page(request, "communities/homes.html", context)


def _edits(request: HttpRequest) -> bool:
    return has(signed_in(request), Permission.EDIT_ROSTER)


def _note_reading(request: HttpRequest, shown: list[Home]) -> None:
    """One entry a page and company."""
    by_company: dict[int, list[Home]] = {}
    for home in shown:
        by_company.setdefault(home.community.organisation_id, []).append(home)
    for organisation_id, some in by_company.items():
        ids = [residency.resident_id for home in some for residency in home.current]  # type: ignore[attr-defined]  # prefetched
        if ids:
            where = {home.community_id for home in some}
            community_id = where.pop() if len(where) == 1 else None
            user, now = signed_in(request), now_of(request)
            record_reading("residents", by=user, now=now, organisation_id=organisation_id, community_id=community_id, ids=ids)


@login_required
@require_safe
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """One home."""
    user, found = signed_in(request), one(queries.homes_visible_to(signed_in(request)), pk=pk)
    residencies = list(queries.residents_of_home(found))
    history = list(queries.history_of_home(found))
    record_reading(
        "home",
        by=user,
        now=now_of(request),
        organisation_id=found.community.organisation_id,
        community_id=found.community_id,
        ids=[residency.resident_id for residency in [*residencies, *history]],
        data={"home": found.pk},
    )
    context = {
        "home": found,
        "residencies": residencies,
        "history": history,
        "panels": panels.panels_for(found, user, now_of(request)),
        "edits": has(user, Permission.EDIT_ROSTER, found.community),
        "logs_calls": has(user, Permission.RECEIVE_CASE, found.community),
    }
    return render_page(request, "communities/home.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_home(request: HttpRequest) -> HttpResponse:
    """A new home in one of the chosen communities' buildings."""
    must(request, Permission.EDIT_ROSTER)
    buildings = queries.buildings_of(chosen_communities(request, Permission.EDIT_ROSTER))
    form = HomeForm(posted(request), buildings=buildings)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_home(
                building=form.cleaned_data["building"], facts=form.facts(), by=signed_in(request), now=now_of(request)
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("房屋已添加。"))
            return redirect("communities:home", made.pk)
    context = {"form": form, "buildings": buildings.exists()}
    return render_page(request, "communities/home_form.html", context, status=422 if form.errors else 200)


def _editable(request: HttpRequest, pk: int) -> Home:
    return one(queries.homes_visible_to(signed_in(request), Permission.EDIT_ROSTER), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit_home(request: HttpRequest, pk: int) -> HttpResponse:
    """Set right what is known of a home."""
    must(request, Permission.EDIT_ROSTER)
    found = _editable(request, pk)
    form = HomeForm(posted(request), buildings=queries.buildings_of([found.community]), initial=home_values(found))
    if request.method == "POST" and form.is_valid():
        try:
            building, facts = form.cleaned_data["building"], form.facts()
            actions.update_home(home=found, building=building, facts=facts, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("房屋资料已保存。"))
            return redirect("communities:home", pk)
    return render_page(
        request, "communities/home_form.html", {"form": form, "home": found, "buildings": True}, status=422 if form.errors else 200
    )


@login_required
@require_POST
def retire_home(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a home out of use."""
    must(request, Permission.EDIT_ROSTER)
    actions.retire_home(home=_editable(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("房屋已停用，不再出现在列表中。"))
    return redirect("communities:home", pk)


@login_required
@require_POST
def restore_home(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it back."""
    must(request, Permission.EDIT_ROSTER)
    actions.restore_home(home=_editable(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("房屋已恢复使用。"))
    return redirect("communities:home", pk)
