"""From what was posted to values that are kept: each checked against its question, gated ones only where the gate is open."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid
from linsheng.surveys.models import Block, Question, QuestionnaireVersion, QuestionType
from linsheng.surveys.queries.questionnaires import NO_CONTACT, blocks_of, offered_by
from linsheng.surveys.sealing import TEXT_LENGTH

PREFIX = "q-"
NUMBERS = {QuestionType.SCALE, QuestionType.TEN}
Posted = Mapping[str, Sequence[str]]


def posted_values(data: Any) -> dict[str, list[str]]:
    """The answers of a form: ``q-KEY`` → its values."""
    return {name.removeprefix(PREFIX): data.getlist(name) for name in data if name.startswith(PREFIX)}


def questions_of(version: QuestionnaireVersion) -> list[tuple[Question, Block]]:
    """In the order of the questionnaire; those of a frozen version are read once a process, for they never change."""
    return list(_frozen_questions(version.pk, version.frozen_at) if version.frozen_at else _read(version.pk))


@lru_cache(maxsize=32)
def _frozen_questions(pk: int, _frozen_at: datetime) -> tuple[tuple[Question, Block], ...]:
    return _read(pk)


def _read(pk: int) -> tuple[tuple[Question, Block], ...]:
    blocks = blocks_of(QuestionnaireVersion(pk=pk))
    return tuple((question, block) for block in blocks for question in block.questions.all())


def _plain_text(text: str) -> str:
    """Without control characters, at most as long as the page allows."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or (c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF))
    return kept.strip()[:TEXT_LENGTH]


def _value(question: Question, given: Sequence[str]) -> Any:
    """What is kept of one answer; ``None`` for none. Raises ``ValueError`` for what was never offered."""
    filled = [text for text in given if text.strip()]
    if not filled:
        return None
    if question.kind == QuestionType.TEXT:
        return _plain_text(filled[0]) or None
    offered = offered_by(question)
    if not set(filled) <= offered or (len(filled) > 1 and question.kind != QuestionType.MULTIPLE):
        raise ValueError(filled[0])
    if question.kind == QuestionType.MULTIPLE:
        return sorted(set(filled))
    return int(filled[0]) if question.kind in NUMBERS and filled[0] != NO_CONTACT else filled[0]


def is_open(block: Block, values: Mapping[str, Any]) -> bool:
    """Whether somebody with these answers is asked this block."""
    return block.gate is None or values.get(block.gate.key) in block.gate_values


def clean(questions: Iterable[tuple[Question, Block]], given: Posted) -> dict[str, Any]:
    """Values by key; raises ``Invalid`` naming each question whose answer was not on offer, or when nothing was answered."""
    values: dict[str, Any] = {}
    wrong: dict[str, object] = {}
    for question, block in questions:
        if not is_open(block, values):
            continue
        try:
            value = _value(question, given.get(question.key, ()))
        except ValueError:
            wrong[PREFIX + question.key] = _("“%(text)s”没有这个选项。") % {"text": question}
            continue
        if value is not None:
            values[question.key] = value
    if wrong:
        raise Invalid(next(iter(wrong.values())), fields=wrong)
    if not values:
        raise Invalid(_("您还没有选任何答案。请至少答一题再提交。"))
    return values
