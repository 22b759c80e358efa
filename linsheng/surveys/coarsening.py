"""What of an anonymous wave's answers would point at few homes is left out, before anything of them is stored.

Whoever knows a home (its building, whether it is let, whether it complained, how long people live there, that it answered on paper)
must find at least five answers that could be its own. So those *facts* are gone through in the order of their use: inside the
answers that are alike so far, a value that too few share is left out, and with it the next smallest, until enough share the blank.
Marks and words are no facts; but whether the marks behind a gate are there tells the gate, and so they go with it.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linsheng.surveys.models import Block, Question, QuestionType

SMALLEST_GROUP: Final = 5
# What was asked is kept where more share it, as in the files (`exports.respondents`).
SMALLEST_OF_FACTS: Final = 10
MARKS: Final = (QuestionType.SCALE, QuestionType.TEN)
# What the register says of the home, and what stands where it is left out.
PLACE: Final[dict[str, Any]] = {"stratum": None, "tenure": ""}
# No value that can be chosen.
UNANSWERED: Final = ()
Content = dict[str, Any]
Asked = Sequence[tuple[Question, Block]]


@dataclass(frozen=True)
class Fact:
    """One thing that may be known of a home: how many have to share it, how an answer tells it, and how it is left out; ``behind``:
    the questions that it opens, which are left out with it."""

    smallest: int
    read: Callable[[Content], Hashable]
    blank: Callable[[Content], None]
    behind: tuple[str, ...] = ()


def coarsen(contents: list[Content], asked: Asked = ()) -> None:
    """Leave of stratum, tenure, gates, other facts and mode what at least five answers share together; changes the contents."""
    if len(contents) < SMALLEST_GROUP:
        _leave_nothing(contents, asked)
    kinds = [0] * len(contents)
    for fact in facts_of(asked):
        coarsen_fact(contents, kinds, fact)
        kinds = refined(kinds, [fact.read(content) for content in contents])


def facts_of(asked: Asked) -> list[Fact]:
    """The facts in the order in which they are worth keeping."""
    questions = [question for question, _block in asked if is_fact(question)]
    answered = [_answered(question.key, _behind(question.key, asked)) for question in questions]
    answered.sort(key=lambda fact: not fact.behind)
    place = [_noted(name, nothing, SMALLEST_GROUP) for name, nothing in PLACE.items()]
    return [*place, *answered, _noted("mode", "", SMALLEST_GROUP)]


def gates_of(asked: Asked) -> list[Fact]:
    """The facts that open further questions."""
    return [fact for fact in facts_of(asked) if fact.behind]


def is_fact(question: Question) -> bool:
    """Not an opinion: what was chosen of words, and whatever is asked as background."""
    return question.kind != QuestionType.TEXT and (question.background or question.kind not in MARKS)


def coarsen_fact(contents: Sequence[Content], kinds: Sequence[int], fact: Fact) -> None:
    """Inside each kind: what too few share is left out."""
    groups: dict[int, list[Content]] = {}
    for kind, content in zip(kinds, contents, strict=True):
        groups.setdefault(kind, []).append(content)
    for members in groups.values():
        gone = too_few([fact.read(content) for content in members], fact.smallest)
        for content in members:
            if fact.read(content) in gone:
                fact.blank(content)


def too_few(values: Sequence[Hashable], smallest: int) -> set[Hashable]:
    """Values that fewer share, and the next smallest until enough share the blank: else the blank itself would tell."""
    sizes = Counter(values)
    if len(sizes) == 1 and len(values) >= SMALLEST_GROUP:
        # It tells nobody from anybody.
        return set()
    gone = {value for value, size in sizes.items() if size < smallest}
    for value, _size in sorted(sizes.items(), key=lambda pair: (pair[1], str(pair[0]))):
        if not gone or sum(sizes[one] for one in gone) >= smallest:
            break
        gone.add(value)
    return gone


def refined(kinds: Sequence[int], column: Sequence[Hashable]) -> list[int]:
    """The kinds told apart by one more column."""
    numbers: dict[tuple[int, Hashable], int] = {}
    return [numbers.setdefault(pair, len(numbers)) for pair in zip(kinds, column, strict=True)]


def _noted(name: str, nothing: Any, smallest: int) -> Fact:
    """A fact that stands beside the answers."""

    def blank(content: Content) -> None:
        content[name] = nothing

    return Fact(smallest, lambda content: content[name], blank)


def _answered(key: str, behind: tuple[str, ...]) -> Fact:
    """A fact that was asked. A key without a value is one that was left out; what was not answered has no key."""
    gone = (key, *behind)

    def read(content: Content) -> Hashable:
        value = content["values"].get(key, UNANSWERED)
        return tuple(value) if isinstance(value, list) else value

    def blank(content: Content) -> None:
        content["values"].update(dict.fromkeys(gone))

    return Fact(SMALLEST_OF_FACTS, read, blank, behind)


def _behind(gate: str, asked: Asked) -> tuple[str, ...]:
    """What is asked only of those who answered this in a certain way; words stand apart anyway."""
    return tuple(q.key for q, block in asked if block.gate and block.gate.key == gate and q.kind != QuestionType.TEXT)


def _leave_nothing(contents: list[Content], asked: Asked) -> None:
    """Of so few even the marks would be somebody's: only how much each of them answered is left."""
    open_to_all = {question.key for question, block in asked if not block.gate and question.kind != QuestionType.TEXT}
    for content in contents:
        content["values"] = dict.fromkeys(key for key in content["values"] if key in open_to_all)
