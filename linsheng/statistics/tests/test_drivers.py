"""Key drivers."""

import itertools
import math

import numpy as np
import pytest

from linsheng.statistics.drivers import johnson_shares, key_drivers, lmg_shares
from linsheng.statistics.fit import adjusted_r_squared

# R: swiss, 47 provinces about 1888: Fertility ~ Agriculture + Examination + Education + Catholic + Infant.Mortality.
SWISS = """80.2 17 15 12 9.96 22.2;83.1 45.1 6 9 84.84 22.2;92.5 39.7 5 5 93.4 20.2;85.8 36.5 12 7 33.77 20.3
76.9 43.5 17 15 5.16 20.6;76.1 35.3 9 7 90.57 26.6;83.8 70.2 16 7 92.85 23.6;92.4 67.8 14 8 97.16 24.9
82.4 53.3 12 7 97.67 21;82.9 45.2 16 13 91.38 24.4;87.1 64.5 14 6 98.61 24.5;64.1 62 21 12 8.52 16.5
66.9 67.5 14 7 2.27 19.1;68.9 60.7 19 12 4.43 22.7;61.7 69.3 22 5 2.82 18.7;68.3 72.6 18 2 24.2 21.2
71.7 34 17 8 3.3 20;55.7 19.4 26 28 12.11 20.2;54.3 15.2 31 20 2.15 10.8;65.1 73 19 9 2.84 20
65.5 59.8 22 10 5.23 18;65 55.1 14 3 4.52 22.4;56.6 50.9 22 12 15.14 16.7;57.4 54.1 20 6 4.2 15.3
72.5 71.2 12 1 2.4 21;74.2 58.1 14 8 5.23 23.8;72 63.5 6 3 2.56 18;60.5 60.8 16 10 7.72 16.3
58.3 26.8 25 19 18.46 20.9;65.4 49.5 15 8 6.1 22.5;75.5 85.9 3 2 99.71 15.1;69.3 84.9 7 6 99.68 19.8
77.3 89.7 5 2 100 18.3;70.5 78.2 12 6 98.96 19.4;79.4 64.9 7 3 98.22 20.2;65 75.9 9 9 99.06 17.8
92.2 84.6 3 3 99.46 16.3;79.3 63.1 13 13 96.83 18.1;70.4 38.4 26 12 5.62 20.3;65.7 7.7 29 11 13.79 20.5
72.7 16.7 22 13 11.22 18.9;64.4 17.6 35 32 16.92 23;77.6 37.6 15 7 4.97 20;67.6 18.7 25 7 8.65 19.5
35 1.2 37 53 42.34 18;44.7 46.6 16 29 50.43 18.2;42.8 27.7 22 29 58.33 19.3"""
DATA = np.array([[float(value) for value in row.split()] for line in SWISS.split("\n") for row in line.split(";")])


def r_squared(y, x):
    x = np.column_stack([np.ones(y.size), x])
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return 1 - (residual**2).sum() / ((y - y.mean()) ** 2).sum()


def test_shares_of_the_swiss_data_agree_with_relaimpo():
    found = key_drivers(DATA[:, 0], DATA[:, 1:])
    assert found.r_squared == pytest.approx(0.7067350, abs=1e-7)
    assert found.lmg == pytest.approx([0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592], abs=1e-8)
    assert (found.lmg.sum(), found.johnson.sum()) == pytest.approx((found.r_squared, found.r_squared), rel=1e-9)
    assert found.rank.tolist() == [5, 2, 1, 4, 3]
    assert (found.rank_low <= found.rank).all()
    assert (found.rank <= found.rank_high).all()


def test_lmg_is_the_mean_gain_over_all_orders():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 4)) + rng.normal(size=(60, 1))
    y = x @ [1, 0.5, 0, 0] + rng.normal(size=60)
    gains = np.zeros(4)
    for order in itertools.permutations(range(4)):
        for place, item in enumerate(order):
            gains[item] += r_squared(y, x[:, list(order[: place + 1])]) - r_squared(y, x[:, list(order[:place])])
    assert key_drivers(y, x, repeats=0).lmg == pytest.approx(gains / 24, abs=1e-10)


def test_johnson_of_two_equally_good_items_is_half_each():
    correlation = np.array([[1, 0.6, 0.5], [0.6, 1, 0.5], [0.5, 0.5, 1]])
    assert johnson_shares(correlation) == pytest.approx([0.15625, 0.15625])
    assert lmg_shares(correlation[None])[0] == pytest.approx([0.15625, 0.15625])


def test_items_that_say_the_same_share_and_one_without_spread_gets_nothing():
    rng = np.random.default_rng(4)
    x = rng.integers(1, 6, 80).astype(float)
    found = key_drivers(x + rng.normal(size=80), np.column_stack([x, x, np.full(80, 3.0)]), repeats=20)
    assert found.lmg[0] == pytest.approx(found.lmg[1])
    assert found.lmg[2] == pytest.approx(0, abs=1e-12)
    assert found.johnson[:2] == pytest.approx(found.lmg[:2], rel=1e-6)


def test_incomplete_answers_are_left_out_and_counted():
    y, x = DATA[:, 0].copy(), DATA[:, 1:].copy()
    y[0] = x[3, 2] = np.nan
    found = key_drivers(y, x, repeats=0)
    assert (found.n, found.missing) == (45, 2)


def test_too_little_says_nothing_and_too_much_is_refused():
    assert key_drivers(np.ones(30), np.random.default_rng(1).normal(size=(30, 2))) is None
    assert key_drivers([1.0, 2.0], [[1.0], [2.0]]) is None
    with pytest.raises(ValueError, match="1 to 12 items"):
        key_drivers(np.arange(20.0), np.ones((20, 13)))


def test_a_strong_driver_is_surely_first_also_among_very_many_people():
    rng = np.random.default_rng(5)
    x = rng.integers(1, 6, (30_000, 3)).astype(float)
    found = key_drivers(3 * x[:, 1] + x[:, 0] + rng.normal(size=30_000), x, repeats=50)
    assert (found.rank_low[1], found.rank_high[1]) == (1, 1)
    assert found.rank_low[2] == 3


def test_adjusted_r_squared_takes_off_what_chance_explains():
    found = key_drivers(DATA[:, 0], DATA[:, 1:], repeats=0)
    # R: summary(lm(Fertility ~ ., swiss))$adj.r.squared
    assert found.adjusted == pytest.approx(0.67097, abs=1e-5)
    assert adjusted_r_squared(0.05, 20, 5) == 0
    assert math.isnan(adjusted_r_squared(0.9, 6, 5))
