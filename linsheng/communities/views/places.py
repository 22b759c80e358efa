"""Communities and their buildings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities import actions, queries
from linsheng.communities.forms.places import BuildingForm, CommunityForm, NewCommunityForm
from linsheng.communities.models import Building, Community
from linsheng.communities.permissions import organisations_with, require, scope
from linsheng.communities.views.common import must, one
from linsheng.core.errors import DomainError, Forbidden
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page


@login_required
@require_safe
def communities(request: HttpRequest) -> HttpResponse:
    """The communities with their buildings; those who may, edit them."""
    must(request, Permission.EDIT_ROSTER if not _leads(request) else Permission.EDIT_STANDARDS)
    user = signed_in(request)
    seen = scope(user, Permission.EDIT_ROSTER).q("") | Q(organisation__in=organisations_with(user, Permission.EDIT_STANDARDS))
    buildings = Building.objects.annotate(homes_now=Count("homes", filter=Q(homes__retired_at=None)))
    rows = Community.objects.filter(seen).select_related("organisation").prefetch_related(Prefetch("buildings", buildings))
    context = {
        "communities": rows.order_by("retired_at", "organisation_id", "code"),
        "led": organisations_with(user, Permission.EDIT_STANDARDS),
        "edited": {community.pk for community in queries.communities_with(user, Permission.EDIT_ROSTER)},
    }
    return render_page(request, "communities/communities.html", context)


def _leads(request: HttpRequest) -> bool:
    """Whether the person decides about whole communities (administrator, director)."""
    return bool(organisations_with(signed_in(request), Permission.EDIT_STANDARDS))


def _must_lead(request: HttpRequest) -> None:
    if not _leads(request):
        raise Forbidden(_("只有公司管理员和品质负责人可以新增或修改小区。"))


def _led_community(request: HttpRequest, code: str) -> Community:
    _must_lead(request)
    led = organisations_with(signed_in(request), Permission.EDIT_STANDARDS)
    return one(Community.objects.filter(organisation__in=led), code=code)


@login_required
@require_http_methods(["GET", "POST"])
def new_community(request: HttpRequest) -> HttpResponse:
    """A new community of one's company."""
    _must_lead(request)
    user = signed_in(request)
    form = NewCommunityForm(posted(request), organisations=queries.organisations_administered_by(user, Permission.EDIT_STANDARDS))
    if request.method == "POST" and form.is_valid():
        organisation, code = form.cleaned_data["organisation"], form.cleaned_data["code"]
        try:
            actions.create_community(organisation=organisation, code=code, facts=form.facts(), by=user, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("小区已添加。接下来可以导入名册。"))
            return redirect("communities:communities")
    return render_page(request, "communities/community_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_community(request: HttpRequest, code: str) -> HttpResponse:
    """Name, grade, address, front desk."""
    community = _led_community(request, code)
    form = CommunityForm(request.POST) if request.method == "POST" else CommunityForm.of(community)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_community(community=community, facts=form.facts(), by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("小区资料已保存。"))
            return redirect("communities:communities")
    context = {"form": form, "community": community}
    return render_page(request, "communities/community_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def retire_community(request: HttpRequest, code: str) -> HttpResponse:
    """Take a community out of use."""
    actions.retire_community(community=_led_community(request, code), by=signed_in(request), now=now_of(request))
    messages.success(request, _("小区已停用，资料仍然保留。"))
    return redirect("communities:communities")


@login_required
@require_POST
def restore_community(request: HttpRequest, code: str) -> HttpResponse:
    """Bring it back."""
    actions.restore_community(community=_led_community(request, code), by=signed_in(request), now=now_of(request))
    messages.success(request, _("小区已恢复使用。"))
    return redirect("communities:communities")


@login_required
@require_http_methods(["GET", "POST"])
def new_building(request: HttpRequest, code: str) -> HttpResponse:
    """A new building."""
    must(request, Permission.EDIT_ROSTER)
    user = signed_in(request)
    community = one(queries.communities_with(user, Permission.EDIT_ROSTER), code=code)
    form = BuildingForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_building(community=community, **form.cleaned_data, by=user, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("楼栋已添加。"))
            return redirect("communities:communities")
    context = {"form": form, "community": community}
    return render_page(request, "communities/building_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_building(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename it, move it, print its letters."""
    must(request, Permission.EDIT_ROSTER)
    user = signed_in(request)
    building = one(queries.buildings_visible_to(user, Permission.EDIT_ROSTER), pk=pk)
    require(user, Permission.EDIT_ROSTER, building.community)
    form = BuildingForm(posted(request), initial={"name": building.name, "order": building.order})
    if request.method == "POST" and form.is_valid():
        order = form.cleaned_data["order"]
        place = building.order if order is None else order
        try:
            actions.update_building(building=building, name=form.cleaned_data["name"], order=place, by=user, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("楼栋已保存。"))
            return redirect("communities:communities")
    context = {"form": form, "building": building, "community": building.community}
    return render_page(request, "communities/building_form.html", context, status=422 if form.errors else 200)
