"""Response rates and sample sizes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linsheng.statistics.response import response_rates
from linsheng.statistics.samples import allocate, detectable_difference, sample_size


def test_the_six_rates_agree_with_aapor():
    found = response_rates(complete=4, partial=2, refused=1, not_reached=1, other=1, unknown_home=1, unknown_other=1, eligible=0.9)
    rates = (found.rr1, found.rr2, found.rr3, found.rr4, found.rr5, found.rr6)
    assert rates == pytest.approx((4 / 11, 6 / 11, 4 / 10.8, 6 / 10.8, 4 / 9, 6 / 9), rel=1e-12)


def test_nobody_asked_has_no_rate_and_negative_counts_are_refused():
    assert response_rates(complete=0).rr1 is None
    with pytest.raises(ValueError, match="negative"):
        response_rates(complete=-1)
    with pytest.raises(ValueError, match="eligible"):
        response_rates(complete=1, eligible=1.2)


@pytest.mark.parametrize(("homes", "answers"), [(50, 44), (100, 80), (200, 132), (500, 217), (1000, 278), (5000, 357), (1, 1)])
def test_sample_sizes_agree_with_krejcie_and_morgan(homes, answers):
    assert sample_size(homes).answers == answers


def test_more_are_invited_than_answer_but_not_more_than_there_are():
    assert sample_size(1000, response=0.5).invite == 556
    assert sample_size(300, response=0.3).invite == 300
    with pytest.raises(ValueError, match="at least 1"):
        sample_size(0)
    with pytest.raises(ValueError, match="response"):
        sample_size(10, response=0)


def test_allocation_is_in_proportion_or_by_spread():
    assert allocate(100, [500, 300, 200]).tolist() == [50, 30, 20]
    assert allocate(100, [500, 300, 200], spread=[1, 2, 1]).tolist() == [39, 46, 15]
    assert allocate(100, [1000, 3, 50]).tolist() == [93, 2, 5]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12), st.data())
def test_allocation_adds_up_and_stays_within_the_strata(homes, data):
    total = data.draw(st.integers(0, sum(homes)))
    found = allocate(total, homes)
    assert found.sum() == total
    assert (found >= 0).all()
    assert (found <= np.array(homes)).all()


def test_the_detectable_difference_shrinks_with_the_root_of_n():
    assert detectable_difference([100])[0] == pytest.approx((1.959964 + 0.841621) * np.sqrt(2 / 100), rel=1e-6)
    assert np.isinf(detectable_difference([0])[0])
    with pytest.raises(ValueError, match="cannot be drawn"):
        allocate(5, [2, 2])
