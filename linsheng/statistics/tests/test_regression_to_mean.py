"""The worst five of forty improve by themselves; that is not called improvement."""

import math

import numpy as np
import pytest

from linsheng.statistics.regression_to_mean import beyond_regression

BUILDINGS, HOMES, WORST = 40, 12, 5


def waves(rng, *, effect=0.0, spread=0.15, rise=0.0):
    """Before and after of forty buildings of which the worst five got a measure."""
    truth = rng.normal(3.8, spread, BUILDINGS)
    error = np.full(BUILDINGS, 1 / math.sqrt(HOMES))
    before = truth + rng.normal(0, error)
    worst = np.zeros(BUILDINGS, dtype=bool)
    worst[np.argsort(before)[:WORST]] = True
    return before, error, truth + rise + effect * worst + rng.normal(0, error), error, worst


def test_the_worst_five_rise_with_nothing_done_and_are_not_called_better():
    rng = np.random.default_rng(20260201)
    raised, together, single = [], 0, 0
    for _ in range(400):
        before, error, after, _error, worst = waves(rng)
        found = beyond_regression(before, error, after, error, chosen=worst)
        raised.append(found.change[worst].mean())
        together += found.together.p <= 0.05 and found.together.difference > 0
        single += bool(((found.p_adjusted <= 0.05) & (found.beyond > 0))[worst].any())
    assert np.mean(raised) > 0.3
    assert together / 400 <= 0.05
    assert single / 400 <= 0.05


def test_a_real_improvement_is_found():
    rng = np.random.default_rng(20260202)
    hits = 0
    for _ in range(100):
        before, error, after, _error, worst = waves(rng, effect=0.8)
        found = beyond_regression(before, error, after, error, chosen=worst)
        hits += found.together.p <= 0.05 and found.together.difference > 0
    assert hits >= 90


def test_a_rise_of_all_is_not_credited_to_the_chosen():
    rng = np.random.default_rng(20260203)
    hits = 0
    for _ in range(300):
        before, error, after, _error, worst = waves(rng, rise=0.5)
        found = beyond_regression(before, error, after, error, chosen=worst, against_others=True)
        hits += found.together.p <= 0.05 and found.together.difference > 0
    assert hits / 300 <= 0.05


def test_change_is_what_falls_back_and_what_is_beyond():
    rng = np.random.default_rng(1)
    before, error, after, _error, _worst = waves(rng)
    found = beyond_regression(before, error, after, error)
    assert found.expected + found.beyond == pytest.approx(found.change)
    assert found.shrunk == pytest.approx(before + found.expected)


def test_known_exactly_means_are_taken_as_they_are():
    found = beyond_regression([1, 2, 3, 4], [0, 0, 0, 0], [2, 2, 3, 4], [0.1, 0.1, 0.1, 0.1])
    assert found.expected == pytest.approx([0, 0, 0, 0], abs=1e-12)
    assert found.beyond[0] == pytest.approx(1)


def test_groups_missing_in_either_wave_are_left_out():
    found = beyond_regression([3, 3.2, 3.4, np.nan], [0.2] * 4, [3, 3.1, 3.5, 4], [0.2] * 4)
    assert np.isnan(found.beyond[3])
    with pytest.raises(ValueError, match="three or more"):
        beyond_regression([3, np.nan, 3], [0.1] * 3, [3, 3, 3], [0.1] * 3)
    with pytest.raises(ValueError, match="no others"):
        beyond_regression([3, 2, 3], [0.1] * 3, [3, 3, 3], [0.1] * 3, against_others=True)
