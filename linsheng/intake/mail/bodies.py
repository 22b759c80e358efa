"""Which part is the text, which the HTML, and what else is in the mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from linsheng.intake.mail.charsets import charset_named, decode
from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.files import attachment, declared_name
from linsheng.intake.mail.model import Attachment, Fault
from linsheng.intake.mail.parts import Part, encoding_of
from linsheng.intake.mail.transfer import decoded
from linsheng.intake.mail.words import HIDDEN

MOST_BYTES: Final = 1_500_000  # of a text part; what is longer is no letter (the raw mail is kept)
MOST_TEXTS: Final = 20
SIGNATURES: Final = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
SEALED: Final = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted", "application/pgp-encrypted"}
)
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/=\s]")
# A line of words: no base64 has single spaces between letters.
WORDS: Final = re.compile(rb"(?m)^[^\n]{0,200}?[A-Za-z0-9,.] [A-Za-z0-9]")
SURROGATES: Final = re.compile("[\ud800-\udfff]")
META_CHARSET: Final = re.compile(rb"(?i)<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})")
CALENDAR_LINE: Final = re.compile(r"(?m)^(SUMMARY|DTSTART|LOCATION|DESCRIPTION)[^:\n]*:(.*)$")


@dataclass(slots=True)
class Bodies:
    """What a mail holds, in the order of its parts."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    signed: bool = False


def read_bodies(raw: bytes, root: Part, notes: Notes) -> Bodies:
    bodies = Bodies()
    for part, related in _leaves(root, related=False):
        _take(raw, part, bodies, notes, related=related)
    bodies.signed = bodies.signed or root.type == "multipart/signed"
    return bodies


def _leaves(part: Part, *, related: bool) -> Iterator[tuple[Part, bool]]:
    if part.type in SEALED or not part.is_multipart:
        yield part, related
        return
    for child in part.children:
        yield from _leaves(child, related=related or part.type == "multipart/related")


def _take(raw: bytes, part: Part, bodies: Bodies, notes: Notes, *, related: bool) -> None:
    if part.type in SIGNATURES:
        bodies.signed = True
        return
    if part.type in SEALED:
        notes.add(Fault.ENCRYPTED)
    disposition = part.headers.structured("content-disposition")[0]
    named = bool(declared_name(part, notes))
    is_text = part.type in {"text/plain", "text/html"} and disposition != "attachment" and not (named and part.type == "text/html")
    if is_text and not (named and disposition != "inline") and len(bodies.texts) + len(bodies.htmls) < MOST_TEXTS:
        (bodies.texts if part.type == "text/plain" else bodies.htmls).append(part_text(raw, part, notes))
        return
    if part.type == "text/calendar" and not any(text.strip() for text in bodies.texts):
        bodies.texts.append(calendar_text(part_text(raw, part, notes)))
    if part.start >= part.end and not named and part.type == "text/plain":
        return
    inline = disposition != "attachment" and (related or "content-id" in part.headers)
    bodies.attachments.append(attachment(raw, part, len(bodies.attachments), notes, inline=inline))


def part_text(raw: bytes, part: Part, notes: Notes) -> str:
    """A text part in characters, lines ended by ``\\n``, without controls."""
    body = memoryview(raw)[part.start : part.end]
    body, encoding = _text_encoding(body, part, notes)
    data = decoded(body, encoding, MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        notes.add(Fault.TEXT_CUT)
        data = data[:MOST_BYTES].rpartition(b"\n")[0] or data[:MOST_BYTES]
    label = part.parameters.get("charset", "")
    if part.type == "text/html" and not charset_named(label) and (meta := META_CHARSET.search(data[:2048])):
        label = meta[1].decode("ascii")
    text = decode(data, label, notes)
    text = text.encode("utf-8", "replace").decode("utf-8") if SURROGATES.search(text) else text
    return clean(_flowed(text, part) if part.parameters.get("format", "").lower() == "flowed" else text, notes)


def _text_encoding(body: memoryview, part: Part, notes: Notes) -> tuple[memoryview, str]:
    """What is encoded, and how: text that is only called base64 stays as it is, and words added below (by a virus scanner) go."""
    named = encoding_of(part, notes)
    if named != "base64":
        return body, named
    if NOT_BASE64.search(body):
        notes.add(Fault.ENCODING_DAMAGED)
    words = WORDS.search(body)
    if words is None:
        return body, named
    above = body[: words.start()]
    return (above, named) if bytes(above[:100]).strip() else (body, "")


def clean(text: str, notes: Notes) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    if CONTROLS.search(text):
        notes.add(Fault.CONTROL_CHARACTERS)
        text = CONTROLS.sub("", text)
    if HIDDEN.search(text):
        if re.search("[\u202a-\u202e\u2066-\u2069]", text):
            notes.add(Fault.HIDDEN_CHARACTERS)
        text = HIDDEN.sub("", text)
    return text.replace("\xa0", " ").replace("\t", "    ").replace("\x0c", "\n")


def _flowed(text: str, part: Part) -> str:
    """Lines that end in a space go on in the next one (RFC 3676)."""
    deletes = part.parameters.get("delsp", "").lower() == "yes"
    found: list[str] = []
    open_line = False
    for raw_line in text.replace("\r\n", "\n").split("\n"):
        depth = len(raw_line) - len(raw_line.lstrip(">"))
        line = raw_line[1:] if raw_line.startswith(" ") else raw_line
        if open_line and depth == len(found[-1]) - len(found[-1].lstrip(">")) and line != "-- ":
            found[-1] = (found[-1][:-1] if deletes else found[-1]) + line[depth:].lstrip(" " if depth else "")
        else:
            found.append(line)
        open_line = line.endswith(" ") and line != "-- "
    return "\n".join(found)


def calendar_text(text: str) -> str:
    """What an invitation says, for a mail that says nothing else."""
    unfolded = re.sub(r"\n[ \t]", "", text)
    return "\n".join(f"{match[1].capitalize()}: {match[2].strip()}" for match in CALENDAR_LINE.finditer(unfolded))[:2000]
