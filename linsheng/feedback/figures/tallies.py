"""Counts of a month by group: one GROUP BY each, over ranges that have an index; the database counts, nothing is loaded."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final, TypeAlias

from django.db.models import Case as Choice
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models import Value as Constant

from linsheng.feedback.figures.shapes import By
from linsheng.feedback.models import OPEN, Callback, Case, CaseEvent, CaseState, Rating, Resolution, ResultNotice, Urge

Key: TypeAlias = Any
PATHS: dict[By, str] = {
    By.ITEM: "item_id",
    By.CHANNEL: "channel",
    By.KIND: "kind",
    By.BUILDING: "building_id",
    By.COMMUNITY: "community_id",
}
ANSWERED = Callback.Outcome.ANSWERED


@dataclass(frozen=True)
class Span:
    """Some communities from ``start`` until ``cut``, broken down by ``by``."""

    communities: Sequence[int]
    start: datetime
    cut: datetime
    by: By = By.COMMUNITY

    def within(self, name: str) -> Q:
        """Rows whose time ``name`` falls into the span."""
        return Q(**{f"{name}__gte": self.start, f"{name}__lt": self.cut})

    @property
    def cases(self) -> QuerySet[Case]:
        return Case.objects.filter(community__in=self.communities)

    def path(self, prefix: str = "") -> str:
        """Where the group stands, seen from a row with the case at ``prefix``; ratings and callbacks know their community."""
        return f"{prefix}{PATHS[self.by]}"


@dataclass
class Tally:
    """What was counted of one group."""

    received: int = 0
    results: int = 0
    handled: int = 0
    superseded: int = 0
    told: int = 0
    no_word: int = 0
    open_at_end: int = 0
    answer_due: int = 0
    answered_in_time: int = 0
    result_due: int = 0
    resolved_in_time: int = 0
    contacted: int = 0
    solved: int = 0
    non_response: int = 0
    excluded: int = 0
    urges: int = 0
    urged_cases: int = 0
    stars: Counter[int] = field(default_factory=Counter)
    satisfied: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take in what was counted of another group."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, each.name, mine + theirs)


Tallies: TypeAlias = dict[Key, Tally]
Counting: TypeAlias = Callable[[Span, Tallies], None]


def counted_by(span: Span, counts: Iterable[Counting]) -> Tallies:
    """These counts of the span by group; groups in which nothing happened are absent."""
    found: Tallies = defaultdict(Tally)
    for count in counts:
        count(span, found)
    return dict(found)


def tallies(span: Span) -> Tallies:
    """Every count of the span by group."""
    return counted_by(span, (*GLANCE, _results, _superseded, _silence, _urges))


def compared_tallies(span: Span) -> Tallies:
    """Only what one month is compared with another by: shares that were settled when it ended."""
    return counted_by(span, (_due, _ratings, _answers))


def total(found: Iterable[Tally]) -> Tally:
    """All groups as one."""
    whole = Tally()
    for tally in found:
        whole.add(tally)
    return whole


def _counted(rows: QuerySet[Any], span: Span, prefix: str = "", /, *also: str, **counts: Any) -> Iterable[dict[str, Any]]:
    found: Iterable[dict[str, Any]] = rows.order_by().values(*also, group=F(span.path(prefix))).annotate(**counts)
    return found


def _received(span: Span, into: Tallies) -> None:
    """Every voice counts, whatever became of it."""
    for row in _counted(span.cases.filter(span.within("received_at")), span, rows=Count("id")):
        into[row["group"]].received += row["rows"]


def _results(span: Span, into: Tallies) -> None:
    """Cases whose present result fell into the span."""
    heard = Exists(Callback.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle"), at__lt=span.cut))
    rows = span.cases.filter(span.within("resolved_at")).annotate(heard=heard)
    told, silent = Count("id", filter=Q(told_at__lt=span.cut)), Count("id", filter=Q(heard=False))
    for row in _counted(rows, span, rows=Count("id"), told=told, silent=silent):
        tally = into[row["group"]]
        tally.results += row["rows"]
        tally.handled += row["rows"]
        tally.told += row["told"]
        tally.no_word += row["silent"]


def _superseded(span: Span, into: Tallies) -> None:
    """Results of the span that a reopening took back since; a case with another result in the span is handled once."""
    reopened = span.cases.filter(cycle__gte=2, received_at__lt=span.cut).values("pk")
    rows = Resolution.objects.filter(span.within("at"), case__in=reopened, cycle__lt=F("case__cycle"))
    proof = ResultNotice.objects.filter(case=OuterRef("case"), cycle=OuterRef("cycle"), reached=True, at__lt=span.cut)
    heard = Callback.objects.filter(case=OuterRef("case"), cycle=OuterRef("cycle"), at__lt=span.cut)
    rows = rows.annotate(proof=Exists(proof), heard=Exists(heard))
    once = ~Q(case__resolved_at__gte=span.start, case__resolved_at__lt=span.cut) | Q(case__resolved_at=None)
    counts = {
        "rows": Count("id"),
        "cases": Count("case", distinct=True, filter=once),
        "told": Count("id", filter=Q(proof=True)),
        "silent": Count("id", filter=Q(heard=False)),
    }
    for row in _counted(rows, span, "case__", **counts):
        tally = into[row["group"]]
        tally.results += row["rows"]
        tally.superseded += row["rows"]
        tally.handled += row["cases"]
        tally.told += row["told"]
        tally.no_word += row["silent"]


def _open_at_end(span: Span, into: Tallies) -> None:
    """Cases that somebody still had to work on at the cut; the history decides where a case has moved to and fro.

    The candidates are named by their own index each; asked all at once, SQLite would walk every case that ever came in.
    """
    at_cut = CaseEvent.objects.filter(case=OuterRef("pk"), at__lt=span.cut).order_by("-at", "-id").values("to_state")[:1]
    moved = Q(cycle__gte=2) | Q(state=CaseState.MERGED)
    withdrawn_later = Q(state=CaseState.WITHDRAWN, closed_at__gte=span.cut)
    for candidates, still in (
        (span.cases.filter(is_open__in=[True]), Q()),
        (span.cases.filter(resolved_at__gte=span.cut), Q(is_open=False)),
        (span.cases.filter(state=CaseState.WITHDRAWN, resolved_at=None), withdrawn_later),
        (span.cases.filter(state=CaseState.MERGED, resolved_at=None), Q()),
    ):
        rows = Case.objects.filter(still, pk__in=candidates.values("pk"), received_at__lt=span.cut)
        rows = rows.annotate(at_cut=Subquery(at_cut)).filter(~moved | Q(at_cut__in=OPEN))
        for row in _counted(rows, span, rows=Count("id")):
            into[row["group"]].open_at_end += row["rows"]


def _due(span: Span, into: Tallies) -> None:
    """Cases whose deadline fell into the span: each counts once, and late ones that are still open count as late."""
    paused = CaseEvent.objects.filter(case=OuterRef("pk"), action="wait").order_by("-at", "-id").values("at")[:1]
    for deadline, done, due, in_time in (
        ("respond_by", "responded_at", "answer_due", "answered_in_time"),
        ("resolve_by", "resolved_at", "result_due", "resolved_in_time"),
    ):
        taken_back = Q(state=CaseState.WITHDRAWN, closed_at__lte=F(deadline))
        rows = span.cases.filter(span.within(deadline)).exclude(state=CaseState.MERGED).exclude(taken_back)
        # A clock that stood still before its deadline has not run out yet.
        standing = Q(state=CaseState.WAITING, paused__lte=F(deadline)) & Q(**{done: None})
        rows = rows.annotate(paused=Choice(When(state=CaseState.WAITING, then=Subquery(paused)), default=None)).exclude(standing)
        for row in _counted(rows, span, rows=Count("id"), met=Count("id", filter=Q(**{f"{done}__lte": F(deadline)}))):
            tally = into[row["group"]]
            setattr(tally, due, getattr(tally, due) + row["rows"])
            setattr(tally, in_time, getattr(tally, in_time) + row["met"])


def _voiced(span: Span) -> str:
    return "" if span.by == By.COMMUNITY else "case__"


def _ratings(span: Span, into: Tallies) -> None:
    rows = Rating.objects.filter(span.within("at"), community__in=span.communities)
    for row in _counted(rows, span, _voiced(span), "stars", rows=Count("id")):
        into[row["group"]].stars[row["stars"]] += row["rows"]


def _answers(span: Span, into: Tallies) -> None:
    """Valid callbacks: those that were answered."""
    rows = Callback.objects.filter(span.within("at"), community__in=span.communities, outcome=ANSWERED)
    for row in _counted(rows, span, _voiced(span), "contacted", "solved", "satisfied", "method", rows=Count("id")):
        tally, n = into[row["group"]], row["rows"]
        tally.contacted += n * row["contacted"]
        tally.solved += n * row["solved"]
        tally.satisfied[row["satisfied"]] += n
        tally.methods[row["method"]] += n


def _silence(span: Span, into: Tallies) -> None:
    """Asked in the span and never answered: no response, or (only wrong numbers) excluded. A result counts once."""
    answered = Callback.objects.filter(case=OuterRef("case"), cycle=OuterRef("cycle"), outcome=ANSWERED, at__lt=span.cut)
    rows = Callback.objects.filter(~Exists(answered), span.within("at"), community__in=span.communities).exclude(outcome=ANSWERED)
    reachable = Max(Choice(When(outcome=Callback.Outcome.INVALID, then=Constant(0)), default=Constant(1)))
    for row in _counted(rows, span, _voiced(span), "case_id", "cycle", reachable=reachable):
        tally = into[row["group"]]
        tally.non_response += row["reachable"]
        tally.excluded += 1 - row["reachable"]


def _urges(span: Span, into: Tallies) -> None:
    # "+ 0" keeps SQLite from walking all cases of the community to find the few that were urged.
    urged = Urge.objects.filter(span.within("at")).values("case")
    rows = Case.objects.annotate(place=F("community_id") + 0).filter(place__in=span.communities, pk__in=urged)
    in_span = Q(urges__at__gte=span.start, urges__at__lt=span.cut)
    for row in _counted(rows, span, cases=Count("id", distinct=True), urges=Count("urges", filter=in_span)):
        into[row["group"]].urges += row["urges"]
        into[row["group"]].urged_cases += row["cases"]


# What communities are compared by at a glance.
GLANCE: Final[tuple[Counting, ...]] = (_received, _open_at_end, _due, _ratings, _answers)
