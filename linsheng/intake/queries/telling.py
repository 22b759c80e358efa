"""Who has to be told by phone today: results that no account, mail or page has told, in the order of whom to ring first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import scope
from linsheng.feedback import telling
from linsheng.feedback.models import Case, FeedbackSettings, Resolution, ResultNotice
from linsheng.feedback.queries.board import BoardFilter, end_of_today, filtered
from linsheng.feedback.reporters import Reporter, reporter_of
from linsheng.feedback.settings import settings_of

SHOWN = ("community", "item", "home__building", "building", "resident__user", "handler")
# A list that nobody rings through in a month is cut here.
MOST = 5000


@dataclass(frozen=True)
class TellFilter:
    """How the list is narrowed; empty means everything."""

    q: str = ""
    team: str = ""
    community: int | None = None


@dataclass(frozen=True)
class Waiting:
    """One case in the order of the list: from when the next try counts (``None``: at once)."""

    pk: int
    resolved_at: datetime
    next_at: datetime | None


@dataclass(frozen=True)
class Line:
    """What a row of the list shows."""

    case: Case
    reporter: Reporter
    result: str
    tries: list[ResultNotice]
    counted: int
    rules: FeedbackSettings
    next_at: datetime | None  # None: may be rung now


@dataclass(frozen=True)
class ToTell:
    """Today's list: those that may be rung now come first, the oldest result first; what waits for tomorrow is only counted."""

    today: list[Waiting] = field(default_factory=list)
    now: int = 0
    tomorrow: int = 0


def to_tell_cases(user: User, wanted: TellFilter, now: datetime) -> QuerySet[Case]:
    """Results that have to be told by phone or visit; a mail that is on its way may still do it, a confidential reporter reads."""
    asked = BoardFilter(view="to_tell", q=wanted.q, community=wanted.community)
    rows = filtered(user, asked, now).filter(scope(user, Permission.TELL_RESULT).q(), confidential=False)
    same = {"case": OuterRef("pk"), "cycle": OuterRef("cycle")}
    rows = rows.filter(Exists(Resolution.objects.filter(**same)), ~Exists(ResultNotice.objects.filter(**same, reached=None)))
    return rows.filter(team=wanted.team) if wanted.team else rows


def tries_of(cases: Sequence[int] | QuerySet[Case, Any]) -> dict[tuple[int, int], list[ResultNotice]]:
    """The tries by hand so far, by case and cycle."""
    found: dict[tuple[int, int], list[ResultNotice]] = defaultdict(list)
    for row in ResultNotice.objects.filter(case__in=cases, method__in=telling.BY_HAND).select_related("by"):
        found[row.case_id, row.cycle].append(row)
    return found


def _vain(tries: list[ResultNotice]) -> list[datetime]:
    return [row.at for row in tries if not row.reached]


def to_tell(user: User, wanted: TellFilter, now: datetime) -> ToTell:
    """The list in its order."""
    cases = to_tell_cases(user, wanted, now).order_by("resolved_at", "pk")
    rows = list(cases.values_list("pk", "cycle", "resolved_at", "community__organisation_id")[:MOST])
    tries, tonight = tries_of(cases.order_by().values("pk")), end_of_today(now)
    rules = {company: settings_of(company) for company in {row[3] for row in rows}}
    waiting = [
        Waiting(pk, at or now, telling.next_attempt(_vain(tries.get((pk, cycle), [])), rules[company]))
        for pk, cycle, at, company in rows
    ]
    due = [row for row in waiting if row.next_at is None or row.next_at <= now]
    later = [row for row in waiting if row.next_at is not None and now < row.next_at < tonight]
    later.sort(key=lambda row: (row.next_at, row.resolved_at, row.pk))
    return ToTell(due + later, len(due), len(waiting) - len(due) - len(later))


def lines_of(rows: Sequence[Waiting], user: User, now: datetime) -> list[Line]:
    """What stands on the page for these: three queries."""
    ids = [row.pk for row in rows]
    cases = Case.objects.filter(pk__in=ids).select_related(*SHOWN).in_bulk()
    tries = tries_of(ids)
    results = {(r.case_id, r.cycle): r.text for r in Resolution.objects.filter(case__in=ids)}
    return [_line(cases[row.pk], row, tries, results, user, now) for row in rows if row.pk in cases]


def _line(
    case: Case,
    row: Waiting,
    tries: dict[tuple[int, int], list[ResultNotice]],
    results: dict[tuple[int, int], str],
    user: User,
    now: datetime,
) -> Line:
    key, rules = (case.pk, case.cycle), settings_of(case.community.organisation_id)
    made = tries.get(key, [])
    counted = len(telling.counted_attempts(_vain(made), rules))
    next_at = row.next_at if row.next_at is not None and row.next_at > now else None
    return Line(case, reporter_of(case, user), results.get(key, ""), made, counted, rules, next_at)
