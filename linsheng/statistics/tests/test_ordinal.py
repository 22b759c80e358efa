"""Kruskal-Wallis and the ordered logit, on the Copenhagen housing data (Madsen 1976; R: MASS::housing)."""

import numpy as np
import pytest
from scipy import stats

from linsheng.statistics.ordinal import kruskal_wallis, ordered_logit

# Satisfaction (low, medium, high) runs fastest, then influence (3), type (tower, apartment, atrium, terrace), contact (2).
FREQUENCIES = [
    *(
        21,
        21,
        28,
        34,
        22,
        36,
        10,
        11,
        36,
        61,
        23,
        17,
        43,
        35,
        40,
        26,
        18,
        54,
        13,
        9,
        10,
        8,
        8,
        12,
        6,
        7,
        9,
        18,
        6,
        7,
        15,
        13,
        13,
        7,
        5,
        11,
    ),
    *(
        14,
        19,
        37,
        17,
        23,
        40,
        3,
        5,
        23,
        78,
        46,
        43,
        48,
        45,
        86,
        15,
        25,
        62,
        20,
        23,
        20,
        10,
        22,
        24,
        7,
        10,
        21,
        57,
        23,
        13,
        31,
        21,
        13,
        5,
        6,
        13,
    ),
]
ROW = np.arange(72)
SATISFACTION, INFLUENCE, TYPE, CONTACT = ROW % 3, ROW // 3 % 3, ROW // 9 % 4, ROW // 36
PREDICTORS = np.column_stack([INFLUENCE == 1, INFLUENCE == 2, TYPE == 1, TYPE == 2, TYPE == 3, CONTACT == 1]).astype(float)


def test_kruskal_by_type_agrees_with_r():
    found = kruskal_wallis(np.repeat(SATISFACTION, FREQUENCIES), np.repeat(TYPE, FREQUENCIES))
    assert found.statistic == pytest.approx(53.5598, abs=5e-5)
    assert found.p == pytest.approx(1.3928e-11, rel=1e-4)


def test_kruskal_agrees_with_scipy_and_drops_missing_values():
    rng = np.random.default_rng(1)
    x, group = rng.integers(1, 6, 60).astype(float), rng.integers(0, 3, 60)
    x[:3] = np.nan
    wanted = stats.kruskal(*(x[3:][group[3:] == each] for each in range(3)))
    found = kruskal_wallis(x, group)
    assert (found.statistic, found.p, found.missing) == pytest.approx((wanted.statistic, wanted.pvalue, 3), rel=1e-10)
    assert kruskal_wallis([1, 1, 1], ["a", "b", "b"]).statistic is None
    assert kruskal_wallis([1, 2], ["a", "a"]).p is None


def test_the_ordered_logit_agrees_with_polr():
    found = ordered_logit(SATISFACTION, PREDICTORS, weights=FREQUENCIES)
    assert found.coefficients == pytest.approx([0.5663937, 1.2888191, -0.5723501, -0.3661866, -1.0910149, 0.3602841], abs=2e-6)
    assert found.standard_errors == pytest.approx([0.10465, 0.12716, 0.11924, 0.15517, 0.15149, 0.09554], abs=1e-5)
    assert found.thresholds == pytest.approx([-0.4961353, 0.6907083], abs=2e-6)
    assert found.threshold_errors == pytest.approx([0.12485, 0.12547], abs=1e-5)
    assert found.deviance == pytest.approx(3479.149, abs=5e-4)


def test_a_row_with_something_missing_is_dropped_and_counted():
    answers = np.append(SATISFACTION, np.nan)
    found = ordered_logit(answers, np.vstack([PREDICTORS, np.zeros(6)]), weights=[*FREQUENCIES, 5])
    assert (found.missing, found.n) == (1, 1681)
    assert found.deviance == pytest.approx(3479.149, abs=5e-4)


def test_what_has_no_best_fit_is_refused():
    with pytest.raises(ValueError, match="two levels"):
        ordered_logit([1, 1], [[0.0], [1.0]])
    with pytest.raises(ValueError, match=r"fully|others"):
        ordered_logit([1, 1, 1, 2, 2, 2], [[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]])
    with pytest.raises(ValueError, match="others"):
        ordered_logit(SATISFACTION, np.column_stack([PREDICTORS, PREDICTORS[:, 0]]), weights=FREQUENCIES)
