"""Communities side by side at a glance: what a first page can afford at any size, without medians, charts and topics."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count

from linsheng.feedback.figures.assembling import figures_of
from linsheng.feedback.figures.months import Scope, rules_of
from linsheng.feedback.figures.naming import names_of
from linsheng.feedback.figures.periods import Month
from linsheng.feedback.figures.shapes import By, Glance
from linsheng.feedback.figures.tallies import GLANCE, Span, Tally, counted_by
from linsheng.feedback.models import Case
from linsheng.feedback.queries.board import view_condition


def glances(community_ids: Iterable[int], now: datetime) -> tuple[Glance, ...]:
    """Every community, ordered by grade; those in which nothing happened too."""
    scope, month = Scope.of(community_ids), Month.of(now)
    counts = counted_by(Span(scope.ids, month.start, month.cut(now), By.COMMUNITY), GLANCE)
    running = Case.objects.filter(view_condition("late", now), community__in=scope.ids).order_by().values_list("community")
    late = defaultdict(int, running.annotate(rows=Count("id")))
    rules = rules_of(scope)
    found = []
    for key, (code, name, grade) in names_of(By.COMMUNITY, scope.ids).items():
        figures = figures_of(counts.get(key, Tally()), rules)
        found.append(
            Glance(
                code=code,
                name=name,
                grade=grade,
                received=figures.received,
                open=figures.open_at_end,
                late=late[key],
                answered_in_time=figures.answered_in_time,
                resolved_in_time=figures.resolved_in_time,
                ratings=figures.ratings,
                solved=figures.callbacks.solved,
            )
        )
    return tuple(found)
