"""The first page of whoever answers for a community: one sentence, the lists behind it, and what is weak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has
from linsheng.feedback import figures
from linsheng.feedback.figures import Comparison, words
from linsheng.feedback.models import FAR, Case
from linsheng.feedback.queries import BoardFilter, board, board_counts
from linsheng.feedback.queries.board import MOST_COUNTED, filtered
from linsheng.feedback.reporters import home_label
from linsheng.reports.places import Place

SHOWN = 10


@dataclass(frozen=True)
class Counts:
    """What waits now."""

    late: int
    today: int
    to_tell: int
    to_ask: int
    unassigned: int
    came_in: int


@dataclass(frozen=True)
class Line:
    """One row; ``home`` never that of a confidential reporter, and only the building for who may not see personal data."""

    case: Case
    home: str
    url: str

    @property
    def due(self) -> datetime | None:
        """The deadline that runs."""
        return self.case.due_at if self.case.due_at < FAR else None


def line_of(case: Case, user: User) -> Line:
    """The case as this person may see it in a list (nothing is asked of the database)."""
    personal = case.confidential or has(user, Permission.SEE_PERSONAL_DATA, case.community)
    home = home_label(case) if personal else str(case.building or "")
    return Line(case, home, reverse("feedback:case", args=[case.pk]))


@dataclass(frozen=True)
class Lists:
    """The first rows of each list."""

    due: Sequence[Line]
    came_in: Sequence[Line]
    to_tell: Sequence[Line]
    to_ask: Sequence[Line]


def _filter(place: Place) -> BoardFilter:
    return BoardFilter(community=place.single.pk if place.single else None)


def _midnight(now: datetime) -> datetime:
    return localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def counts_of(user: User, place: Place, now: datetime) -> Counts:
    """How much there is of everything (two queries)."""
    wanted = _filter(place)
    found = board_counts(user, wanted, now)
    came_in = filtered(user, replace(wanted, since=_midnight(now)), now).order_by()[:MOST_COUNTED].count()
    names = ("late", "today", "to_tell", "to_ask", "unassigned")
    return Counts(**{name: found[name] for name in names}, came_in=came_in)


def lists_of(user: User, place: Place, now: datetime) -> Lists:
    """The rows that a person can act on (five queries)."""
    wanted = _filter(place)

    def first(changed: BoardFilter, rows: int = SHOWN) -> list[Line]:
        return [line_of(case, user) for case in board(user, changed, now)[:rows]]

    late, due = first(replace(wanted, view="late")), first(replace(wanted, view="today"))
    # What is late comes first, the oldest first, and leaves room for what can still be saved today.
    late = late[: max(SHOWN // 2, SHOWN - len(due))]
    to_tell = first(replace(wanted, view="to_tell"), SHOWN // 2)
    return Lists(
        due=[*late, *due][:SHOWN],
        came_in=first(replace(wanted, since=_midnight(now))),
        to_tell=to_tell,
        to_ask=first(replace(wanted, view="to_ask"), SHOWN - len(to_tell)),
    )


def satisfied_change(trend: figures.Trend, month: figures.Month) -> Comparison:
    """This month's satisfied rate against last month's, from the points of the chart."""
    points = {point.month: point for point in trend.points}
    now, before = points.get(str(month)), points.get(str(month.shifted(-1)))
    share = figures.share
    earlier = share(before.count, before.n) if before else share(0, 0)
    return figures.compared("satisfied", share(now.count, now.n) if now else share(0, 0), earlier)


def sentence(counts: Counts, change: Comparison) -> str:
    """The one sentence worth reading: what is late, what is due today, what waits, how satisfied people are."""
    parts = [
        _("%(n)s 件已超时") % {"n": _many(counts.late)} if counts.late else "",
        _("今天 %(n)s 件到期") % {"n": _many(counts.today)} if counts.today else "",
        _("%(n)s 件待告知结果") % {"n": _many(counts.to_tell)} if counts.to_tell else "",
        _("%(n)s 件待独立回访") % {"n": _many(counts.to_ask)} if counts.to_ask else "",
    ]
    if not counts.late and not counts.today:
        parts.insert(0, _("今天没有到期或超时的"))
    return _("；").join([*(part for part in parts if part), satisfied_words(change)])


def satisfied_words(change: Comparison) -> str:
    """本月满意率 86%（43/50），与上月无显著差别."""
    if not change.now.n:
        return _("本月还没有评价")
    rate = _("本月满意率 %(rate)s") % {"rate": words.share_words(change.now, interval=False)}
    return _("，").join([rate, words.change_words(change)])


def _many(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def board_url(view: str) -> str:
    """The workboard's tab with the same rows."""
    return f"{reverse('feedback:board')}?view={view}&scope=all"


def came_in_url(now: datetime) -> str:
    """The workboard with what came in today."""
    return f"{reverse('feedback:board')}?view=all&scope=all&from={localtime(now).date().isoformat()}"
