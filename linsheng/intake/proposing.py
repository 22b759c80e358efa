"""Which service item a text is probably about: the one place that asks, so that a better answer can be put in."""

from linsheng.communities.models import Community
from linsheng.core.errors import Conflict
from linsheng.feedback.proposals import ItemProposal, Proposed
from linsheng.intake.triage import propose
from linsheng.standards.models import ServiceItem
from linsheng.standards.queries import items_of

# Where nobody knows: the desk looks at it first.
DEFAULT_CODES = ("service.desk", "service.hotline")

# Below this a wrong team would be sent: the desk reads it first.
SURE = 0.4


def proposed(community: Community, text: str) -> Proposed:
    """What forms show while somebody types."""
    found = propose(community, text)
    items = tuple(ItemProposal(one.item, one.probability, one.why) for one in found.proposals)
    return Proposed(items, found.source, found.version)


def propose_item(community: Community, text: str) -> ServiceItem:
    """The item for a new report of this community; the desk's own where the words say nothing."""
    likely = propose(community, text).proposals
    if likely and likely[0].probability >= SURE:
        return likely[0].item
    items = {item.code: item for item in items_of(community.organisation_id)}
    usual = next((items[code] for code in DEFAULT_CODES if code in items), None)
    found = usual or next((item for item in items.values() if item.code.startswith("service.")), next(iter(items.values()), None))
    if found is None:
        raise Conflict(f"no service item in {community.code}")
    return found
