"""Calls: the list, by any part of a number; what rings now; who has called before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import grants, has, scope
from linsheng.core.errors import NotVisible
from linsheng.core.text import masked_phone, phone_digits
from linsheng.feedback.queries.callers import Seat, seats_of_number
from linsheng.intake.models import Call, CallNumberPart, CallSeen, Line, PhoneDuty

Outcome = Call.Outcome
SHORTEST_PART = 3
# A call that nobody took stands on the screens so long, and one that was taken stays on the taker's.
RINGS = timedelta(minutes=3)
TALKS = timedelta(minutes=30)
MOST_CARDS = 3
MOST_EARLIER = 5


@dataclass(frozen=True)
class CallFilter:
    """How the list is narrowed; empty means everything."""

    q: str = ""
    line: str = ""
    agent: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Card:
    """What stands on the screen when somebody calls."""

    call: Call
    number: str
    seats: list[Seat]
    earlier: list[Call]

    @property
    def who(self) -> Seat | None:
        return self.seats[0] if self.seats else None


def calls_of(user: User) -> QuerySet[Call]:
    """The calls of the communities where the user takes reports, newest first."""
    rows = Call.objects.filter(scope(user, Permission.RECEIVE_CASE).q())
    return rows.select_related("community", "line", "number", "answered_by", "case").order_by("-started_at", "-pk")


def call_of(user: User, pk: int) -> Call:
    """One call, or ``NotVisible``."""
    call = calls_of(user).filter(pk=pk).first()
    if call is None:
        raise NotVisible(_("没有找到这个来电，或不在您的范围内。"))
    return call


def with_part(rows: QuerySet[Call], typed: str, user: User) -> QuerySet[Call]:
    """Calls whose number contains these digits somewhere: the endings that begin with them stand side by side in the index."""
    digits = phone_digits(typed)
    if len(digits) < SHORTEST_PART:
        return rows.none()
    # Letters come after digits in every collation: all that begins with the digits, and nothing else, lies between.
    companies = {grant.organisation_id for grant in grants(user)}
    found = CallNumberPart.objects.filter(organisation__in=companies, ending__gte=digits, ending__lt=f"{digits}a")
    return rows.filter(number__in=found.values("number"))


def filtered_calls(user: User, wanted: CallFilter) -> QuerySet[Call]:
    """What the filter leaves."""
    rows = calls_of(user)
    if wanted.line.isdecimal():
        rows = rows.filter(line=int(wanted.line))
    if wanted.agent:
        rows = rows.filter(answered_by__username=wanted.agent)
    if wanted.outcome == "unknown":
        rows = rows.filter(number=None)
    elif wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.q.strip():
        text = wanted.q.replace("\x00", "").strip()
        parts = with_part(rows, text, user)
        rows = rows.filter(Q(case__number__iexact=text) | Q(note__icontains=text) | Q(pk__in=parts.order_by().values("pk")))
    return rows


def shown_number(call: Call, viewer: User) -> str:
    """The number as this person may read it; a caller who hid it is unknown."""
    if call.number is None:
        return _("来电人未知")
    return call.number.digits if has(viewer, Permission.SEE_PERSONAL_DATA, call.community) else masked_phone(call.number.digits)


def is_on_duty(user: User) -> bool:
    return not PhoneDuty.objects.filter(user=user, on=False).exists()


def has_lines(user: User) -> bool:
    """Whether any call can ever ring here."""
    return Line.objects.filter(scope(user, Permission.RECEIVE_CASE).q(), retired_at=None).exists()


def ringing(user: User, now: datetime) -> list[Call]:
    """What rings for this person, newest first: nobody's calls, and the own ones that are not written down yet."""
    put_away = CallSeen.objects.filter(call=OuterRef("pk"), user=user, dismissed_at__isnull=False)
    free = Q(answered_by=None, answered_name="", started_at__gte=now - RINGS)
    # Colleagues see for a moment who took it.
    just_taken = Q(answered_by__isnull=False, answered_at__gte=now - timedelta(seconds=15), started_at__gte=now - RINGS)
    own = Q(answered_by=user, started_at__gte=now - TALKS)
    rows = calls_of(user).filter(free | just_taken | own, line__isnull=False, outcome=Outcome.OPEN, started_at__gte=now - TALKS)
    return list(rows.exclude(Exists(put_away))[:MOST_CARDS])


def earlier_calls(call: Call, user: User) -> list[Call]:
    """The last calls from the same number before this one."""
    if call.number_id is None:
        return []
    rows = calls_of(user).filter(number=call.number_id).exclude(pk=call.pk)
    return list(rows.filter(started_at__lte=call.started_at)[:MOST_EARLIER])


def card_of(call: Call, user: User) -> Card:
    """Caller, home, open matters, earlier calls: as far as this person may know."""
    seats: list[Seat] = []
    if call.number is not None and has(user, Permission.SEE_PERSONAL_DATA, call.community):
        found = seats_of_number(user, call.number.digits)
        seats = [seat for seat in found if phone_digits(seat.resident.phone) == call.number.digits]
    return Card(call, shown_number(call, user), seats, earlier_calls(call, user))
