"""What a company learns from, and how often its proposals were right."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Organisation, Post, Resident
from linsheng.communities.queries import communities_with
from linsheng.feedback.models import Case, CaseState
from linsheng.intake.models import ProposalChoice, TriageModel
from linsheng.intake.triage.examples import FEWEST_CASES, Example, known_names

MOST_CASES = 8000
MOST_CHOICES = 5000
FEWEST_NEW = 20
FEWEST_ITEMS = 5
TRAINERS = (Permission.EDIT_SETTINGS, Permission.EDIT_STANDARDS)


def closed_cases(organisation: Organisation) -> QuerySet[Case]:
    """What is learned from: closed, with the item that stood at the end; never what somebody reported in confidence."""
    return Case.objects.filter(community__organisation=organisation, state=CaseState.CLOSED, confidential=False)


def worth_learning(organisation: Organisation) -> bool:
    """Whether enough was closed, and enough of it since the last time."""
    closed, newest = closed_cases(organisation), models_of(organisation).first()
    if newest is None:
        return closed.count() >= FEWEST_CASES and closed.values("item").distinct().count() >= FEWEST_ITEMS
    return closed.filter(closed_at__gt=newest.trained_at).count() >= FEWEST_NEW


def examples_of(organisation: Organisation) -> list[Example]:
    """The newest closed cases in the order in which they came in."""
    rows = closed_cases(organisation).order_by("-received_at", "-pk")
    values = rows.values_list("pk", "text", "item__code", "resident_id", "contact_phone")[:MOST_CASES]
    found = [Example(text, code, f"r{resident}" if resident else phone or f"c{pk}") for pk, text, code, resident, phone in values]
    return found[::-1]


def names_in(organisation: Organisation) -> frozenset[str]:
    """Names of residents and staff, which no vocabulary may hold."""
    residents = Resident.objects.filter(organisation=organisation).values_list("name", flat=True)
    staff = Post.objects.filter(organisation=organisation).values_list("user__name", flat=True)
    return known_names([*residents.iterator(), *staff])


def models_of(organisation: Organisation) -> QuerySet[TriageModel]:
    """Newest first, without the numbers themselves."""
    return TriageModel.objects.filter(organisation=organisation).defer("weights", "vocabulary").order_by("-version")


def companies_seen_by(user: User) -> list[Organisation]:
    """Companies in which the user reads figures anywhere."""
    ids = communities_with(user, Permission.SEE_FIGURES).values("organisation")
    return list(Organisation.objects.filter(pk__in=ids).order_by("name"))


def may_train(user: User, organisation: Organisation) -> bool:
    return any(communities_with(user, one).filter(organisation=organisation).exists() for one in TRAINERS)


@dataclass
class InUse:
    """What people chose when something was proposed, and what the item was at the end."""

    n: int = 0
    first: int = 0
    among: int = 0
    clicked: int = 0
    closed: int = 0
    stood: int = 0

    @property
    def shares(self) -> dict[str, dict[str, Any]]:
        """Each with its n and interval."""
        from linsheng.intake.triage.learning import share_of

        of_all = {name: share_of(getattr(self, name), self.n) for name in ("first", "among", "clicked")}
        return {**of_all, "stood": share_of(self.stood, self.closed)}


def use_of(organisation: Organisation) -> dict[str, InUse]:
    """The latest choices, by source: ``lexicon`` and ``blend``."""
    rows = ProposalChoice.objects.filter(case__community__organisation=organisation).order_by("-at", "-pk")
    values = rows.values_list("source", "first", "among", "clicked", "proposed", "case__state", "case__item__code")
    return _counted(values[:MOST_CHOICES])


def _counted(rows: Iterable[tuple[Any, ...]]) -> dict[str, InUse]:
    found: dict[str, InUse] = {}
    for source, first, among, clicked, proposed, state, item in rows:
        one = found.setdefault(source, InUse())
        one.n += 1
        one.first += first
        one.among += among
        one.clicked += clicked
        if state == CaseState.CLOSED:
            one.closed += 1
            one.stood += proposed[:1] == [item]
    return found
