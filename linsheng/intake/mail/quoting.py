"""What is new in a mail, and what is quoted: the quotation is folded, never deleted, and in doubt nothing is folded.

Programmes in China put a block (发件人 发送时间 收件人 主题) above what they quote and mark nothing below it; others put ``>`` or a
blockquote around it. Both kinds come as lines with a depth: 0 for the writer's own, more for what is marked as quoted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from linsheng.intake.mail import marks

MOST_LINES: Final = 20_000
ATTRIBUTION_LINES: Final = 4
BLOCK_LINES: Final = 9
MOST_SIGNATURE: Final = 12
# "> " and ">>" quote; ">=" at a line's beginning is somebody's words.
QUOTES: Final = re.compile(r" *(?:>(?!=) *)*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: how deep it is quoted, where in the HTML it begins, whether a programme marks a quotation here."""

    text: str
    depth: int = 0
    token: int = 0
    opens: bool = False

    @property
    def mark(self) -> str:
        """What a mark of a quotation is looked for in: long lines are none."""
        return self.text.strip() if len(self.text) <= 300 else ""

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Folded:
    """The new words; what was folded; and the line from which everything is folded (``None``: no such line)."""

    text: str
    quoted: str = ""
    cut: int | None = None


class _Is(Enum):
    NEW = 0
    QUOTED = 1


def plain_lines(text: str) -> list[Line]:
    """Lines of plain text, their depth by the ``>`` in front."""
    lines = text.split("\n", MOST_LINES)[:MOST_LINES]
    return [Line(line.rstrip(), _depth(line)) for line in lines]


def _depth(line: str) -> int:
    match = QUOTES.match(line)
    return match[0].count(">") if match else 0


def fold(lines: Sequence[Line], *, forwarded: bool = False, answers: bool = False) -> Folded:
    """Tell the new from the quoted. ``answers``: the headers say that this mail answers another."""
    whole, hinted = _joined(lines), _hinted(lines)
    if forwarded or any(marks.FORWARDED.fullmatch(line.mark) for line in _first_mark(lines, hinted)):
        # What is passed on is news to us.
        return Folded(whole)
    kinds = _kinds(lines, hinted, answers=answers)
    last_new = max((place for place, line in enumerate(lines) if kinds[place] is _Is.NEW and not line.blank), default=-1)
    if last_new < 0:
        # Nothing new outside the quotation: the answer stands in it, or somebody sent it alone.
        return Folded(whole)
    cut = last_new + 1
    shown = _shown(lines, kinds, cut)
    body, signature = _without_signature([lines[place] for place in shown])
    new = _joined(body)
    if marks.POINTS_BELOW.search(new) or not new:
        return Folded(whole)
    seen = set(shown)
    hidden = [lines[place] for place in range(cut) if place not in seen]
    folded = _joined([*signature, *([Line("")] if signature else []), *hidden, *lines[cut:]])
    return Folded(new, folded, cut if any(not line.blank for line in lines[cut:]) else None)


def _hinted(lines: Sequence[Line]) -> list[bool]:
    """Whether a mark may begin at each line: there are hundreds of lines, and marks are tried with many patterns."""
    hints = [line.opens or marks.HINT.search(line.text) is not None for line in lines]
    # An attribution may take some lines to its colon.
    return [any(hints[place : place + ATTRIBUTION_LINES]) for place in range(len(hints))]


def _first_mark(lines: Sequence[Line], hinted: Sequence[bool]) -> list[Line]:
    """The first line that introduces something passed on or quoted."""
    for place, line in enumerate(lines):
        if line.depth == 0 and hinted[place] and (marks.FORWARDED.fullmatch(line.mark) or _mark_length(lines, place)):
            return [line]
    return []


def _kinds(lines: Sequence[Line], hinted: Sequence[bool], *, answers: bool) -> list[_Is]:
    kinds = [_Is.NEW] * len(lines)
    # Apple quotes its own introduction too.
    place, introduced = 0, answers or any(line.depth and marks.ATTRIBUTION_END.match(line.mark) for line in lines)
    while place < len(lines):
        length = 0 if lines[place].depth or not hinted[place] else _mark_length(lines, place)
        if length:
            end = _quoted_until(lines, place + length)
            introduced = True
            kinds[place:end] = [_Is.QUOTED] * (end - place)
            place = end
            continue
        if lines[place].depth and introduced:
            kinds[place] = _Is.QUOTED
        place += 1
    return kinds


