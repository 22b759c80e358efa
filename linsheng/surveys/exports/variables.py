"""The columns of the respondents' files: names that every program takes, codes, and what each code means."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.communities.models import Grade, Home
from linsheng.surveys.models import Block, EntryMode, Question, QuestionType
from linsheng.surveys.queries.closed import ClosedWave
from linsheng.surveys.queries.questionnaires import NO_CONTACT, choices_of

# User-missing values, the same in every file; a cell without any value: the question was asked and not answered.
NONE, NOT_ASKED, HIDDEN = 97, 98, 99
MISSING: Final = {
    NONE: gettext_lazy("没接触过"),
    NOT_ASKED: gettext_lazy("没问到（条件不符）"),
    HIDDEN: gettext_lazy("为保护答卷人不显示"),
}
MARKS: Final = (QuestionType.SCALE, QuestionType.TEN)
RESERVED: Final = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
LONGEST_NAME: Final = 60

Value = int | float | None
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Variable:
    """One column. ``values`` names its codes; ``option`` is the choice of a multiple question that it stands for."""

    name: str
    label: str
    kind: str
    key: str = ""
    option: str = ""
    values: dict[int, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    missing: tuple[int, ...] = ()
    block: Block | None = None
    question: Question | None = None

    @property
    def is_mark(self) -> bool:
        """An opinion on a scale, not a fact about the home."""
        return self.kind in MARKS


class Names:
    """Gives each column a name of its own: a letter first, then letters, digits and underscores."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def give(self, text: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")
        plain = plain if plain[:1].isalpha() and plain.lower() not in RESERVED else f"q_{plain}"
        name, number = plain[:LONGEST_NAME], 1
        while name.lower() in self.taken:
            number += 1
            name = f"{plain[: LONGEST_NAME - 4]}_{number}"
        self.taken.add(name.lower())
        return name


def place_variables(wave: ClosedWave, names: Names) -> dict[str, Variable]:
    """Where an answer comes from; codes are places in the list of what occurs."""
    found = {}
    for name, label, column, words in (
        ("community", _("小区"), wave.communities, {c.code: c.name for c in wave.wave.communities.all()}),
        ("grade", _("小区等级"), wave.grades, dict(Grade.choices)),
        ("building", _("楼栋"), wave.strata, {}),
        ("home_tenure", _("房屋使用情况（名册）"), wave.tenures, dict(Home.Tenure.choices)),
        ("mode", _("答卷方式"), wave.modes, dict(EntryMode.choices)),
    ):
        order = list(wave.population) if name == "building" else [*words]
        occurring = [value for value in order if value and value in set(column)]
        codes = {value: place for place, value in enumerate(occurring, start=1)}
        values = {code: str(words.get(value, value)) for value, code in codes.items()}
        found[name] = Variable(names.give(name), label, name, values=values, codes=codes, missing=(HIDDEN,))
    return found


def question_variables(questions: Iterable[tuple[Question, Block]], names: Names) -> list[Variable]:
    """A column a question, a column a choice where several may be chosen; texts are not among them."""
    found: list[Variable] = []
    for question, block in questions:
        if question.kind == QuestionType.MULTIPLE:
            found += [
                _variable(
                    question, block, names.give(f"{question.key}_{choice.value}"), f"{question} – {choice.label}", choice.value
                )
                for choice in choices_of(question)
            ]
        elif question.kind != QuestionType.TEXT:
            found.append(_variable(question, block, names.give(question.key), str(question)))
    return found


def _variable(question: Question, block: Block, name: str, label: str, option: str = "") -> Variable:
    offered = [choice for choice in choices_of(question) if choice.value != NO_CONTACT]
    if option:
        values, codes = {1: _("选了"), 0: _("没选")}, {}
    elif question.kind in MARKS:
        values = {int(choice.value): choice.label for choice in offered}
        codes = {choice.value: int(choice.value) for choice in offered}
    else:
        values = {place: choice.label for place, choice in enumerate(offered, start=1)}
        codes = {choice.value: place for place, choice in enumerate(offered, start=1)}
    missing = ([NONE] if question.no_contact and not option else []) + ([NOT_ASKED] if block.gate_id else []) + [HIDDEN]
    return Variable(name, label, question.kind, question.key, option, values, codes, tuple(missing), block, question)


def code_of(variable: Variable, row: Raw) -> Value:
    """What one answer has in this column, before anything is hidden."""
    given = row.get(variable.key)
    if given is None and variable.key in row:
        # Left out at closing.
        return HIDDEN
    if given is None:
        return NOT_ASKED if _was_gated(variable.block, row) else None
    if given == NO_CONTACT:
        return NONE
    if variable.option:
        return int(variable.option in given)
    return variable.codes[str(given)]


def _was_gated(block: Block | None, row: Raw) -> bool:
    """Whether the gate was answered with something that does not open it."""
    if block is None or block.gate is None:
        return False
    given = row.get(block.gate.key)
    return (given is not None and given not in block.gate_values) or _was_gated(block.gate.block, row)
