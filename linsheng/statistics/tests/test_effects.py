"""Training before and after."""

import math

import numpy as np
import pytest
from scipy import stats

from linsheng.statistics.effects import hedges_j, normalised_gains, paired_effect
from linsheng.statistics.tests.test_comparisons import SLEEP


def test_the_effect_of_the_sleep_data_is_d_z_and_not_d_av():
    found = paired_effect(SLEEP[1], SLEEP[0])
    assert found.t == pytest.approx(4.0621277, rel=1e-7)
    assert found.change.p == pytest.approx(0.00283289, rel=1e-6)
    assert found.d_z == pytest.approx(1.2845576, rel=1e-7)
    assert found.g_z == pytest.approx(1.2845576 * 0.9138749, rel=1e-6)


def test_the_interval_of_d_z_turns_the_noncentral_t_round():
    found = paired_effect(SLEEP[1], SLEEP[0])
    assert stats.nct.sf(found.t, 9, found.d_low * math.sqrt(10)) == pytest.approx(0.025, abs=1e-6)
    assert stats.nct.cdf(found.t, 9, found.d_high * math.sqrt(10)) == pytest.approx(0.025, abs=1e-6)


def test_hedges_j_is_exact():
    assert hedges_j(9) == pytest.approx(0.9138749, abs=1e-7)
    assert hedges_j(2) == pytest.approx(1 / math.gamma(0.5) * 1.0, rel=1e-12)
    with pytest.raises(ValueError, match="more than one"):
        hedges_j(1)


def test_the_gain_is_what_was_gained_of_what_could_be():
    found = paired_effect([80, 90, 100], [60, 80, 100], full=100)
    assert found.gain == pytest.approx((90 - 80) / (100 - 80))
    assert found.ceiling == pytest.approx(1 / 3)
    assert found.ceiling_warning
    assert normalised_gains([80, 90, 100], [60, 80, 100], 100)[:2] == pytest.approx([0.5, 0.5])
    assert np.isnan(normalised_gains([100], [100], 100)[0])
    with pytest.raises(ValueError, match="above full marks"):
        paired_effect([120], [60], full=100)


def test_everybody_alike_or_too_few_have_no_effect_size():
    assert paired_effect([5, 6, 7], [4, 5, 6]).d_z is None
    assert paired_effect([5, 6], [4, 3]).d_z is None
    assert paired_effect([], []).n == 0
