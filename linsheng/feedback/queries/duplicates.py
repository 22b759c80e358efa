"""Cases that are probably about the same thing."""

from datetime import datetime, timedelta

from linsheng.accounts.models import User
from linsheng.communities.models import Community
from linsheng.core.text import likeness
from linsheng.feedback.models import Case, CaseState
from linsheng.feedback.queries.scope import visible_to
from linsheng.standards.models import ServiceItem

NEAR = timedelta(days=7)
MOST_COMPARED = 200
ALIKE, ALIKE_AND_NEAR_BY = 0.3, 0.12


def _near_by(case: Case, building_id: int | None, location: str) -> bool:
    same_building = building_id is not None and case.building_id == building_id
    return same_building or bool(location and case.location and likeness(location, case.location) > 0.5)


def similar_reports(
    *,
    viewer: User,
    community: Community,
    item: ServiceItem,
    text: str,
    at: datetime,
    location: str = "",
    building_id: int | None = None,
    exclude: int | None = None,
) -> list[tuple[Case, float]]:
    """Cases of the same community and item, near in time, with similar words; the likeliest first, at most five."""
    candidates = visible_to(viewer, single=True).filter(community=community, item=item, received_at__range=(at - NEAR, at + NEAR))
    candidates = candidates.exclude(state__in=[CaseState.WITHDRAWN, CaseState.MERGED]).exclude(pk=exclude or 0)
    found: list[tuple[Case, float]] = []
    for case in candidates.select_related("home", "item", "handler", "community", "building").order_by("-received_at")[
        :MOST_COMPARED
    ]:
        score = likeness(text, case.text)
        if score >= (ALIKE_AND_NEAR_BY if _near_by(case, building_id, location) else ALIKE):
            found.append((case, score))
    return sorted(found, key=lambda pair: -pair[1])[:5]


def likely_duplicates(case: Case, viewer: User) -> list[tuple[Case, float]]:
    """Cases that this one could be merged into or with."""
    return similar_reports(
        viewer=viewer,
        community=case.community,
        item=case.item,
        text=case.text,
        at=case.received_at,
        location=case.location,
        building_id=case.building_id,
        exclude=case.pk,
    )
