"""Bytes into characters, whatever the label says.

Every GB label means GB18030, which holds all the others. Labels are often wrong in both directions (UTF-8 labelled gb2312,
GBK labelled utf-8 or not at all), so bytes that are one thing for certain are taken for that thing.
"""

import codecs
import re
from functools import lru_cache
from typing import Final

from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.model import Fault

GB: Final = "gb18030"
BIG5: Final = "big5hkscs"
GB_LABELS: Final = re.compile(
    r"gb|gb2312|gb231280|gb23121980|xgb2312|gbk|xgbk|gb18030|xgb18030|gb180302000|gb180302005|gb180302022|cngb|cngb2312"
    r"|euccn|xeuccn|eucgb2312cn|csgb2312|csgbk|csgb18030|csiso58gb231280|isoir58|chinese|gb2312raw|cp936|ms936|windows936"
    r"|936|zhcn|gb23121980gb|mscp936|cngbk|gb18303|gb13000|gb1234580"
)
BIG5_LABELS: Final = re.compile(
    r"big5|cnbig5|csbig5|xbig5|xxbig5|big5hkscs|big5tw|big5eten|cp950|ms950|windows950|950|zhtw|big5hk|big52003"
)
UTF8_LABELS: Final = re.compile(r"utf8|unicode11utf8|utf8mb4|xutf8|utf|utf8n|unicode")
# What says nothing: programmes write it on bytes of any kind.
EMPTY_LABELS: Final = re.compile(
    r"usascii|ascii|ansi|ansix341968|iso88591|latin1|cp1252|windows1252|unknown|unknown8bit|xunknown|8bit|default|none"
    r"|binary|xuserdefined"
)
KNOWN: Final = re.compile(
    r"utf-?(7|8|16|32)([-_]?[bl]e)?|iso-?8859-?\d+|iso-?2022-?(jp|kr)(-?\w+)?|koi8-?[rtu]|(cp|windows-?"
    r"|ibm)\d{3,4}|shift[-_]?jis(-?2004|x0213)?|s-?jis|ms_?kanji"
    r"|euc-?(jp|kr|jis)\w*|ks_?c_?5601\S*|hz(-gb-2312)?|tis-?620|mac-?\w+|johab|latin-?\d+|x-sjis|cskorean|korean"
)
PAIRED: Final = re.compile("[\x80-\u07ff]{2}")
STATEFUL: Final = frozenset({"hz", "utf-7", "iso2022_jp", "iso2022_kr"})


def charset_named(label: str) -> str:
    """The codec that a label means; "" for none, and "?" for one that nobody knows."""
    plain = re.sub(r"[^a-z0-9]", "", label[:60].lower())
    if GB_LABELS.fullmatch(plain):
        return GB
    if BIG5_LABELS.fullmatch(plain):
        return BIG5
    if UTF8_LABELS.fullmatch(plain):
        return "utf-8"
    return "" if not plain or EMPTY_LABELS.fullmatch(plain) else _codec(label[:60].lower().strip(" \"'"))


@lru_cache(maxsize=200)
def _codec(label: str) -> str:
    if not KNOWN.fullmatch(label):
        return "?"
    label = {"hz-gb-2312": "hz", "x-sjis": "shift_jis"}.get(label, label.replace("ks_c_5601", "cp949").split("-1987")[0])
    try:
        return codecs.lookup(label).name
    except LookupError:
        return "?"


def decode(data: bytes, label: str, notes: Notes) -> str:
    """The text of some bytes; never raises, and says in ``notes`` what was wrong."""
    named = charset_named(label)
    if data.isascii() and named not in STATEFUL and not named.startswith("utf-16") and not named.startswith("utf-32"):
        return data.decode("ascii")
    marked = _by_mark(data)
    if marked is not None:
        return marked
    if named == "?":
        notes.add(Fault.CHARSET_UNKNOWN)
    if named in {"", "?"}:
        return _guessed(data, label, notes)
    return _as_labelled(data, named, notes)


