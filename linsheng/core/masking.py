"""Texts of people as others may read them: without what could name, reach or find somebody.

One place for everything that is shown to more than staff: neighbours' reports, results for those who follow, topics of reports.
Better one number too many is hidden than one too few; dates, times and case numbers stay.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

from linsheng.core.text import phone_digits

_HAN_DIGITS: Final = str.maketrans("零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖", "0012345678912123456789")
# What people put between digits, so that a number is easier to read, or harder to find.
_GAP = r"[\s\-.·•_~*/()]{0,2}"
_DATE = r"(?:19|20)\d\d[\-./年]\s?(?:0?[1-9]|1[0-2])[\-./月]\s?(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_PLAIN_DATE = r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
# Looks like numbers, and names nobody: CH2611-0042.
_CASE_NUMBER = r"(?<![A-Z0-9])[A-Z][A-Z0-9]{1,11}\d{4}-\d{4,6}(?![\d-])"

_LEFT_ALONE: Final = re.compile(rf"{_CASE_NUMBER}|(?<!\d){_DATE}(?:\s{{0,2}}{_CLOCK})?|(?<!\d){_PLAIN_DATE}")
_EMAIL = re.compile(
    r"[a-z0-9._%+\-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[a-z0-9\-]{1,63}(?:\s?\.\s?[a-z0-9\-]{1,63}){1,6}", re.IGNORECASE
)
_ACCOUNT = re.compile(
    r"(?<=微信|薇信|[qQ]{2}|[vV][xX信])\s?(?:号码?|ID|id)?\s?[:是为]?\s?[A-Za-z0-9][\w\-]{4,19}(?![\w\-])", re.ASCII
)
_OLD_IDENTITY = r"[1-8]\d{7}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}"
_IDENTITY = re.compile(rf"(?<!\d)(?:\d{_GAP}){{17}}[\dXx](?![\dA-Za-z])|(?<!\d){_OLD_IDENTITY}(?!\d)")
_CARD = re.compile(rf"(?<!\d)(?!0086)(?:\d{_GAP}){{13,18}}\d(?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]\s?[A-Za-z][·•.\-\s]{0,2}[A-Za-z0-9]{4,6}[学警港澳挂领]?"
)
# In this order: mobile, with area code and extension, any other grouping, seven digits.
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?(?:00)?86{_GAP})?1(?:{_GAP}\d){{10}}(?!\d)"
    r"|(?<!\d)(?:\+?(?:00)?86[\s\-]?)?[(]?0\d{2,3}[)]?[\s\-]{0,2}\d{3,4}[\s\-]?\d{4}(?:\s?[\-转]\s?\d{1,6})?(?!\d)"
    r"|(?<!\d)\+?(?:86[\s\-]?)?(?:\d[\s\-]?){7,12}\d(?!\d)"
    r"|(?<!\d)\d{7}(?!\d)"
)
# In Chinese figures only a whole mobile number is one: 三五八 alone is a count.
_SPOKEN_PHONE = re.compile(r"(?<!\d)1(?:[\s\-、,]{0,2}\d){10}(?!\d)")
# 3-2-1201; 3栋2单元1201室; 1201室. A building alone names nobody.
_HOME = re.compile(
    r"(?<!\d)\d{1,3}\s*(?:-\s*\d{1,4}){1,3}(?!\d)"
    r"|\d{1,3}[栋号楼座幢](?:\d{1,2}单元)?(?:\d{1,2}[层楼])?\d{3,4}[室户房]?"
    r"|(?<!\d)\d{3,4}(?:[室户房]|号房|(?=住户|家))"
)
# Numbers that contain others come first.
_MARKS: Final = (
    (_EMAIL, "〔邮箱〕"),
    (_ACCOUNT, "〔账号〕"),
    (_PLATE, "〔车牌〕"),
    (_IDENTITY, "〔证件号〕"),
    (_CARD, "〔号码〕"),
    (_PHONE, "〔电话〕"),
    (_HOME, "〔房号〕"),
)
PHONE_MARK: Final = "〔电话〕"


def _folded(text: str) -> str:
    """The same text, character by character, with full-width forms, odd dashes and invisible characters made plain."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if unicodedata.category(character) == "Pd" or character == "−":
        return "-"
    if unicodedata.category(character) == "Cf":
        return " "
    folded = unicodedata.normalize("NFKC", character)
    if folded.isdecimal() and len(folded) == 1:
        return str(unicodedata.decimal(folded))
    return folded if len(folded) == 1 else character


def _found(text: str, keep: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Where something has to be hidden, and behind which mark; nothing overlaps."""
    shadow = _LEFT_ALONE.sub(lambda match: " " + "¤" * (len(match[0]) - 2) + " " if len(match[0]) > 1 else "¤", _folded(text))
    for pattern, mark in _MARKS:
        for match in pattern.finditer(shadow):
            if mark == PHONE_MARK and phone_digits(match[0]) in keep:
                continue
            yield match.start(), match.end(), mark
        shadow = pattern.sub(lambda match: "¤" * len(match[0]), shadow)
    for match in _SPOKEN_PHONE.finditer(shadow.translate(_HAN_DIGITS)):
        yield match.start(), match.end(), PHONE_MARK


def masked(text: str, keep: Collection[str] = ()) -> str:
    """The text without phone, identity, card and plate numbers, mail addresses, accounts and homes.

    ``keep`` are telephone numbers that everybody may know, such as the front desk's.
    """
    parts, end = [], 0
    for start, stop, mark in sorted(_found(text, frozenset(phone_digits(number) for number in keep))):
        if start < end:
            continue
        parts += [text[end:start], mark]
        end = stop
    return "".join([*parts, text[end:]])
