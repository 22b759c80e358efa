"""Codes of places: the list, making them, printing their labels."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.queries import buildings_of, communities_with
from linsheng.core.errors import DomainError, Invalid, NotVisible
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.core.tabular import file_response, requested_format, table_response, today_in_name
from linsheng.intake import labels as paper
from linsheng.intake.actions import places as actions
from linsheng.intake.forms.places import AllPlacesForm, NewPlaceForm, PlaceFilterForm
from linsheng.intake.models import Place
from linsheng.intake.queries.places import filtered_places, places_of, with_counts
from linsheng.intake.views.common import staff_page

PAGE_SIZE = 50
EDIT = Permission.EDIT_ROSTER


def _communities(request: HttpRequest) -> list[Community]:
    """Those whose codes the person looks after; the one chosen in the top bar first."""
    chosen = request.session.get("community", "")
    return sorted(communities_with(signed_in(request), EDIT), key=lambda place: (place.code != chosen, place.code))


def _filter(request: HttpRequest, communities: list[Community]) -> PlaceFilterForm:
    data = request.GET.copy()
    chosen = request.session.get("community", "")
    if "community" not in data and chosen in {place.code for place in communities}:
        data["community"] = chosen
    return PlaceFilterForm(data, communities=communities)


@staff_page(EDIT)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All codes, narrowed."""
    communities = _communities(request)
    form = _filter(request, communities)
    wanted = form.wanted()
    rows = with_counts(filtered_places(signed_in(request), wanted), now_of(request))
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": shown,
        "rows": [(place, paper.address_in_words(place)) for place in shown],
        "narrowed": bool(wanted.q or wanted.state),
        "retired": wanted.state == "retired",
        "query": urlencode({name: value for name, value in vars(wanted).items() if value}),
        "several": len(communities) > 1,
    }
    return render_page(request, "intake/places/list.html", context)


def _place(request: HttpRequest, pk: int) -> Place:
    found = places_of(signed_in(request)).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


def _form_page(request: HttpRequest, form: Any, title: str, intro: str, button: str) -> HttpResponse:
    context = {"form": form, "title": title, "intro": intro, "button": button}
    return render_page(request, "intake/places/form.html", context, status=422 if form.errors else 200)


@staff_page(EDIT)
@require_http_methods(["GET", "POST"])
def create_all(request: HttpRequest) -> HttpResponse:
    """A code for the community, each building and each named spot in it, where there is none yet."""
    form = AllPlacesForm(posted(request), communities=_communities(request))
    if request.method == "POST" and form.is_valid():
        community = form.cleaned_data["community"]
        try:
            made = actions.create_all_places(community=community, spots=form.spots(), by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            words = _("新建了 %(n)s 个码，可以打印标牌了。") % {"n": len(made)} if made else _("这些点位都已经有码了。")
            messages.success(request, words)
            return redirect(f"{reverse('intake:places')}?community={community.code}")
    intro = _("给小区、每栋楼和勾选的点位各建一个码；已有的不动。建好后打印标牌，贴到现场。")
    return _form_page(request, form, _("一次建好全小区的码"), intro, _("建码"))


@staff_page(EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """One more spot."""
    communities = _communities(request)
    buildings = buildings_of(communities).order_by("community__code", "order", "id")
    form = NewPlaceForm(posted(request), communities=communities, buildings=buildings, several=len(communities) > 1)
    if request.method == "POST" and form.is_valid():
        try:
            place = actions.create_place(**form.cleaned_data, by=signed_in(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("%(place)s的码已建好。") % {"place": place.name})
            return redirect(f"{reverse('intake:places')}?community={place.community.code}")
    return _form_page(request, form, _("新增点位"), _("例如一部电梯、一间垃圾房。扫这个码反映，位置会自动填好。"), _("建码"))


@staff_page(EDIT)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a code out of use."""
    place = actions.retire_place(place=_place(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("%(place)s的码已停用，扫旧码的人会看到客服电话。") % {"place": place.name})
    return redirect("intake:places")


@staff_page(EDIT)
@require_POST
def reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """A new code for the same place."""
    place = actions.reissue_place(place=_place(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("%(place)s已换新码 %(code)s，请打印新标牌换上。") % {"place": place.name, "code": place.code})
    return redirect("intake:places")


@staff_page(EDIT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a file."""
    rows = with_counts(filtered_places(signed_in(request), _filter(request, _communities(request)).wanted()), now_of(request))
    header = [_("小区"), _("楼栋"), _("点位"), _("编码"), _("网址"), _("建码时间"), _("停用时间"), _("近 30 天反映数")]
    name, form = f"{_('扫码点位')}-{today_in_name(now_of(request))}", requested_format(request.GET.get("format", ""))
    return table_response(name, form, header, (_line(place) for place in rows.iterator(chunk_size=500)))


def _line(place: Place) -> tuple[object, ...]:
    building = place.building.name if place.building else ""
    facts = (place.community.name, building, place.spot, place.code, paper.address_of(place), place.created_at, place.retired_at)
    return (*facts, place.lately)  # type: ignore[attr-defined]  # counted by ``with_counts``


@staff_page(EDIT)
@require_safe
def labels(request: HttpRequest) -> HttpResponseBase:
    """The labels of the filtered list, or of one ``place``, as a PDF."""
    user = signed_in(request)
    one = request.GET.get("place", "")
    if one:
        rows = places_of(user).filter(pk=int(one) if one.isdecimal() and len(one) < 18 else 0, retired_at=None)
    else:
        rows = filtered_places(user, _filter(request, _communities(request)).wanted()).filter(retired_at=None)
    found = list(rows[: paper.MOST_LABELS + 1])
    if not found:
        raise NotVisible(_("没有可以打印的码，请先建码。"))
    if len(found) > paper.MOST_LABELS:
        raise Invalid(_("一次最多打印 %(n)s 张，请先按小区或楼栋筛选。") % {"n": paper.MOST_LABELS})
    sheet = "a6" if request.GET.get("sheet") == "a6" else "a4"
    name = f"{_('标牌')}-{sheet.upper()}-{today_in_name(now_of(request))}.pdf"
    return file_response(name, "application/pdf", [paper.labels_pdf(found, sheet)])
