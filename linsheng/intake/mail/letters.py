"""The letter in a mail: its new words, its quotation, its HTML, from whichever of its parts say them."""

import re
from dataclasses import dataclass
from typing import Final

from linsheng.core.text import tokens
from linsheng.intake.mail.bodies import Bodies, clean
from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.markup import Markup, bare_text, read_markup, written
from linsheng.intake.mail.model import Fault
from linsheng.intake.mail.quoting import MOST_LINES, Folded, fold, plain_lines
from linsheng.intake.mail.subjects import is_forward, is_reply

# What programmes write for those who cannot show HTML.
STUB: Final = re.compile(
    r"(?is)\s*(?:.{0,40}(?:不支持|无法显示|不能显示|請使用|请使用支持).{0,10}html.{0,60}|.{0,60}(?:does not"
    r"|doesn't|not) support html.{0,60}|.{0,40}view(?:ed|er)?.{0,30}html.{0,60})\s*"
)


@dataclass(frozen=True, slots=True)
class Letter:
    text: str
    quoted: str
    html: str
    whole: str  # nothing folded


def read_letter(bodies: Bodies, notes: Notes, *, subject: str, answers: bool) -> Letter:
    forwarded, answers = is_forward(subject), answers or is_reply(subject)
    plain = "\n\n".join(text.strip("\n") for text in bodies.texts if text.strip())
    markups = [
        markup for source in bodies.htmls if source.strip() and (markup := read_markup(clean(source, Notes()), notes)) is not None
    ]
    bare = "" if markups else "\n".join(bare_text(source) for source in bodies.htmls)
    folds = [fold(markup.lines, forwarded=forwarded, answers=answers) for markup in markups]
    if max(plain.count("\n"), bare.count("\n")) >= MOST_LINES:
        notes.add(Fault.TEXT_CUT)
    from_html = _together(folds) if folds else fold(plain_lines(bare.strip()), forwarded=forwarded, answers=answers)
    html = "\n".join(_written(markup, folded, bodies, notes) for markup, folded in zip(markups, folds, strict=True))
    if not plain.strip() or (STUB.fullmatch(plain) and from_html.text):
        return Letter(from_html.text, from_html.quoted, html, _whole(markups) or bare)
    folded = fold(plain_lines(plain), forwarded=forwarded, answers=answers)
    if from_html.text:
        _compare(plain, _whole(markups) or bare, notes)
        if not folded.quoted and from_html.quoted and Fault.TEXTS_DIFFER not in notes:
            folded = from_html
    return Letter(folded.text, folded.quoted, html, plain)


def _together(folds: list[Folded]) -> Folded:
    joined = ["\n\n".join(part for part in parts if part) for parts in ((one.text for one in folds), (one.quoted for one in folds))]
    return Folded(joined[0], joined[1])


def _whole(markups: list[Markup]) -> str:
    return "\n\n".join("\n".join(line.text for line in markup.lines) for markup in markups)


def _written(markup: Markup, folded: Folded, bodies: Bodies, notes: Notes) -> str:
    pictures = {one.cid: one.index for one in bodies.attachments if one.cid and one.is_image}
    lines = [line for line in markup.lines[folded.cut :] if not line.blank] if folded.cut is not None else []
    return written(markup, lines[0].token if lines else None, pictures, notes)


def _compare(plain: str, shown: str, notes: Notes) -> None:
    """Two texts that share hardly a word: one of them is there for a filter or a programme to see."""
    one, other = set(tokens(plain[:5000])), set(tokens(shown[:5000]))
    if len(one) > 3 and len(other) > 3 and len(one & other) * 4 < min(len(one), len(other)):
        notes.add(Fault.TEXTS_DIFFER)
