"""A text as the words and pieces that a model counts. Digits, addresses and links are masked before anything is read."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

_MASKED = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|[A-Za-z]*\d[A-Za-z0-9-]*")
_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z]{3,20}")
_PIECES = (2, 3)
LONGEST_TEXT = 2000


def masked(text: str) -> str:
    """Numbers, plates, mail addresses and links become one blank; letters are small."""
    return _MASKED.sub(" ", text[:LONGEST_TEXT]).lower()


def terms(text: str, cut: Callable[[str], Iterable[str]]) -> Counter[str]:
    """How often each word (``w:电梯``) and each piece of two or three characters (``c:梯坏``) stands in it.

    ``cut`` divides a run of Chinese characters into words; what it leaves single is no word.
    """
    plain = masked(text)
    found = Counter(f"w:{word}" for word in _LATIN.findall(plain))
    for run in _RUN.findall(plain):
        found.update(f"w:{word}" for word in cut(run) if len(word) > 1)
        for size in _PIECES:
            found.update(f"c:{run[at : at + size]}" for at in range(len(run) - size + 1))
    return found


def by_dictionary(run: str) -> list[str]:
    """Cut by a dictionary of the language: for learning."""
    import rjieba

    return list(rjieba.cut(run))


class ByKnownWords:
    """Cut by the words that a model knows, the longest first: all that it can use, right as often, without a dictionary's 30 MB."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.longest = max(map(len, self.words), default=0)

    def __call__(self, run: str) -> Iterator[str]:
        at = 0
        while at < len(run):
            word = next((word for size in range(self.longest, 1, -1) if (word := run[at : at + size]) in self.words), run[at])
            yield word
            at += len(word)
