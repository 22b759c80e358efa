"""Comments in topics: those that share words (spherical k-means of TF-IDF), how many there are, and a few of them, masked.

Nothing is shown of an open question that fewer than ten answered, and comments are never divided by building or tenure: whoever
writes has a hand of their own. Source: I. S. Dhillon and D. S. Modha (2001), Machine Learning 42, 143-175; begun from the words
that stand in most texts and seldom together, so that the same texts give the same topics."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from linsheng.core.text import likeness
from linsheng.feedback.figures.topics import words_of
from linsheng.surveys.queries.closed import Said
from linsheng.surveys.results.quoting import quotable
from linsheng.surveys.results.shapes import Asked, CommentResult, Topic

SMALLEST_TEXT_GROUP: Final = 10
FEWEST_TEXTS: Final = 3
MOST_TOPICS: Final = 8
MOST_WORDS: Final = 600
WORDS_OF_A_TOPIC, QUOTES_OF_A_TOPIC = 4, 3
LONGEST_QUOTE, SHORTEST_QUOTE = 90, 6
# So alike, two comments say the same.
ALIKE: Final = 0.5
# Two words of which one stands beside the other more often than this are about the same thing.
TOGETHER: Final = 0.3
TURNS: Final = 50
ENGLISH: Final = re.compile(r"[a-z]{4,}")
ENGLISH_STOPS: Final = frozenset(
    {
        *(
            "that",
            "this",
            "with",
            "have",
            "from",
            "they",
            "were",
            "would",
            "should",
            "could",
            "been",
            "very",
            "more",
            "much",
            "when",
        ),
        *(
            "what",
            "there",
            "their",
            "will",
            "about",
            "your",
            "some",
            "than",
            "then",
            "only",
            "also",
            "just",
            "into",
            "even",
            "does",
        ),
        *("please", "hope", "many", "always", "good", "well", "better", "nothing", "none"),
    }
)
Table = npt.NDArray[np.float64]


def comments_result(asked: Asked, said: Sequence[Said], *, answers: int) -> CommentResult:
    """What was written to one question; hidden below ten comments."""
    texts = [each.text for each in said if each.question == asked.key]
    if len(texts) < SMALLEST_TEXT_GROUP or answers < SMALLEST_TEXT_GROUP:
        return CommentResult(asked, len(texts), hidden=True)
    topics = topics_of(texts)
    return CommentResult(asked, len(texts), hidden=False, topics=topics, rest=len(texts) - sum(topic.n for topic in topics))


def topics_of(texts: Sequence[str]) -> tuple[Topic, ...]:
    """The topics, the largest first; the same for the same texts in any order."""
    texts = sorted(texts)
    words = [_words(text) for text in texts]
    counts = Counter(word for each in words for word in each)
    vocabulary = sorted(word for word, n in counts.most_common(MOST_WORDS) if n >= FEWEST_TEXTS)
    if not vocabulary:
        return ()
    table = _tfidf(words, vocabulary, counts)
    written = np.flatnonzero(table.any(1))
    if written.size < FEWEST_TEXTS:
        return ()
    share, profile = _clusters(table[written])
    best = share.argmax(1)
    found = []
    for topic in range(share.shape[1]):
        members = written[(best == topic) & (share[:, topic] > 0)]
        if members.size >= FEWEST_TEXTS:
            typical = share[np.searchsorted(written, members), topic]
            found.append(_topic([texts[at] for at in members], typical, profile[topic], vocabulary))
    return tuple(sorted(found, key=lambda topic: (-topic.n, topic.words)))


def _words(text: str) -> frozenset[str]:
    return words_of(text) | (frozenset(ENGLISH.findall(text.lower())) - ENGLISH_STOPS)


def _tfidf(words: Sequence[frozenset[str]], vocabulary: Sequence[str], counts: Counter[str]) -> Table:
    place = {word: at for at, word in enumerate(vocabulary)}
    weight = np.array([math.log((len(words) + 1) / (counts[word] + 1)) + 1 for word in vocabulary])
    table = np.zeros((len(words), len(vocabulary)))
    for row, found in enumerate(words):
        table[row, [place[word] for word in found if word in place]] = 1.0
    table *= weight
    length = np.sqrt((table**2).sum(1, keepdims=True))
    return np.asarray(table / np.where(length > 0, length, 1.0), dtype=np.float64)


def _clusters(table: Table) -> tuple[Table, Table]:
    """Return how near each text is to each topic, and how much each word belongs to it."""
    profile = np.stack([_unit(table[table[:, word] > 0].mean(0)) for word in _seeds(table)])
    best = np.zeros(0)
    for _turn in range(TURNS):
        share = table @ profile.T
        if np.array_equal(share.argmax(1), best):
            break
        best = share.argmax(1)
        for topic in range(len(profile)):
            members = table[(best == topic) & (share[:, topic] > 0)]
            if len(members):
                profile[topic] = _unit(members.mean(0))
    return table @ profile.T, profile


def _unit(row: Table) -> Table:
    return np.asarray(row / max(float(np.sqrt(row @ row)), 1e-12), dtype=np.float64)


def _seeds(table: Table) -> list[int]:
    """The words that stand in most texts, leaving out those that usually stand beside one already taken."""
    there = (table > 0).astype(np.float64)
    size = there.sum(0)
    most = int(min(MOST_TOPICS, max(2, round(math.sqrt(table.shape[0] / 2)))))
    chosen: list[int] = []
    for word in np.argsort(-table.sum(0), kind="stable").tolist():
        beside = there[:, chosen].T @ there[:, word] if chosen else np.zeros(0)
        if (beside <= TOGETHER * np.minimum(size[chosen], size[word])).all():
            chosen.append(word)
        if len(chosen) == most:
            break
    return chosen


def _topic(texts: list[str], typical: Table, profile: Table, vocabulary: Sequence[str]) -> Topic:
    order = np.argsort(-profile, kind="stable")[:WORDS_OF_A_TOPIC]
    words = tuple(vocabulary[at] for at in order if profile[at] > 0.1 * profile.max())
    return Topic(words, len(texts), tuple(_quotes([texts[at] for at in np.argsort(-typical, kind="stable")])))


def _quotes(texts: Sequence[str]) -> list[str]:
    """The most typical comments that do not say the same; long ones only where there are no short ones."""
    fitting = [text for text in texts if SHORTEST_QUOTE <= len(text) <= LONGEST_QUOTE] or list(texts)
    chosen: list[str] = []
    for text in fitting:
        if all(likeness(text, other) < ALIKE for other in chosen):
            chosen.append(text)
        if len(chosen) == QUOTES_OF_A_TOPIC:
            break
    return [_shortened(quotable(text)) for text in chosen]


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"
