"""What a text is probably about, asked of a higher layer: it registers here, and forms that know nothing of it show its answer.

Nothing is chosen silently. A form that shows proposals carries a signed ``ticket`` of what it showed, so that afterwards it can be
said how often the proposal was right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.core import signing

from linsheng.communities.models import Community
from linsheng.feedback.models import Case
from linsheng.standards.models import ServiceItem, Urgency

SALT = "feedback.proposals"
# Buttons that only help to fill a form in: nothing is sent off by them.
HELP, TAKE, HURRY = "propose", "take", "hurry"
_HELPING = (HELP, TAKE, HURRY)


@dataclass(frozen=True, slots=True)
class ItemProposal:
    """An item that a person may take: how probable (0–1), and the words that spoke for it."""

    item: ServiceItem
    probability: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """The likeliest items first, and what the text was read with."""

    items: tuple[ItemProposal, ...] = ()
    source: str = ""
    version: int = 0

    @property
    def codes(self) -> list[str]:
        return [one.item.code for one in self.items]

    @property
    def ticket(self) -> str:
        """What is shown, signed: it comes back with the form."""
        return signing.dumps([self.codes, self.source, self.version], salt=SALT) if self.items else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was proposed when a case was written down; ``clicked`` is the item that was taken by its button, if any."""

    codes: list[str]
    source: str
    version: int
    clicked: str


class Keep(Protocol):
    """Keeps what was proposed and what was chosen."""

    def __call__(self, *, case: Case, choice: Choice, now: datetime) -> object: ...


Propose = Callable[[Community, str], Proposed]
_proposers: list[Propose] = []
_keepers: list[Keep] = []


def register(propose: Propose, keep: Keep) -> None:
    """Let ``propose`` answer and ``keep`` remember; once, however often they are registered."""
    if propose not in _proposers:
        _proposers.append(propose)
        _keepers.append(keep)


def proposed_for(community: Community | None, text: str) -> Proposed:
    """What the words suggest; nothing where nobody proposes, or there is nothing to read."""
    if community is None or len(text.strip()) < 2:
        return Proposed()
    answers = (propose(community, text) for propose in _proposers)
    return next((answer for answer in answers if answer.items), Proposed())


def keep_choice(*, case: Case, data: Mapping[str, Any], now: datetime) -> None:
    """Remember what the form of this case had proposed; nothing if it showed nothing, or the ticket is not ours."""
    try:
        codes, source, version = signing.loads(str(data.get("proposed", "")), salt=SALT)
    except signing.BadSignature:
        return
    choice = Choice(codes, source, version, str(data.get("took", ""))[:60])
    for keep in _keepers:
        keep(case=case, choice=choice, now=now)


def asks_for_help(data: Mapping[str, Any]) -> bool:
    """Whether the form comes back filled in further instead of being sent off."""
    return any(name in data for name in _HELPING)


def filled_in(data: Mapping[str, Any]) -> dict[str, Any]:
    """All that was typed, with what was taken of the proposals: the first values of the form that comes back."""
    values = {name: value for name, value in data.items() if name not in _HELPING}
    if taken := data.get(TAKE):
        values |= {"item": taken, "took": taken}
    if data.get(HURRY):
        values["urgency"] = Urgency.EMERGENCY.value
    return values
