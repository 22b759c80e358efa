"""The header block of a mail or part: where it ends, and its fields in order."""

import re
from collections.abc import Iterator
from typing import Final

from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.model import Fault
from linsheng.intake.mail.words import header_text, split_parameters, undecoded

MOST_BLOCK: Final = 1024 * 1024  # what is longer is no header block
MOST_FIELDS: Final = 1000
MOST_VALUE: Final = 64 * 1024
FIELD: Final = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
KNOWN_FIELD: Final = re.compile(
    rb"(?i)(from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|reply-to|received|return-path|x-[a-z-]+)[ \t]*:"
)
ENVELOPE: Final = re.compile(rb">?From [^\r\n:]*(?:\d\d:\d\d)?[^\r\n]*\r*\n")
# Of these a mail has one; a second one is an accident or an attack.
ONCE: Final = ("from", "sender", "reply-to", "to", "cc", "message-id", "in-reply-to", "subject", "date")


class Headers:
    """The fields of one block, in order, names in lower case."""

    def __init__(self, fields: list[tuple[str, bytes]], notes: Notes) -> None:
        self.fields = fields
        self._notes = notes
        self._first: dict[str, bytes] = {}
        for name, value in fields:
            self._first.setdefault(name, value)

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def raw(self, name: str) -> bytes:
        return self._first.get(name, b"")

    def raws(self, name: str) -> list[bytes]:
        return [value for field, value in self.fields if field == name]

    def text(self, name: str) -> str:
        """The value, decoded, on one line; "" where there is none."""
        return header_text(self.raw(name), self._notes) if name in self._first else ""

    def undecoded(self, name: str) -> str:
        return undecoded(self.raw(name), self._notes) if name in self._first else ""

    def structured(self, name: str) -> tuple[str, dict[str, str]]:
        return split_parameters(self.undecoded(name), self._notes)


def read_headers(raw: bytes, start: int, end: int, notes: Notes, *, top: bool = False) -> tuple[Headers, int]:
    """The header block at ``start``, and where the body begins."""
    if top:
        start = _past_envelope(raw, start, end)
    fields: list[tuple[str, bytes]] = []
    count, where = 0, start
    for at, after, line in _lines(raw, start, min(end, start + MOST_BLOCK)):
        where = after
        if not line.strip():
            break
        if line[:1] in b" \t" and fields:
            _continue(fields, line, notes)
        elif field := FIELD.match(line):
            count += 1
            if len(fields) < MOST_FIELDS or (
                field[1].lower() in {b"from", b"to", b"subject", b"content-type"} and len(fields) < 2 * MOST_FIELDS
            ):
                fields.append((field[1].decode("ascii").lower(), line[field.end() :].strip()[:MOST_VALUE]))
        else:
            notes.add(Fault.HEADERS_BROKEN)
            if not _headers_go_on(raw, after, end):
                where = at
                break
    if count > MOST_FIELDS:
        notes.add(Fault.HEADERS_TOO_MANY)
    return Headers(fields, notes), where


def note_repeated(headers: Headers, notes: Notes) -> None:
    names = [name for name, _ in headers.fields]
    if any(names.count(name) > 1 for name in ONCE):
        notes.add(Fault.HEADER_REPEATED)


def _lines(raw: bytes, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
    """Each line: where it begins, where the next begins, and what it holds."""
    line_end = b"\n" if raw.find(b"\n", start, min(end, start + 100_000)) >= 0 else b"\r"
    while start < end:
        found = raw.find(line_end, start, end)
        after = end if found < 0 else found + 1
        yield start, after, raw[start:after].rstrip(b"\r\n")
        start = after


def _past_envelope(raw: bytes, start: int, end: int) -> int:
    """Behind a byte order mark, empty lines and the ``From `` line of a mailbox file."""
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    while start < end and raw[start : start + 1] in b"\r\n":
        start += 1
    envelope = ENVELOPE.match(raw, start, end)
    return envelope.end() if envelope else start


def _continue(fields: list[tuple[str, bytes]], line: bytes, notes: Notes) -> None:
    name, value = fields[-1]
    if len(value) + len(line) > MOST_VALUE:
        notes.add(Fault.HEADER_TOO_LONG)
        return
    fields[-1] = (name, value + b" " + line.strip() if value else line.strip())


def _headers_go_on(raw: bytes, start: int, end: int) -> bool:
    """Whether a line that is no field stands among fields: a long value broken without indenting, not the body."""
    head = raw[start : min(end, start + 4000)]
    block = re.split(rb"\r*\n\r*\n", head, maxsplit=1)[0]
    return any(KNOWN_FIELD.match(line) for line in block.split(b"\n"))
