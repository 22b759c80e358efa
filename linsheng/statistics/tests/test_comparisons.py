"""Changes, and many of them at once."""

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from linsheng.statistics.comparisons import (
    benjamini_hochberg,
    constant_p,
    holm,
    independent_difference,
    mcnemar,
    paired_difference,
    welch_difference,
)

# Benjamini and Hochberg (1995), section 3.2.
P_1995 = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


def test_mcnemar_agrees_with_r_on_the_approval_ratings():
    found = mcnemar([[794, 150], [86, 570]])
    assert found.chi2 == pytest.approx(17.3559322, rel=1e-7)
    assert found.chi2_corrected == pytest.approx(16.8177966, rel=1e-7)
    assert found.p_corrected == pytest.approx(4.114562e-05, rel=1e-6)
    assert found.difference == pytest.approx(-0.04)
    assert found.low < -0.04 < found.high < 0
    assert found.exact_p == pytest.approx(stats.binomtest(86, 236).pvalue, rel=1e-9)


def test_mcnemar_of_nobody_who_changed_says_nothing():
    found = mcnemar([[4, 0], [0, 3]])
    assert (found.chi2, found.p, found.exact_p, found.difference) == (None, None, 1.0, 0)
    assert mcnemar([[0, 0], [0, 0]]).difference is None
    with pytest.raises(ValueError, match="2 × 2"):
        mcnemar([[1, 2.5], [0, 1]])


def test_the_paired_difference_agrees_with_r_on_student_s_sleep():
    found = paired_difference(*SLEEP)
    assert found.difference / found.standard_error == pytest.approx(-4.0621277, rel=1e-7)
    assert found.p == pytest.approx(0.00283289, rel=1e-6)
    assert (found.low, found.high) == pytest.approx((-2.4598858, -0.7001142), rel=1e-6)


def test_the_independent_difference_agrees_with_welch():
    found = welch_difference(*SLEEP)
    wanted = stats.ttest_ind(*SLEEP, equal_var=False)
    assert (found.p, found.freedom) == pytest.approx((wanted.pvalue, wanted.df), rel=1e-12)
    assert (found.low, found.high) == pytest.approx(tuple(wanted.confidence_interval()), rel=1e-9)


def test_a_sample_of_one_has_a_difference_and_no_more():
    found = welch_difference([4.0], [3.0, 2.0])
    assert (found.difference, found.p) == (1.5, None)
    assert welch_difference([], [3.0]).difference is None
    assert paired_difference([4.0, math.nan], [3.0, 1.0]).p is None
    assert independent_difference((math.nan, math.nan, -1), (3.0, 0.1, 4)).difference is None


def test_without_spread_the_number_of_answers_speaks():
    assert welch_difference([5.0] * 2, [4.0] * 2).p == pytest.approx(1 / 3)
    assert welch_difference([5.0] * 50, [4.0] * 50).p < 1e-20
    assert welch_difference([4.0] * 50, [4.0] * 50).p == 1
    assert paired_difference([5.0] * 3, [4.0] * 3).p == 0.25
    assert constant_p(3, 2) == pytest.approx(2 / 10)


def test_benjamini_and_hochberg_reject_four_where_holm_rejects_three():
    assert (benjamini_hochberg(P_1995) <= 0.05).sum() == 4
    assert (holm(P_1995) <= 0.05).sum() == 3


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_adjusted_p_values_agree_with_statsmodels(n):
    p = np.random.default_rng(n).random(n) ** 3
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-12)


def test_a_missing_p_value_stays_missing_and_is_not_counted():
    found = holm([0.01, math.nan, 0.04])
    assert found[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(found[1])
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([1.5])
