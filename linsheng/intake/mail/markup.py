"""The HTML of a mail: cleaned by nh3, read as lines, its quotation folded, its pictures taken from the mail alone.

nh3 makes well-formed markup of anything; that is read as a stream of tokens, folded, written again and cleaned a last time.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import nh3

from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.model import Fault
from linsheng.intake.mail.quoting import Line

MOST: Final = 1_000_000
MOST_TAGS: Final = 30_000
MOST_DEPTH: Final = 200
KEPT: Final = frozenset(
    [
        "a",
        "b",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
    ]
)
BLOCKS: Final = frozenset(
    [
        "blockquote",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "includetail",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tr",
        "ul",
    ]
)
VOID: Final = frozenset({"br", "hr", "img"})
DROPPED: Final = frozenset(
    [
        "script",
        "style",
        "title",
        "head",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "textarea",
        "select",
    ]
)
ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
FIRST_ATTRIBUTES: Final = {**ATTRIBUTES, "blockquote": {"type"}, "*": {"id", "class", "name"}}
SCHEMES: Final = {"http", "https", "mailto", "tel", "cid"}
# Where programmes say themselves that a quotation begins: Outlook, QQ, 163, Yahoo, Thunderbird, Foxmail, Proton, Zoho, Lark.
OPENS: Final = re.compile(
    r"(?i)(?:^|\s)(?:x_)?(?:divrplyfwdmsg|appendonsend|olk_src_body_section|includetail|isreplycontent"
    r"|yahoo_quoted\w*|moz-cite-prefix|reply-intro"
    r"|gmail_quote(?:_container)?|gmail_attr|protonmail_quote|zmail_extra|foxmail_quote|ntes-reply"
    r"|mail-quote-collapse|lark-mail-quote|history-quote\S*"
    r"|xm_forward_quote|ms-outlook-mobile-reference-message|origbody|qqmail_reply)(?:\s|$)"
)
FOLD_OPEN: Final = '<details class="mail-quoted"><summary>⋯</summary>'
FOLD_CLOSE: Final = "</details>"
NESTING: Final = re.compile(r"<(/?)([A-Za-z][\w:]{0,20})")
# Elements that nobody closes, or that end by themselves.
UNCLOSED: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dd",
        "dt",
        "option",
        "tbody",
        "thead",
        "o:p",
    ]
)
TAG: Final = re.compile(r"<[^>]{0,500}>")
# As nh3 writes them: every value in double quotes, no ``<`` in a text.
TOKEN: Final = re.compile(r'([^<]+)|<(/?)([a-z][a-z0-9]*)((?:\s+[^\s"=>]+="[^"]*")*)\s*/?>')
ATTRIBUTE: Final = re.compile(r'([^\s"=>]+)="([^"]*)"')
BLANKS: Final = re.compile(r"\s+")


@dataclass(slots=True)
class Markup:
    """Tokens (start tags, end tags, text) and the lines they make."""

    tokens: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def read_markup(source: str, notes: Notes) -> Markup | None:
    """The HTML as tokens and lines; ``None`` when it is built to wear a reader out."""
    if len(source) > MOST or source.count("<") > MOST_TAGS or _nests_too_deep(source):
        notes.add(Fault.HTML_TOO_COMPLEX)
        return None
    first = nh3.clean(
        source,
        tags={*KEPT, "includetail"},
        clean_content_tags=set(DROPPED),
        attributes={tag: set(names) for tag, names in FIRST_ATTRIBUTES.items()},
        url_schemes=SCHEMES,
    )
    reader = _Reader(notes)
    reader.feed(first)
    if reader.too_deep:
        notes.add(Fault.HTML_TOO_COMPLEX)
        return None
    return reader.markup


def _nests_too_deep(source: str) -> bool:
    """Whether elements lie so deep in each other that cleaning them takes seconds (it is quadratic)."""
    depth = 0
    for closing, tag in NESTING.findall(source):
        if tag.lower() in UNCLOSED:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > MOST_DEPTH:
            return True
    return False


def bare_text(source: str) -> str:
    """The text of HTML that is not worth more: tags out, entities read."""
    return html.unescape(TAG.sub("\n", source))


class _Reader:
    """Reads nh3's output, which is well-formed: a pattern for its tags is quicker than a parser of whatever HTML there may be."""

    def __init__(self, notes: Notes) -> None:
        self.markup = Markup()
        self.too_deep = False
        self._notes = notes
        self._open: list[tuple[str, bool]] = []  # tag, whether it quotes
        self._depth = 0
        self._text: list[str] = []
        self._token = 0
        self._opens = False
        self._introduced = False

    def feed(self, source: str) -> None:
        for match in TOKEN.finditer(source):
            text, closing, tag, attributes = match.groups()
            if text is not None:
                self._read_text(html.unescape(text))
            elif closing:
                self._end(tag)
            else:
                self._start(tag, {name: html.unescape(value) for name, value in ATTRIBUTE.findall(attributes)})
        self.end_line()

    def _start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "br" and not "".join(self._text).strip():
            self._leave_room()
        if tag in BLOCKS:
            self.end_line()
        place = len(self.markup.tokens)
        self.markup.tokens.append(("start", tag, values))
        if tag == "includetail" or (
            values and OPENS.search(f"{values.get('id', '')} {values.get('class', '')} {values.get('name', '')}")
        ):
            self.end_line()
            self._opens, self._token = True, place
        if tag == "li":
            self._text.append("- ")
        if tag == "img" and values.get("alt", "").strip() and values.get("src", "").startswith("cid:"):
            self._text.append(f"[{values['alt'].strip()[:60]}]")
        if tag in VOID:
            if tag == "br":
                self._token = place + 1
            return
        quotes = tag == "blockquote"
        self._depth += quotes
        self._open.append((tag, quotes))
        self.too_deep = self.too_deep or len(self._open) > MOST_DEPTH

    def _end(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag in BLOCKS:
            self.end_line()
        if tag in {"td", "th"}:
            self._text.append(" ")
        self.markup.tokens.append(("end", tag, {}))
        if self._open:
            self._depth -= self._open.pop()[1]
        if tag in {"p", "table", "ul", "ol", "blockquote"}:
            self._leave_room()

    def _read_text(self, data: str) -> None:
        if not self._opens and not "".join(self._text).strip():
            self._token = len(self.markup.tokens)
        self.markup.tokens.append(("text", data, {}))
        preformatted = any(tag == "pre" for tag, _ in self._open)
        if preformatted:
            *lines, last = data.split("\n")
            for line in lines:
                self._text.append(line)
                self.end_line()
            self._text.append(last)
        else:
            self._text.append(BLANKS.sub(" ", data))

    def _leave_room(self) -> None:
        if self.markup.lines and not self.markup.lines[-1].blank:
            self.markup.lines.append(Line("", self._depth, len(self.markup.tokens)))

    def end_line(self) -> None:
        text = "".join(self._text).strip()
        self._text = []
        if not text:
            return
        self.markup.lines.append(Line("> " * self._depth + text, self._depth, self._token, self._opens))
        self._opens = False


def written(markup: Markup, cut: int | None, pictures: Mapping[str, int], notes: Notes) -> str:
    """The markup as safe HTML; from the token ``cut`` on it is folded away behind a ``<summary>``."""
    found: list[str] = []
    open_tags: list[str] = []
    folded = False
    for place, (kind, value, attributes) in enumerate(markup.tokens):
        if cut is not None and place >= cut and not folded:
            folded = True
            found += [f"</{tag}>" for tag in reversed(open_tags)]
            found += [FOLD_OPEN, *(f"<{tag}>" for tag in open_tags)]
        if kind == "text":
            found.append(html.escape(value, quote=False))
        elif value == "includetail":
            continue
        elif kind == "start":
            found.append(_tag(value, attributes, pictures, notes))
            if value not in VOID:
                open_tags.append(value)
        else:
            found.append(f"</{value}>")
            if open_tags:
                open_tags.pop()
    found += [f"</{tag}>" for tag in reversed(open_tags)]
    if folded:
        found.append(FOLD_CLOSE)
    return _cleaned("".join(found))


def _tag(tag: str, attributes: Mapping[str, str], pictures: Mapping[str, int], notes: Notes) -> str:
    if tag == "img":
        return _picture(attributes, pictures, notes)
    kept = "".join(f' {name}="{html.escape(attributes[name])}"' for name in sorted(ATTRIBUTES.get(tag, ())) if name in attributes)
    return f"<{tag}{kept}>"


def _picture(attributes: Mapping[str, str], pictures: Mapping[str, int], notes: Notes) -> str:
    source = attributes.get("src", "")
    index = pictures.get(source[4:].strip("<> ")) if source.lower().startswith("cid:") else None
    if index is None:
        if source.lower().startswith(("http:", "https:")):
            notes.add(Fault.REMOTE_IMAGES)
        alt = html.escape(attributes.get("alt", "").strip()[:100])
        return f"[{alt}]" if alt else ""
    return f'<img src="cid:{index}" alt="{html.escape(attributes.get("alt", "")[:100])}">'


def _cleaned(markup: str) -> str:
    return nh3.clean(
        markup,
        tags={*KEPT, "details", "summary"},
        attributes={**{tag: set(names) for tag, names in ATTRIBUTES.items()}, "details": {"class"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        attribute_filter=lambda tag, name, value: None if name == "href" and value.lower().startswith("cid:") else value,
    )
