"""Header values: folded lines, encoded words (also torn or badly made ones), bare 8-bit bytes, RFC 2231 parameters."""

import binascii
import re
import unicodedata
from typing import Final

from linsheng.intake.mail.charsets import charset_named, decode
from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.model import Fault
from linsheng.intake.mail.transfer import decoded

WORD: Final = re.compile(r"=\?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?\?([BbQq])\?((?:[^?]|\?(?!=)){0,2000})\?=")
FOLD: Final = re.compile(rb"\r*\n|\r")
HIDDEN: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u061c\u180e]")
CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINE_ENDS: Final = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029]+")


def header_text(raw: bytes, notes: Notes) -> str:
    """A header's value in characters, its encoded words decoded, on one line."""
    return one_line(decode_words(undecoded(raw, notes), notes), notes)


def undecoded(raw: bytes, notes: Notes) -> str:
    """A header's value in characters, its encoded words left alone: what structure (addresses, parameters) is read from."""
    return decode(FOLD.sub(b"", raw), "", notes)


def one_line(text: str, notes: Notes, most: int = 2000) -> str:
    """No controls, no line ends, nothing invisible: safe to show, to log and to write into a header."""
    if HIDDEN.search(text):
        notes.add(Fault.HIDDEN_CHARACTERS)
        text = HIDDEN.sub("", text)
    if CONTROL.search(text):
        notes.add(Fault.CONTROL_CHARACTERS)
    text = LINE_ENDS.sub(" ", text).strip()
    # Lone surrogates (UTF-7 and UTF-16 can hold them) cannot be stored.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", text)[:most]


def decode_words(text: str, notes: Notes) -> str:
    """Neighbouring words of one charset are joined as bytes first: many programmes tear characters apart between them."""
    if "=?" not in text:
        return text
    found: list[str] = []
    pending: list[bytes] = []
    label, end = "", 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        same = bool(pending) and not between.strip() and _codec_of(match[1]) == _codec_of(label)
        if not same:
            found += [decode(b"".join(pending), label, notes), between if between.strip() or not pending else ""]
            pending = []
        pending.append(_word_bytes(match[2], match[3], notes))
        label, end = match[1], match.end()
    found += [decode(b"".join(pending), label, notes), text[end:]]
    return "".join(found)


def _codec_of(label: str) -> str:
    return charset_named(label) or label.lower()


def _word_bytes(encoding: str, text: str, notes: Notes) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    if encoding in "Bb":
        return decoded(memoryview(data), "base64", len(data))
    try:
        return binascii.a2b_qp(data.replace(b"\n", b" "), header=True)
    except (binascii.Error, ValueError):
        notes.add(Fault.ENCODING_DAMAGED)
        return data


# Parameters: ``text/plain; charset=gb2312; name*0*=GB18030''%C4%E3; name*1=…``

PARAMETER: Final = re.compile(r';\s*([\w!#$&+.^`|~%-]{1,60}?)(?:\*(\d{1,3}))?(\*)?\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')


def split_parameters(text: str, notes: Notes) -> tuple[str, dict[str, str]]:
    """A structured value and its parameters, RFC 2231 continuations joined, everything decoded."""
    head, _, _ = text.partition(";")
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for match in PARAMETER.finditer(text[:20_000]):
        pieces.setdefault(match[1].lower(), []).append((int(match[2] or 0), bool(match[3]), _unquoted(match[4])))
    return one_line(head, notes).lower(), {name: one_line(_joined(found, notes), notes) for name, found in pieces.items()}


def _unquoted(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        inner = value[1:-1] if value.endswith('"') and len(value) > 1 else value[1:]
        # A backslash before anything but a quote is a Windows path, not an escape.
        return re.sub(r'\\(["\\])', r"\1", inner)
    return value


def _joined(pieces: list[tuple[int, bool, str]], notes: Notes) -> str:
    # ``name*=`` (encoded, whole) is better than ``name=`` beside it.
    encoded = [piece for piece in pieces if piece[1]]
    if not encoded:
        ordered = sorted(pieces, key=lambda piece: piece[0])
        plain = "".join(piece[2] for piece in ordered) if ordered[-1][0] else ordered[0][2]
        return decode_words(plain, notes)
    if len(pieces) == len(encoded) + 1 and not any(piece[0] for piece in pieces):
        pieces = encoded
    label, data = "", b""
    for number, (_, is_encoded, piece) in enumerate(sorted(pieces, key=lambda piece: piece[0])):
        value = piece
        if number == 0 and is_encoded and piece.count("'") >= 2:
            label, _, value = piece.split("'", 2)
        data += _percent(value) if is_encoded else value.encode("utf-8", "surrogatepass")
    return decode(data, label, notes)


def _percent(value: str) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes((int(match[1], 16),)), value.encode("utf-8", "surrogatepass"))
