"""Reads of questionnaires: lists, and a version as it is asked."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.communities.models import Organisation
from linsheng.surveys.default_questionnaire import SATISFACTION
from linsheng.surveys.models import Block, Question, Questionnaire, QuestionnaireVersion, QuestionType
from linsheng.surveys.models.questionnaires import spoken

NO_CONTACT = "na"
NO_CONTACT_WORDS = gettext_lazy("没接触过 / 不清楚")
NO_CONTACT_KEY = "0"
NEWEST_FIRST = "-number"


@dataclass(frozen=True)
class Choice:
    """One answer as it is offered."""

    value: str
    label: str


@dataclass(frozen=True)
class Asked:
    """A question as it is asked: its choices in the reader's language, and when it is asked at all."""

    question: Question
    choices: tuple[Choice, ...]
    block: Block
    number: int = 0

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def kind(self) -> str:
        return self.question.kind

    @property
    def gate_key(self) -> str:
        return self.block.gate.key if self.block.gate else ""

    @property
    def gate_values(self) -> str:
        return ",".join(self.block.gate_values)


@dataclass(frozen=True)
class AskedBlock:
    """A block with its questions in the order in which this person meets them."""

    block: Block
    questions: tuple[Asked, ...]


def questionnaires_of(organisation: Organisation | int) -> QuerySet[Questionnaire]:
    """The company's questionnaires in use, each with its versions and their number of questions, newest first."""
    versions = QuestionnaireVersion.objects.annotate(size=Count("questions")).order_by(NEWEST_FIRST)
    rows = Questionnaire.objects.filter(organisation=organisation, retired_at=None)
    return rows.prefetch_related(Prefetch("versions", versions))


def blocks_of(version: QuestionnaireVersion) -> QuerySet[Block]:
    questions = Question.objects.select_related("item").order_by("order", "id")
    return version.blocks.select_related("gate").prefetch_related(Prefetch("questions", questions)).order_by("order", "id")


def choices_of(question: Question) -> tuple[Choice, ...]:
    """What may be chosen, ``na`` (no contact) last; nothing for text."""
    if question.kind == QuestionType.TEN:
        found = [Choice(str(n), str(n)) for n in range(11)]
    elif question.kind == QuestionType.SCALE and not question.options:
        found = [Choice(value, spoken(chinese, english)) for value, chinese, english in SATISFACTION]
    else:
        found = [Choice(str(o["value"]), spoken(o["label"], o.get("label_en", ""))) for o in question.options]
    if question.no_contact and question.kind not in {QuestionType.TEXT, QuestionType.MULTIPLE}:
        found.append(Choice(NO_CONTACT, str(NO_CONTACT_WORDS)))
    return tuple(found)


def offered_by(question: Question) -> frozenset[str]:
    """The values of ``choices_of``, without looking up their words."""
    if question.kind == QuestionType.TEN:
        found = {str(n) for n in range(11)}
    elif question.kind == QuestionType.SCALE and not question.options:
        found = {value for value, _chinese, _english in SATISFACTION}
    else:
        found = {str(option["value"]) for option in question.options}
    nothing = question.no_contact and question.kind not in {QuestionType.TEXT, QuestionType.MULTIPLE}
    return frozenset(found | {NO_CONTACT} if nothing else found)


def asked(version: QuestionnaireVersion, seed: str = "") -> list[AskedBlock]:
    """The version as one person meets it: inside a shuffled block the order follows ``seed``, the same for the same seed."""
    rng, found, number = random.Random(seed), [], 0
    for block in blocks_of(version):
        questions = list(block.questions.all())
        if seed and block.shuffled:
            rng.shuffle(questions)
        rows = []
        for question in questions:
            number += 1
            rows.append(Asked(question, choices_of(question), block, number))
        if rows:
            found.append(AskedBlock(block, tuple(rows)))
    return found


def flat(blocks: list[AskedBlock]) -> Iterator[Asked]:
    for block in blocks:
        yield from block.questions


def keyed(each: Asked) -> dict[str, Choice]:
    """Which key stands for which choice, on paper and at its entry: a scale's own figures, else the place; 0 for no contact."""
    if each.kind in {QuestionType.SCALE, QuestionType.TEN}:
        return {NO_CONTACT_KEY if choice.value == NO_CONTACT else choice.value: choice for choice in each.choices}
    offered = [choice for choice in each.choices if choice.value != NO_CONTACT]
    found = {str(place): choice for place, choice in enumerate(offered, start=1)}
    nothing = [choice for choice in each.choices if choice.value == NO_CONTACT]
    return found | ({NO_CONTACT_KEY: nothing[0]} if nothing else {})


def seconds_of(version: QuestionnaireVersion) -> int:
    """About how long answering takes: eight seconds a mark, thirty a text."""
    kinds = Question.objects.filter(version=version, block__gate=None).values_list("kind", flat=True)
    return sum(30 if kind == QuestionType.TEXT else 8 for kind in kinds)


def minutes_words(version: QuestionnaireVersion) -> str:
    return _("约 %(n)s 分钟") % {"n": max(1, -(-seconds_of(version) // 60))}
