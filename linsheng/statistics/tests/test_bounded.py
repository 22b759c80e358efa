"""The score interval of a mean on a scale with ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linsheng.statistics.bounded import scale_bounds
from linsheng.statistics.proportions import wilson_interval

counts = st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(sum)


def bounds(answers, effective=None, confidence=0.95):
    """Of counts of the answers 0 to 4."""
    table, scores = np.array(answers, dtype=float), np.arange(5.0)
    n = table.sum()
    mean = table @ scores / n
    spread = table @ (scores - mean) ** 2 / n
    low, high = scale_bounds(mean, spread, n, n if effective is None else effective, 4.0, confidence)
    return float(low), float(mean), float(high)


@settings(deadline=None)
@given(counts)
def test_it_holds_the_means_that_the_answers_do_not_speak_against(answers):
    low, mean, high = bounds(answers)
    more = np.array(answers) + np.array([0.5, 0, 0, 0, 0.5])
    scores, n = np.arange(5.0), sum(answers)
    centre = more @ scores / more.sum()
    phi = more @ (scores - centre) ** 2 / more.sum() / (centre * (4 - centre))
    grid = np.linspace(0, 4, 4001)
    fits = grid[(mean - grid) ** 2 <= 1.959963984540054**2 * phi * grid * (4 - grid) / n + 1e-12]
    assert (low, high) == pytest.approx((fits.min(), fits.max()), abs=2e-3)


@settings(deadline=None)
@given(st.integers(0, 100), st.integers(0, 100))
def test_answers_at_the_ends_alone_have_wilsons_interval(worst, best):
    if worst + best == 0:
        return
    low, _mean, high = bounds([worst, 0, 0, 0, best])
    share = wilson_interval(best, worst + best)
    assert (low / 4, high / 4) == pytest.approx((share.low, share.high), abs=1e-9)


@settings(deadline=None)
@given(counts)
def test_it_stays_on_the_scale_holds_the_mean_and_turns_with_the_scale(answers):
    low, mean, high = bounds(answers)
    assert 0 <= low <= mean <= high <= 4
    assert low < high
    turned = bounds(answers[::-1])
    assert (low, high) == pytest.approx((4 - turned[2], 4 - turned[0]))


@settings(deadline=None)
@given(counts)
def test_more_answers_narrow_it_and_a_census_leaves_nothing(answers):
    wide, narrow = bounds(answers), bounds(answers, effective=2 * sum(answers))
    assert wide[0] <= narrow[0] + 1e-12
    assert narrow[2] <= wide[2] + 1e-12
    low, mean, high = bounds(answers, effective=np.inf)
    assert low == pytest.approx(mean) == pytest.approx(high)


def test_nothing_known_gives_nothing():
    assert np.isnan(scale_bounds(np.array([np.nan]), np.array([np.nan]), np.array([0.0]), np.array([np.nan]), 4.0)).all()
