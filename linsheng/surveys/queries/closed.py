"""The answers of a closed wave as columns, for the analysis: one entry a respondent, ``None`` where nothing was answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linsheng.core.errors import Conflict
from linsheng.surveys import answers
from linsheng.surveys.models import Answer, Ballot, BallotState, Block, Comment, Question, QuestionType, Wave
from linsheng.surveys.queries.questionnaires import NO_CONTACT

# Values by question key, stratum, tenure, mode, home.
Row = tuple[dict[str, Any], int | None, str, str, int | None]


@dataclass(frozen=True)
class ClosedWave:
    """Everything that may be analysed of one wave.

    ``columns`` maps question keys to values in one order for all: numbers for scales, option values (lists for multiple choice)
    else, ``None`` for unanswered and for "no contact" (``no_contact`` counts the latter). ``strata`` holds the label of each
    respondent's stratum, ``None`` where it is hidden; ``population`` the homes of each label, with ``None`` for all hidden ones.
    ``filled`` is the share of what they were asked (texts apart) that each respondent answered, "no contact" being an answer.
    ``left_out`` of so many anonymous answers more than the place was left out at closing.
    """

    wave: Wave
    questions: list[Question]
    columns: dict[str, list[Any]]
    no_contact: dict[str, int]
    strata: list[str | None]
    communities: list[str | None]
    grades: list[str | None]
    tenures: list[str]
    modes: list[str]
    homes: list[int | None]
    population: dict[str | None, int]
    tenure_population: dict[str, int]
    asked: int
    answered: int
    filled: list[float] = field(default_factory=list)
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.strata)


def must_be_closed(wave: Wave) -> None:
    if not wave.is_closed:
        raise Conflict(_("调查还没有结束。结束之前，谁也看不到答案。"))


def closed_wave(wave: Wave) -> ClosedWave:
    """Read the answers (four queries); raises ``Conflict`` before closing. Rows come in the order of their random ids."""
    must_be_closed(wave)
    stored = Answer.objects.filter(wave=wave).order_by("id")
    return columns_of(wave, list(stored.values_list("values", "stratum_id", "tenure", "mode", "home_id")))


def columns_of(wave: Wave, rows: Sequence[Row]) -> ClosedWave:
    """These answers as columns; the wave's merged strata are known by now."""
    asked = answers.questions_of(wave.version)
    questions = [question for question, _block in asked]
    strata = {row.pk: row for row in wave.strata.select_related("community")}
    where = [strata[row[1]] if row[1] is not None else None for row in rows]
    states = Counter(Ballot.objects.filter(wave=wave).values_list("state", flat=True))
    population: dict[str | None, int] = {}
    for stratum in strata.values():
        label = None if stratum.merged else stratum.label
        population[label] = population.get(label, 0) + stratum.homes
    raw = {q.key: [row[0].get(q.key) for row in rows] for q in questions}
    return ClosedWave(
        wave=wave,
        questions=questions,
        columns={key: [None if value == NO_CONTACT else value for value in column] for key, column in raw.items()},
        no_contact={key: column.count(NO_CONTACT) for key, column in raw.items()},
        strata=[stratum.label if stratum else None for stratum in where],
        communities=[stratum.community.code if stratum else None for stratum in where],
        grades=[stratum.community.grade if stratum else None for stratum in where],
        tenures=[row[2] for row in rows],
        modes=[row[3] for row in rows],
        homes=[row[4] for row in rows],
        population=population,
        tenure_population={name: int(number) for name, number in wave.frame.get("tenure", {}).items()},
        asked=sum(states.values()),
        answered=states[BallotState.ANSWERED],
        filled=[_filled(asked, row[0]) for row in rows],
        left_out=sum(None in row[0].values() for row in rows),
    )


def _filled(asked: list[tuple[Question, Block]], values: dict[str, Any]) -> float:
    marks = [question.key for question, block in asked if question.kind != QuestionType.TEXT and answers.is_open(block, values)]
    return sum(key in values for key in marks) / len(marks) if marks else 1.0


@dataclass(frozen=True)
class Said:
    """One comment; its stratum only where at least ten answered there."""

    question: str
    text: str
    stratum: str | None


def comments_of(wave: Wave) -> list[Said]:
    """What was written, in random order; raises ``Conflict`` before closing."""
    must_be_closed(wave)
    rows = Comment.objects.filter(wave=wave).select_related("stratum").order_by("id")
    return [Said(row.question, row.text, row.stratum.label if row.stratum else None) for row in rows]
