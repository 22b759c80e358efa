"""Proposals with how sure they are and why: words of our own, blended with what a company's closed cases taught once they did."""

from dataclasses import dataclass

from linsheng.communities.models import Community
from linsheng.feedback.danger import Danger, dangers
from linsheng.intake.triage.blending import blended, of_lexicon, ranked
from linsheng.intake.triage.lexicon import evidence
from linsheng.intake.triage.loading import current_model
from linsheng.standards.models import ServiceItem, Urgency
from linsheng.standards.queries import items_of

MOST = 3
LEXICON, BLEND = "lexicon", "blend"
# Less than this is no proposal, only a guess among many.
FAINT = 0.1
_URGENT = (
    "今天",
    "马上",
    "尽快",
    "急",
    "一直漏",
    "没法用",
    "没水",
    "没电",
    "停电",
    "停水",
    "老人",
    "孕妇",
    "urgent",
    "today",
    "asap",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One item, how probable it is (0–1), and the words that spoke for it."""

    item: ServiceItem
    probability: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Triage:
    """What the text suggests; ``source`` says what it was read with: ``lexicon`` or ``blend``."""

    proposals: tuple[Proposal, ...]
    urgency: str
    dangers: tuple[Danger, ...]
    source: str = LEXICON
    version: int = 0  # of the trained model; 0 for the lexicon


def propose_urgency(text: str, found: list[Danger] | None = None) -> str:
    """Emergency where danger is spoken of; urgent where it presses; else normal."""
    if found if found is not None else dangers(text):
        return Urgency.EMERGENCY
    lowered = text.lower()
    return Urgency.URGENT if any(word in lowered for word in _URGENT) else Urgency.NORMAL


def propose(community: Community, text: str) -> Triage:
    """The likeliest items of the community's company, at most three, the likeliest first; none where no word is known."""
    found = dangers(text)
    items = {item.code: item for item in items_of(community.organisation_id).select_related(None)}
    said, model = evidence(text, items.values()), current_model(community.organisation_id)
    chances = of_lexicon(said)
    if model:
        chances = blended(chances, *model.answer(text), model.by_lexicon)
    likely = [code for code in ranked(chances) if code in items and (code in said or chances[code] >= FAINT)][:MOST]
    proposals = []
    for code in likely:
        why = said[code].words[:4] if code in said else model.reasons(text, code) if model else ()
        proposals.append(Proposal(items[code], round(chances[code], 3), why))
    source, version = (BLEND, model.version) if model else (LEXICON, 0)
    return Triage(tuple(proposals), propose_urgency(text, found), tuple(found), source, version)
