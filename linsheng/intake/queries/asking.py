"""Who is asked back next: somebody independent gets the cases one after the other, in an order that nobody chooses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import scope
from linsheng.core.ids import digest
from linsheng.feedback.actions.voice import WORK, may_ask_back
from linsheng.feedback.models import Callback, Case, CaseEvent, Resolution
from linsheng.feedback.queries.board import BoardFilter, end_of_today, filtered
from linsheng.feedback.settings import settings_of
from linsheng.intake.models import AskingSkipped

Outcome = Callback.Outcome
SHOWN = ("community", "item", "home", "building", "resident__user", "handler")
# After these nobody asks again in the same cycle.
FINAL = (Outcome.ANSWERED, Outcome.REFUSED, Outcome.INVALID)
MOST = 5000


@dataclass(frozen=True)
class Queue:
    """What is left for one person today, and whom they ask next."""

    case: Case | None
    left: int
    skipped: int


def _independent(rows: QuerySet[Case], user: User) -> QuerySet[Case]:
    """Without what the person worked on. Merged cases need a closer look: see ``_ids``."""
    events = CaseEvent.objects.filter(case=OuterRef("pk"))
    worked = Q(action__in=WORK, actor=user) | Q(action="assign", data__handler=user.pk)
    return rows.exclude(handler=user).exclude(Exists(events.filter(worked)))


def to_ask_cases(user: User, community: int | None, now: datetime) -> QuerySet[Case]:
    """Cases that this person may ask about now, by phone."""
    rows = filtered(user, BoardFilter(view="to_ask", community=community), now)
    rows = rows.filter(scope(user, Permission.ASK_BACK).q(), confidential=False)
    rows = rows.filter(~Q(contact_phone="") | Q(resident__phone__gt=""))
    same = {"case": OuterRef("pk"), "cycle": OuterRef("cycle")}
    today = end_of_today(now) - timedelta(days=1)
    asked = Callback.objects.filter(**same).filter(Q(outcome__in=FINAL) | Q(at__gte=today))
    skipped = AskingSkipped.objects.filter(case=OuterRef("pk"), by=user, day=localdate(now))
    rows = rows.filter(Exists(Resolution.objects.filter(**same)), ~Exists(asked), ~Exists(skipped))
    return _independent(rows, user)


def _ids(user: User, community: int | None, now: datetime) -> list[int]:
    """In the order of the day: by a digest of case, day and person, so that two who ask at once rarely ring the same home."""
    rows = to_ask_cases(user, community, now).order_by()
    found = list(rows.values_list("pk", "cycle", "community__organisation_id")[:MOST])
    merged = rows.filter(Exists(CaseEvent.objects.filter(case=OuterRef("pk"), action="merge")))
    not_theirs = {case.pk for case in merged if not may_ask_back(case, user)}
    tired = _tried_enough([pk for pk, _cycle, _company in found], {(pk, cycle): company for pk, cycle, company in found})
    left = [pk for pk, _cycle, _company in found if pk not in not_theirs and pk not in tired]
    day = localdate(now).isoformat()
    return sorted(left, key=lambda pk: digest(f"{day}.{pk}.{user.pk}"))


def _tried_enough(ids: list[int], companies: dict[tuple[int, int], int]) -> set[int]:
    """Those whom nobody reached on as many days as the company tries to tell somebody."""
    counted: dict[tuple[int, int], int] = {}
    for key in Callback.objects.filter(case__in=ids, outcome=Outcome.NO_ANSWER).values_list("case_id", "cycle"):
        counted[key] = counted.get(key, 0) + 1
    return {key[0] for key, n in counted.items() if key in companies and n >= settings_of(companies[key]).tell_attempts}


def queue_of(user: User, community: int | None, now: datetime) -> Queue:
    """The next one, how many are left with it, and how many the person skipped today."""
    ids = _ids(user, community, now)
    case = Case.objects.select_related(*SHOWN).get(pk=ids[0]) if ids else None
    return Queue(case, len(ids), AskingSkipped.objects.filter(by=user, day=localdate(now)).count())
