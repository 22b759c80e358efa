"""Answers one by one, so that nobody can be picked out of them.

Every answer keeps only what enough others share with it. Columns that tell a *fact* (where, whose, by which way, had a complaint,
how long) are gone through in the order of their use; inside those who are alike so far, a value that too few share is hidden, and
with it the next smallest ones until enough share the blank. A *mark* is hidden from all who are alike in every fact where fewer
than five of them gave one, and where what is published of the wave would tell it by subtraction.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from linsheng.core.errors import Conflict
from linsheng.surveys import answers
from linsheng.surveys.exports.subtraction import Column, hidden_kinds, refined
from linsheng.surveys.exports.variables import (
    HIDDEN,
    NONE,
    NOT_ASKED,
    Names,
    Value,
    Variable,
    code_of,
    place_variables,
    question_variables,
)
from linsheng.surveys.models import Answer, Wave
from linsheng.surveys.queries.closed import ClosedWave, closed_wave
from linsheng.surveys.results import WaveResult

SMALLEST: Final = 5
# Facts beside the place are shared by more, so that marks are seldom hidden for them.
SMALLEST_OF_FACTS: Final = 10
PLACES: Final = ("community", "building", "home_tenure")


@dataclass(frozen=True)
class Respondents:
    """The columns in the order of the files, each as long as there are answers; ``kinds`` says who is alike in every fact."""

    wave: ClosedWave
    variables: list[Variable]
    columns: dict[str, Column]
    kinds: list[int]

    def __len__(self) -> int:
        return len(self.kinds)


def respondents_of(wave: Wave, result: WaveResult) -> Respondents:
    """Everything of a closed wave that may be handed on answer by answer beside its ``result``.

    Raises ``Conflict`` before closing, and where fewer than five answered."""
    closed = closed_wave(wave)
    if len(closed) < SMALLEST:
        raise Conflict(_("答卷少于 %(n)s 份，不提供逐份数据：谁答了什么，一看便知。") % {"n": SMALLEST})
    rows = list(Answer.objects.filter(wave=wave).order_by("id").values_list("values", flat=True))
    names = Names()
    places = place_variables(closed, names)
    weight = Variable(names.give("weight"), _("抽样权数（每份答卷代表的户数）"), "weight")
    asked = question_variables(answers.questions_of(wave.version), names)
    columns = {v.name: _place_column(closed, v) for v in places.values()}
    columns |= {v.name: [code_of(v, row) for row in rows] for v in asked}
    kinds = _hide_facts(columns, places, asked)
    columns[weight.name] = weights(closed, columns[places["building"].name], places["building"])
    found = Respondents(closed, [*places.values(), weight, *asked], columns, kinds)
    _hide_marks(found)
    hide_what_subtraction_tells(found, result)
    return found


def _place_column(closed: ClosedWave, variable: Variable) -> Column:
    columns: dict[str, Sequence[str | None]] = {
        "community": closed.communities,
        "grade": closed.grades,
        "building": closed.strata,
        "home_tenure": closed.tenures,
        "mode": closed.modes,
    }
    return [variable.codes[value] if value else HIDDEN for value in columns[variable.kind]]


def coarsened(column: Column, kinds: list[int], smallest: int) -> Column:
    """Inside each kind, hide the values that fewer than ``smallest`` share, and more until as many share the blank."""
    members: dict[int, list[int]] = {}
    for at, kind in enumerate(kinds):
        members.setdefault(kind, []).append(at)
    found = list(column)
    for places in members.values():
        gone = _too_few(Counter(column[at] for at in places), smallest)
        for at in places:
            if column[at] in gone:
                found[at] = HIDDEN
    return found


def _too_few(sizes: Counter[Value], smallest: int) -> set[Value]:
    if len(sizes) == 1:
        # It tells nobody from anybody.
        return set()
    hidden = {value for value, size in sizes.items() if size < smallest}
    for value, _size in sorted(sizes.items(), key=lambda pair: (pair[1], str(pair[0]))):
        # What was hidden before stands with what is hidden now.
        together = sum(sizes[each] for each in hidden | {HIDDEN})
        if not hidden or together >= smallest:
            break
        hidden.add(value)
    return hidden


def _hide_facts(columns: dict[str, Column], places: dict[str, Variable], asked: list[Variable]) -> list[int]:
    """Changes the columns; returns who is alike in every fact that is left."""
    kinds = [0] * len(columns[places["mode"].name])
    order = [(places[name].name, SMALLEST) for name in PLACES]
    gates = {v.block.gate.key for v in asked if v.block and v.block.gate}
    facts = [v for v in asked if not v.is_mark]
    order += [(v.name, SMALLEST_OF_FACTS) for v in facts if v.key in gates]
    order += [(places["mode"].name, SMALLEST_OF_FACTS)]
    order += [(v.name, SMALLEST_OF_FACTS) for v in facts if v.key not in gates]
    for name, smallest in order:
        columns[name] = coarsened(columns[name], kinds, smallest)
        kinds = refined(kinds, columns[name])
    community, grade = columns[places["community"].name], places["grade"].name
    columns[grade] = [HIDDEN if where == HIDDEN else value for where, value in zip(community, columns[grade], strict=True)]
    _hide_behind_gates(columns, asked)
    return kinds


def _hide_behind_gates(columns: dict[str, Column], asked: list[Variable]) -> None:
    """Whose answer to a gate is hidden, his answers behind it are hidden too: that he has any would tell it."""
    by_key = {v.key: v for v in asked if not v.option}
    for variable in asked:
        gate = by_key.get(variable.block.gate.key) if variable.block and variable.block.gate else None
        if gate is not None:
            gates, own = columns[gate.name], columns[variable.name]
            columns[variable.name] = [HIDDEN if opened == HIDDEN else value for opened, value in zip(gates, own, strict=True)]


def _hide_marks(found: Respondents) -> None:
    for variable in found.variables:
        if variable.is_mark:
            column = found.columns[variable.name]
            _blank(found, variable, {kind for kind, size in marks_given(column, found.kinds).items() if 0 < size < SMALLEST})


def _blank(found: Respondents, variable: Variable, kinds: set[int]) -> None:
    column = found.columns[variable.name]
    found.columns[variable.name] = [HIDDEN if kind in kinds else value for value, kind in zip(column, found.kinds, strict=True)]


def hide_what_subtraction_tells(found: Respondents, result: WaveResult) -> None:
    """Marks are hidden from more who are alike, until the tables less the file tell about nobody."""
    marks = {v.key: v for v in found.variables if v.is_mark and v.key in result.by_key}
    open_kinds = {key: set(marks_given(found.columns[v.name], found.kinds)) for key, v in marks.items()}
    for key, kinds in hidden_kinds(found.wave, result, found.kinds, open_kinds):
        _blank(found, marks[key], kinds)


def marks_given(column: Column, kinds: list[int]) -> Counter[int]:
    """How many of each kind gave a mark."""
    return Counter(kind for value, kind in zip(column, kinds, strict=True) if value not in {None, NONE, NOT_ASKED, HIDDEN})


def weights(closed: ClosedWave, buildings: Column, variable: Variable) -> Column:
    """How many homes each answer stands for, by the building that is shown; those without one share the rest."""
    labels = {code: label for label, code in variable.codes.items()}
    counts = Counter(buildings)
    homes: dict[Value, float] = {code: closed.population.get(labels[int(code)], 0) for code in counts if code not in {None, HIDDEN}}
    homes[HIDDEN] = sum(closed.population.values()) - sum(homes.values())
    return [round(homes[code] / counts[code], 6) for code in buildings]
