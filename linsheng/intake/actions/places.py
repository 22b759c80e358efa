"""Codes of places: made, taken out of use, given anew. By nobody means by the command line."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.models import Building, Community
from linsheng.communities.permissions import require
from linsheng.core.errors import Conflict, Invalid
from linsheng.intake.models import Place

LONGEST_SPOT = 40
MOST_SPOTS = 30


def _may(by: User | None, community: Community) -> None:
    if by is not None:
        require(by, Permission.EDIT_ROSTER, community)
    if community.retired_at:
        raise Conflict(_("这个小区已经停用。"))


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})


def _record(action: str, place: Place, by: User | None, now: datetime) -> None:
    company = place.community.organisation_id
    record(f"place.{action}", by=by, now=now, subject=place, organisation_id=company, data={"code": place.code, "name": place.name})


def tidy_spot(text: str) -> str:
    """A spot's name without superfluous blanks; raises ``Invalid`` when it is too long for a label."""
    spot = " ".join(text.replace("\x00", "").split())
    if len(spot) > LONGEST_SPOT:
        raise _wrong("spot", _("请控制在 %(n)s 字以内。") % {"n": LONGEST_SPOT})
    return spot


@transaction.atomic
def create_place(
    *, community: Community, building: Building | None = None, spot: str = "", by: User | None, now: datetime
) -> Place:
    """A code for the community, a building, or a spot of it; raises ``Conflict`` when it has one already."""
    _may(by, community)
    if building is not None and building.community_id != community.pk:
        raise _wrong("building", _("这个楼栋不在%(place)s。") % {"place": community})
    try:
        with transaction.atomic():
            place = Place.objects.create(
                community=community, building=building, spot=tidy_spot(spot), created_at=now, created_by=by
            )
    except IntegrityError as error:
        sentence = _("这个点位已经有码了。需要换新码，请用“换码”。")
        raise Conflict(sentence, fields={"spot": sentence}) from error
    _record("create", place, by, now)
    return place


def create_all_places(*, community: Community, spots: Iterable[str] = (), by: User | None, now: datetime) -> list[Place]:
    """A code for the community, for each building, and for each of ``spots`` in each building, where there is none yet."""
    wanted: list[tuple[Building | None, str]] = [(None, "")]
    names = list(dict.fromkeys(spot for raw in spots if (spot := tidy_spot(raw))))
    if len(names) > MOST_SPOTS:
        raise _wrong("more", _("一次最多 %(n)s 个点位。") % {"n": MOST_SPOTS})
    for building in Building.objects.filter(community=community).order_by("order", "id"):
        wanted += [(building, spot) for spot in ("", *names)]
    return _create_missing(community, wanted, by, now)


@transaction.atomic
def _create_missing(community: Community, wanted: list[tuple[Building | None, str]], by: User | None, now: datetime) -> list[Place]:
    _may(by, community)
    live = Place.objects.filter(community=community, retired_at=None).values_list("building_id", "spot")
    there = set(live)
    missing = [(b, spot) for b, spot in wanted if (b.pk if b else None, spot) not in there]
    made = [Place(community=community, building=b, spot=spot, created_at=now, created_by=by) for b, spot in missing]
    try:
        with transaction.atomic():
            Place.objects.bulk_create(made)
    except IntegrityError as error:
        raise Conflict(_("别的同事刚刚也在建码，请刷新后再看。")) from error
    if made:
        data = {"count": len(made), "codes": [place.code for place in made[:200]]}
        record("place.create_all", by=by, now=now, subject=community, organisation_id=community.organisation_id, data=data)
    return made


@transaction.atomic
def retire_place(*, place: Place, by: User | None, now: datetime) -> Place:
    """Take a code out of use: whoever scans the old label is told whom to call. Twice is once."""
    _may(by, place.community)
    if Place.objects.filter(pk=place.pk, retired_at=None).update(retired_at=now):
        place.retired_at = now
        _record("retire", place, by, now)
    return place


@transaction.atomic
def reissue_place(*, place: Place, by: User | None, now: datetime) -> Place:
    """A new code for the same place; the old one is out of use from now on. Raises ``Conflict`` if it was already."""
    _may(by, place.community)
    if not Place.objects.filter(pk=place.pk, retired_at=None).update(retired_at=now):
        raise Conflict(_("这个码已经停用，请在清单里找到新码。"))
    new = Place.objects.create(community=place.community, building=place.building, spot=place.spot, created_at=now, created_by=by)
    _record("reissue", new, by, now)
    return new
