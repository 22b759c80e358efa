"""Places with a code of their own: the codes on labels, for other systems that print or check them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from linsheng.accounts.permissions import Permission
from linsheng.api.auth import caller, instant
from linsheng.api.fields import Clean
from linsheng.api.idempotency import Answer, idempotent
from linsheng.api.places import community_of
from linsheng.api.problems import ERRORS
from linsheng.communities import permissions
from linsheng.communities.models import Building
from linsheng.core.errors import Invalid
from linsheng.core.pagination import cursor_page
from linsheng.intake.actions.places import create_place
from linsheng.intake.labels import address_of
from linsheng.intake.models import Place
from linsheng.intake.queries.places import places_of

router = Router(tags=["places"])
PAGE = 100


class NewPlace(Clean):
    """``building`` is a building's name; without it and ``spot`` it is the community's general entry."""

    community: str = Field(..., max_length=12)
    building: str = Field(default="", max_length=30)
    spot: str = Field(default="", max_length=40)


class PlaceOut(Schema):
    code: str
    community: str
    building: str
    spot: str
    url: str
    retired: bool


class PlacePage(Schema):
    items: list[PlaceOut]
    next: str | None


def _out(place: Place) -> dict[str, Any]:
    return {
        "code": place.code,
        "community": place.community.code,
        "building": place.building.name if place.building else "",
        "spot": place.spot,
        "url": address_of(place),
        "retired": place.retired_at is not None,
    }


@router.get(
    "/report-places",
    response={200: PlacePage, **ERRORS},
    operation_id="listReportPlaces",
    summary="Places with a QR code, of the communities whose roster the caller edits",
)
def list_report_places(
    request: HttpRequest, community: str | None = None, retired: bool = False, cursor: str | None = None
) -> dict[str, Any]:
    user = caller(request)
    permissions.require(user, Permission.EDIT_ROSTER)
    rows = places_of(user)
    if community is not None:
        rows = rows.filter(community=community_of(user, community))
    rows = rows if retired else rows.filter(retired_at=None)
    page = cursor_page(rows.order_by(), order=("id",), cursor=cursor, size=PAGE)
    return {"items": [_out(place) for place in page.items], "next": page.next}


@router.post(
    "/report-places",
    response={201: PlaceOut, **ERRORS},
    operation_id="createReportPlace",
    summary="Give a community, a building or a spot a QR code",
)
@idempotent
def create_report_place(request: HttpRequest, payload: NewPlace) -> Answer:
    user = caller(request)
    place = community_of(user, payload.community)
    permissions.require(user, Permission.EDIT_ROSTER, place)
    building = Building.objects.filter(community=place, name=payload.building).first() if payload.building else None
    if payload.building and building is None:
        sentence = _("这个小区没有这个楼栋。")
        raise Invalid(sentence, fields={"building": sentence})
    made = create_place(community=place, building=building, spot=payload.spot, by=user, now=instant(request))
    return 201, _out(made)
