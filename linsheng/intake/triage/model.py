"""The trained numbers at work: numpy alone, no pickle. Kept as npz bytes and JSON under one digest."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from linsheng.intake.triage.words import ByKnownWords, terms

Floats = npt.NDArray[np.float64]
MOST_REASONS = 3


@dataclass(frozen=True)
class Learned:
    """A linear model over TF-IDF: what each term says for each item."""

    vocabulary: Mapping[str, int]
    classes: Sequence[str]
    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]  # class x term
    bias: npt.NDArray[np.float32]
    by_model: float
    by_lexicon: float
    version: int = 0

    @cached_property
    def _cut(self) -> ByKnownWords:
        return ByKnownWords(term[2:] for term in self.vocabulary if term.startswith("w:"))

    def _known(self, counted: Counter[str]) -> tuple[npt.NDArray[np.intp], Floats]:
        """Places and TF-IDF values (sublinear, unit length) of the terms it knows."""
        pairs = [(self.vocabulary[term], n) for term, n in counted.items() if term in self.vocabulary]
        at = np.array([place for place, _n in pairs], dtype=np.intp)
        values: Floats = (1 + np.log(np.array([n for _place, n in pairs], dtype=np.float64))) * self.idf[at].astype(np.float64)
        length = float(np.sqrt(np.sum(values**2)))
        return at, np.asarray(values / length if length else values, dtype=np.float64)

    def answer(self, text: str) -> tuple[dict[str, float], float]:
        """Item code → probability by the model alone, and its say in the blend: less, the less of the text it has met before."""
        counted = terms(text, self._cut)
        at, values = self._known(counted)
        if not at.size:
            return {}, 0.0
        scores = self.weights[:, at] @ values + self.bias
        odds = np.exp(scores - scores.max())
        chances = dict(zip(self.classes, (odds / odds.sum()).tolist(), strict=True))
        return chances, self.by_model * at.size / len(counted)

    def reasons(self, text: str, code: str) -> tuple[str, ...]:
        """The words of the text that spoke most for an item."""
        if code not in self.classes:
            return ()
        counted = Counter({term: n for term, n in terms(text, self._cut).items() if term.startswith("w:")})
        row = self.weights[self.classes.index(code)]
        said = [(float(row[self.vocabulary[term]]), term[2:]) for term in counted if term in self.vocabulary]
        return tuple(word for weight, word in sorted(said, reverse=True)[:MOST_REASONS] if weight > 0)

    def packed(self) -> bytes:
        """The arrays as npz bytes, alike for alike numbers."""
        out = io.BytesIO()
        np.savez_compressed(out, idf=self.idf, weights=self.weights.astype(np.float16), bias=self.bias)
        return out.getvalue()


def digest_of(vocabulary: Sequence[str], classes: Sequence[str], weights: bytes, by_model: float, by_lexicon: float) -> str:
    """One digest of all that proposes."""
    rest = json.dumps([list(vocabulary), list(classes), repr(by_model), repr(by_lexicon)], ensure_ascii=False)
    return hashlib.sha256(rest.encode() + b"\n" + weights).hexdigest()


def unpacked(row: Any) -> Learned:
    """The numbers of a stored row; raises ``ValueError`` where they are not what was stored."""
    weights = bytes(row.weights)
    if digest_of(row.vocabulary, row.classes, weights, row.by_model, row.by_lexicon) != row.digest:
        raise ValueError(f"triage model {row} does not match its digest")
    with np.load(io.BytesIO(weights), allow_pickle=False) as kept:
        return Learned(
            vocabulary={term: place for place, term in enumerate(row.vocabulary)},
            classes=list(row.classes),
            idf=kept["idf"],
            weights=kept["weights"].astype(np.float32),
            bias=kept["bias"],
            by_model=row.by_model,
            by_lexicon=row.by_lexicon,
            version=row.version,
        )
