"""What people talk about this month, in words: TF-IDF of the month's texts against those of the six months before.

A word's weight is the number of the month's texts it stands in × ln((N + 1) / (texts before with it + 1)): frequent now counts,
frequent always counts less. ``more`` is said only where the share of texts rose by more than chance (Newcombe, at a level
divided by the number of words shown). At most 3,000 texts of either time are read: every so-manieth, so that none is preferred.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import rjieba
from django.db.models import F, QuerySet

from linsheng.core.masking import masked
from linsheng.feedback.figures.periods import Month
from linsheng.feedback.figures.shapes import Topic, Topics
from linsheng.feedback.models import Case
from linsheng.statistics.proportions import newcombe_difference

MOST_READ: Final = 3000
WORDS_SHOWN: Final = 10
WORDS_OF_A_GROUP: Final = 3
MONTHS_BEFORE: Final = 6
# A word that stands in fewer texts is an accident, not a topic.
FEWEST_TEXTS: Final = 3
LONGEST_EXAMPLE: Final = 60
# Nouns, verbs and adjectives carry topics; numbers, names of people, adverbs and particles do not.
CARRIERS: Final = ("n", "v", "a")
NOT_CARRIERS: Final = ("nr", "ns", "nt", "ad", "vd")
HAN: Final = re.compile(r"[一-鿿]{2,8}")
STOP_LIST: Final = Path(__file__).with_name("stopwords.txt")
STOP_WORDS: Final = frozenset(
    word for line in STOP_LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#") for word in line.split()
)


@dataclass(frozen=True)
class Text:
    """One case's text: its words, and the group it belongs to."""

    group: Any
    text: str
    words: frozenset[str]
    confidential: bool


@lru_cache(maxsize=8192)
def _carries(word: str, kind: str) -> bool:
    meaningful = kind.startswith(CARRIERS) and not kind.startswith(NOT_CARRIERS)
    return meaningful and word not in STOP_WORDS and HAN.fullmatch(word) is not None


def words_of(text: str) -> frozenset[str]:
    """The words of a text that can be a topic."""
    return frozenset(word for word, kind in rjieba.tag(text) if _carries(word, kind))


def _sampled(cases: QuerySet[Case], count: int) -> QuerySet[Case]:
    """All of them, or every so-manieth, evenly over time."""
    step = -(-count // MOST_READ)
    return cases if step <= 1 else cases.annotate(place=F("id") % step).filter(place=0)


def read_month(cases: QuerySet[Case], span: tuple[datetime, datetime], count: int, group: str) -> list[Text]:
    """Texts of the cases that came in within the span, cut into words (one query)."""
    inside = cases.filter(received_at__gte=span[0], received_at__lt=span[1])
    rows = _sampled(inside, count).order_by().values_list(group, "text", "confidential")
    return [Text(key, text, words_of(text), hidden) for key, text, hidden in rows[:MOST_READ]]


def background(cases: QuerySet[Case], month: Month) -> tuple[Counter[str], int]:
    """In how many texts of the six months before each word stands, and of how many (two queries)."""
    inside = cases.filter(received_at__gte=month.shifted(-MONTHS_BEFORE).start, received_at__lt=month.start)
    texts = list(_sampled(inside, inside.count()).order_by().values_list("text", flat=True)[:MOST_READ])
    return counted(words_of(text) for text in texts), len(texts)


def counted(texts: Any) -> Counter[str]:
    """In how many of the texts each word stands."""
    found: Counter[str] = Counter()
    for words in texts:
        found.update(words)
    return found


def weighed(now: Counter[str], before: Counter[str], texts_before: int, *, fewest: int = FEWEST_TEXTS) -> list[str]:
    """Words by weight, the heaviest first; ties in the order of the alphabet."""
    weights = {word: n * math.log((texts_before + 2) / (before[word] + 1)) for word, n in now.items() if n >= fewest}
    return sorted(weights, key=lambda word: (-weights[word], word))


def topics_of(texts: Sequence[Text], count: int, before: tuple[Counter[str], int]) -> Topics:
    """The month's top words with an example each; without earlier texts the month is its own background."""
    now = counted(text.words for text in texts)
    earlier, earlier_texts = before if before[1] else (now, len(texts))
    top = weighed(now, earlier, earlier_texts)[:WORDS_SHOWN]
    used: set[str] = set()
    level = 1 - 0.05 / max(len(top), 1)
    words = tuple(
        replace(_topic(word, (now[word], len(texts)), before, level), example=_example(word, texts, used)) for word in top
    )
    return Topics(words, len(texts), count, before[1])


def _topic(word: str, now: tuple[int, int], before: tuple[Counter[str], int], level: float) -> Topic:
    n, texts = now
    earlier, earlier_texts = before[0][word], before[1]
    more = newcombe_difference(n, texts, earlier, earlier_texts, confidence=level).low > 0
    return Topic(word, n, n / texts, earlier / earlier_texts if earlier_texts else None, more, "")


def _example(word: str, texts: Sequence[Text], used: set[str]) -> str:
    """A text that says much about the word: the one with most words among those short enough; never a confidential one."""
    fitting = [text for text in texts if word in text.words and not text.confidential and text.text not in used]
    if not fitting:
        return ""
    short = [text for text in fitting if len(text.text) <= LONGEST_EXAMPLE] or fitting
    chosen = max(short, key=lambda text: (len(text.words), text.text))
    used.add(chosen.text)
    return excerpt(chosen.text, word)


def excerpt(text: str, word: str) -> str:
    """The part of the text around the word, masked, in one line."""
    line = " ".join(masked(text).split())
    if len(line) <= LONGEST_EXAMPLE:
        return line
    begin = max(0, min(line.find(word) - LONGEST_EXAMPLE // 3, len(line) - LONGEST_EXAMPLE))
    part = line[begin : begin + LONGEST_EXAMPLE]
    return f"{'…' if begin else ''}{part}{'…' if begin + LONGEST_EXAMPLE < len(line) else ''}"


def words_by_group(texts: Sequence[Text]) -> dict[Any, tuple[str, ...]]:
    """For each group the words that set it apart from the other groups."""
    by_group: dict[Any, Counter[str]] = {}
    sizes: Counter[Any] = Counter(text.group for text in texts)
    for text in texts:
        by_group.setdefault(text.group, Counter()).update(text.words)
    whole = counted(text.words for text in texts)
    found = {}
    for group, own in by_group.items():
        others = Counter({word: whole[word] - own[word] for word in own})
        found[group] = tuple(weighed(own, others, len(texts) - sizes[group], fewest=2)[:WORDS_OF_A_GROUP])
    return found
