"""Key drivers of enough answers, not picked by what they explain; and what is called a priority."""

from types import SimpleNamespace

import numpy as np
import pytest
from django.utils import translation

from linsheng.statistics.drivers import Drivers
from linsheng.surveys.analysis import Columns, Spec, analyse
from linsheng.surveys.analysis.results import Estimate
from linsheng.surveys.results.importance import _point
from linsheng.surveys.showing.charts import _map_title

# name: how many of 100 answer it.
SHARES = {"overall": 1.0, "clean": 0.98, "safe": 0.95, "staff": 0.9, "green": 0.8, "lift": 0.61, "repair": 0.55, "pool": 0.2}


def wave(n, shares=SHARES, *, flat=False):
    rng = np.random.default_rng(20260501)
    mood = rng.normal(0, 1, n)
    items = {}
    for name, share in shares.items():
        stars = np.clip(np.round(2.5 + 0.8 * mood + rng.normal(0, 0.8, n)), 0, 4).astype(np.uint8)
        # Answered by the first of a fixed order of its own, so that the shares hold exactly.
        items[name] = np.where(rng.permutation(n) < round(share * n), stars, 5).astype(np.uint8)
    if flat:
        items["overall"][:] = 3
    return Columns(n, items)


def entering(columns):
    found = analyse(columns, Spec(items=tuple(columns.items), drivers_of="overall"))
    return [item for item, each in found.drivers.items() if each is not None], found


def test_items_that_fewer_than_six_in_ten_answered_do_not_enter_and_are_named():
    names, found = entering(wave(400))
    assert names == ["clean", "safe", "staff", "green", "lift"]
    assert "60%" in found.response.notes[0] and found.response.notes[0].endswith("repair、pool。")
    assert all(name in found.drivers for name in SHARES if name != "overall")


@pytest.mark.parametrize("n", [30, 45, 70, 100, 200])
def test_each_item_has_ten_complete_answers_and_the_most_answered_enter_first(n):
    columns = wave(n)
    names, found = entering(columns)
    there = np.all([columns.items[name] < 5 for name in ("overall", *names)], axis=0)
    assert names == list(SHARES)[1 : len(names) + 1]
    assert there.sum() >= 10 * len(names) > 0
    assert f"根据 {there.sum()} 份" in found.response.notes[-1] and "调整后" in found.response.notes[-1]


def test_of_many_items_the_twelve_most_answered_enter_however_little_they_explain():
    shares = {"overall": 1.0} | {f"q{at:02}": 1 - at / 1000 for at in range(20)}
    names, found = entering(wave(1000, shares))
    assert names == [f"q{at:02}" for at in range(12)]
    assert "最多 12 题" in found.response.notes[0]


@pytest.mark.parametrize(("n", "flat"), [(9, False), (0, False), (200, True)])
def test_none_are_reckoned_of_too_few_and_it_is_said(n, flat):
    names, found = entering(wave(n, flat=flat))
    assert names == [] and set(found.drivers) == set(SHARES) - {"overall"}
    assert "算不出关键因素" in found.response.notes[-1]


def point(rank_high, mean=3.0, importance=0.2):
    """One of ten items of which the mean importance is 0.1."""
    shares, ranks = np.array([importance] + [(1 - importance) / 9] * 9), np.arange(1, 11)
    high = np.array([rank_high] + [10] * 9)
    found = Drivers(200, 0, 1.0, shares, shares, ranks, ranks, high, shares, shares)
    return _point("clean", Estimate(100, mean, 0.1, mean - 0.2, mean + 0.2), found, 0, 4.0)


def test_a_priority_is_an_item_whose_rank_is_surely_in_the_upper_half():
    assert [point(high).quarter for high in (1, 5, 6, 10)] == ["improve", "improve", "watch", "watch"]
    assert (point(10, mean=4.5).quarter, point(1, mean=4.5, importance=0.05).quarter) == ("keep", "ease")


def test_the_headline_of_the_map_names_only_priorities():
    def title(*points):
        item = SimpleNamespace(asked=SimpleNamespace(short="保洁"))
        drivers = SimpleNamespace(points=[*points, *[point(10, mean=4.5)] * 9], across=0.1, target=4.0)
        return _map_title(SimpleNamespace(by_key={"clean": item}), drivers)

    with translation.override("zh-hans"):
        assert "先改这些：保洁" in title(point(2))
        assert "还分不出" in title(point(10)) and "保洁" not in title(point(10))
        assert title(point(10, mean=4.5)) == "重要的各项都达到了目标"
