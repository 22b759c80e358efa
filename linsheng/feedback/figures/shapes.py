"""The figures as plain frozen data: what is counted, what it is a share of, and what is not known.

Shares are 0 to 1 and ``None`` out of nothing; times are minutes; ``hidden`` figures rest on fewer than ``ENOUGH`` answers.
"""

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from linsheng.feedback.figures.periods import Month

# Ratings and callbacks of a group rest on at least so many answers, else only their number is shown.
ENOUGH: Final = 5


class By(StrEnum):
    """What the figures can be broken down by."""

    ITEM = "item"
    CHANNEL = "channel"
    KIND = "kind"
    BUILDING = "building"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``n`` with the 95% Wilson interval."""

    count: float
    n: float
    share: float | None
    low: float
    high: float
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class MedianTime:
    """The minutes by which half had ended (Kaplan–Meier); None while more than half have not.

    ``unmeasured`` cases had no clock: nothing was promised for them.
    """

    median: float | None
    low: float | None
    high: float | None
    n: int
    ended: int
    open: int
    unmeasured: int = 0


@dataclass(frozen=True, slots=True)
class Ratings:
    """Stars of reporters: mean (平均分), satisfied rate (满意率, 4 and 5) and index (满意指数) are three different things."""

    n: int
    mean: float | None
    low: float | None
    high: float | None
    satisfied: Share
    index: float | None
    distribution: tuple[int, int, int, int, int]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """The three rates in one number, 0 to 100, by the company's weights (contacted, solved, satisfied)."""

    value: float | None
    low: float
    high: float
    weights: tuple[float, float, float]
    basically: float


@dataclass(frozen=True, slots=True)
class Callbacks:
    """The three rates over valid callbacks, and beside them who did not enter: no answer, not to be asked, not heard from."""

    valid: int
    non_response: int
    excluded: int
    no_word: int
    contacted: Share
    solved: Share
    satisfied: Share
    satisfied_fully: int
    satisfied_basically: int
    dissatisfied: int
    index: Index
    methods: dict[str, int]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """One month of one scope. The definitions stand in the package's docstring."""

    received: int
    handled: int
    open_at_end: int
    urges: int
    urged_cases: int
    answered_in_time: Share
    resolved_in_time: Share
    reopened: Share
    told: Share
    ratings: Ratings
    callbacks: Callbacks
    handler_minutes: MedianTime | None = None
    resident_minutes: MedianTime | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One item, channel, kind, building or community; ``key`` is its code."""

    key: str
    label: str
    figures: Figures
    words: tuple[str, ...] = ()
    # Of communities: their grade; of items: their dimension.
    within: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A share against the month before: ``verdict`` is improved, worse or no_evidence (Newcombe, 95%)."""

    name: str
    now: Share
    before: Share
    difference: float | None
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of a control chart; ``reasons`` are why it is more than noise."""

    month: str
    value: float | None
    count: int
    n: float
    centre: float | None
    lower: float | None
    upper: float | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """A control chart up to the month; its limits come from ``baseline`` earlier months, too few of which are provisional."""

    name: str
    points: tuple[TrendPoint, ...]
    baseline: int
    provisional: bool
    # homes (rate a hundred homes), or cases (plain numbers, where no homes are known).
    unit: str = ""

    @property
    def last(self) -> TrendPoint | None:
        """The latest month that has a value."""
        return next((point for point in reversed(self.points) if point.value is not None), None)


@dataclass(frozen=True, slots=True)
class Topic:
    """A word of the month: in how many texts it stands now, and in how many of the months before."""

    word: str
    texts: int
    share: float
    before: float | None
    # more: it stands in more texts than before by more than chance.
    more: bool
    example: str


@dataclass(frozen=True, slots=True)
class Topics:
    """The words, and the texts that they were taken from: all, or an even sample of them."""

    words: tuple[Topic, ...]
    read: int
    texts: int
    background: int


@dataclass(frozen=True, slots=True)
class WeakGroup:
    """An item whose ratings are lower than the company's by more than chance: raw mean, and shrunk with its interval."""

    key: str
    label: str
    n: int
    mean: float
    shrunk: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WeakItems:
    """The items looked at (``compared``, each with enough ratings), the company's mean, and those below it."""

    items: tuple[WeakGroup, ...]
    compared: int
    company_mean: float | None
    n: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MonthlyFigures:
    """Everything about one month of some communities."""

    month: Month
    start: datetime
    cut: datetime
    finished: bool
    communities: tuple[tuple[str, str], ...]
    by: By | None
    total: Figures
    changes: tuple[Comparison, ...]
    trends: tuple[Trend, ...]
    topics: Topics
    weak: WeakItems
    groups: tuple[Group, ...] = field(default_factory=tuple)

    def trend(self, name: str) -> Trend:
        """The control chart of that name."""
        return next(trend for trend in self.trends if trend.name == name)

    def change(self, name: str) -> Comparison:
        """The comparison of that name."""
        return next(change for change in self.changes if change.name == name)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON-serialisable data; ``linsheng/reports/README.md`` lists the keys."""
        return {
            "month": str(self.month),
            "from": self.start.isoformat(),
            "to": self.cut.isoformat(),
            "finished": self.finished,
            "communities": [{"code": code, "name": name} for code, name in self.communities],
            "by": self.by,
            "figures": _plain(self.total),
            "changes": {change.name: _plain(change) for change in self.changes},
            "trends": {trend.name: _plain(trend) for trend in self.trends},
            "topics": _plain(self.topics),
            "weak": _plain(self.weak),
            "groups": [_plain(group) for group in self.groups],
        }


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Glance:
    """One community this month so far; ``open`` and ``late`` are as of now."""

    code: str
    name: str
    grade: str
    received: int
    open: int
    late: int
    answered_in_time: Share
    resolved_in_time: Share
    ratings: Ratings
    solved: Share
