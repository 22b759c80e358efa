"""The MIME tree, by places in the bytes: nothing is copied, and nothing is recursed into without end.

The standard library's parser keeps every line as an object: 25 MB of short lines takes it more than a gigabyte. This one keeps
offsets.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.headers import Headers, read_headers
from linsheng.intake.mail.model import Fault

MOST_DEPTH: Final = 12
MOST_PARTS: Final = 300
GUESS: Final = re.compile(
    rb"(?:\A|\n)--([^\s][^\r\n]{0,99}?)[ \t]*\r*\n(?:[!-9;-~]+:[^\n]*\n|[ \t][^\n]*\n){0,20}?(?i:content-[a-z-]+)[ \t]*:"
)
ENCODINGS: Final = {
    "base64": "base64",
    "b": "base64",
    "x-base64": "base64",
    "quoted-printable": "quoted-printable",
    "q": "quoted-printable",
}
PLAIN: Final = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none"})


@dataclass(slots=True)
class Part:
    """One part: what it says it is, and where its body lies."""

    headers: Headers
    type: str
    parameters: dict[str, str]
    start: int
    end: int
    children: list["Part"] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)


class Budget:
    """How many parts may still come."""

    def __init__(self, parts: int = MOST_PARTS) -> None:
        self.left = parts


def read_part(
    raw: bytes, start: int, end: int, notes: Notes, budget: Budget | None = None, depth: int = 0, default: str = "text/plain"
) -> Part:
    """The part in ``raw[start:end]`` with all that it holds."""
    budget = budget or Budget()
    headers, body = read_headers(raw, start, end, notes, top=depth == 0)
    kind, parameters = headers.structured("content-type")
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind):
        kind = {"text": "text/plain", "html": "text/html"}.get(kind, default)
    part = Part(headers, kind, parameters, body, end)
    if kind.startswith("multipart/"):
        _read_children(raw, part, notes, budget, depth)
    return part


def encoding_of(part: Part, notes: Notes) -> str:
    named = part.headers.structured("content-transfer-encoding")[0].strip("\"'. ")
    if named in PLAIN:
        return ""
    if named not in ENCODINGS:
        notes.add(Fault.ENCODING_UNKNOWN)
    return ENCODINGS.get(named, "")


def _read_children(raw: bytes, part: Part, notes: Notes, budget: Budget, depth: int) -> None:
    if depth >= MOST_DEPTH:
        notes.add(Fault.PARTS_TOO_DEEP)
        return
    spans = _spans(raw, part, notes)
    default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    for start, end in spans:
        if budget.left <= 0:
            notes.add(Fault.PARTS_TOO_MANY)
            break
        budget.left -= 1
        part.children.append(read_part(raw, start, end, notes, budget, depth + 1, default))
    if not part.children:
        # No boundary at all: what stands there is shown as it is.
        part.type = "text/html" if re.search(rb"(?i)<(html|body|div|p)\b", raw[part.start : part.start + 5000]) else "text/plain"


def _spans(raw: bytes, part: Part, notes: Notes) -> list[tuple[int, int]]:
    boundary = part.parameters.get("boundary", "").encode("utf-8", "replace")
    spans, closed = _between(raw, part.start, part.end, boundary) if boundary else ([], False)
    if not spans:
        notes.add(Fault.BOUNDARY_MISSING)
        guessed = GUESS.search(raw, part.start, min(part.end, part.start + 200_000))
        return _between(raw, part.start, part.end, guessed[1])[0] if guessed else []
    if not closed:
        notes.add(Fault.BOUNDARY_MISSING)
    return spans


def _between(raw: bytes, start: int, end: int, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """The stretches between lines of ``--boundary``, and whether the last line was ``--boundary--``."""
    mark = b"--" + boundary.rstrip()
    line = re.compile(rb"(?:(?<=\n)|(?<=\r)|\A)" + re.escape(mark) + rb"(--)?[ \t]*(?=\r|\n|\Z)")
    spans: list[tuple[int, int]] = []
    opened = -1
    at = start
    while match := _next(line, mark, raw, at, end):
        if opened >= 0:
            spans.append((opened, _without_line_end(raw, opened, match.start())))
        if match[1] or len(spans) > 2 * MOST_PARTS:
            return spans, True
        opened = _past_line_end(raw, match.end(), end)
        at = match.end()
    if opened >= 0:
        spans.append((opened, end))
    return spans, False


def _next(line: re.Pattern[bytes], mark: bytes, raw: bytes, at: int, end: int) -> re.Match[bytes] | None:
    """The next boundary: its bytes are found at once, the pattern says whether they are a line of their own."""
    place = raw.find(mark, at, end)
    while place >= 0:
        # ``pos`` does not hide what lies before it from a look-behind, so a boundary right at the start is found too.
        if match := line.match(raw, place, end):
            return match
        place = raw.find(mark, place + 1, end)
    return None


def _without_line_end(raw: bytes, start: int, end: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
    if end > start and raw[end - 1 : end] == b"\r":
        end -= 1
    return end


def _past_line_end(raw: bytes, at: int, end: int) -> int:
    while at < end and raw[at : at + 1] in b" \t\r":
        at += 1
    return at + 1 if at < end and raw[at : at + 1] == b"\n" else at
