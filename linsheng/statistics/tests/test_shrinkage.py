"""Variance components and shrunken group means."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from linsheng.statistics.shrinkage import one_way_random_effects

# Yield of dyestuff by batch (Davies and Goldsmith 1972).
DYESTUFF = {
    "A": [1545, 1440, 1440, 1520, 1580],
    "B": [1540, 1555, 1490, 1560, 1495],
    "C": [1595, 1550, 1605, 1510, 1560],
    "D": [1445, 1440, 1595, 1465, 1545],
    "E": [1595, 1630, 1515, 1635, 1625],
    "F": [1520, 1455, 1450, 1480, 1445],
}


def long(table):
    return [value for group in table.values() for value in group], [label for label, group in table.items() for _ in group]


def deviance(parameters, values, place):
    """Minus twice the restricted log likelihood, with the whole covariance matrix written out."""
    between, within = np.exp(parameters)
    ones = np.ones(len(values))
    covariance = within * np.eye(len(values)) + between * (place[:, None] == place[None, :])
    inverse = np.linalg.inv(covariance)
    information = ones @ inverse @ ones
    rest = values - ones @ inverse @ values / information
    return np.linalg.slogdet(covariance)[1] + math.log(information) + rest @ inverse @ rest


def test_dyestuff_agrees_with_lme4():
    result = one_way_random_effects(*long(DYESTUFF))
    assert result.labels == ("A", "B", "C", "D", "E", "F")
    assert result.mean == pytest.approx(1527.5)
    assert result.between == pytest.approx(1764.05, rel=1e-9)
    assert result.within == pytest.approx(2451.25, rel=1e-9)
    assert result.mean_standard_error == pytest.approx(19.38, abs=5e-3)
    assert result.effects == pytest.approx([-17.607, 0.391, 28.562, -23.085, 56.733, -44.995], abs=5e-4)
    assert result.shrunk == pytest.approx(1527.5 + result.effects)


@pytest.mark.parametrize("seed", range(6))
def test_unequal_groups_reach_the_maximum_of_the_full_likelihood(seed):
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(7), rng.integers(1, 12, 7))
    values = 4 + rng.normal(0, 1, 7)[place] + rng.normal(0, 0.8, place.size)
    result = one_way_random_effects(values, place)
    best = optimize.minimize(
        deviance, [0.0, 0.0], args=(values, place), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
    )
    assert (result.between, result.within) == pytest.approx(np.exp(best.x), rel=1e-5)
    covariance = result.within * np.eye(place.size) + result.between * (place[:, None] == place)
    inverse = np.linalg.inv(covariance)
    mean = inverse.sum(0) @ values / inverse.sum()
    member = place == np.arange(7)[:, None]
    assert result.mean == pytest.approx(mean, rel=1e-9)
    assert result.effects == pytest.approx(result.between * member @ inverse @ (values - mean), abs=1e-9)


def test_groups_that_differ_less_than_noise_are_drawn_together_completely():
    result = one_way_random_effects([1, 5, 2, 4, 3, 3], ["a", "a", "b", "b", "c", "c"])
    assert (result.between, result.effects.tolist(), result.weight.tolist()) == (0.0, [0.0] * 3, [0.0] * 3)


def test_groups_without_noise_stand_as_they_are():
    result = one_way_random_effects([3, 3, 5, 5, 5], ["a", "a", "b", "b", "b"])
    assert (result.within, result.between) == (0.0, pytest.approx(2))
    assert result.shrunk.tolist() == pytest.approx([3, 5])


def test_equal_values_everywhere_give_no_differences():
    result = one_way_random_effects([5, 5, 5, 5], ["a", "a", "b", "b"])
    assert (result.between, result.within, result.mean, result.effects.tolist()) == (0.0, 0.0, 5.0, [0.0, 0.0])


def test_four_perfect_ratings_do_not_win_over_two_hundred_good_ones():
    rng = np.random.default_rng(11)
    names = np.repeat([f"staff {number:02}" for number in range(20)], 60)
    values = np.clip(np.round(4.2 + rng.normal(0, 0.15, 20).repeat(60) + rng.normal(0, 0.8, names.size)), 1, 5)
    veteran = np.tile([5.0, 5.0, 5.0, 5.0, 4.0], 40)
    values = np.concatenate([values, veteran, [5.0] * 4])
    names = np.concatenate([names, ["veteran"] * 200, ["newcomer"] * 4])
    result = one_way_random_effects(values, names)
    place = result.labels.index
    assert result.group_means[place("newcomer")] > result.group_means[place("veteran")]
    assert result.shrunk[place("newcomer")] < result.shrunk[place("veteran")]
    assert result.weight[place("newcomer")] < 0.3
    assert result.weight[place("veteran")] > 0.9


def test_shrunken_intervals_cover_the_true_groups():
    rng = np.random.default_rng(12)
    hits = []
    for _ in range(40):
        truth = rng.normal(4, 0.3, 40)
        place = np.repeat(np.arange(40), rng.integers(3, 40, 40))
        result = one_way_random_effects(truth[place] + rng.normal(0, 0.9, place.size), place)
        hits += ((result.low <= truth) & (truth <= result.high)).tolist()
    assert 0.93 <= np.mean(hits) <= 0.97


groups = st.lists(st.lists(st.integers(1, 5), min_size=2, max_size=12), min_size=2, max_size=8)


@settings(deadline=None)
@given(groups)
def test_a_shrunken_mean_lies_between_the_group_s_own_and_the_common_one(table):
    result = one_way_random_effects(*long(dict(enumerate(table))))
    lower, upper = np.minimum(result.group_means, result.mean), np.maximum(result.group_means, result.mean)
    assert (lower - 1e-9 <= result.shrunk).all()
    assert (result.shrunk <= upper + 1e-9).all()
    assert ((result.weight >= 0) & (result.weight <= 1)).all()


@settings(deadline=None)
@given(groups, st.sampled_from([0.001, 1000.0]), st.sampled_from([0.0, 1e6]))
def test_the_unit_and_the_origin_do_not_matter(table, factor, shift):
    values, labels = long(dict(enumerate(table)))
    plain, moved = one_way_random_effects(values, labels), one_way_random_effects(factor * np.array(values) + shift, labels)
    assert moved.effects == pytest.approx(factor * plain.effects, rel=1e-3, abs=1e-4 * factor)


def test_missing_values_are_dropped_and_a_group_of_none_is_left_out():
    result = one_way_random_effects([1, 2, math.nan, 3, 5, None], ["a", "a", "a", "b", "b", "c"])
    assert (result.labels, result.n.tolist(), result.missing) == (("a", "b"), [2, 2], 2)


@pytest.mark.parametrize(
    ("values", "labels", "sentence"),
    [
        ([1, 2], ["a", "a"], "at least two"),
        ([1, 2], ["a", "b"], "two values"),
        ([1, 2], ["a"], "same length"),
        ([], [], "at least two"),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(values, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        one_way_random_effects(values, labels)


def test_ten_thousand_groups_are_fitted():
    rng = np.random.default_rng(13)
    place = np.repeat(np.arange(10_000), 4)
    result = one_way_random_effects(rng.normal(0, 0.5, 10_000)[place] + rng.normal(0, 1, place.size), place)
    assert (result.between, result.within) == pytest.approx((0.25, 1.0), rel=0.05)
