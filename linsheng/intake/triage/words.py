"""A text as the words and pieces that a model counts. Digits, addresses and links are masked before anything is read."""

import re
from collections import Counter

_MASKED = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|[A-Za-z]*\d[A-Za-z0-9-]*")
_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z]{3,20}")
_PIECES = (2, 3)
LONGEST_TEXT = 2000


def masked(text: str) -> str:
    """Numbers, plates, mail addresses and links become one blank; letters are small."""
    return _MASKED.sub(" ", text[:LONGEST_TEXT]).lower()


def terms(text: str) -> Counter[str]:
    """How often each word (``w:电梯``) and each piece of two or three characters (``c:梯坏``) stands in it."""
    import rjieba

    plain = masked(text)
    found = Counter(f"w:{word}" for word in _LATIN.findall(plain))
    for run in _RUN.findall(plain):
        found.update(f"w:{word}" for word in rjieba.cut(run) if len(word) > 1)
        for size in _PIECES:
            found.update(f"c:{run[at : at + size]}" for at in range(len(run) - size + 1))
    return found
