"""The month of some communities, put together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from linsheng.communities.models import Community
from linsheng.feedback.figures import topics as texts_of
from linsheng.feedback.figures.assembling import comparisons, figures_of, without_small
from linsheng.feedback.figures.naming import names_of
from linsheng.feedback.figures.periods import Month
from linsheng.feedback.figures.shapes import By, Figures, Group, MonthlyFigures, Topics
from linsheng.feedback.figures.tallies import Span, Tally, compared_tallies, tallies, total
from linsheng.feedback.figures.times import Clocks, clocks_of
from linsheng.feedback.figures.trends import trends
from linsheng.feedback.figures.weak import weak_items
from linsheng.feedback.models import FeedbackSettings
from linsheng.feedback.settings import settings_of

STEPS = 5
Progress: TypeAlias = Callable[[int, int], None]
# Breakdowns whose small groups would show single people's answers.
GUARDED = frozenset({By.ITEM, By.BUILDING, By.CHANNEL, By.KIND})


@dataclass(frozen=True)
class Scope:
    """The communities that figures are about, all of one company."""

    communities: tuple[Community, ...]

    @classmethod
    def of(cls, ids: Iterable[int]) -> "Scope":
        """Raises ``ValueError`` for communities of two companies: nothing may ever add those up."""
        found = tuple(Community.objects.filter(pk__in=list(ids)).order_by("code"))
        if len({place.organisation_id for place in found}) > 1:
            raise ValueError("Figures of two companies must not be added up.")
        return cls(found)

    @property
    def ids(self) -> list[int]:
        return [place.pk for place in self.communities]

    @property
    def organisation(self) -> int | None:
        return self.communities[0].organisation_id if self.communities else None


def month_of(month: Month | date | str) -> Month:
    """A month given as ``Month``, as any day of it, or as ``2026-10``; raises ``Invalid``."""
    if isinstance(month, Month):
        return month
    return Month.parse(month) if isinstance(month, str) else Month(month.year, month.month)


def rules_of(scope: Scope) -> FeedbackSettings:
    """The company's weights, as numbers: defaults that were never saved are still texts."""
    rules = settings_of(scope.organisation) if scope.organisation else FeedbackSettings()
    rules.basically_weight = FeedbackSettings._meta.get_field("basically_weight").to_python(rules.basically_weight)
    return rules


def _in_silence(_done: int, _total: int) -> None:
    """Nobody watches."""


def monthly(
    community_ids: Iterable[int],
    month: Month | date | str,
    by: By | str | None = None,
    *,
    now: datetime,
    progress: Progress = _in_silence,
) -> MonthlyFigures:
    """Everything about one month, as known at ``now``. The caller has checked that the reader may see these communities.

    ``month`` is a ``Month``, any day of it, or ``2026-10`` (else ``Invalid``); ``progress(done, total)`` hears of each step.
    """
    scope, month = Scope.of(community_ids), month_of(month)
    kind = By(by) if by else None
    span = Span(scope.ids, month.start, month.cut(now), kind or By.COMMUNITY)
    rules = rules_of(scope)
    counts = tallies(span)
    progress(1, STEPS)
    clocks = clocks_of(span)
    progress(2, STEPS)
    whole = total(counts.values())
    figures = figures_of(whole, rules, clocks.medians())
    topics, words = _texts(span, month, whole.received)
    progress(3, STEPS)
    changes = comparisons(figures, month_before(scope, month, rules))
    charts = trends(scope.ids, month, now)
    progress(4, STEPS)
    found = MonthlyFigures(
        month=month,
        start=span.start,
        cut=span.cut,
        finished=month.end <= now,
        communities=tuple((place.code, place.name) for place in scope.communities),
        by=kind,
        total=figures,
        changes=changes,
        trends=charts,
        topics=topics,
        weak=weak_items(scope.ids, scope.organisation, month, now),
        groups=_groups(span, counts, rules, clocks, words) if kind else (),
    )
    progress(STEPS, STEPS)
    return found


def month_before(scope: Scope, month: Month, rules: FeedbackSettings) -> Figures:
    """The shares of the month before, for a comparison; all else in it is empty."""
    span = Span(scope.ids, month.shifted(-1).start, month.start)
    return figures_of(total(compared_tallies(span).values()), rules)


def _texts(span: Span, month: Month, received: int) -> tuple[Topics, dict[Any, tuple[str, ...]]]:
    texts = texts_of.read_month(span.cases, (span.start, span.cut), received, span.path())
    found = texts_of.topics_of(texts, received, texts_of.background(span.cases, month))
    return found, texts_of.words_by_group(texts) if len({text.group for text in texts}) > 1 else {}


def _groups(
    span: Span, counts: dict[Any, Tally], rules: FeedbackSettings, clocks: Clocks, words: dict[Any, tuple[str, ...]]
) -> tuple[Group, ...]:
    found = []
    for key, (code, label, within) in names_of(span.by, counts).items():
        figures = figures_of(counts[key], rules, clocks.medians(key))
        shown: Figures = without_small(figures) if span.by in GUARDED else figures
        found.append(Group(code, label, shown, words.get(key, ()), within))
    return tuple(found)
