"""What one resident may know of others' reports: shared things under way, without who, without numbers, without complaints' words.

A report can be joined ("me too") when it is open, not confidential, about something shared, and a repair, complaint or suggestion.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.communities.models import Building, Community, Residency
from linsheng.core.errors import NotVisible
from linsheng.core.masking import masked
from linsheng.core.text import likeness
from linsheng.feedback.models import OPEN, Case, Kind
from linsheng.feedback.queries.duplicates import ALIKE, MOST_COMPARED, NEAR
from linsheng.feedback.queries.scope import visible_to
from linsheng.standards.models import ServiceItem

# Stored in front of the free words of a place; what happens inside a home concerns nobody else.
AT_HOME = "我家"
PRIVATE_ITEMS = ("repair.home",)
JOINABLE_KINDS = (Kind.REPAIR, Kind.COMPLAINT, Kind.SUGGESTION)
# Their words are about things; complaints are about people.
QUOTED_KINDS = (Kind.REPAIR, Kind.SUGGESTION)
MOST_SHOWN = 3
# Less than staff are shown: a neighbour only has to look, and same item and place mostly means the same matter.
ALIKE_HERE = 0.05


@dataclass(frozen=True)
class NeighbourReport:
    """A neighbour's report as others may read it."""

    case: Case
    place: str
    words: str


def words_for_neighbours(case: Case) -> str:
    """The first words, masked; nothing of a complaint."""
    return masked(case.headline) if case.kind in QUOTED_KINDS else ""


def shown(case: Case) -> NeighbourReport:
    """As others may read it."""
    place = masked(case.location) or (case.building.name if case.building else "")
    return NeighbourReport(case, place, words_for_neighbours(case))


def _joinable(user: User, community: Community) -> QuerySet[Case]:
    open_ones = Case.objects.filter(community=community, state__in=OPEN, confidential=False, kind__in=JOINABLE_KINDS)
    shared = open_ones.exclude(item__code__in=PRIVATE_ITEMS).exclude(location__startswith=AT_HOME)
    return shared.exclude(resident__user=user)


def _score(case: Case, text: str, location: str, building: Building | None) -> float:
    """Above 0 when it is probably the same matter; the higher the likelier."""
    near = (building is not None and case.building_id == building.pk) or (
        location != "" and likeness(location, case.location) > 0.5
    )
    if not text.strip():
        return float(near)
    alike = likeness(text, case.text)
    return alike if alike >= (ALIKE_HERE if near else ALIKE) else 0.0


def neighbours_reports(
    *,
    user: User,
    community: Community,
    item: ServiceItem,
    text: str,
    now: datetime,
    location: str = "",
    building: Building | None = None,
) -> list[NeighbourReport]:
    """Open reports of neighbours about probably the same matter, the likeliest first (one query).

    Without words yet: those of the same item and place.
    """
    candidates = _joinable(user, community).filter(item=item, received_at__gte=now - NEAR).exclude(followers__user=user)
    candidates = candidates.select_related("item", "handler", "building")
    scored = [(_score(case, text, location, building), case) for case in candidates.order_by("-received_at")[:MOST_COMPARED]]
    found = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return [shown(case) for _score_of_it, case in found[:MOST_SHOWN]]


def joinable_case(user: User, community_ids: list[int], pk: int) -> Case:
    """One report that the person may say "me too" to, or ``NotVisible``."""
    found = Case.objects.filter(pk=pk, community__in=community_ids).select_related("community").first()
    if found is None or not _joinable(user, found.community).filter(pk=pk).exists():
        raise NotVisible(_("这件反映不能跟进：可能已经处理完，或不是公共的事。"))
    return found


def case_to_join(user: User, pk: int) -> Case:
    """For who names a case only by its number: a neighbour's that may be joined, or one that the person sees anyway.

    Raises ``NotVisible`` alike for what does not exist and for what is nobody else's business: trying numbers teaches nothing.
    """
    seen = visible_to(user).filter(pk=pk).select_related("community").first()
    if seen is not None:
        return seen
    lived_in = Residency.objects.filter(resident__user=user, until=None).values_list("home__community", flat=True)
    return joinable_case(user, list(lived_in), pk)
