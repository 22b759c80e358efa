"""No combination of what was ever published, of this and of earlier waves, tells about fewer than five people."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from linsheng.core import clock
from linsheng.statistics.suppression import exposed
from linsheng.surveys import actions
from linsheng.surveys.actions import Choice
from linsheng.surveys.models import Publication
from linsheng.surveys.published import choosable
from linsheng.surveys.queries.closed import closed_wave
from linsheng.surveys.queries.results import result_of
from linsheng.surveys.tests.factories import add_homes, closed_with, marks, open_wave

choices = st.fixed_dictionaries({"buildings": st.booleans(), "changes": st.booleans(), "some": st.integers(0, 2**16)})


@pytest.mark.slow
@pytest.mark.django_db(transaction=False)
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**16),
    sizes=st.lists(st.sampled_from([5, 8, 11, 14, 18]), min_size=1, max_size=3),
    linked=st.booleans(),
    several=st.booleans(),
    chosen=st.lists(choices, min_size=2, max_size=4),
)
def test_nothing_ever_published_tells_about_fewer_than_five(cast, seed, sizes, linked, several, chosen):
    from django.db import transaction

    with transaction.atomic():
        _try(cast, random.Random(seed), sizes, chosen, mode="linked" if linked else "anonymous", several=several)
        transaction.set_rollback(True)


def _try(cast, rng, sizes, chosen, *, mode, several) -> None:
    places = [cast.community, cast.other_community] if several else [cast.community]
    homes = [home for place in places for n, size in enumerate(sizes) for home in add_homes(place, 1, size, first=40 + n)]
    for home in homes:
        home.tenure = rng.choice(["owner", "owner", "let"])
        home.save(update_fields=["tenure"])
    waves, public = [], []
    for number in range(2):
        wave = open_wave(cast.community, clock.now(), communities=places, mode=mode)
        closed_with(wave, clock.now(), [(home, marks(wave.version, rng)) for home in homes if rng.random() < 0.8])
        # Of fewer than five nothing is published: such a company proves nothing, and another one is tried.
        assume(not actions.keep_result(wave=wave, now=clock.now()).few)
        waves.append(wave)
        public += [(number, content) for content in _published(wave, chosen)]
    keys = {item["key"] for _number, content in public for item in content["items"]}
    assert keys
    for key in keys:
        _check(key, waves, public)


def _published(wave, chosen):
    """Published again and again, each time otherwise: whoever reads keeps all of it."""
    allowed = [item.asked.key for item in choosable(result_of(wave))]
    for each in chosen:
        rng = random.Random(each["some"])
        questions = [key for key in allowed if rng.random() < 0.6] or allowed[:1]
        choice = Choice(questions=questions, buildings=each["buildings"], changes=each["changes"])
        actions.publish_wave(wave=wave, choice=choice, by=None, now=clock.now())
        yield Publication.objects.get(wave=wave).content
        actions.withdraw_publication(wave=wave, by=None, now=clock.now())


def _check(key, waves, public) -> None:
    sides = [_Side(wave, key) for wave in waves]
    width = [len(side.there) for side in sides]

    def wide(number, row):
        return np.concatenate([row if at == number else np.zeros(width[at]) for at in range(2)])

    rows, secrets = [], [wide(n, group) for n, side in enumerate(sides) for group in side.few()]
    for number, content in public:
        item = next((item for item in content["items"] if item["key"] == key), None)
        if item is None:
            continue
        side = sides[number]
        counted = item["options"][0]["n"] is not None
        rows += [wide(number, row) for row in side.shown(np.ones(width[number]), counted=counted)]
        for place in content["places"]:
            if place["cells"][key] is not None:
                rows += [wide(number, row) for row in side.shown(side.group(place), counted=False)]
        if item["change"] and number == 1:
            rows += _compared(sides, wide, result_of(waves[1]).comparison)
    if rows and secrets:
        assert not exposed(np.array(rows), np.array(secrets)).any(), key


def _compared(sides, wide, comparison):
    """The difference of both, of those who answered twice where the same homes are compared, and of each side's whole else."""
    if comparison.paired:
        twice = set(sides[0].homes) & set(sides[1].homes)
        both = [np.array([float(home in twice) for home in side.homes]) for side in sides]
        return [wide(1, both[1]) - wide(0, both[0])]
    return [wide(1, sides[1].weight) - wide(0, sides[0].weight)]


class _Side:
    """The answers of one wave that hold a mark."""

    def __init__(self, wave, key) -> None:
        closed = closed_wave(wave)
        self.there = [at for at, value in enumerate(closed.columns[key]) if value is not None]
        pick = lambda column: [column[at] for at in self.there]  # noqa: E731
        self.strata, self.tenures, self.communities = pick(closed.strata), pick(closed.tenures), pick(closed.communities)
        self.homes = pick(closed.homes)
        self.weight = np.array([closed.population[s] / closed.strata.count(s) for s in self.strata])
        self.of = dict(wave.strata.values_list("label", "community__code"))

    def group(self, place) -> np.ndarray:
        if place["by"] == "community":
            return np.array([float(code == place["community"]) for code in self.communities])
        return np.array([float(label == place["label"]) for label in self.strata])

    def shown(self, row, *, counted):
        """Mean and share by design, the distribution as it is."""
        return [row * self.weight, *([row] if counted else [])]

    def few(self):
        keys = [*(("s", s) for s in self.strata), *(("t", t) for t in self.tenures), *zip(self.strata, self.tenures, strict=True)]
        columns = {
            "s": self.strata,
            "t": self.tenures,
        }
        for name, value in set(keys):
            column = columns.get(name) if name in columns else None
            pairs = zip(self.strata, self.tenures, strict=True)
            row = [float(v == value) for v in column] if column else [float(p == (name, value)) for p in pairs]
            if 0 < sum(row) < 5:
                yield np.array(row)
