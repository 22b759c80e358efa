"""Raking, post-stratification and what they cost."""

import numpy as np
import pytest

from linsheng.statistics.strata import strata
from linsheng.statistics.tests.r_survey import svymean
from linsheng.statistics.weighting import MarginResiduals, kish_effective_n, post_stratify, rake, raked_mean

TENURE, BUILDING = [700, 300], [400, 300, 280, 20]


def sample(n=273):
    rng = np.random.default_rng(42)
    return rng.integers(1, 6, n), rng.integers(0, 3, n), rng.integers(0, 2, n), rng.choice(4, n, p=[0.4, 0.3, 0.27, 0.03])


def estimate(x, home, raked, population, importance=None):
    counts = np.eye(5)[x - 1]
    residuals = MarginResiduals(raked, np.ones(x.size) if importance is None else importance)
    return figures(raked_mean(counts, np.arange(1, 6.0), strata(np.bincount(home), population), home, raked, residuals))


def figures(found):
    return float(found.mean[0]), float(found.variance[0]), float(found.kish[0])


def test_raking_reproduces_every_margin():
    _x, home, tenure, building = sample()
    start = strata(np.bincount(home), [300, 500, 200]).weight[home]
    raked = rake(start, [tenure, building], [TENURE, BUILDING])
    assert np.bincount(tenure, weights=raked.weights) == pytest.approx(TENURE, rel=1e-10)
    assert np.bincount(building, weights=raked.weights) == pytest.approx(BUILDING, rel=1e-10)
    assert raked.effective_n == pytest.approx(raked.weights.sum() ** 2 / (raked.weights**2).sum())


def test_mean_and_error_agree_with_rake_of_the_survey_package():
    x, home, tenure, building = sample()
    homes = np.array([300, 500, 200])
    start = strata(np.bincount(home), homes).weight[home]
    raked = rake(start, [tenure, building], [TENURE, BUILDING])
    mean, variance, _n = estimate(x, home, raked, homes)
    wanted = svymean(x, home, homes, weights=raked.weights, margins=(tenure, building))
    assert (mean, np.sqrt(variance)) == pytest.approx(wanted, rel=1e-9)
    # The same by the Python package `svy` 0.35 (Sample.weighting.rake, then estimation.mean).
    assert (mean, np.sqrt(variance)) == pytest.approx((3.058217502371608, 0.09682067287043246), rel=1e-6)


def test_cells_give_what_respondents_give():
    x, home, tenure, building = sample()
    homes = np.array([300, 500, 200])
    design = strata(np.bincount(home), homes)
    alone = rake(design.weight[home], [tenure, building], [TENURE, BUILDING])
    cell = (home * 2 + tenure) * 4 + building
    present, place, sizes = np.unique(cell, return_inverse=True, return_counts=True)
    h, t, b = present // 8, present // 4 % 2, present % 4
    counts = np.zeros((present.size, 5))
    np.add.at(counts, (place, x - 1), 1)
    raked = rake(design.weight[h], [t, b], [TENURE, BUILDING], sizes=sizes)
    found = figures(raked_mean(counts, np.arange(1, 6.0), design, h, raked, MarginResiduals(raked, np.ones(present.size))))
    assert found == pytest.approx(estimate(x, home, alone, homes), rel=1e-9)


def test_post_stratification_takes_the_variance_within_the_cells():
    # Särndal, Swensson and Wretman (1992), 7.6: with equal weights Σ N_g²·(n_g - 1)/n_g²·s_g² over N², times n/(n - 1).
    x = np.array([1, 2, 3, 5, 5, 4])
    group = np.array([0, 0, 0, 1, 1, 1])
    raked = post_stratify(np.ones(6), group, [60, 40])
    home = np.zeros(6, dtype=int)
    mean, variance, _n = estimate(x, home, raked, None)
    assert mean == pytest.approx(0.6 * 2 + 0.4 * 14 / 3)
    inside = 0.6**2 / 9 * 2 + 0.4**2 / 9 * (2 / 3)
    assert variance == pytest.approx(inside * 6 / 5)


def test_equal_weights_cost_nothing_and_unequal_ones_do():
    assert kish_effective_n([2, 2, 2]) == pytest.approx(3)
    assert kish_effective_n([1, 3]) == pytest.approx(16 / 10)
    assert kish_effective_n([]) == 0


@pytest.mark.parametrize(
    ("margin", "total", "words"),
    [
        ([0, 0], [5, 5], "homes where nobody answered"),
        ([0, -1], [5, 5], "missing"),
        ([0, 1], [5, 0], "no homes"),
        ([0, 1], [0, 0], "all 0"),
    ],
)
def test_margins_that_cannot_be_met_are_refused(margin, total, words):
    with pytest.raises(ValueError, match=words):
        rake([1, 1], [margin], [total])


def test_margins_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="contradict"):
        rake([1, 1], [[0, 1], [0, 1]], [[9, 1], [1, 9]])
