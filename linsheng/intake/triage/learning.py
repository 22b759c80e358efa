"""Learning from closed cases: which terms to count, the fit, how sure it may be, and what it gets right of later cases.

Only here scikit-learn is needed, and only while it trains.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from linsheng.intake.triage.blending import blended, of_lexicon, ranked
from linsheng.intake.triage.examples import FEWEST_PEOPLE, Example
from linsheng.intake.triage.lexicon import evidence
from linsheng.intake.triage.model import Learned
from linsheng.intake.triage.words import by_dictionary, terms
from linsheng.standards.models import ServiceItem
from linsheng.statistics.proportions import wilson_interval

MOST_TERMS = 8000
STRENGTH = 4.0
SEED = 20261125
BY_MODEL = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
BY_LEXICON = (0.25, 0.5, 0.75, 1.0, 1.5)
MOST_TUNING = 600
LEARN, TUNE = 0.6, 0.8


class NothingInCommon(ValueError):
    """No word was used by enough different people."""


def vocabulary_of(counted: Sequence[Counter[str]], people: Sequence[str], names: frozenset[str]) -> list[str]:
    """The terms that enough different people used, without any that holds a known name; the most frequent, in order."""
    users: defaultdict[str, set[str]] = defaultdict(set)
    for words, person in zip(counted, people, strict=True):
        for term in words:
            users[term].add(person)
    often = [(len(who), term) for term, who in users.items() if len(who) >= FEWEST_PEOPLE and not _names_somebody(term, names)]
    return sorted(term for _n, term in sorted(often, key=lambda pair: (-pair[0], pair[1]))[:MOST_TERMS])


def _names_somebody(term: str, names: frozenset[str]) -> bool:
    word = term[2:]
    return any(word[at : at + size] in names for size in (2, 3, 4) for at in range(len(word) - size + 1))


def _matrix(counted: Sequence[Counter[str]], vocabulary: Mapping[str, int]) -> Any:
    from scipy.sparse import csr_matrix  # noqa: PLC0415  # only while training

    rows, columns, values = [], [], []
    for row, words in enumerate(counted):
        for term, n in words.items():
            if (column := vocabulary.get(term)) is not None:
                rows.append(row)
                columns.append(column)
                values.append(1 + np.log(n))
    return csr_matrix((values, (rows, columns)), shape=(len(counted), len(vocabulary)), dtype=np.float64)


def fitted(examples: Sequence[Example], names: frozenset[str] = frozenset()) -> Learned:
    """TF-IDF and a multinomial logistic regression; deterministic."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # slow to load, and only while training
    from sklearn.preprocessing import normalize  # noqa: PLC0415

    counted = [terms(one.text, by_dictionary) for one in examples]
    listed = vocabulary_of(counted, [one.person for one in examples], names)
    if not listed:
        raise NothingInCommon
    vocabulary = {term: place for place, term in enumerate(listed)}
    raw = _matrix(counted, vocabulary)
    seen = np.asarray((raw > 0).sum(axis=0)).ravel()
    idf = np.log((1 + len(examples)) / (1 + seen)) + 1
    regression = LogisticRegression(C=STRENGTH, max_iter=120, tol=1e-3, random_state=SEED)
    regression.fit(normalize(raw.multiply(idf).tocsr()), [one.code for one in examples])
    weights, bias = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    narrow = np.float32
    classes = [str(code) for code in regression.classes_]
    return Learned(vocabulary, classes, idf.astype(narrow), weights.astype(narrow), bias.astype(narrow), 1.0, 0.75)


def tuned(model: Learned, examples: Sequence[Example], items: Sequence[ServiceItem]) -> Learned:
    """How much the model and the lexicon count, so that what they are sure of is true: the log loss of later cases decides."""
    if not examples:
        return model
    own = [replace(model, by_model=1.0).answer(one.text) for one in examples]
    words = [of_lexicon(evidence(one.text, items)) for one in examples]

    def loss(weights: tuple[float, float]) -> float:
        mixed = (blended(said, known, weights[0] * met, weights[1]) for said, (known, met) in zip(words, own, strict=True))
        return float(
            np.mean([-np.log(max(chances.get(one.code, 0.0), 1e-4)) for chances, one in zip(mixed, examples, strict=True)])
        )

    best = min(((m, w) for m in BY_MODEL for w in BY_LEXICON), key=loss)
    return replace(model, by_model=best[0], by_lexicon=best[1])


def chances_of(text: str, items: Sequence[ServiceItem], model: Learned | None) -> dict[str, float]:
    """Item code → probability, of the lexicon alone or blended."""
    lexicon = of_lexicon(evidence(text, items))
    return blended(lexicon, *model.answer(text), model.by_lexicon) if model else lexicon


def measured(examples: Sequence[Example], items: Sequence[ServiceItem], model: Learned | None) -> dict[str, Any]:
    """What is right of cases that were not learned from: first, among three, per item, each with its n and interval."""
    first, three = 0, 0
    of_item: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in examples:
        order = ranked(chances_of(one.text, items, model))[:3]
        first += order[:1] == [one.code]
        three += one.code in order
        of_item[one.code][0] += order[:1] == [one.code]
        of_item[one.code][1] += 1
    rows = [{"code": code, **share_of(right, n)} for code, (right, n) in sorted(of_item.items())]
    macro = float(np.mean([right / n for right, n in of_item.values()])) if of_item else None
    return {"first": share_of(first, len(examples)), "three": share_of(three, len(examples)), "macro": macro, "items": rows}


def share_of(right: int, n: int) -> dict[str, Any]:
    """Right of n, with its Wilson interval."""
    found = wilson_interval(right, n)
    return {"right": right, "n": n, "low": round(found.low, 4), "high": round(found.high, 4)}


def learned(examples: Sequence[Example], items: Sequence[ServiceItem], names: frozenset[str]) -> tuple[Learned, dict[str, Any]]:
    """The model of all examples, which come in the order of time, and how one of the earlier did with the later.

    Fitted on the first three fifths, tuned on the next, measured on the last; then fitted again on all.
    """
    a, b = int(len(examples) * LEARN), int(len(examples) * TUNE)
    trial = tuned(fitted(examples[:a], names), examples[a:b][-MOST_TUNING:], items)
    later = examples[b:]
    report = {"blend": measured(later, items, trial), "lexicon": measured(later, items, None)}
    final = replace(fitted(examples, names), by_model=trial.by_model, by_lexicon=trial.by_lexicon)
    return final, {**report, "learned": a, "tuned": b - a}
