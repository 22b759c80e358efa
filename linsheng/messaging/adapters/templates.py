"""Providers that carry approved templates only: which of our words go into which of their places."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from linsheng.messaging.adapters.base import Message

LONGEST = 200
PLACE = re.compile(r"\{([^{}]*)\}")


def words_of(message: Message) -> dict[str, str]:
    """What a template may hold: ``{title}``, ``{kind}``, ``{time}``, ``{link}``, ``{path}`` and, for codes, ``{code}``."""
    path = message.link.partition("://")[2].partition("/")[2]
    return {
        "title": message.title,
        "kind": message.kind,
        "time": message.time,
        "link": message.link,
        "path": path,
        "code": message.code,
    }


def pairs(text: str) -> list[tuple[str, str]]:
    """``name=words with {title}`` a line, in order. Raises ``ValueError`` with a sentence for what is none."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, equals, words = line.partition("=")
        if not equals or not name.strip() or not words.strip():
            raise ValueError(_("“%(line)s”不是“名称=内容”。") % {"line": line[:40]})
        filled(words.strip(), dict.fromkeys(words_of(Message("", "")), ""))
        found.append((name.strip(), words.strip()))
    return found


def filled(pattern: str, words: Mapping[str, str], longest: int = LONGEST) -> str:
    """The words in their places. Raises ``ValueError`` for a place that we have no words for."""
    strange = [place for place in PLACE.findall(pattern) if place not in words]
    if strange:
        values = {"pattern": pattern[:40], "known": "、".join(f"{{{name}}}" for name in words)}
        raise ValueError(_("“%(pattern)s”里有不认识的占位；可用：%(known)s。") % values)
    text = PLACE.sub(lambda match: words[match[1]], pattern)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
