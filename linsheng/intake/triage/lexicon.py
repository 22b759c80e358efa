"""Our own words for each service item, read once a process from ``lexicon.toml``."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from linsheng.standards.models import ServiceItem

FILE = Path(__file__).with_name("lexicon.toml")
STRONG, PLAIN = 3.0, 1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much speaks for an item, and by which words."""

    score: float
    words: tuple[str, ...]


@cache
def lexicon() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Item code → its words with their weights, the longest first."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = {}
    for code, lists in raw.items():
        weighted = dict.fromkeys(lists.get("plain", ()), PLAIN) | dict.fromkeys(lists.get("strong", ()), STRONG)
        found[code] = tuple(sorted(weighted.items(), key=lambda pair: (-len(pair[0]), pair[0])))
    return found


def _names(item: ServiceItem) -> tuple[tuple[str, float], ...]:
    """An item that the company added is known by its names."""
    return tuple((name.lower(), STRONG) for name in (item.name, item.name_en) if name)


def evidence(text: str, items: Iterable[ServiceItem]) -> dict[str, Evidence]:
    """What the words say for each item; items that nothing speaks for are left out."""
    lowered, known = text.lower(), lexicon()
    found = {}
    for item in items:
        score, said, rest = 0.0, [], lowered
        for word, weight in known.get(item.code) or _names(item):
            if word in rest:
                score += weight
                said.append(word)
                # What a longer word used up, a shorter one inside it does not count again.
                rest = rest.replace(word, "\x00")
        if said:
            found[item.code] = Evidence(score, tuple(said))
    return found
