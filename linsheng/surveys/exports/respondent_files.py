"""The respondents as .csv and .sav, and the codebook of both."""

import os
import tempfile
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from linsheng.core import tabular
from linsheng.surveys.exports.respondents import SMALLEST, SMALLEST_OF_FACTS, Respondents
from linsheng.surveys.exports.variables import HIDDEN, MISSING, NONE, NOT_ASKED, Value, Variable
from linsheng.surveys.models import QuestionType

# What the format holds, in bytes of UTF-8.
LONGEST_LABEL, LONGEST_VALUE_LABEL = 255, 120
MEASURES: Final = {QuestionType.SCALE: "ordinal", QuestionType.TEN: "scale", "weight": "scale"}
CHUNK = 64 * 1024
# One word for each kind of missing value, for programs: it is no number, so that no mean takes it for one.
MISSING_WORDS: Final = {NONE: "no-contact", NOT_ASKED: "not-asked", HIDDEN: "hidden"}


def csv_chunks(found: Respondents) -> Iterator[bytes]:
    """A row an answer: marks as numbers, choices in words, what is missing by its kind; the header holds the variables' names."""
    columns = [(v, found.columns[v.name]) for v in found.variables]
    rows = ([_csv_cell(variable, column[at]) for variable, column in columns] for at in range(len(found)))
    return tabular.csv_chunks([v.name for v in found.variables], rows)


def _csv_cell(variable: Variable, value: Value) -> str | Value:
    if value is None or variable.kind == "weight":
        return value
    if value in variable.missing or value == HIDDEN:
        return MISSING_WORDS[int(value)]
    return value if variable.is_mark or variable.option else variable.values[int(value)]


def sav_chunks(found: Respondents) -> Iterator[bytes]:
    """The file for SPSS, PSPP and R: labels in the reader's language, kinds of missing values declared as such."""
    # They take half a second to load, which only this file is worth.
    import pandas
    import pyreadstat

    frame = pandas.DataFrame({v.name: pandas.array(found.columns[v.name], dtype="float64") for v in found.variables})
    coded = [v for v in found.variables if v.kind != "weight"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "wave.sav")
        pyreadstat.write_sav(
            frame,
            path,
            file_label=shortened(str(found.wave.wave), 60),
            column_labels={v.name: shortened(v.label, LONGEST_LABEL) for v in found.variables},
            variable_value_labels={v.name: _value_labels(v) for v in coded},
            missing_ranges={v.name: [float(code) for code in v.missing] for v in coded},
            variable_measure={v.name: MEASURES.get(v.kind, "nominal") for v in found.variables},
            variable_format={
                v.name: "F12.6" if v.kind == "weight" else "F2.0" if len(v.values) < 90 else "F5.0" for v in found.variables
            },
            row_compress=True,
        )
        with open(path, "rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _value_labels(variable: Variable) -> dict[int | float, str]:
    named = variable.values | {code: str(MISSING[code]) for code in variable.missing}
    return {float(code): shortened(label, LONGEST_VALUE_LABEL) for code, label in named.items()}


def shortened(text: str, size: int) -> str:
    """The beginning of the text that fits into so many bytes."""
    return text.encode()[:size].decode(errors="ignore")


def codebook(found: Respondents) -> dict[str, Any]:
    """What every column of the files is, in both languages where there are both."""
    wave = found.wave.wave
    return {
        "wave": {
            "id": wave.pk,
            "title": wave.title,
            "title_en": wave.title_en,
            "mode": wave.mode,
            "method": wave.method,
            "closed_at": wave.closed_at,
            "questionnaire": wave.version.questionnaire.code,
            "version": wave.version.number,
            "homes": wave.homes,
            "asked": found.wave.asked,
            "answered": len(found),
        },
        "protection": {
            "smallest_group": SMALLEST,
            "smallest_group_of_facts": SMALLEST_OF_FACTS,
            "words": _(
                "每一行在楼栋、房屋使用情况上至少与 4 份相同，在其余背景上至少与 9 份相同，否则不显示。"
                "不到 5 人答的题，在这一组里不显示；凡与公布的结果相减能推出不到 5 人的，也不显示。没有房号、时间和文字。"
            ),
            "mixed": _mixed_words() if wave.anonymous else "",
        },
        "missing": {str(code): {"csv": MISSING_WORDS[code], "label": str(label)} for code, label in MISSING.items()},
        "variables": [_described(variable, found.columns[variable.name]) for variable in found.variables],
    }


def _mixed_words() -> str:
    """What an analyst of single rows has to know (`surveys.mixing`)."""
    return _(
        "同一栋楼里某种居住状态不到 5 份的，连同几份别的，打分在这几份之间按题互换过：每题的合计不变，"
        "但这样的一行不是哪一户的答卷，题与题之间的关系会因此弱一些。这些行没有居住状态。"
    )


def _described(variable: Variable, column: list[Value]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": variable.name,
        "label": variable.label,
        "kind": variable.kind,
        "values": {str(code): label for code, label in variable.values.items()},
        "missing": list(variable.missing),
        "hidden": sum(value == HIDDEN for value in column) if variable.kind != "weight" else 0,
    }
    question, block = variable.question, variable.block
    if question is None or block is None:
        return about
    return about | {
        "key": variable.key,
        "option": variable.option,
        "code": question.code,
        "text": question.text,
        "text_en": question.text_en,
        "block": block.title,
        "block_en": block.title_en,
        "item": question.item.code if question.item else "",
        "background": question.background,
        "gate": {"question": block.gate.key, "values": block.gate_values} if block.gate else None,
    }
