"""Limits and signals of XmR, p and u charts."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linsheng.statistics.control_charts import ChartKind, Reason, Signal, p_chart, u_chart, xmr_chart

# NIST/SEMATECH e-Handbook 6.3.2.2: batch flow rates.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# e-Handbook 6.3.3.2: defective chips among 50 of each of 30 wafers.
CHIPS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
# e-Handbook 6.3.3.1: defects of 25 wafers.
DEFECTS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]


def places(chart, *reasons):
    return [signal.index for signal in chart.signals if set(reasons) <= set(signal.reasons)]


def test_the_individuals_chart_agrees_with_the_handbook():
    chart = xmr_chart(FLOW)
    assert chart.individuals.centre[0] == pytest.approx(50.81, abs=5e-5)
    assert chart.individuals.upper[0] == pytest.approx(55.8041, abs=5e-5)
    assert chart.individuals.lower[0] == pytest.approx(45.8159, abs=5e-5)
    assert chart.moving_range.centre[0] == pytest.approx(1.8778, abs=5e-5)
    assert chart.moving_range.upper[0] == pytest.approx(3.267 * 1.8778, abs=5e-4)
    assert chart.individuals.signals == chart.moving_range.signals == ()


def test_the_share_chart_agrees_with_the_handbook():
    chart = p_chart(CHIPS, [50] * 30)
    assert chart.centre[0] == pytest.approx(0.2313, abs=5e-5)
    assert (chart.lower[0], chart.upper[0]) == pytest.approx((0.0524, 0.4102), abs=5e-5)
    assert places(chart, Reason.ABOVE_LIMIT) == [14, 22]


def test_the_rate_chart_agrees_with_the_handbook():
    chart = u_chart(DEFECTS, [1] * 25)
    assert (chart.lower[0], chart.centre[0], chart.upper[0]) == pytest.approx((4, 16, 28))
    # 28 defects lie on the limit, not outside it.
    assert places(chart, Reason.ABOVE_LIMIT) == [23]


def test_limits_of_shares_follow_each_month_s_n():
    chart = p_chart([12, 8, 6, 9], [100, 80, 80, 100])
    centre = 35 / 360
    half = 3 * np.sqrt(centre * (1 - centre) / np.array([100, 80, 80, 100]))
    assert chart.upper == pytest.approx(centre + half)
    assert chart.lower == pytest.approx(np.maximum(centre - half, 0))


def test_limits_of_rates_follow_each_month_s_exposure():
    # Montgomery, dyed cloth: defects in rolls of 8 to 13 inspection units (limits printed from the rounded centre).
    chart = u_chart([14, 12, 20, 11, 7, 10, 21, 16, 19, 23], [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5])
    assert chart.centre[0] == pytest.approx(1.42, abs=5e-3)
    assert (chart.lower[0], chart.upper[0]) == pytest.approx((0.29, 2.55), abs=1e-2)
    assert (chart.lower[1], chart.upper[1]) == pytest.approx((0.16, 2.68), abs=1e-2)


def test_a_run_of_eight_on_one_side_is_a_signal_and_seven_is_none():
    seven = xmr_chart([10, 0] * 6 + [6] * 7, baseline=12).individuals
    eight = xmr_chart([10, 0] * 6 + [6] * 8 + [4] * 9, baseline=12).individuals
    assert seven.signals == ()
    assert places(eight, Reason.RUN_ABOVE) == [19]
    assert places(eight, Reason.RUN_BELOW) == [27, 28]


@pytest.mark.parametrize("between", [5.0, math.nan, 4.0])
def test_a_point_on_the_centre_a_gap_and_the_other_side_end_a_run(between):
    chart = xmr_chart([10, 0] * 6 + [6] * 4 + [between] + [6] * 4, baseline=12).individuals
    assert chart.signals == ()


def test_a_point_can_have_two_reasons():
    chart = xmr_chart([1, 0] * 6 + [0.6] * 7 + [50], baseline=12).individuals
    assert chart.signals == (Signal(19, (Reason.ABOVE_LIMIT, Reason.RUN_ABOVE)),)


def test_a_jump_shows_in_the_moving_range():
    chart = xmr_chart([5, 6] * 8 + [20, 20]).moving_range
    assert (chart.kind, places(chart, Reason.ABOVE_LIMIT)) == (ChartKind.MOVING_RANGE, [16])
    assert math.isnan(chart.values[0])


def test_a_baseline_judges_later_months_by_earlier_ones():
    x = [50, 52, 49, 51, 50, 48, 56, 57]
    assert xmr_chart(x).individuals.signals == ()
    assert places(xmr_chart(x, baseline=6).individuals, Reason.ABOVE_LIMIT) == [6, 7]


def test_limits_stop_at_what_is_possible():
    chart = xmr_chart([1, 5, 1, 5], lowest=1, highest=5).individuals
    assert (chart.lower[0], chart.upper[0]) == (1, 5)
    shares = p_chart([0, 1, 2, 3], [3] * 4)
    assert (shares.lower.min(), shares.upper.max()) == (0, 1)


def test_a_missing_month_has_no_range_no_limits_and_no_signal():
    individuals = xmr_chart([1, 2, math.nan, 100, 101])
    assert np.isnan(individuals.moving_range.values).tolist() == [True, False, True, True, False]
    shares = p_chart([1, 0, 2], [10, 0, 10])
    assert np.isnan(shares.values).tolist() == np.isnan(shares.upper).tolist() == [False, True, False]
    assert shares.centre.tolist() == pytest.approx([0.15] * 3)


@pytest.mark.parametrize("values", [[], [3.0], [3.0, math.nan, 4.0], [math.nan] * 9])
def test_too_few_points_give_no_limits_and_no_signals(values):
    chart = xmr_chart(values).individuals
    assert np.isnan(chart.upper).all()
    assert chart.signals == ()


@pytest.mark.parametrize("chart", [p_chart, u_chart])
@pytest.mark.parametrize("sizes", [[], [0, 0]])
def test_shares_and_rates_of_nothing_give_no_limits(chart, sizes):
    result = chart([0] * len(sizes), sizes, overdispersed=True)
    assert np.isnan(result.centre).all()
    assert result.signals == ()


@settings(deadline=None)
@given(st.floats(0.001, 1e6), st.integers(2, 40))
def test_equal_months_never_signal(value, months):
    chart = xmr_chart([value] * months)
    assert chart.individuals.signals == chart.moving_range.signals == ()


def test_limits_from_less_than_a_year_are_provisional():
    assert xmr_chart(FLOW).individuals.provisional
    assert not p_chart(CHIPS, [50] * 30).provisional
    assert p_chart(CHIPS, [50] * 30, baseline=6).provisional


def test_laney_s_chart_agrees_with_its_formula_written_out():
    x, n = [4021, 3920, 4350, 3733, 4100, 4290], [8000, 8100, 8200, 7900, 8050, 8150]
    centre = sum(x) / sum(n)
    sigma = [math.sqrt(centre * (1 - centre) / size) for size in n]
    z = [(count / size - centre) / one for count, size, one in zip(x, n, sigma, strict=True)]
    sigma_z = sum(abs(b - a) for a, b in pairwise(z)) / 5 / 1.128
    chart = p_chart(x, n, overdispersed=True)
    assert chart.sigma_z == pytest.approx(sigma_z, rel=1e-12)
    assert chart.upper == pytest.approx([centre + 3 * one * sigma_z for one in sigma], rel=1e-12)


def test_large_months_that_differ_more_than_coins_hardly_signal_once_adjusted():
    rng = np.random.default_rng(6)
    n = np.full(24, 20_000)
    x = rng.binomial(n, rng.normal(0.8, 0.02, 24))
    assert len(places(p_chart(x, n))) > 5
    adjusted = p_chart(x, n, overdispersed=True)
    assert adjusted.sigma_z > 3
    assert len(places(adjusted)) <= 1


def test_without_overdispersion_the_adjustment_is_close_to_one():
    rng = np.random.default_rng(8)
    n = rng.integers(80, 200, 300)
    assert p_chart(rng.binomial(n, 0.4), n, overdispersed=True).sigma_z == pytest.approx(1, abs=0.12)
    assert u_chart(rng.poisson(2.0 * n), n, overdispersed=True).sigma_z == pytest.approx(1, abs=0.12)


def test_months_in_which_all_are_satisfied_need_no_adjustment():
    chart = p_chart([10, 12], [10, 12], overdispersed=True)
    assert (chart.sigma_z, chart.lower[0], chart.signals) == (1.0, 1.0, ())


def test_noise_alone_rarely_signals():
    rng = np.random.default_rng(9)
    charts = [xmr_chart(rng.normal(50, 5, 24)).individuals for _ in range(200)]
    assert sum(len(chart.signals) for chart in charts) / (200 * 24) < 0.03


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: p_chart([6], [5]), "more successes"),
        (lambda: p_chart([-1], [5]), "negative"),
        (lambda: u_chart([1], [0]), "size of 0"),
        (lambda: u_chart([1, 2], [1]), "same length"),
        (lambda: xmr_chart([1, 2], baseline=1), "at least 2"),
        (lambda: xmr_chart([[1, 2]]), "one-dimensional"),
    ],
)
def test_impossible_points_are_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
