"""The workboard: lists of cases by what has to happen next."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.utils.timezone import localtime

from linsheng.accounts.models import User
from linsheng.communities.permissions import grants
from linsheng.feedback import search
from linsheng.feedback.models import OPEN, Case, CaseState
from linsheng.feedback.queries.scope import may_search_people, searched_communities, visible_to

# SQLite finds no index by a bare boolean ("WHERE is_open"), but by "is_open IN (1)": a hundred times as fast on a large board.
IS_OPEN, HAS_ENDED = Q(is_open__in=[True]), Q(is_open__in=[False])
# Counting stops here: "999+" says enough, and costs the same at any size.
MOST_COUNTED = 1000
ASK_WITHIN = timedelta(days=30)

# Merged ones too, once they share a result: every household is told and asked for itself.
WITH_RESULT = (CaseState.RESOLVED, CaseState.CLOSED, CaseState.REFERRED, CaseState.DECLINED, CaseState.MERGED)
LISTED = ("item", "home", "handler", "community", "building")


@dataclass(frozen=True)
class BoardFilter:
    """What a person asks of a list of cases; empty means no restriction."""

    scope: str = "all"  # mine, team, all
    view: str = ""  # see VIEWS
    community: int | None = None
    states: tuple[str, ...] = ()
    item: str = ""
    handler: str = ""
    channel: str = ""
    kind: str = ""
    urgency: str = ""
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    overdue: bool = False
    extra: dict[str, str] = field(default_factory=dict)


def end_of_today(now: datetime) -> datetime:
    """Midnight after ``now`` in the company's time zone."""
    local = localtime(now)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _running() -> Q:
    return IS_OPEN & ~Q(state=CaseState.WAITING)


def view_condition(view: str, now: datetime) -> Q:
    """The rows of one of the workboard's tabs."""
    conditions = {
        "": Q(),
        "open": IS_OPEN,
        "unassigned": IS_OPEN & Q(handler=None),
        "late": _running() & Q(due_at__lt=now),
        "today": _running() & Q(due_at__gte=now, due_at__lt=end_of_today(now)),
        "waiting": IS_OPEN & Q(state=CaseState.WAITING),
        # Only what has a result has its time (reopening takes it away); by state another index would be walked, much longer.
        "to_tell": Q(told_at=None, resolved_at__isnull=False) & ~Q(state=CaseState.WITHDRAWN),
        "to_ask": Q(
            told_at__isnull=False, asked_back_at=None, confidential=False, resolved_at__gte=now - ASK_WITHIN, state__in=WITH_RESULT
        ),
        "urged": IS_OPEN & Q(urged_at__isnull=False),
        "ended": HAS_ENDED,
    }
    return conditions.get(view, Q())


OPEN_VIEWS = frozenset({"open", "unassigned", "late", "today", "waiting", "urged"})
VIEWS = ("unassigned", "today", "late", "waiting", "to_tell", "to_ask")
COUNTED = (*VIEWS, "open")


class Counted(Subquery):
    """How many rows a query has, as one value beside others: several counts cost one round trip."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()


def scoped(cases: QuerySet[Case], user: User, scope: str, view: str) -> QuerySet[Case]:
    """Those of one's own, of one's team, or all."""
    # What nobody has is never "mine": there a handler means what they could take.
    if scope == "mine" and view != "unassigned":
        return cases.filter(handler=user)
    if scope in {"mine", "team"}:
        teams = {g.team for g in grants(user) if g.team}
        return cases.filter(team__in=teams) if teams else cases
    return cases


def filtered(user: User, wanted: BoardFilter, now: datetime) -> QuerySet[Case]:
    """The user's visible cases that meet the filter, unordered."""
    cases = scoped(visible_to(user), user, wanted.scope, wanted.view).filter(view_condition(wanted.view, now))
    plain = {
        "community": wanted.community,
        "state__in": wanted.states,
        "item__code": wanted.item,
        "channel": wanted.channel,
        "kind": wanted.kind,
        "urgency": wanted.urgency,
        "received_at__gte": wanted.since,
        "received_at__lt": wanted.until,
    }
    cases = cases.filter(**{name: value for name, value in plain.items() if value})
    if wanted.handler:
        # Where there are too many people for a list, the name is typed.
        called = User.objects.filter(Q(username=wanted.handler) | Q(name=wanted.handler))
        cases = cases.filter(handler__in=called.values("pk"))
    if wanted.overdue:
        cases = cases.filter(view_condition("late", now))
    return _found(cases, user, wanted) if wanted.q.strip() else cases


def _found(cases: QuerySet[Case], user: User, wanted: BoardFilter) -> QuerySet[Case]:
    """Those that hold the words, asked of no more of the index than the rest of the filter leaves."""
    open_only = wanted.view in OPEN_VIEWS or wanted.overdue or (bool(wanted.states) and set(wanted.states) <= set(OPEN))
    seen = searched_communities(user)
    community = wanted.community or (seen[0] if len(seen) == 1 else None)
    return search.matching(
        cases,
        wanted.q,
        personal=may_search_people(user),
        community=community,
        organisations={grant.organisation_id for grant in grants(user)},
        open_only=open_only,
    )


def order_of(wanted: BoardFilter) -> tuple[str, str]:
    """Open lists by deadline, everything else by arrival, newest first; either has its index."""
    return ("due_at", "id") if wanted.view in OPEN_VIEWS else ("-received_at", "-id")


def board(user: User, wanted: BoardFilter, now: datetime) -> QuerySet[Case]:
    """Rows of the workboard with what a line shows, in the list's order."""
    return filtered(user, wanted, now).select_related(*LISTED).order_by(*order_of(wanted))


def ended_list(user: User, wanted: BoardFilter, now: datetime) -> QuerySet[Case]:
    """Cases that have ended, newest first."""
    return filtered(user, wanted, now).filter(HAS_ENDED).select_related(*LISTED).order_by("-received_at", "-id")