def _by_mark(data: bytes) -> str | None:
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return _strictly(data[len(mark) :], codec)
    return None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _as_labelled(data: bytes, named: str, notes: Notes) -> str:
    text = _strictly(data, named)
    if named != "utf-8" and named not in STATEFUL:
        other = _surely_utf8(data, text)
        if other is not None:
            notes.add(Fault.CHARSET_WRONG)
            return other
    if text is not None:
        return text
    if named in {GB, BIG5}:
        # A character or two that the label does not know, or a text cut in the middle of one.
        torn = data.decode(named, "replace")
        if _share_lost(torn) < 0.05:
            notes.add(Fault.CHARACTERS_LOST)
            return torn
    return _mislabelled(data, named, notes)


def _mislabelled(data: bytes, named: str, notes: Notes) -> str:
    torn = data.decode(named, "replace")
    lost = _share_lost(torn)
    other = _best(data, exclude=named)
    if other is not None and (lost > 0.05 or commonness(other) > commonness(torn) + 0.2):
        notes.add(Fault.CHARSET_WRONG)
        return other
    notes.add(Fault.CHARACTERS_LOST)
    return torn


def _surely_utf8(data: bytes, text: str | None) -> str | None:
    """The text, if these bytes are UTF-8 with Chinese in it and not, as likely, what the label says."""
    other = _strictly(data, "utf-8")
    if other is None or not any(character > "\u07ff" for character in other):
        return None
    return other if text is None or commonness(other) > commonness(text) else None


def _guessed(data: bytes, label: str, notes: Notes) -> str:
    """Bytes without a usable label. (A label of plain ASCII or Latin-1 says nothing in China.)"""
    if not label or EMPTY_LABELS.fullmatch(re.sub(r"[^a-z0-9]", "", label.lower())):
        notes.add(Fault.CHARSET_MISSING if not label else Fault.CHARSET_WRONG)
    best = _best(data)
    if best is not None:
        return best
    western = _strictly(data, "cp1252")
    torn = min(
        (data.decode(codec, "replace") for codec in ("utf-8", GB)), key=lambda text: (text.count("\ufffd"), -commonness(text))
    )
    if commonness(torn) < 0.3 and western is not None:
        return western
    notes.add(Fault.CHARACTERS_LOST)
    return torn


def _best(data: bytes, exclude: str = "") -> str | None:
    """What the bytes are without doubt: UTF-8, or GB18030 or Big5 in common characters."""
    utf8 = _strictly(data, "utf-8") if exclude != "utf-8" else None
    if utf8 is not None and not _rather_gb(data, utf8):
        return utf8
    found = [text for codec in (GB, BIG5) if codec != exclude and (text := _strictly(data, codec)) is not None]
    best = max(found, key=commonness, default=None)
    return best if best is not None and commonness(best) >= 0.5 else None


def _rather_gb(data: bytes, utf8: str) -> bool:
    """Pairs of GB bytes such as those of 漏水 are valid UTF-8 too, of characters that nobody writes side by side."""
    if any(character > "\u07ff" for character in utf8) or not PAIRED.search(utf8):
        return False
    text = _strictly(data, GB)
    return text is not None and commonness(text) >= 0.9


def _share_lost(text: str) -> float:
    return text.count("\ufffd") / max(1, sum(character > "\x7f" for character in text))


def commonness(text: str) -> float:
    """The share of everyday Chinese among the characters beyond ASCII: high for what was decoded rightly."""
    foreign = [character for character in text[:20_000] if character > "\x7f"]
    return sum(character in _everyday() for character in foreign) / len(foreign) if foreign else 0.0


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    """GB 2312's first level (3,755 characters by frequency), the everyday traditional ones, and Chinese punctuation."""
    cells = [bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    big5 = [bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF))]
    signs = "，。！？；：、“”‘’（）《》【】—…·￥　－～＠＃％＆＊＋／＝0123456789" + "".join(
        chr(code) for code in range(0xFF10, 0xFF5B)
    )
    return frozenset(
        "".join(cell.decode("gb2312", "ignore") for cell in cells) + "".join(cell.decode("big5", "ignore") for cell in big5) + signs
    )
