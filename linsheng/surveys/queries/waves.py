"""Reads of waves: who has answered so far (never what), by building, with care for small groups."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Residency
from linsheng.communities.permissions import scope
from linsheng.communities.queries import homes_of
from linsheng.surveys.models import Ballot, BallotState, EntryMode, Wave, WaveState, WaveStratum

SMALL_GROUP: Final = 5


@dataclass(frozen=True)
class Group:
    """Homes asked and homes that answered; ``small``: too few answers for its results to be shown by themselves."""

    label: str
    homes: int
    asked: int
    answered: int
    held: int = 0

    @property
    def small(self) -> bool:
        return self.answered < SMALL_GROUP

    @property
    def rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True)
class Response:
    """How a wave stands. Counts of ballots: answers are not looked at, and before closing nobody could."""

    total: Group
    groups: list[Group]
    modes: dict[str, int]
    days: list[tuple[date, int]] = field(default_factory=list)
    reachable: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For the API."""
        return {
            "homes": self.total.homes,
            "asked": self.total.asked,
            "answered": self.total.answered,
            "to_check": self.total.held,
            "rate": self.total.rate,
            "modes": self.modes,
            "buildings": [
                {"label": g.label, "homes": g.homes, "asked": g.asked, "answered": g.answered, "rate": g.rate, "small": g.small}
                for g in self.groups
            ],
            "days": [{"day": day, "answered": count} for day, count in self.days],
        }


def response_of(wave: Wave) -> Response:
    """Three queries, however many buildings."""
    answered = Count("ballots", filter=Q(ballots__state=BallotState.ANSWERED))
    held = Count("ballots", filter=Q(ballots__state=BallotState.HELD))
    strata = WaveStratum.objects.filter(wave=wave).annotate(answered=answered, held=held).order_by("order", "id")
    groups = [Group(row.label, row.homes, row.drawn, row.answered, row.held) for row in strata]
    total = Group("", wave.homes, sum(g.asked for g in groups), sum(g.answered for g in groups), sum(g.held for g in groups))
    used = Ballot.objects.filter(wave=wave, state=BallotState.ANSWERED)
    modes = dict(used.order_by().values_list("mode").annotate(count=Count("id")))
    days = list(used.order_by("answered_on").values_list("answered_on").annotate(count=Count("id")))
    return Response(total, groups, {mode: modes.get(mode, 0) for mode in EntryMode.values}, days, reachable(wave).count())


def reachable(wave: Wave) -> QuerySet[Ballot]:
    """Ballots not yet used of homes where somebody has an account: those whom a reminder reaches."""
    lives = Residency.objects.filter(home=OuterRef("home_id"), until=None, resident__user__is_active=True)
    return Ballot.objects.filter(Exists(lives), wave=wave, state=BallotState.OPEN)


def recipients(wave: Wave) -> QuerySet[Residency]:
    """Everybody with an account in a home that has not answered."""
    homes = Ballot.objects.filter(wave=wave, state=BallotState.OPEN).values("home")
    rows = Residency.objects.filter(home__in=homes, until=None, resident__user__is_active=True)
    return rows.select_related("resident__user", "home").order_by("resident__user_id", "pk")


def readers(wave: Wave) -> QuerySet[Residency]:
    """Everybody with an account who lives where the wave was."""
    here = wave.communities.all()
    rows = Residency.objects.filter(home__community__in=here, until=None, resident__user__is_active=True)
    return rows.select_related("resident__user", "home").order_by("resident__user_id", "pk")


def ballots_waiting(user: User, now: datetime) -> QuerySet[Ballot]:
    """The unused ballots of this person's homes in waves that still run."""
    homes = homes_of(user).values("pk")
    rows = Ballot.objects.filter(home__in=homes, state=BallotState.OPEN, wave__state=WaveState.OPEN)
    rows = rows.filter(wave__ends_on__gte=timezone.localdate(now))
    return rows.select_related("wave__version__questionnaire", "home").order_by("wave__ends_on", "pk")


def ballots_for_entry(user: User) -> QuerySet[Ballot]:
    """Ballots of running waves in the communities where this person may enter answers."""
    covered = scope(user, Permission.ENTER_ANSWERS)
    rows = Ballot.objects.filter(covered.q("home__community"), wave__state=WaveState.OPEN)
    return rows.select_related("wave__version__questionnaire", "home__community", "stratum", "entered_by")


def waves_for_entry(user: User) -> QuerySet[Wave]:
    """Running waves in which this person may enter answers."""
    return Wave.objects.filter(pk__in=ballots_for_entry(user).order_by().values("wave")).order_by("ends_on", "pk")
