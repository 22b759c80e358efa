"""The result of a closed wave: frozen, plain, in no language but that of what was written by people. See ``surveys.results``.

Whatever is hidden is not in here: a hidden cell is ``None``, so a page, an export or the API cannot show it by mistake.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from linsheng.communities.models import Grade, Home
from linsheng.statistics.response import ResponseRates
from linsheng.surveys.analysis import Change, Estimate, Share
from linsheng.surveys.models.questionnaires import spoken

# 2: what later waves are compared with is kept (`Footing`), and how many answers of a division have a group.
FORMAT = 2
# Reckoning says how far it is: (done, of ``STEPS``).
Progress = Callable[[int, int], object]
STEPS = 5
OVERALL, OUTCOME, SERVICE, BACKGROUND = "overall", "outcome", "service", "background"
BUILDING, COMMUNITY, GRADE, TENURE = "building", "community", "grade", "tenure"
# The code of the note that says how many cells are hidden.
HIDDEN_CELLS = "hidden_cells"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that could be chosen."""

    value: str
    label: str
    label_en: str = ""

    @property
    def words(self) -> str:
        return spoken(self.label, self.label_en)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked. ``key`` is its identity over waves, ``code`` what it is about, ``kind`` a ``QuestionType``.

    ``role``: ``overall`` (what drivers explain), ``outcome`` (other judgements of the whole), ``service`` (satisfaction with one
    thing; these may be low areas and drivers) or ``background``. ``item`` is the code of the service item, or empty. ``gated``:
    asked only of those whom it concerns."""

    key: str
    code: str
    kind: str
    role: str
    text: str
    text_en: str
    block: str
    block_en: str
    item: str
    name: str
    name_en: str
    gated: bool
    options: tuple[Option, ...]

    @property
    def words(self) -> str:
        """The question in the reader's language."""
        return spoken(self.text, self.text_en)

    @property
    def short(self) -> str:
        """A few words for charts and tables: the service item's name, or what the question is about."""
        return spoken(self.name, self.name_en) or self.words

    @property
    def block_words(self) -> str:
        return spoken(self.block, self.block_en)


@dataclass(frozen=True, slots=True)
class Footing:
    """What a later wave is compared with: the mean by design and its error as if these homes were a few of very many (None: not
    known), for what lies behind the answers."""

    n: int
    mean: float | None
    se: float | None
    freedom: float


