"""Stratified means, domains and shares."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from linsheng.statistics.proportions import wilson_interval
from linsheng.statistics.strata import (
    answer_freedom,
    combined_mean,
    domain_freedom,
    domain_means,
    few_answers,
    share_bounds,
    strata,
    stratified_mean,
    t_bounds,
)
from linsheng.statistics.tests.r_survey import svymean

SCORES = np.arange(1, 6, dtype=float)


def table(values, cell, cells, levels=5):
    """Counts (cells × levels) of answers 1 to 5."""
    known = ~np.isnan(values)
    counts = np.zeros((cells, levels))
    np.add.at(counts, (cell[known], values[known].astype(int) - 1), 1)
    return counts


def test_the_mean_of_published_strata_agrees_with_the_survey_package():
    found = combined_mean([674.43, 625.82, 636.60], [12.3825, 14.9371, 16.2147], [4421, 755, 1018])
    assert found.mean == pytest.approx(662.2874, abs=5e-4)
    assert found.standard_error == pytest.approx(9.4089, abs=5e-4)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 5), st.booleans())
def test_it_agrees_with_the_survey_package_whatever_the_sample(seed, n, size, known_population):
    rng = np.random.default_rng(seed)
    home = rng.integers(0, size, n)
    x = np.where(rng.random(n) < 0.2, np.nan, rng.integers(1, 6, n))
    homes = np.bincount(home, minlength=size) + rng.integers(0, 40, size)
    population = homes if known_population else None
    found = stratified_mean(x, home, population)
    if np.isnan(x).all():
        assert (found.n, found.mean, found.standard_error) == (0, None, None)
        return
    mean, error = svymean(x, home, homes if known_population else None)
    assert found.mean == pytest.approx(mean, rel=1e-12)
    if found.standard_error is not None:
        assert found.standard_error == pytest.approx(error, rel=1e-9, abs=1e-13)
        half = stats.t.ppf(0.975, n - np.unique(home).size) * error if found.freedom else 0
        assert (found.low, found.high) == pytest.approx((mean - half, mean + half), rel=1e-9)
    counted = domain_means(table(x, home, size), SCORES, strata(np.bincount(home, minlength=size), population), np.arange(size))
    assert counted.mean[0] == pytest.approx(mean, rel=1e-12)
    if counted.n[0] > 1:
        assert math.sqrt(counted.variance[0]) == pytest.approx(error, rel=1e-9, abs=1e-12)


def test_every_domain_agrees_with_the_survey_package():
    rng = np.random.default_rng(7)
    n = 400
    home, place = rng.integers(0, 3, n), rng.integers(0, 4, n)
    x = np.where(rng.random(n) < 0.3, np.nan, rng.integers(1, 6, n))
    homes = np.array([500, 900, 150])
    cell = home * 4 + place
    found = domain_means(table(x, cell, 12), SCORES, strata(np.bincount(home), homes), np.arange(12) // 4, np.arange(12) % 4, 4)
    freedom = domain_freedom(np.bincount(cell, minlength=12), np.arange(12) // 4, np.arange(12) % 4, 4, 3)
    for level in range(4):
        mean, error = svymean(np.where(place == level, x, np.nan), home, homes)
        assert (found.mean[level], math.sqrt(found.variance[level])) == pytest.approx((mean, error), rel=1e-12)
        assert freedom[level] == (place == level).sum() - 3
        within = stratified_mean(x, home, homes, within=place == level)
        assert (within.mean, within.standard_error, within.freedom) == pytest.approx((mean, error, freedom[level]), rel=1e-12)


def test_one_number_of_homes_is_shared_out_over_strata():
    design = strata([30, 10], 400)
    assert design.weight == pytest.approx([10, 10])
    assert design.unsampled == pytest.approx([0.9, 0.9])


def test_a_stratum_with_one_respondent_counts_around_the_common_mean():
    found = stratified_mean([1, 2, 3, 5], [0, 0, 0, 1], [30, 10])
    mean, error = svymean([1, 2, 3, 5], [0, 0, 0, 1], [30, 10])
    assert (found.mean, found.standard_error) == pytest.approx((mean, error))
    assert error > 0


def test_a_census_has_no_sampling_error():
    found = stratified_mean([1, 2, 5], [0, 0, 1], [2, 1])
    assert (found.standard_error, found.low, found.high) == (0, found.mean, found.mean)


@pytest.mark.parametrize(("values", "mean"), [([4.0], 4.0), ([4.0, math.nan, math.nan], 4.0)])
def test_one_answer_has_a_mean_but_no_error(values, mean):
    found = stratified_mean(values, population=10)
    assert (found.n, found.mean, found.standard_error, found.low) == (1, mean, None, None)


def test_nobody_gives_nothing():
    assert stratified_mean([]).mean is None
    found = domain_means(np.zeros((1, 5)), SCORES, strata([3]), np.zeros(1, dtype=int))
    assert (found.n[0], math.isnan(found.mean[0]), math.isnan(found.variance[0])) == (0, True, True)
    assert all(np.isnan(bound[0]) for bound in share_bounds(found))


def test_equal_answers_have_no_spread_at_all():
    found = stratified_mean([0.1] * 30, [0] * 10 + [1] * 20, [100, 700])
    assert (found.standard_error, found.low, found.high) == (0, found.mean, found.mean)


def test_more_respondents_than_homes_are_refused():
    with pytest.raises(ValueError, match="11 respondents cannot come from a population of 10"):
        strata([5, 11], [20, 10])


def share(successes, n, population=None):
    design = strata([n], population)
    return domain_means([[n - successes, successes]], [0.0, 1.0], design, np.zeros(1, dtype=int))


@pytest.mark.parametrize(("x", "n"), [(81, 263), (0, 20), (56, 70), (20, 20), (1, 1)])
def test_without_strata_and_population_a_share_has_the_plain_wilson_interval(x, n):
    low, high = share_bounds(share(x, n))
    plain = wilson_interval(x, n)
    assert (low[0], high[0]) == pytest.approx((plain.low, plain.high), rel=1e-12, abs=1e-15)


def test_the_correction_narrows_wilson_and_a_census_closes_it():
    low, high = share_bounds(share(30, 60, 120))
    plain = wilson_interval(60, 120)
    assert (low[0], high[0]) == pytest.approx((plain.low, plain.high))
    low, high = share_bounds(share(30, 60, 60))
    assert (low[0], high[0]) == (0.5, 0.5)


def test_strata_that_differ_do_not_make_a_share_surer_than_its_answers():
    design = strata([5, 5], [50, 50])
    found = domain_means([[5, 0], [0, 5]], [0.0, 1.0], design, np.array([0, 1]))
    low, high = share_bounds(found)
    plain = wilson_interval(5 / 0.9, 10 / 0.9)
    assert (low[0], high[0]) == pytest.approx((plain.low, plain.high))


def test_bounds_need_a_degree_of_freedom():
    low, _high = t_bounds(np.array([3.0]), np.array([0.2]), np.array([0.0]))
    assert np.isnan(low[0])


def test_few_answers_of_a_domain_make_the_variance_right_on_average():
    rng = np.random.default_rng(20260405)
    # Three strata of which some answered, in one domain or none; a thousand times.
    n, answered, homes, repeats = [8, 20, 5], [4, 3, 2], [40, 60, 50], 1000
    design = strata(np.tile(n, repeats))
    weighted = replace(design, weight=np.tile(np.array(homes) / np.array(n), repeats))
    counts = np.concatenate([rng.multinomial(k, [0.2] * 5, repeats)[:, None] for k in answered], axis=1).reshape(-1, 5)
    place = np.arange(3 * repeats)
    found = domain_means(counts, np.arange(5.0), weighted, place, place // 3, repeats)
    factor = few_answers(counts.sum(1), weighted, place, place // 3, repeats)
    assert factor == pytest.approx(factor[0])
    each = [(k, size / asked) for k, size, asked in zip(answered, homes, n, strict=True)]
    truth = 2 * sum(k * w**2 for k, w in each) / sum(k * w for k, w in each) ** 2
    assert factor[0] > 1.05
    assert (found.variance * factor).mean() == pytest.approx(truth, rel=0.02)


def test_where_everybody_answered_nothing_is_corrected():
    design = strata([8, 20, 2], [40, 60, 5])
    assert few_answers([8, 20, 2], design, np.arange(3), np.zeros(3, dtype=np.int64), 1) == pytest.approx([1.0])
    assert answer_freedom([5, 0, 1], np.arange(3), np.array([0, 0, 1]), 2, 3).tolist() == [4, 1]
