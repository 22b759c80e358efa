"""Making and changing questionnaires. Only drafts change; a used version is copied into the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.communities.models import Organisation
from linsheng.core.errors import Conflict, Invalid
from linsheng.standards.models import ServiceItem
from linsheng.surveys.models import Block, Question, Questionnaire, QuestionnaireVersion, QuestionType
from linsheng.surveys.permissions import require_editor

FEWEST_OPTIONS, MOST_OPTIONS = 2, 12
SCALE_POINTS = 5


@dataclass(frozen=True)
class Wording:
    """What a question says and how it is answered."""

    code: str
    text: str
    text_en: str = ""
    kind: str = QuestionType.SCALE
    item: ServiceItem | None = None
    hint: str = ""
    hint_en: str = ""
    options: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    no_contact: bool = True
    background: bool = False


@transaction.atomic
def make_questionnaire(
    *, organisation: Organisation, code: str, title: str, title_en: str = "", by: User | None, now: datetime
) -> QuestionnaireVersion:
    """A new questionnaire with an empty first draft."""
    require_editor(by, organisation)
    try:
        with transaction.atomic():
            made = Questionnaire.objects.create(
                organisation=organisation, code=code, title=title, title_en=title_en, created_at=now
            )
    except IntegrityError as error:
        raise Invalid(_("代码已被使用。"), fields={"code": _("代码已被使用，请换一个。")}) from error
    version = QuestionnaireVersion.objects.create(questionnaire=made, number=1, created_at=now, made_by=by)
    _told("surveys.make_questionnaire", version, by, now, code=code)
    return version


def _told(action: str, version: QuestionnaireVersion, by: User | None, now: datetime, **data: Any) -> None:
    organisation_id = version.questionnaire.organisation_id
    record(action, by=by, now=now, subject=version, organisation_id=organisation_id, data={"version": version.number, **data})


def _draft(version: QuestionnaireVersion, by: User | None) -> QuestionnaireVersion:
    """The version, locked against an opening at the same moment; raises ``Conflict`` when it is in use already."""
    require_editor(by, version.questionnaire.organisation)
    if not QuestionnaireVersion.objects.filter(pk=version.pk, frozen_at=None).update(number=version.number):
        raise Conflict(_("这一版已经用于调查，不能再改。请复制为新的一版后修改。"))
    return version


@transaction.atomic
def draft_next(*, questionnaire: Questionnaire, by: User | None, now: datetime) -> QuestionnaireVersion:
    """The draft of the next version: the open one if there is one, else a copy of the newest. Identities are kept."""
    require_editor(by, questionnaire.organisation)
    if open_draft := questionnaire.versions.filter(frozen_at=None).first():
        return open_draft
    last = questionnaire.versions.order_by("-number").first()
    number = (last.number if last else 0) + 1
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire,
        number=number,
        intro=last.intro if last else "",
        intro_en=last.intro_en if last else "",
        created_at=now,
        made_by=by,
    )
    if last:
        _copy(last, version)
    _told("surveys.draft_version", version, by, now)
    return version


def _copy(source: QuestionnaireVersion, target: QuestionnaireVersion) -> None:
    """Blocks, questions and gates, as they are."""
    new_of: dict[int, Question] = {}
    gates: list[tuple[Block, int]] = []
    for block in source.blocks.prefetch_related("questions"):
        questions, gate = list(block.questions.all()), block.gate_id
        block.pk, block.version, block.gate = None, target, None
        block._state.adding = True
        block.save()
        if gate:
            gates.append((block, gate))
        for question in questions:
            old = question.pk
            question.pk, question.version, question.block = None, target, block
            question._state.adding = True
            question.save()
            new_of[old] = question
    for block, gate in gates:
        Block.objects.filter(pk=block.pk).update(gate=new_of[gate])


def key_for(version: QuestionnaireVersion, question: Question) -> str:
    """The identity of a question: that of the used one with the same code and wording, else one that was never used.

    So answers are compared over waves exactly where people read the same words.
    """
    used = Question.objects.filter(
        version__questionnaire=version.questionnaire_id, code=question.code, version__frozen_at__isnull=False
    )
    seen: set[str] = set()
    for other in used.order_by("version__number"):
        if other.wording == question.wording:
            return other.key
        seen.add(other.key)
    number = 1
    key = question.code
    while key in seen:
        number += 1
        key = f"{question.code}~{number}"
    return key


@transaction.atomic
def change_intro(
    *, version: QuestionnaireVersion, intro: str, intro_en: str, by: User | None, now: datetime
) -> QuestionnaireVersion:
    """What respondents read first."""
    _draft(version, by)
    version.intro, version.intro_en = intro.strip(), intro_en.strip()
    version.save(update_fields=["intro", "intro_en"])
    _told("surveys.change_questionnaire", version, by, now)
    return version


@transaction.atomic
def save_block(
    *,
    version: QuestionnaireVersion,
    block: Block | None = None,
    title: str,
    title_en: str = "",
    hint: str = "",
    hint_en: str = "",
    shuffled: bool = True,
    gate: Question | None = None,
    gate_values: Sequence[str] = (),
    by: User | None,
    now: datetime,
) -> Block:
    """A new block at the end, or another wording or gate of an existing one."""
    _draft(version, by)
    block = block or Block(version=version, order=_next_order(version.blocks))
    _check_gate(version, block, gate, gate_values)
    block.title, block.title_en, block.hint, block.hint_en = title.strip(), title_en.strip(), hint.strip(), hint_en.strip()
    block.shuffled, block.gate, block.gate_values = shuffled, gate, [str(v) for v in gate_values] if gate else []
    block.save()
    _told("surveys.change_questionnaire", version, by, now, block=block.title)
    return block


def _next_order(rows: Any) -> int:
    return int(rows.aggregate(last=Max("order"))["last"] or 0) + 1


def _check_gate(version: QuestionnaireVersion, block: Block, gate: Question | None, values: Sequence[str]) -> None:
    """A gate is an earlier single-choice question, itself not gated, and some of its answers."""
    if gate is None:
        return
    known = {str(option["value"]) for option in gate.options}
    if gate.version_id != version.pk or gate.kind != QuestionType.SINGLE or gate.block.gate_id:
        raise Invalid(_("条件题须是同一问卷里、人人都答的单选题。"), fields={"gate": _("请选择一道人人都答的单选题。")})
    if (gate.block.order, gate.block_id) >= (block.order, block.pk or 10**12):
        raise Invalid(_("条件题须排在这一块之前。"), fields={"gate": _("条件题须排在这一块之前，请先调整顺序。")})
    if not values or not set(values) <= known:
        raise Invalid(_("请选择答了什么才出现这一块。"), fields={"gate_values": _("请至少选一个选项。")})


@transaction.atomic
def save_question(*, block: Block, question: Question | None = None, wording: Wording, by: User | None, now: datetime) -> Question:
    """A new question at the end of its block, or another wording of an existing one."""
    version = block.version
    _draft(version, by)
    question = question or Question(version=version, block=block, order=_next_order(block.questions))
    options = _options(wording)
    if wording.item and wording.item.organisation_id != version.questionnaire.organisation_id:
        raise Invalid(_("服务项目不属于本公司。"), fields={"item": _("请选择本公司的服务项目。")})
    for name in ("code", "text", "text_en", "kind", "item", "hint", "hint_en", "no_contact", "background"):
        value = getattr(wording, name)
        setattr(question, name, value.strip() if isinstance(value, str) else value)
    question.options = options
    if question.kind in {QuestionType.TEXT, QuestionType.MULTIPLE}:
        question.no_contact = False
    question.key = key_for(version, question)
    try:
        with transaction.atomic():
            question.save()
    except IntegrityError as error:
        raise Invalid(_("代码已被本卷另一题使用。"), fields={"code": _("代码已被本卷另一题使用，请换一个。")}) from error
    _told("surveys.change_questionnaire", version, by, now, question=question.key)
    return question


def _options(wording: Wording) -> list[dict[str, str]]:
    """Choices with distinct values; five words for a scale that has its own; none for numbers and text."""
    if wording.kind in {QuestionType.TEN, QuestionType.TEXT}:
        return []
    options = [{name: str(option.get(name, "")).strip() for name in ("value", "label", "label_en")} for option in wording.options]
    if wording.kind == QuestionType.SCALE:
        if options and [o["value"] for o in options] != [str(n) for n in range(1, SCALE_POINTS + 1)]:
            raise Invalid(_("五级量表要么用默认的词，要么给出 5 个。"), fields={"options": _("请写 5 行，从 1 到 5。")})
        return options
    values = [option["value"] for option in options]
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS or not all(o["value"] and o["label"] for o in options):
        raise Invalid(_("请写 2 到 12 个选项。"), fields={"options": _("请写 2 到 12 个选项，每行一个。")})
    if len(set(values)) != len(values):
        raise Invalid(_("选项代码重复。"), fields={"options": _("每个选项的代码须不同。")})
    return options


@transaction.atomic
def remove_question(*, question: Question, by: User | None, now: datetime) -> None:
    """Take a question out of the draft; one that opens a block stays until the block is free of it."""
    version = question.version
    _draft(version, by)
    if Block.objects.filter(gate=question).exists():
        raise Conflict(_("这道题是另一块的条件题。请先取消那一块的条件，再删除。"))
    key = question.key
    question.delete()
    _told("surveys.change_questionnaire", version, by, now, removed=key)


@transaction.atomic
def remove_block(*, block: Block, by: User | None, now: datetime) -> None:
    """Take a block out of the draft with its questions."""
    version = block.version
    _draft(version, by)
    if Block.objects.filter(gate__block=block).exclude(pk=block.pk).exists():
        raise Conflict(_("这一块里有别的块的条件题。请先取消那一块的条件，再删除。"))
    title = block.title
    block.delete()
    _told("surveys.change_questionnaire", version, by, now, removed=title)


@transaction.atomic
def move(*, row: Block | Question, up: bool, by: User | None, now: datetime) -> None:
    """Exchange a block or a question with its neighbour; a gated block never comes before its gate."""
    _draft(row.version, by)
    siblings: list[Any] = list(row.version.blocks.all() if isinstance(row, Block) else row.block.questions.all())
    place = [sibling.pk for sibling in siblings].index(row.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(siblings):
        return
    siblings[place], siblings[other] = siblings[other], siblings[place]
    if isinstance(row, Block):
        _check_order(siblings)
    for order, sibling in enumerate(siblings):
        type(sibling).objects.filter(pk=sibling.pk).update(order=order)
    _told("surveys.change_questionnaire", row.version, by, now, moved=str(row))


def _check_order(blocks: list[Block]) -> None:
    seen: set[int] = set()
    for block in blocks:
        if block.gate and block.gate.block_id not in seen:
            raise Conflict(_("有条件的块须排在它的条件题之后。"))
        seen.add(block.pk)
