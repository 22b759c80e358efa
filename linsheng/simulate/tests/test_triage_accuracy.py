"""The benchmark of proposals keeps out what it asks."""

import random

from linsheng.simulate.management.commands.triage_accuracy import by_template, drawn


def test_by_template_nothing_asked_was_learned_in_the_same_words():
    texts = drawn(200, 3)
    out = by_template(texts, random.Random(3))
    asked, known = ({t for place, (_one, t) in enumerate(texts) if (place in out) is inside} for inside in (True, False))
    assert asked and known and not asked & known


def test_the_same_seed_draws_the_same_texts():
    assert drawn(30, 3) == drawn(30, 3)