def _quoted_until(lines: Sequence[Line], start: int) -> int:
    """Where a quotation that was introduced ends: with its marked lines, or, where none are marked, with the mail."""
    place = start
    while place < len(lines) and lines[place].blank:
        place += 1
    if place >= len(lines) or not lines[place].depth:
        return len(lines)
    while place < len(lines) and (lines[place].depth or lines[place].blank):
        place += 1
    return place


def _mark_length(lines: Sequence[Line], place: int) -> int:
    """How many lines introduce a quotation here; 0 for none."""
    line = lines[place]
    if marks.SEPARATOR.fullmatch(line.mark):
        return 1 + _block_length(lines, _next(lines, place + 1))[1]
    if line.opens or marks.ABOVE.fullmatch(line.mark):
        return max(1, _attribution_length(lines, place), _block_length(lines, place)[1])
    if marks.RULE.fullmatch(line.mark) and (length := _block_length(lines, _next(lines, place + 1))[0]):
        return _next(lines, place + 1) - place + length
    return _attribution_length(lines, place) or _block_length(lines, place)[0]


def _next(lines: Sequence[Line], place: int) -> int:
    while place < len(lines) and lines[place].blank:
        place += 1
    return place


def _attribution_length(lines: Sequence[Line], place: int) -> int:
    if lines[place].blank:
        return 0
    joined = ""
    for length, line in enumerate(lines[place : place + ATTRIBUTION_LINES], start=1):
        if line.blank or len(line.text) > 400:
            return 0
        joined = f"{joined} {line.text.strip()}".strip()
        if line.text.endswith((":", "：")) and marks.ATTRIBUTION_END.match(line.text):
            return length if marks.ATTRIBUTION.fullmatch(joined) else 0
    return 0


def _block_length(lines: Sequence[Line], place: int) -> tuple[int, int]:
    """The lines of a block 发件人 发送时间 收件人 主题: if it is whole (the sender and two more), and however short."""
    fields, end, begins = 0, place, False
    for at in range(place, min(place + BLOCK_LINES, len(lines))):
        text = lines[at].text
        if match := marks.FIELD.fullmatch(text) if len(text) < 2000 else None:
            begins = begins or (fields == 0 and bool(match["from"]))
            fields, end = fields + 1, at + 1
        elif fields == 0 or (text.strip(" |-") and not (at + 1 < len(lines) and marks.FIELD.fullmatch(lines[at + 1].text[:2000]))):
            # A long list of recipients goes on in a line of its own; anything else ends the block.
            break
    length = end - place if fields else 0
    return (length if begins and fields >= 3 else 0), (length if fields else 0)


def _shown(lines: Sequence[Line], kinds: Sequence[_Is], cut: int) -> list[int]:
    """Which lines before the last new one are shown: all, if answers stand between quotations."""
    new = [place for place in range(cut) if kinds[place] is _Is.NEW and not lines[place].blank]
    quoted = [place for place in range(cut) if kinds[place] is _Is.QUOTED and not lines[place].blank]
    if quoted and not any(place < quoted[0] for place in new) and not any(quoted[0] < place < quoted[-1] for place in new):
        # One quotation above, the answer below it.
        return list(range(quoted[-1] + 1, cut))
    return list(range(cut))


def _without_signature(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines, and what is signed below them."""
    for place in range(len(lines) - 1, max(-1, len(lines) - MOST_SIGNATURE - 2), -1):
        if lines[place].depth == 0 and marks.DASHES.fullmatch(lines[place].text) and place > 0:
            body, rest = _without_signature(lines[:place])
            return body, [*rest, *lines[place:]]
    end = len(lines)
    while end > 0 and (lines[end - 1].blank or (len(lines[end - 1].text) < 100 and marks.SIGNATURE.fullmatch(lines[end - 1].text))):
        end -= 1
    signature = [line for line in lines[end:] if not line.blank]
    return lines[:end], signature


def _joined(lines: Sequence[Line]) -> str:
    """The lines as a text, without more than two empty lines in a row."""
    found: list[str] = []
    for line in lines:
        text = line.text.rstrip()
        if text or len(found) < 2 or found[-1] or found[-2]:
            found.append(text)
    return "\n".join(found).strip("\n")
