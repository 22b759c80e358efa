"""Everything that one case's page shows to a member of staff, in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import has
from linsheng.feedback.actor import Actor
from linsheng.feedback.letters import Letter, letters_of
from linsheng.feedback.models import Callback, Case, Escalation, Rating, ResultNotice
from linsheng.feedback.queries.duplicates import likely_duplicates
from linsheng.feedback.queries.page import legal_actions, story_for
from linsheng.feedback.queries.scope import visible_to
from linsheng.feedback.reporters import Reporter, reporter_of
from linsheng.feedback.storyline import Chapter, Said, chapters
from linsheng.feedback.telling import BY_HAND

MOST_RELATED = 40
MOST_EARLIER = 6


@dataclass(frozen=True)
class CaseFacts:
    """The right side of the page, and the story of the left."""

    case: Case
    reporter: Reporter
    story: list[Chapter]
    legal: list[str]
    notices: list[ResultNotice] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    merged: list[Case] = field(default_factory=list)
    earlier: list[Case] = field(default_factory=list)
    duplicates: list[tuple[Case, float]] = field(default_factory=list)
    followers: int = 0
    letters: list[Letter] = field(default_factory=list)

    @property
    def answered_after_end(self) -> Letter | None:
        """The newest letter that came after the end of a case which nobody has opened again."""
        return None if self.case.is_open else next((letter for letter in reversed(self.letters) if letter.after_end), None)

    @property
    def unheard(self) -> list[Escalation]:
        """Rungs of this cycle of which nobody has taken note."""
        return [e for e in self.escalations if e.cycle == self.case.cycle and e.acknowledged_at is None]

    @property
    def response_runs(self) -> bool:
        """Whether the deadline that runs now is the one for the first contact."""
        return self.case.responded_at is None and self.case.respond_by is not None

    def waited(self, now: datetime) -> timedelta:
        """The resident's clock: from first contact to the confirmed result, in plain time, never paused."""
        ended = self.case.confirmed_at or (None if self.case.is_open else self.case.closed_at)
        return (ended or now) - self.case.received_at


def visible_around(user: User, community: Community) -> QuerySet[Case]:
    """What the user sees of the cases of one home or one parent, which are always of one community.

    That is not asked for: a database would read all that the community ever had.
    """
    return Case.objects.all() if has(user, Permission.SEE_ALL_CASES, community) else visible_to(user)


def related_cases(case: Case, user: User) -> tuple[list[Case], list[Case]]:
    """(those merged into this one, what this home brought up before), newest first; one query.

    A confidential reporter's home is nobody's business: neither this case's, nor that of another one in the list.
    """
    condition = Q(parent=case.pk)
    if case.home_id and not case.confidential and has(user, Permission.SEE_PERSONAL_DATA, case.community):
        condition |= Q(home=case.home_id, confidential=False)
    found = visible_around(user, case.community).filter(condition).exclude(pk=case.pk).select_related("item", "home", "resident")
    rows = list(found.order_by("-received_at", "-id")[:MOST_RELATED])
    return [c for c in rows if c.parent_id == case.pk], [c for c in rows if c.parent_id != case.pk][:MOST_EARLIER]


def _said(case: Case, happened: set[str]) -> Said:
    """Ratings, answers and notices; each asked for only if the history says that there is one."""
    ratings = case.ratings.order_by("cycle") if "rate" in happened else Rating.objects.none()
    callbacks = case.callbacks.select_related("asked_by") if "callback" in happened else Callback.objects.none()
    results = {"resolve", "refer", "decline"} & happened
    notices = case.result_notices.select_related("by") if results else ResultNotice.objects.none()
    return Said({rating.cycle: rating for rating in ratings}, list(callbacks), list(notices))


def case_facts(case: Case, user: User, now: datetime) -> CaseFacts:
    """The page of a case that came from ``visible_case``."""
    entries = story_for(case, user)
    happened = {entry.action for entry in entries}
    said, reporter, letters = _said(case, happened), reporter_of(case, user), letters_of(case, user)
    sent = Said(said.ratings, said.callbacks, [n for n in said.notices if n.method not in BY_HAND], letters)
    legal = legal_actions(case, Actor.staff(user))
    merged, earlier = related_cases(case, user) if case.home_id or "absorb" in happened else ([], [])
    return CaseFacts(
        case=case,
        reporter=reporter,
        story=chapters(case, entries, reporter, sent, now),
        legal=legal,
        notices=said.notices,
        ratings=list(said.ratings.values()),
        callbacks=said.callbacks,
        escalations=list(case.escalations.select_related("acknowledged_by")) if "escalate" in happened else [],
        merged=merged,
        earlier=earlier,
        duplicates=likely_duplicates(case, user) if "merge" in legal else [],
        followers=sum(entry.action == "me_too" for entry in entries),
        letters=letters,
    )
