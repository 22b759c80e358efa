"""Means of measured values and of ratings."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linsheng.statistics.means import mean_interval, rating_interval, rating_summary
from linsheng.statistics.proportions import wilson_interval

# Student's sleep data (Cushny and Peebles 1905): extra hours, second drug minus first.
SLEEP = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]

# Signatures a sheet in 50 of 676 sheets (Cochran 1977, section 2.8): signatures, and how many sheets had so many.
SHEETS = {
    42: 23,
    41: 4,
    36: 1,
    32: 1,
    29: 1,
    27: 2,
    23: 1,
    19: 1,
    16: 2,
    15: 2,
    14: 1,
    11: 1,
    10: 1,
    9: 1,
    7: 1,
    6: 3,
    5: 2,
    4: 1,
    3: 1,
}

ratings = st.lists(st.integers(1, 5), min_size=1, max_size=300)


def test_the_t_interval_agrees_with_r():
    result = mean_interval(SLEEP)
    assert (result.mean, result.low, result.high) == pytest.approx((1.58, 0.7001142, 2.4598858), abs=1e-7)


def test_the_finite_population_correction_agrees_with_cochran():
    result = mean_interval(np.repeat(list(SHEETS), list(SHEETS.values())), 0.8, population=676)
    assert 676 * result.mean == pytest.approx(19888, abs=1)
    assert result.sd**2 == pytest.approx(229, abs=0.5)
    # Cochran reckons with 1.28 where t(49) is 1.299, hence the two per cent.
    assert 676 * result.low == pytest.approx(18107, rel=0.002)
    assert 676 * result.high == pytest.approx(21669, rel=0.002)


def test_the_standard_error_of_the_strata_agrees_with_the_survey_package():
    rng = np.random.default_rng(1)
    noise = rng.normal(size=100)
    spread = 12.3825 / math.sqrt(1 / 100 * (1 - 100 / 4421))
    values = 674.43 + spread * (noise - noise.mean()) / noise.std(ddof=1)
    result = mean_interval(values, population=4421)
    assert (result.mean, result.standard_error) == pytest.approx((674.43, 12.3825), rel=1e-9)


def test_missing_values_are_dropped_and_counted():
    result = mean_interval([1.0, math.nan, 3.0, None])
    assert (result.n, result.missing, result.mean) == (2, 2, 2.0)


def test_no_value_gives_nothing():
    result = mean_interval([math.nan])
    assert (result.n, result.missing, result.mean, result.low, result.high) == (0, 1, None, None, None)


def test_one_value_has_a_mean_but_no_interval():
    result = mean_interval([4.0])
    assert (result.mean, result.sd, result.low, result.high) == (4.0, None, None, None)


@pytest.mark.parametrize("values", [[2.0], [1.0, 4.0]])
def test_who_asked_everybody_has_no_sampling_error(values):
    result = mean_interval(values, population=len(values))
    assert result.low == result.mean == result.high


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_the_interval_is_symmetric_and_narrower_in_a_finite_population(values):
    result, finite = mean_interval(values), mean_interval(values, population=len(values) + 10)
    assert result.mean - result.low == pytest.approx(result.high - result.mean, rel=1e-6, abs=1e-6)
    assert finite.high - finite.low <= result.high - result.low + 1e-9


@pytest.mark.parametrize(
    ("values", "population", "sentence"),
    [
        ([1.0, 2.0], 1, "cannot come from"),
        ([1.0], 0, "at least 1"),
        ([[1.0]], None, "one-dimensional"),
        ([math.inf], None, "infinite"),
    ],
)
def test_impossible_samples_are_refused(values, population, sentence):
    with pytest.raises(ValueError, match=sentence):
        mean_interval(values, population=population)


@pytest.mark.parametrize("stars", [[0], [6], [3.5]])
def test_a_rating_off_the_scale_is_refused(stars):
    with pytest.raises(ValueError, match="1, 2, 3, 4 or 5"):
        rating_interval(stars)


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 200))
def test_with_two_answers_the_rating_interval_is_wilson_s(worst, best):
    if worst + best == 0:
        return
    rating, share = rating_interval([1] * worst + [5] * best), wilson_interval(best, worst + best)
    assert (rating.low, rating.high) == pytest.approx((1 + 4 * share.low, 1 + 4 * share.high), abs=1e-6)


@settings(deadline=None)
@given(ratings, st.sampled_from([None, 300, 5000]))
def test_the_rating_interval_contains_the_mean_and_stays_on_the_scale(stars, population):
    result = rating_interval(stars, population=population)
    assert 1 <= result.low <= result.mean <= result.high <= 5


@settings(deadline=None)
@given(ratings)
def test_turning_the_scale_turns_the_interval(stars):
    result, turned = rating_interval(stars), rating_interval([6 - star for star in stars])
    assert result.low == pytest.approx(6 - turned.high, abs=1e-9)


@settings(deadline=None)
@given(ratings)
def test_a_finite_population_narrows_the_rating_interval_down_to_nothing(stars):
    wide, narrow = rating_interval(stars), rating_interval(stars, population=len(stars) + 1)
    everybody = rating_interval(stars, population=len(stars))
    assert wide.low <= narrow.low + 1e-9
    assert narrow.high <= wide.high + 1e-9
    assert everybody.low == everybody.high == pytest.approx(everybody.mean)


def test_ten_times_five_stars_is_not_certainty_and_a_four_among_them_does_not_make_it_so():
    alike, nearly = rating_interval([5] * 10), rating_interval([5] * 9 + [4])
    assert alike.low == pytest.approx(5 - 4 * wilson_interval(0, 10).high, abs=1e-6)
    assert nearly.low < alike.low


def test_with_many_ratings_the_score_interval_is_the_t_interval():
    stars = np.random.default_rng(4).choice([1, 2, 3, 4, 5], 5000, p=[0.05, 0.1, 0.2, 0.35, 0.3])
    score, student = rating_interval(stars), mean_interval(stars)
    assert (score.low, score.high) == pytest.approx((student.low, student.high), abs=1e-3)


def test_mean_satisfied_rate_and_index_are_three_quantities():
    summary = rating_summary([1, 2, 3, 4, 5, 5, math.nan])
    assert summary.mean.mean == pytest.approx(10 / 3)
    assert (summary.satisfied.successes, summary.satisfied.n) == (3, 6)
    assert summary.index == pytest.approx((10 / 3 - 1) / 4 * 100)
    assert summary.counts == (1, 1, 1, 1, 2)
    assert summary.mean.missing == 1


def test_a_summary_of_no_rating_says_so():
    summary = rating_summary([])
    assert (summary.mean.mean, summary.satisfied.share, summary.index, summary.counts) == (None, None, None, (0, 0, 0, 0, 0))
