"""The three rates of callbacks and their index."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linsheng.statistics.proportions import wilson_interval
from linsheng.statistics.rates import callback_rates, composite_index

answers = st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from([1.0, 0.9, 0.0])), min_size=1, max_size=80)


def test_each_rate_stands_on_its_own_numerator_and_denominator():
    rates = callback_rates([True, True, False, True], [True, False, False, True], [1.0, 0.9, 0.0, 1.0])
    assert rates.contacted == wilson_interval(3, 4)
    assert rates.solved == wilson_interval(2, 4)
    assert (rates.satisfied.successes, rates.satisfied.n, rates.satisfied.share) == (2.9, 4, pytest.approx(0.725))
    assert (rates.satisfied_fully, rates.satisfied_basically, rates.dissatisfied) == (2, 1, 1)


def test_a_missing_answer_leaves_only_its_own_denominator():
    rates = callback_rates([True, True, None], [True, None, None], [1.0, math.nan, 0.0])
    assert (rates.contacted.n, rates.solved.n, rates.satisfied.n, rates.valid) == (2, 1, 2, 3)


def test_the_index_weighs_contact_solution_and_satisfaction_10_50_40():
    rates = callback_rates([1, 1], [1, 0], [0.9, 0.9])
    assert rates.index.value == pytest.approx(10 * 1 + 50 * 0.5 + 40 * 0.9)
    assert rates.index.low < rates.index.value < rates.index.high


def test_weights_need_not_add_up_to_a_hundred():
    rates = callback_rates([1, 1], [1, 0], [0.9, 0.9], weights=(1, 5, 4))
    assert rates.index.value == pytest.approx(71)


def test_another_value_of_basically_can_be_set():
    rates = callback_rates([1], [1], [0.8], basically=0.8)
    assert (rates.satisfied.share, rates.satisfied_basically) == (0.8, 1)


def test_non_response_and_exclusions_are_handed_through():
    rates = callback_rates([1], [1], [1], non_response=7, excluded=2)
    assert (rates.valid, rates.non_response, rates.excluded) == (1, 7, 2)


def test_no_callback_gives_no_rate_and_no_index():
    rates = callback_rates([], [], [], non_response=3)
    assert (rates.contacted.share, rates.satisfied.share, rates.index.value) == (None, None, None)
    assert (rates.index.low, rates.index.high) == (0, 100)


def test_a_rate_without_weight_may_be_missing():
    none, some = wilson_interval(0, 0), wilson_interval(1, 2)
    assert composite_index((none, some, some), (0, 50, 50)).value == pytest.approx(50)
    assert composite_index((none, some, some)).value is None


@settings(deadline=None)
@given(answers)
def test_rates_lie_in_their_intervals_and_the_index_in_its_own(rows):
    rates = callback_rates(*zip(*rows, strict=True))
    for rate in (rates.contacted, rates.solved, rates.satisfied):
        assert 0 <= rate.low <= rate.share <= rate.high <= 1
    assert 0 <= rates.index.low <= rates.index.value <= rates.index.high <= 100 + 1e-9
    assert rates.satisfied_fully + rates.satisfied_basically + rates.dissatisfied == rates.satisfied.n


def test_the_interval_of_the_weighted_rate_covers_at_least_as_often_as_it_says():
    rng = np.random.default_rng(14)
    truth = 0.4 + 0.9 * 0.4
    drawn = rng.choice([1.0, 0.9, 0.0], p=[0.4, 0.4, 0.2], size=(1500, 60))
    rates = (callback_rates(np.ones(60), np.ones(60), row).satisfied for row in drawn)
    assert np.mean([rate.low <= truth <= rate.high for rate in rates]) >= 0.945


@pytest.mark.parametrize(
    ("keywords", "sentence"),
    [
        ({"contacted": [2]}, "contacted must be"),
        ({"solved": [0.5]}, "solved must be"),
        ({"satisfied": [0.5]}, "satisfied must be"),
        ({"solved": [1, 0]}, "same length"),
        ({"basically": 1.0}, "between 0 and 1"),
        ({"non_response": -1}, "negative"),
        ({"weights": (0, 0, 0)}, "above 0"),
        ({"weights": (-1, 50, 51)}, "negative"),
    ],
)
def test_impossible_callbacks_are_refused(keywords, sentence):
    with pytest.raises(ValueError, match=sentence):
        callback_rates(**{"contacted": [1], "solved": [1], "satisfied": [1], **keywords})
