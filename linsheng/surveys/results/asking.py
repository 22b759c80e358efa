"""What was asked, as plain data."""

from collections.abc import Mapping
from typing import Final

from linsheng.surveys import answers
from linsheng.surveys.default_questionnaire import SATISFACTION
from linsheng.surveys.models import Block, Question, QuestionType, Wave
from linsheng.surveys.results.shapes import BACKGROUND, OUTCOME, OVERALL, SERVICE, Asked, Option

# The default questionnaire's judgements of the whole belong to no service item that could name them.
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "overall": ("总体满意度", "Overall satisfaction"),
    "expectation": ("与期望相比", "Against expectation"),
    "ideal": ("离理想多近", "Against the ideal"),
    "recommend": ("推荐意愿", "Would recommend"),
}


def questions_of(wave: Wave) -> list[Asked]:
    """The questions of a wave in their order."""
    rows = answers.questions_of(wave.version)
    overall = _overall([question for question, _block in rows])
    return [_asked(question, block, overall) for question, block in rows]


def _overall(questions: list[Question]) -> str:
    """The key of the question that is overall satisfaction: named so, or the first scale."""
    scales = [question for question in questions if question.kind == QuestionType.SCALE and not question.background]
    named = [question for question in scales if question.code == OVERALL]
    return next((question.key for question in [*named, *scales]), "")


def _role(question: Question, overall: str) -> str:
    if question.key == overall:
        return OVERALL
    if question.background:
        return BACKGROUND
    # A scale with words of its own ("about as expected") is no satisfaction: a target for it would mean nothing.
    return SERVICE if question.kind == QuestionType.SCALE and not question.options else OUTCOME


def _asked(question: Question, block: Block, overall: str) -> Asked:
    name, name_en = NAMES.get(question.code, ("", ""))
    if question.item is not None:
        name, name_en = question.item.name, question.item.name_en
    return Asked(
        key=question.key,
        code=question.code,
        kind=question.kind,
        role=_role(question, overall),
        text=question.text,
        text_en=question.text_en,
        block=block.title,
        block_en=block.title_en,
        item=question.item.code if question.item else "",
        name=name,
        name_en=name_en,
        gated=block.gate_id is not None,
        options=_options(question),
    )


def _options(question: Question) -> tuple[Option, ...]:
    if question.kind == QuestionType.TEN:
        return tuple(Option(str(n), str(n), str(n)) for n in range(11))
    if question.kind == QuestionType.SCALE and not question.options:
        return tuple(Option(*words) for words in SATISFACTION)
    return tuple(Option(str(each["value"]), each["label"], each.get("label_en", "")) for each in question.options)
