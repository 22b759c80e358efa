"""Shares, their difference, and what may be said of a change."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linsheng.statistics.proportions import Verdict, changed, newcombe_difference, wilson_bounds, wilson_interval

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_the_published_table(successes, n, low, high):
    interval = wilson_interval(successes, n)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_wilson_bounds_are_the_roots_of_the_score_equation():
    interval = wilson_interval(81, 263)
    for bound in (interval.low, interval.high):
        score = abs(81 / 263 - bound) / math.sqrt(bound * (1 - bound) / 263)
        assert score == pytest.approx(1.959963984540054, rel=1e-9)


def test_a_share_out_of_nothing_is_none_and_its_interval_everything():
    interval = wilson_interval(0, 0)
    assert (interval.share, interval.low, interval.high) == (None, 0.0, 1.0)


def test_counts_come_back_as_plain_numbers():
    interval = wilson_interval(np.int64(3), np.int64(4))
    assert (type(interval.successes), type(interval.n), type(interval.share)) == (int, int, float)
    assert wilson_interval(1.8, 2).successes == 1.8


@settings(deadline=None)
@given(counts, levels)
def test_the_interval_contains_its_share_and_stays_between_0_and_1(count, confidence):
    interval = wilson_interval(*count, confidence)
    assert 0 <= interval.low <= interval.share <= interval.high <= 1
    assert interval.low < interval.high


@settings(deadline=None)
@given(counts)
def test_failures_have_the_mirrored_interval(count):
    x, n = count
    interval, mirrored = wilson_interval(x, n), wilson_interval(n - x, n)
    assert interval.low == pytest.approx(1 - mirrored.high, abs=1e-12)
    assert interval.high == pytest.approx(1 - mirrored.low, abs=1e-12)


@settings(deadline=None)
@given(counts)
def test_more_confidence_gives_a_wider_interval(count):
    narrow, wide = wilson_interval(*count, 0.8), wilson_interval(*count, 0.99)
    assert wide.low <= narrow.low <= narrow.high <= wide.high


def test_bounds_of_many_shares_equal_those_of_each():
    low, high = wilson_bounds([0, 5, 0, 81], [20, 5, 0, 263])
    each = [wilson_interval(x, n) for x, n in [(0, 20), (5, 5), (0, 0), (81, 263)]]
    assert low.tolist() == [one.low for one in each]
    assert high.tolist() == [one.high for one in each]


@pytest.mark.parametrize(
    ("successes", "n", "sentence"),
    [(-1, 5, "negative"), (1, -5, "negative"), (6, 5, "more successes"), (math.nan, 5, "none missing"), (1, math.inf, "finite")],
)
def test_impossible_counts_are_refused(successes, n, sentence):
    with pytest.raises(ValueError, match=sentence):
        wilson_interval(successes, n)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5])
def test_impossible_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson_interval(1, 2, confidence)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_agrees_with_the_published_table(one, other, low, high):
    difference = newcombe_difference(*one, *other)
    assert (round(difference.low, 4), round(difference.high, 4)) == (low, high)
    assert difference.difference == pytest.approx(one[0] / one[1] - other[0] / other[1])


@settings(deadline=None)
@given(counts, counts)
def test_the_difference_lies_in_its_interval_and_turns_its_sign(one, other):
    there, back = newcombe_difference(*one, *other), newcombe_difference(*other, *one)
    assert -1 <= there.low <= there.difference <= there.high <= 1
    assert there.low == pytest.approx(-back.high, abs=1e-12)


def test_a_difference_from_nothing_is_none():
    difference = newcombe_difference(3, 4, 0, 0)
    assert (difference.difference, difference.low, difference.high, difference.differs) == (None, -1.0, 1.0, False)


@pytest.mark.parametrize(
    ("before", "after", "higher_is_better", "verdict"),
    [
        ((48, 80), (56, 70), True, Verdict.IMPROVED),
        ((56, 70), (48, 80), True, Verdict.WORSE),
        ((48, 80), (56, 70), False, Verdict.WORSE),
        ((56, 70), (48, 80), False, Verdict.IMPROVED),
        ((6, 10), (8, 10), True, Verdict.NO_EVIDENCE),
        ((0, 0), (8, 10), True, Verdict.NO_EVIDENCE),
    ],
)
def test_a_change_is_only_named_when_chance_explains_it_poorly(before, after, higher_is_better, verdict):
    assert changed(before=before, after=after, higher_is_better=higher_is_better).verdict == verdict


def test_a_change_is_measured_as_after_minus_before():
    assert changed(before=(6, 10), after=(8, 10)).difference.difference == pytest.approx(0.2)
