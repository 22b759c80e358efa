"""Addresses in headers, as programmes and liars write them.

The structure is read before encoded words are decoded, so that a decoded comma or bracket makes no second address. The standard
library's ``getaddresses`` of this Python can be talked into another address (CVE-2023-27043).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.headers import Headers
from linsheng.intake.mail.model import Fault
from linsheng.intake.mail.words import decode_words, one_line

MOST: Final = 200
MOST_LENGTH: Final = 254
ADDRESS: Final = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\"]{1,190}")
WITHIN: Final = re.compile(r"[\w.+=&'*/!#$%?^`{|}~-]{1,64}@[\w.-]{1,190}")


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str  # lower case; "" when what stood there is none


def addresses(headers: Headers, name: str, notes: Notes) -> list[Address]:
    """All addresses of all headers of that name."""
    found: list[Address] = []
    for raw in headers.raws(name)[:50]:
        value = Headers([(name, raw)], notes).undecoded(name)
        some = [parse(piece, notes) for piece in split(value)]
        if not any(one.address for one in some) and "=?" in value:
            # A whole list inside encoded words: not allowed, and common.
            some = [parse(piece, notes) for piece in split(decode_words(value, notes))]
        found += some
        if len(found) >= MOST:
            break
    return [one for one in found if one.address or one.name][:MOST]


def plain_addresses(headers: Headers, *names: str, notes: Notes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.address for name in names for one in addresses(headers, name, notes) if one.address))


def split(value: str) -> Iterator[str]:
    """The value cut at the commas and semicolons that stand outside quotes, comments and brackets."""
    piece: list[str] = []
    quoted = angle = escaped = False
    depth = 0
    for character in value[:60_000]:
        if escaped:
            escaped = False
        elif character == "\\" and (quoted or depth):
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif not quoted:
            depth = max(0, depth + (character == "(") - (character == ")"))
            angle = (angle or character == "<") and character != ">"
            if character in ",;" and not depth and not angle:
                yield "".join(piece)
                piece = []
                continue
        piece.append(character)
    yield "".join(piece)


def parse(text: str, notes: Notes) -> Address:
    """``"name" <a@b.example> (comment)`` and everything that is nearly that."""
    bare, comments = _without_comments(text)
    opening = _angle(bare)
    if opening >= 0:
        name, inner = bare[:opening], bare[opening + 1 :].partition(">")[0]
        address = _clean(inner, notes)
    else:
        match = ADDRESS.search(bare)
        address = _clean(match[0], notes) if match else ""
        name = bare.replace(match[0], "") if match else bare
    group = name.rpartition(":")[2] if opening >= 0 and not name.lstrip().startswith('"') else name
    return Address(_name(group, notes) or _name(comments, notes), address)


def _without_comments(text: str) -> tuple[str, str]:
    if "(" not in text:
        return text, ""
    kept: list[str] = []
    comments: list[str] = []
    quoted, depth = False, 0
    for character in text:
        if character == '"' and not depth:
            quoted = not quoted
        if not quoted and character == "(":
            depth += 1
        elif not quoted and character == ")" and depth:
            depth -= 1
        else:
            (comments if depth else kept).append(character)
    return "".join(kept), "".join(comments)


def _angle(text: str) -> int:
    """Where the last ``<`` outside quotes stands: names may hold others."""
    quoted, found = False, -1
    for place, character in enumerate(text):
        if character == '"' and (place == 0 or text[place - 1] != "\\"):
            quoted = not quoted
        elif character == "<" and not quoted:
            found = place
    return found if found >= 0 else text.rfind("<") if "@" in text.rpartition("<")[2] else -1


def _clean(inner: str, notes: Notes) -> str:
    """The address within the brackets, or ""."""
    inner = one_line(inner, notes).strip(" '\"")
    inner = inner.rpartition(":")[2] if inner.startswith(("@", "mailto:")) else inner
    match = ADDRESS.fullmatch(inner.replace(" ", ""))
    return match[0].lower()[:MOST_LENGTH].strip(".") if match else ""


def _name(text: str, notes: Notes) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    return one_line(decode_words(text, notes), notes, 120).strip(" \"'<>,;")


def sender(headers: Headers, notes: Notes) -> Address:
    """Who wrote it, as the mail says. A name that shows an address is not repeated: it is there to be taken for the address."""
    found = addresses(headers, "from", notes)
    real = [one for one in found if one.address]
    if not real:
        notes.add(Fault.FROM_MISSING)
        return Address(found[0].name if found else "", "")
    if len({one.address for one in real}) > 1:
        notes.add(Fault.FROM_SEVERAL)
    first = real[0]
    shown = WITHIN.search(first.name.replace("＠", "@"))
    if shown and shown[0].lower() != first.address:
        notes.add(Fault.FROM_NAME_IS_ADDRESS)
    return Address("" if shown else first.name, first.address)
