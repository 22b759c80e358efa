"""Communities, their months, and the service tree."""

import re
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.api.auth import caller, instant
from linsheng.api.problems import ERRORS
from linsheng.api.schemas import CommunityPage, ItemPage
from linsheng.communities import permissions
from linsheng.communities.models import Community
from linsheng.core.errors import Invalid, NotVisible
from linsheng.core.pagination import cursor_page
from linsheng.standards.models import ServiceItem

router = Router(tags=["places"])
PAGE = 100


def communities_of(user: User) -> Any:
    """Communities that the caller works at or lives in."""
    rows = Community.objects.filter(retired_at=None)
    if permissions.is_staff(user):
        return rows.filter(permissions.scope(user, Permission.SEE_WORKBOARD).q(""))
    return rows.filter(homes__residencies__resident__user=user, homes__residencies__until=None).distinct()


def community_of(user: User, code: str) -> Community:
    # Codes are letters and digits; what is not printable no database need be asked for.
    found: Community | None = communities_of(user).filter(code=code).first() if code.isprintable() else None
    if found is None:
        raise NotVisible(_("没有找到这个小区，或不在您的范围内。"))
    return found


@router.get(
    "/communities",
    response={200: CommunityPage, **ERRORS},
    operation_id="listCommunities",
    summary="Communities the caller works at or lives in",
)
def list_communities(request: HttpRequest, cursor: str | None = None) -> dict[str, Any]:
    page = cursor_page(communities_of(caller(request)), order=("code", "id"), cursor=cursor, size=PAGE)
    return {
        "items": [{"code": c.code, "name": c.name, "grade": c.grade, "address": c.address} for c in page.items],
        "next": page.next,
    }


@router.get(
    "/communities/{code}/monthly/{month}",
    response={200: dict[str, Any], **ERRORS},
    operation_id="monthlyFigures",
    summary="The month's figures of a community (month as YYYY-MM)",
)
def monthly_figures(request: HttpRequest, code: str, month: str) -> dict[str, Any]:
    from linsheng.feedback import figures  # noqa: PLC0415  # numpy and scipy: only when somebody asks for figures

    user = caller(request)
    community = community_of(user, code)
    permissions.require(user, Permission.SEE_FIGURES, community)
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise Invalid(_("月份请写成 2026-11 的形式。"), fields={"month": _("请写成 2026-11 的形式。")})
    first = date.fromisoformat(f"{month}-01")
    return dict(figures.monthly([community.pk], first, now=instant(request)).as_dict())


@router.get(
    "/service-items",
    response={200: ItemPage, **ERRORS},
    operation_id="listServiceItems",
    summary="The service tree of the caller's companies",
)
def list_items(
    request: HttpRequest, community: str | None = None, retired: bool = False, cursor: str | None = None
) -> dict[str, Any]:
    user = caller(request)
    places = [community_of(user, community)] if community else list(communities_of(user))
    rows = ServiceItem.objects.filter(organisation__in={p.organisation_id for p in places}).select_related("dimension")
    page = cursor_page(rows if retired else rows.filter(retired_at=None), order=("id",), cursor=cursor, size=PAGE)
    return {"items": [_item(item) for item in page.items], "next": page.next}


def _item(item: ServiceItem) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "name_en": item.name_en,
        "dimension": item.dimension.code,
        "dimension_name": item.dimension.name,
        "team": item.team,
        "retired": item.retired_at is not None,
    }
