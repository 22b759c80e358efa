"""What pydantic says of a wrong field, in sentences of ours and in the caller's language."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_MISSING = _("请填写这一项。")
_TEXT = _("这里应为文字。")
_UNREADABLE = _("含有无法保存的字符，请删去后再试。")
_NUMBER = _("这里应为整数。")
_TRUTH = _("这里应为 true 或 false。")
_DAY = _("日期请写成 2026-11-23 的形式。")
_INSTANT = _("时间请写成 2026-11-23T10:00:00+08:00 的形式。")
_OBJECT = _("这里应为 JSON 对象。")
_LIST = _("这里应为列表。")
_OTHER = _("内容不符合要求，请对照接口文档。")

SENTENCES: Final[dict[str, Promise]] = {
    "missing": _MISSING,
    "extra_forbidden": _("没有这个字段，请核对名称。"),
    "string_type": _TEXT,
    "string_unicode": _UNREADABLE,
    "string_too_long": _("最多 %(max_length)s 个字符。"),
    "string_too_short": _("至少 %(min_length)s 个字符。"),
    "literal_error": _("只能是其中之一：%(expected)s。"),
    "enum": _("只能是其中之一：%(expected)s。"),
    "greater_than_equal": _("不能小于 %(ge)s。"),
    "less_than_equal": _("不能大于 %(le)s。"),
    "too_long": _("最多 %(max_length)s 项。"),
    "list_type": _LIST,
    "unreadable": _UNREADABLE,
    "far_date": _("这个日期太远，请填 2000 年到 2100 年之间的。"),
}
# Kinds of error that come in several, told apart by the beginning of their names. The longer beginning stands first.
FAMILIES: Final[tuple[tuple[str, Promise], ...]] = (
    ("int", _NUMBER),
    ("bool", _TRUTH),
    ("datetime", _INSTANT),
    ("timezone", _INSTANT),
    ("date", _DAY),
    ("model", _OBJECT),
    ("dict", _OBJECT),
    ("string", _TEXT),
)
QUOTED = re.compile(r"'([^']*)'")


def sentence_of(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors (``type`` and ``ctx``) as a sentence; never what was sent."""
    kind, values = str(error["type"]), dict(error.get("ctx", {}))
    if "expected" in values:
        # pydantic joins them by an English "or".
        values["expected"] = ", ".join(QUOTED.findall(str(values["expected"])))
    found = SENTENCES.get(kind) or next((words for start, words in FAMILIES if kind.startswith(start)), _OTHER)
    return str(found) % values if values else str(found)
