"""The questionnaire of a wave on paper: the words and the order of its frozen version, with the keys that entry takes."""

from itertools import groupby
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from linsheng.core.documents import render_pdf
from linsheng.core.errors import Conflict
from linsheng.core.ui.moments import moment_in_full
from linsheng.surveys.models import QuestionType, Wave
from linsheng.surveys.queries.questionnaires import Asked, AskedBlock, asked, choices_of, flat, keyed, minutes_words

TEMPLATE = "surveys/documents/paper.typ"
LANGUAGES = ("zh-hans", "en")


def pdf_of(wave: Wave, language: str) -> bytes:
    """The form in one language; ``Conflict`` while the questionnaire may still change."""
    if wave.is_draft:
        raise Conflict(_("调查还没有开始，问卷还可能改。开始后再打印。"))
    with translation.override(language):
        return render_pdf(TEMPLATE, document(wave))


def document(wave: Wave) -> dict[str, Any]:
    """What stands on it, in the active language."""
    blocks = asked(wave.version)
    numbers = {each.key: each.number for each in flat(blocks)}
    last = max(numbers.values(), default=0)
    return {
        "title": str(wave),
        "company": wave.organisation.name,
        "lines": _lines(wave),
        "intro": wave.version.said_intro,
        "serial": _("调查信编号"),
        "serial_note": _("在信的右上角。只用来确认每家一份，不和答案存在一起。")
        if wave.anonymous
        else _("在信的右上角。这次调查是记名的：答案与您家的房屋对应保存。"),
        "many": _("可选几项"),
        "thanks": _("谢谢您！请交到客服前台或投进意见箱。"),
        "blocks": [_block(block, numbers, last) for block in blocks],
    }


def _lines(wave: Wave) -> list[str]:
    privacy = _("这次调查是匿名的：请不要写姓名和房号。") if wave.anonymous else _("这次调查是记名的：公布时只有合计。")
    return [
        _("请在 %(day)s 前交回，每家一份，%(minutes)s。")
        % {"day": moment_in_full(wave.ends_on), "minutes": minutes_words(wave.version)},
        _("每题在一个格里打勾（✓）；没接触过的，勾 0；改的话，把错的涂满，再勾对的。"),
        privacy,
    ]


def _block(block: AskedBlock, numbers: dict[str, int], last: int) -> dict[str, Any]:
    return {
        "title": str(block.block),
        "hint": block.block.said_hint,
        "gate": gate_words(block, numbers, last),
        "groups": [_group(list(rows)) for _key, rows in groupby(block.questions, key=_alike)],
    }


def gate_words(block: AskedBlock, numbers: dict[str, int], last: int) -> str:
    """Who answers this block, and where the others go on; empty where everybody does."""
    gate = block.block.gate
    if gate is None:
        return ""
    labels = [f"“{choice.label}”" for choice in choices_of(gate) if choice.value in block.block.gate_values]
    after = block.questions[-1].number + 1
    only = _("只请第 %(number)s 题勾了%(choice)s的住户回答。") % {"number": numbers[gate.key], "choice": _("、").join(labels)}
    return only + (_("其他住户请跳到第 %(next)s 题。") % {"next": after} if after <= last else _("其他住户到此为止。"))


def _alike(each: Asked) -> tuple[Any, ...]:
    """Marks with the same words stand in one table; every other question stands alone."""
    return (each.choices,) if each.kind == QuestionType.SCALE else (each.key,)


def _group(rows: list[Asked]) -> dict[str, Any]:
    return {
        "kind": rows[0].kind,
        "choices": [{"key": key, "label": choice.label} for key, choice in keyed(rows[0]).items()],
        "questions": [{"number": each.number, "text": str(each.question), "hint": each.question.said_hint} for each in rows],
    }
