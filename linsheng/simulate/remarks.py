"""The words of a simulated survey answer: about what moved this home most, sometimes with a number that has to be hidden."""

import random
from collections.abc import Mapping

from linsheng.simulate.corpus import common, opinions
from linsheng.simulate.corpus.shape import Texts
from linsheng.simulate.names import fake_phone
from linsheng.simulate.phrasing import Filling, pick
from linsheng.simulate.situation import Place, Situation
from linsheng.simulate.slots import DYNAMIC

IMPROVES, PRAISES, NAMES_A_NUMBER, PLAIN = 0.34, 0.24, 0.06, 0.12
LOW, HIGH = 3, 4
# Numbers of nobody, away from those of the demo people.
FIRST_PHONE, PHONES = 9_000_000, 10_000
# Question, how many write, about what, else what, and how it ends.
WISHES: tuple[tuple[str, float, Mapping[str, Texts], Texts, Texts], ...] = (
    ("open.improve", IMPROVES, opinions.IMPROVE, opinions.PLAIN_IMPROVE, opinions.ASKING),
    ("open.good", PRAISES, opinions.GOOD, opinions.PLAIN_GOOD, opinions.THANKING),
)


def _moved_by(rng: random.Random, marks: Mapping[str, int], texts: Mapping[str, Texts], *, low: bool) -> str:
    """An item with a low (or high) mark of those that people write about, the extreme ones twice as often."""
    about = {key: mark for key, mark in marks.items() if key in texts and (mark <= LOW if low else mark >= HIGH)}
    edge = [key for key, mark in about.items() if mark == (1 if low else 5)]
    return pick(rng, [*about, *edge]) if about else ""


def _said(rng: random.Random, place: Place, key: str, options: Texts, endings: Texts) -> str:
    phone = {"phone": fake_phone(FIRST_PHONE + int(rng.random() * PHONES))}
    filling = Filling(rng, Situation(key or "service.desk", "normal", place), (DYNAMIC, common.WORDS), phone)
    text = filling.one_of(options)
    return text + filling.one_of(opinions.REACH_ME if rng.random() < NAMES_A_NUMBER else endings)


def remarks(rng: random.Random, place: Place, marks: Mapping[str, int]) -> dict[str, str]:
    """What a home writes, by question key; ``marks`` (1–5) are what it answered. Most write nothing."""
    found = {}
    for question, share, texts, plain, endings in WISHES:
        if rng.random() < share:
            key = "" if rng.random() < PLAIN else _moved_by(rng, marks, texts, low=question == "open.improve")
            found[question] = _said(rng, place, key, texts[key] if key else plain, endings)
    return found