@dataclass(frozen=True, slots=True)
class ItemResult:
    """A 1–5 or 0–10 question over all answers. ``no_contact`` said so instead of answering (``None``: hidden with the rest).

    ``net`` is the net promoter score (9–10 less 0–6, in points) of a 0–10 question. ``footing`` (None: hidden, or kept in format 1)
    and ``footings``, by building that is shown, of the overall judgement only: for the next wave."""

    asked: Asked
    estimate: Estimate
    no_contact: int | None
    net: float | None = None
    footing: Footing | None = None
    footings: Mapping[str, Footing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """A single- or multiple-choice question: how many chose each option, as a share of those who answered, with Wilson's interval.

    ``hidden``: fewer than five answered; there are no counts then."""

    asked: Asked
    n: int
    hidden: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, Share] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Level:
    """A group of a table; ``words`` is its name in the reader's language. ``answers`` is None where the group is hidden."""

    by: str
    value: str
    label: str
    answers: int | None

    @property
    def words(self) -> str:
        if self.by == GRADE and self.value in Grade.values:
            return str(Grade(self.value).label)
        if self.by == TENURE and self.value in Home.Tenure.values:
            return str(Home.Tenure(self.value).label)
        return self.label


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Every 1–5 and 0–10 item in every group of one division; ``cells[level][item key]`` is None where it is hidden.

    The ``weighted`` figures of a cell are empty, and its ``distribution`` is None, where they would tell about fewer than five.
    ``known``: of how many answers the group is known (None: kept in format 1)."""

    by: str
    levels: tuple[Level, ...]
    cells: Mapping[str, Mapping[str, Estimate | None]]
    known: int | None = None

    def cell(self, level: str, key: str) -> Estimate | None:
        return self.cells.get(level, {}).get(key)

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(cell is None for row in self.cells.values() for cell in row.values())


@dataclass(frozen=True, slots=True)
class Place:
    """The response of one building (or the small ones of a community together)."""

    label: str
    homes: int
    asked: int
    answered: int

    @property
    def rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class ResponseResult:
    """Who answered. ``complete`` at least 80 % of what they were asked, ``partial`` at least half, ``broken_off`` less.

    ``empty`` homes were asked, are empty as far as is known and did not answer; ``silent`` are all others that did not. ``rates``
    are AAPOR's RR1 to RR6."""

    homes: int
    asked: int
    answered: int
    complete: int
    partial: int
    broken_off: int
    silent: int
    empty: int
    rates: ResponseRates
    modes: Mapping[str, int]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class GroupChange:
    """One building's overall satisfaction now and before. ``expected`` is the change that falling back towards the middle brings by
    itself, ``beyond`` the rest, which the verdict (``improved`` | ``worse`` | ``no evidence``) is about."""

    level: str
    label: str
    before: float
    now: float
    change: float
    expected: float
    beyond: float
    se: float | None
    p_adjusted: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The last comparable wave and what changed since. ``items`` by question key: those asked in the same words in both.

    ``paired``: the same homes are compared (both waves linked). ``mode_changed``: one of them was anonymous, the other was not."""

    wave: int
    title: str
    title_en: str
    closed_on: date
    answered: int
    paired: bool
    mode_changed: bool
    items: Mapping[str, Change]
    groups: tuple[GroupChange, ...] = ()

    @property
    def words(self) -> str:
        return spoken(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class DriverPoint:
    """An item on the map of importance and performance. ``importance`` is the share of the overall judgement's variance that
    it explains (LMG; its interval is a bootstrap's), ``mean`` how it did. ``quarter``: ``improve`` | ``keep`` | ``watch`` |
    ``ease``; ``sure`` where neither interval crosses a cross-hair."""

    key: str
    importance: float
    importance_low: float
    importance_high: float
    johnson: float
    rank: int
    rank_low: int
    rank_high: int
    mean: float
    low: float
    high: float
    quarter: str
    sure: bool


@dataclass(frozen=True, slots=True)
class DriverResult:
    """Key drivers of the overall judgement, the most important first, and the cross-hairs of the map (``across``: mean importance).
    ``left_out`` keys were answered by too few together with the overall judgement, or leave too few complete answers."""

    outcome: str
    n: int
    r_squared: float
    across: float
    target: float
    points: tuple[DriverPoint, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Low:
    """An item below the target and not by chance, of all (``by`` empty) or in one group."""

    key: str
    by: str
    level: str
    label: str
    n: int
    mean: float
    low: float
    high: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class Topic:
    """Comments that go together: their ``words``, how many there are, and a few of them, masked."""

    words: tuple[str, ...]
    n: int
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommentResult:
    """What was written to one open question. ``hidden``: fewer than ten wrote, so only ``n`` is shown. ``rest`` fit no topic."""

    asked: Asked
    n: int
    hidden: bool
    topics: tuple[Topic, ...] = ()
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reader has to know; ``code`` chooses the sentence (``surveys.results.words``)."""

    code: str
    names: tuple[str, ...] = ()
    n: int = 0


@dataclass(frozen=True, slots=True)
class WaveResult:
    """Everything that may be known of a closed wave. ``few``: under five answers, so only the response is known. ``whole``: it was
    reckoned at closing from all that was said, not from what was kept of it."""

    format: int
    wave: int
    answers: int
    few: bool
    anonymous: bool
    census: bool
    confidence: float
    target: float
    margins: tuple[str, ...]
    response: ResponseResult
    items: tuple[ItemResult, ...] = ()
    choices: tuple[ChoiceResult, ...] = ()
    tables: tuple[GroupTable, ...] = ()
    comparison: Comparison | None = None
    drivers: DriverResult | None = None
    low_areas: tuple[Low, ...] = ()
    comments: tuple[CommentResult, ...] = ()
    notes: tuple[Note, ...] = ()
    whole: bool = False

    @property
    def overall(self) -> ItemResult | None:
        """Overall satisfaction."""
        return next((each for each in self.items if each.asked.role == OVERALL), None)

    @property
    def by_key(self) -> dict[str, ItemResult]:
        return {each.asked.key: each for each in self.items}

    def table(self, by: str) -> GroupTable | None:
        return next((table for table in self.tables if table.by == by), None)

    def questions(self) -> Iterator[Asked]:
        """All questions that were asked, scales first."""
        for part in (self.items, self.choices, self.comments):
            yield from (each.asked for each in part)


def by_words(by: str) -> str:
    """What a division is called."""
    return {BUILDING: _("楼栋"), COMMUNITY: _("小区"), GRADE: _("物业类型"), TENURE: _("居住状态")}.get(by, by)
