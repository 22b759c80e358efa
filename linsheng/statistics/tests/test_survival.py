"""Durations of which some are still running."""

import math
import time
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from linsheng.statistics.survival import kaplan_meier_curve, kaplan_meier_median

# Weeks in remission on 6-MP (Freireich et al. 1963); 0 marks a patient still in remission.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]

cases = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60)


def oracle(durations, observed):
    durations, observed = np.asarray(durations, float), np.asarray(observed, bool)
    censored = stats.CensoredData(uncensored=durations[observed], right=durations[~observed])
    return stats.ecdf(censored).sf


def test_the_curve_agrees_with_the_published_remission_times():
    curve = kaplan_meier_curve(WEEKS, ENDED)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.survival == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5)


def test_the_median_of_the_remission_times_has_no_upper_limit():
    result = kaplan_meier_median(WEEKS, ENDED)
    assert (result.median, result.low, result.high) == (23, 13, None)
    assert (result.n, result.events, result.censored, result.missing) == (21, 9, 12, 0)


@settings(deadline=None)
@given(cases)
def test_curve_and_band_agree_with_scipy(rows):
    durations, observed = zip(*rows, strict=True)
    if not any(observed):
        return
    curve, expected = kaplan_meier_curve(durations, observed), oracle(durations, observed)
    assert curve.survival == pytest.approx(expected.evaluate(curve.times), abs=1e-12)
    with warnings.catch_warnings():
        # SciPy says aloud that the band is undefined where the curve is 1 or 0.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = expected.confidence_interval(0.95, method="log-log")
    inside = curve.survival > 0
    for mine, theirs in ((curve.low, band.low), (curve.high, band.high)):
        at_times = theirs.probabilities[np.searchsorted(theirs.quantiles, curve.times)]
        assert mine[inside] == pytest.approx(at_times[inside], abs=1e-10)


@settings(deadline=None)
@given(cases)
def test_the_median_is_the_first_time_at_which_half_have_ended(rows):
    durations, observed = zip(*rows, strict=True)
    result = kaplan_meier_median(durations, observed)
    if not any(observed):
        assert result.median is None
        return
    sf = oracle(durations, observed)
    reached = sf.quantiles[sf.probabilities <= 0.5 + 1e-10]
    assert result.median == (reached[0] if reached.size else None)


@settings(deadline=None)
@given(cases)
def test_the_median_lies_in_its_interval(rows):
    result = kaplan_meier_median(*zip(*rows, strict=True))
    low = result.low if result.low is not None else math.inf
    median = result.median if result.median is not None else math.inf
    high = result.high if result.high is not None else math.inf
    assert low <= median <= high


@settings(deadline=None)
@given(cases, st.sampled_from([0.5, 60.0]))
def test_the_unit_of_time_does_not_matter(rows, factor):
    durations, observed = zip(*rows, strict=True)
    plain = kaplan_meier_median(durations, observed)
    scaled = kaplan_meier_median([factor * duration for duration in durations], observed)
    assert scaled.median == (None if plain.median is None else factor * plain.median)


@settings(deadline=None)
@given(cases)
def test_the_order_of_cases_does_not_matter(rows):
    assert kaplan_meier_median(*zip(*rows, strict=True)) == kaplan_meier_median(*zip(*reversed(rows), strict=True))


def test_without_open_cases_it_is_the_lower_middle_value():
    assert kaplan_meier_median([4, 1, 3, 2], [True] * 4).median == 2
    assert kaplan_meier_median([5, 1, 3], [True] * 3).median == 3


def test_dropping_open_cases_would_flatter():
    durations, observed = [1, 2, 3, 50, 60, 70], [True, True, True, False, False, False]
    assert kaplan_meier_median(durations, observed).median == 3
    assert kaplan_meier_median(durations[:3], observed[:3]).median == 2


def test_a_curve_that_never_comes_down_to_half_has_no_median():
    result = kaplan_meier_median([1, 5, 5, 5], [True, False, False, False])
    assert (result.median, result.high) == (None, None)


@pytest.mark.parametrize(("durations", "observed"), [([], []), ([math.nan], [True])])
def test_no_case_at_all_gives_nothing(durations, observed):
    result = kaplan_meier_median(durations, observed)
    assert (result.median, result.low, result.high, result.n, result.missing) == (None, None, None, 0, len(durations))


def test_an_open_case_counts_at_the_time_at_which_another_ended():
    assert kaplan_meier_curve([5, 5], [True, False]).at_risk.tolist() == [2]


@pytest.mark.parametrize(
    ("durations", "observed", "sentence"),
    [
        ([-1], [True], "negative"),
        ([1, 2], [True], "same length"),
        ([1], [2], "true"),
        ([1], [math.nan], "true"),
        ([math.inf], [True], "inf"),
    ],
)
def test_impossible_durations_are_refused(durations, observed, sentence):
    with pytest.raises(ValueError, match=sentence):
        kaplan_meier_median(durations, observed)


def test_a_result_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        kaplan_meier_curve([1], [True]).survival[0] = 1


def test_a_hundred_thousand_durations_take_less_than_a_tenth_of_a_second():
    rng = np.random.default_rng(5)
    ends, looks = rng.exponential(5, 100_000), rng.exponential(20, 100_000)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        result = kaplan_meier_median(np.minimum(ends, looks), ends <= looks)
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.1
    assert result.low < 5 * math.log(2) < result.high
