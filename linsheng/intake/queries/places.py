"""Places with codes: the lists of staff, and what a scanned code leads to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import scope
from linsheng.core.ids import paper_code_as_typed
from linsheng.intake.models import Place

LATELY = timedelta(days=30)
MOST_ENTRIES = 60


@dataclass(frozen=True)
class PlaceFilter:
    """How the list is narrowed; empty means everything."""

    q: str = ""
    community: str = ""
    state: str = ""


def places_of(user: User) -> QuerySet[Place]:
    """The places whose codes the user looks after, in walking order: the community's own first."""
    rows = Place.objects.filter(scope(user, Permission.EDIT_ROSTER).q(), community__retired_at=None)
    rows = rows.select_related("community__organisation", "building")
    return rows.order_by("community__code", "building__order", "building_id", "spot", "pk")


def filtered_places(user: User, wanted: PlaceFilter) -> QuerySet[Place]:
    """What the filter leaves; codes out of use only when asked for."""
    rows = places_of(user).filter(retired_at__isnull=wanted.state != "retired")
    if wanted.community:
        rows = rows.filter(community__code=wanted.community)
    for word in wanted.q.replace("\x00", "").split():
        found = Q(building__name__icontains=word) | Q(spot__icontains=word) | Q(community__name__icontains=word)
        code = paper_code_as_typed(word)
        rows = rows.filter(found | Q(code__startswith=code)) if code else rows.filter(found)
    return rows


def with_counts(rows: QuerySet[Place], now: datetime) -> QuerySet[Place]:
    """Each with ``lately``: how many reports came by its code in the last thirty days."""
    return rows.annotate(lately=Count("reports", filter=Q(reports__at__gte=now - LATELY)))


def place_scanned(code: str) -> Place | None:
    """The place with this code however it was typed, in use or not; ``None`` for a code that nobody gave out."""
    typed = paper_code_as_typed(code)
    if not 6 <= len(typed) <= 12:
        return None
    return Place.objects.filter(code=typed).select_related("community", "building").first()


def is_in_use(place: Place) -> bool:
    return place.retired_at is None and place.community.retired_at is None


def public_entries(words: str = "") -> list[Place]:
    """The communities that have a general entry, by name; for people who are known nowhere."""
    rows = Place.objects.filter(retired_at=None, building=None, spot="", community__retired_at=None)
    for word in words.replace("\x00", "").split():
        rows = rows.filter(Q(community__name__icontains=word) | Q(community__address__icontains=word))
    return list(rows.select_related("community", "building").order_by("community__name", "pk")[:MOST_ENTRIES])


def labels_of(community: Community) -> list[Place]:
    """Everything in use there, in the order in which somebody walks around to put labels up."""
    rows = Place.objects.filter(community=community, retired_at=None).select_related("community", "building")
    # NULLs first on both databases: the community's own codes lead.
    return sorted(rows, key=lambda p: (p.building is not None, p.building.order if p.building else 0, p.building_id or 0, p.spot))
