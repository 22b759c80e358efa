"""Items that few of a group answered: their intervals and p values go by the answers, not by the neighbours who were not asked."""

import numpy as np
import pytest
from scipy import stats

from linsheng.statistics.bounded import scale_bounds
from linsheng.statistics.proportions import wilson_interval
from linsheng.statistics.tests.r_survey import svymean
from linsheng.surveys.analysis import Columns, Factor, Spec, analyse, item_codes

STARS = np.arange(1, 6)
EVEN, PEAKED = [0.2] * 5, [0.1, 0.2, 0.4, 0.2, 0.1]
CONTENT, CROSS = [0.05, 0.1, 0.2, 0.35, 0.3], [0.3, 0.35, 0.2, 0.1, 0.05]
# Answers of respondents of each group.
SIZES = ((5, 28), (10, 60), (8, 200))


def wave(rng, *, answered, of, shares, groups=600):
    """Many buildings of which `of` sent something in and `answered` of them had used the service asked about."""
    codes = np.full((groups, of), 5, dtype=np.uint8)
    codes[:, :answered] = rng.choice(5, (groups, answered), p=shares)
    building = Factor(np.repeat(np.arange(groups, dtype=np.int32), of), tuple(map(str, range(groups))))
    return Columns(codes.size, {"q": codes.ravel()}, {"building": building})


def cells(rng, size, shares, **spec):
    columns = wave(rng, answered=size[0], of=size[1], shares=shares)
    return [rows["q"] for rows in analyse(columns, Spec(items=("q",), by=("building",), **spec)).by["building"].values()]


def covered(rng, size, shares, **spec):
    truth = float(STARS @ shares)
    return float(np.mean([cell.low - 1e-9 <= truth <= cell.high + 1e-9 for cell in cells(rng, size, shares, **spec)]))


def plain_and_by_building(rng, size, shares):
    """In one sample of all and with a stratum a building."""
    return [covered(rng, size, shares, **spec) for _ in range(3) for spec in ({}, {"strata": "building"})]


@pytest.mark.parametrize("size", SIZES)
def test_a_groups_interval_covers_however_few_of_it_answered(size):
    rng = np.random.default_rng(20260401 + size[0])
    found = [plain_and_by_building(rng, size, shares) for shares in (PEAKED, EVEN)]
    assert 0.93 <= np.mean(found) <= 0.97
    assert np.mean(plain_and_by_building(rng, size, CONTENT)) >= 0.92


@pytest.mark.parametrize("size", SIZES)
def test_hardly_any_group_on_target_is_almost_certainly_low(size):
    rng, called = np.random.default_rng(20260402 + size[0]), []
    for shares in (PEAKED, EVEN, CONTENT, CROSS) * 3:
        columns = wave(rng, answered=size[0], of=size[1], shares=shares)
        spec = Spec(items=("q",), by=("building",), target=float(STARS @ shares), confidence=1e-9, min_group=1)
        called.append(sum(area.p < 0.001 for area in analyse(columns, spec).low_areas if area.by) / 600)
    # Nominal is one in a thousand; with the respondents' degrees of freedom it was twenty. Cross people alone give up to eight.
    assert np.mean(called) <= 0.0035
    assert np.mean(np.delete(called, [3, 7, 11])) <= 0.002


def test_a_low_area_of_five_answers_is_as_sure_as_students_t_says():
    answers = np.array([2, 2, 2, 3, 3])
    given = [*answers, *[None] * 23, *[4, 5] * 20]
    columns = Columns(68, {"q": item_codes(given)}, {"g": Factor.of(["8栋"] * 28 + ["1栋"] * 40)})
    for strata in (None, "g"):
        found = analyse(columns, Spec(items=("q",), by=("g",), target=4.0, strata=strata))
        area = next(area for area in found.low_areas if area.level == "8栋")
        oracle = stats.ttest_1samp(answers, 4, alternative="less")
        assert area.p == pytest.approx(oracle.pvalue, rel=1e-6)
        # Five answers of a simple random sample, whoever else lives there.
        low, high = scale_bounds(answers.mean() - 1, answers.var(), 5.0, 5.0, 4.0)
        assert (area.low, area.high) == pytest.approx((1 + low, 1 + high), rel=1e-6)
        # The standard error stays R's (`svyby`).
        n = 28 if strata else 68
        assert found.by["g"]["8栋"]["q"].se == pytest.approx(np.sqrt(n / (n - 1) * answers.var() / 5))


@pytest.mark.parametrize("population", [None, 400])
def test_a_change_of_items_with_missing_answers_is_welchs(population):
    rng = np.random.default_rng(20260403)
    now, before = (rng.choice([1, 2, 3, 4, 5, None], n, p=[0.1, 0.1, 0.1, 0.1, 0.1, 0.5]) for n in (60, 21))
    waves = [Columns(len(wave), {"q": item_codes(wave)}) for wave in (now, before)]
    found = analyse(waves[0], Spec(items=("q",), population=population), waves[1]).change["q"]
    known = [np.array([answer for answer in wave if answer is not None], dtype=float) for wave in (now, before)]
    oracle = stats.ttest_ind(*known, equal_var=False)
    assert found.p == pytest.approx(oracle.pvalue, rel=1e-6)
    assert (found.low, found.high) == pytest.approx(tuple(oracle.confidence_interval(0.95)), rel=1e-6)


def test_groups_of_whole_strata_that_all_answered_have_rs_error_and_nearly_its_interval():
    rng = np.random.default_rng(20260404)
    stratum, answers = rng.integers(0, 4, 120), rng.integers(1, 6, 120)
    homes = {str(h): 50.0 + 30 * h for h in range(4)}
    half = [f"{h // 2}" for h in stratum]
    columns = Columns(120, {"q": item_codes(answers)}, {"s": Factor.of(stratum), "half": Factor.of(half)})
    cell = analyse(columns, Spec(items=("q",), by=("half",), strata="s", population=homes)).by["half"]["1"]["q"]
    inside = stratum >= 2
    mean, error = svymean(np.where(inside, answers, np.nan), stratum.astype(str), homes)
    assert (cell.mean, cell.se) == pytest.approx((mean, error), rel=1e-10)
    assert cell.high - cell.low == pytest.approx(2 * stats.t.ppf(0.975, inside.sum() - 2) * error, rel=0.04)


PILED_UP = ([0.03, 0.04, 0.08, 0.25, 0.6], [0.02, 0.03, 0.05, 0.2, 0.7], [0.02, 0.02, 0.03, 0.08, 0.85], [0, 0, 0.05, 0.35, 0.6])


@pytest.mark.parametrize("size", [*SIZES, (20, 40)])
def test_a_groups_interval_covers_where_most_give_the_best_answer(size):
    rng = np.random.default_rng(20260405 + size[0])
    found = [plain_and_by_building(rng, size, shares) for shares in PILED_UP]
    # Student's t covered 55 to 91 % of these.
    assert min(np.mean(one) for one in found) >= 0.94
    assert np.mean(found) <= 0.98


def test_eight_neighbours_who_all_say_the_best_are_not_certainty():
    columns = Columns(48, {"q": item_codes([5] * 8 + [3, 4] * 20)}, {"g": Factor.of(["8栋"] * 8 + ["1栋"] * 40)})
    cell = analyse(columns, Spec(items=("q",), by=("g",))).by["g"]["8栋"]["q"]
    assert (cell.mean, cell.se, cell.high) == (5, 0, 5)
    # Wilson's of eight out of eight, on the scale.
    assert cell.low == pytest.approx(1 + 4 * wilson_interval(8, 8).low)
