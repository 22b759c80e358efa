"""What a text is probably about, before anybody made a case of it: proposals, danger, likely duplicates."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.api.auth import caller, instant
from linsheng.api.fields import Strict
from linsheng.api.places import community_of
from linsheng.api.problems import ERRORS
from linsheng.communities import permissions
from linsheng.communities.models import Community
from linsheng.core.errors import Invalid
from linsheng.feedback.queries import similar_reports
from linsheng.feedback.queries.neighbours import neighbours_reports, shown
from linsheng.intake import triage as triaging
from linsheng.standards.models import ServiceItem

router = Router(tags=["cases"])


class TriageIn(Strict):
    """A text for one community (its code)."""

    community: str = Field(..., max_length=12)
    text: str = Field(..., max_length=5000)


class ProposalOut(Schema):
    item: str
    name: str
    probability: float
    why: list[str]


class DangerOut(Schema):
    kind: str
    label: str
    words: str


class DuplicateOut(Schema):
    """A report that may be about the same; its words are masked."""

    id: int
    place: str
    words: str
    state: str


class TriageOut(Schema):
    """Proposed, never decided: ``source`` says what the text was read with (lexicon, or blend with the model of that version)."""

    proposals: list[ProposalOut]
    urgency: str
    danger: bool
    dangers: list[DangerOut]
    duplicates: list[DuplicateOut]
    source: str
    version: int


@router.post(
    "/triage",
    response={200: TriageOut, **ERRORS},
    operation_id="proposeItem",
    summary="Propose item and urgency for a text; nothing is stored",
)
def propose_item(request: HttpRequest, payload: TriageIn) -> dict[str, Any]:
    user = caller(request)
    community = community_of(user, payload.community)
    if not payload.text.strip():
        raise Invalid(_("请说一句发生了什么。"), fields={"text": _("请说一句发生了什么。")})
    found = triaging.propose(community, payload.text)
    items = [one.item for one in found.proposals]
    return {
        "proposals": [
            {"item": p.item.code, "name": str(p.item), "probability": p.probability, "why": list(p.why)} for p in found.proposals
        ],
        "urgency": found.urgency,
        "danger": bool(found.dangers),
        "dangers": [{"kind": one.kind, "label": str(one.label), "words": one.words} for one in found.dangers],
        "duplicates": _duplicates(request, user, community, items[0], payload.text) if items else [],
        "source": found.source,
        "version": found.version,
    }


def _duplicates(request: HttpRequest, user: User, community: Community, item: ServiceItem, text: str) -> list[dict[str, Any]]:
    """For staff what they may see, for residents what neighbours may read: both as neighbours read it."""
    if permissions.has(user, Permission.RECEIVE_CASE, community):
        similar = similar_reports(viewer=user, community=community, item=item, text=text, at=instant(request))
        reports = [shown(case) for case, _score in similar]
    else:
        reports = neighbours_reports(
            user=user, community=community, item=item, text=text, now=instant(request), location="", building=None
        )
    return [{"id": one.case.pk, "place": one.place, "words": one.words, "state": one.case.state} for one in reports]
