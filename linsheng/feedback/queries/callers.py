"""Who is calling: people by number as it is typed, their homes, who else lives there, and what is open there."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Home, Residency, Resident
from linsheng.communities.queries import homes_visible_to, lookup_by_phone, residents_visible_to
from linsheng.core.text import phone_digits
from linsheng.feedback.models import Case
from linsheng.feedback.queries.scope import visible_to

MOST_CASES = 30


@dataclass(frozen=True)
class Seat:
    """One person in one home, as the form offers them; ``value`` is what it sends."""

    resident: Resident
    home: Home | None
    kind: str = ""
    others: tuple[str, ...] = ()
    cases: tuple[Case, ...] = field(default_factory=tuple)

    @property
    def value(self) -> str:
        return f"{self.resident.pk}:{self.home.pk if self.home else ''}"


def seats_of_number(user: User, number: str) -> list[Seat]:
    """Who may be calling from this number (three queries beside the look-up)."""
    callers = lookup_by_phone(user, number)
    seats = [(caller.resident, home) for caller in callers for home in caller.homes or (None,)]
    return _seats(user, seats, [home for _resident, home in seats if home])


def seats_of_home(user: User, home: Home) -> list[Seat]:
    """Everybody who lives in one home."""
    rows = Residency.objects.filter(home=home, until=None, resident__erased_at=None).select_related("resident").order_by("pk")
    return _seats(user, [(row.resident, home) for row in rows], [home])


def _seats(user: User, pairs: Iterable[tuple[Resident, Home | None]], homes: list[Home]) -> list[Seat]:
    pairs = list(pairs)
    rows = list(Residency.objects.filter(home__in=homes, until=None).select_related("resident").order_by("pk")) if homes else []
    cases = _open_cases(user, [resident for resident, _home in pairs], homes)
    return [_seat(resident, home, rows, cases) for resident, home in pairs]


def _open_cases(user: User, residents: list[Resident], homes: list[Home]) -> list[Case]:
    """What is open there; a confidential one is linked with nobody."""
    if not residents and not homes:
        return []
    theirs = Q(resident__in=residents) | Q(home__in=homes)
    cases = visible_to(user).filter(theirs, is_open=True, confidential=False).select_related("item", "handler", "community")
    return list(cases.order_by("due_at", "id")[:MOST_CASES])


def _seat(resident: Resident, home: Home | None, rows: list[Residency], cases: list[Case]) -> Seat:
    there = [row for row in rows if home is not None and row.home_id == home.pk]
    own = next((row for row in there if row.resident_id == resident.pk), None)
    return Seat(
        resident=resident,
        home=home,
        kind=str(Residency.Kind(own.kind).label) if own else "",
        others=tuple(row.resident.name for row in there if row.resident_id != resident.pk),
        cases=tuple(c for c in cases if c.resident_id == resident.pk or (home is not None and c.home_id == home.pk)),
    )


def likely_seat(seats: list[Seat], number: str) -> str:
    """The value to choose beforehand: only when exactly one person has the whole number, in one home."""
    typed = phone_digits(number)
    whole = [seat for seat in seats if typed and phone_digits(seat.resident.phone) == typed]
    return whole[0].value if len(whole) == 1 else ""


def chosen_seat(user: User, value: str) -> tuple[Resident, Home | None] | None:
    """The person and home behind a seat's value, if the user may log cases for them."""
    person, _colon, place = value.partition(":")
    if not person.isdigit():
        return None
    resident = residents_visible_to(user, Permission.RECEIVE_CASE).filter(pk=int(person)).first()
    if resident is None or not place.isdigit():
        return (resident, None) if resident else None
    home = homes_visible_to(user, Permission.RECEIVE_CASE).filter(pk=int(place), residencies__resident=resident).first()
    return resident, home
