"""No combination of what is shown of two linked waves tells about fewer than five people."""

from dataclasses import replace

import numpy as np
import pytest

from linsheng.statistics.response import response_rates
from linsheng.surveys.analysis import Columns, Factor, Spec
from linsheng.surveys.analysis.analysing import tabulated
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.results.pairs import paired_changes
from linsheng.surveys.results.shapes import ResponseResult, WaveResult
from linsheng.surveys.results.tables import Part, tables_of

ITEM, BY = "overall", ("building", "tenure")
RESPONSE = ResponseResult(0, 0, 0, 0, 0, 0, 0, 0, response_rates(complete=0), {}, ())


def drawn(rng, homes, buildings, tenures):
    """Some of the homes answer, some of those the question; what is shown of them."""
    answered = np.sort(rng.choice(homes, int(homes * rng.uniform(0.92, 1.0)), replace=False))
    codes = np.where(rng.random(answered.size) < 0.02, 5, rng.integers(0, 5, answered.size)).astype(np.uint8)
    factors = {"building": Factor(buildings[answered], ("A", "B", "C")), "tenure": Factor(tenures[answered], ("owner", "let"))}
    columns = Columns(answered.size, {ITEM: codes}, factors, answered)
    spec = Spec(items=(ITEM,), strata="building", population={level: float(homes) for level in "ABC"}, by=BY)
    sample = Sample(columns, spec)
    empty = WaveResult(1, 1, answered.size, False, False, True, 0.95, 4.0, (), RESPONSE)
    return sample, replace(empty, tables=tuple(tables_of([Part(sample, *tabulated(sample))], {})))


def shown(sample, result, homes):
    """One row a figure over all homes: who is in it, and with what weight."""
    people = sample.columns.keys[sample.columns.items[ITEM] < 5]
    place = {home: at for at, home in enumerate(sample.columns.keys.tolist())}
    cell = np.array([sample.cells.of[place[home]] for home in people.tolist()])
    groups = [np.ones(cell.size)]
    for name in BY:
        codes, levels = sample.cells.codes[name][cell], sample.columns.factors[name].levels
        groups += [(codes == at) * 1.0 for at, level in enumerate(levels) if result.table(name).cell(level, ITEM)]
    rows = np.zeros((2 * len(groups), homes))
    for at, weight in enumerate((np.ones(cell.size), sample.design.weight[sample.stratum][cell])):
        for number, group in enumerate(groups):
            rows[at * len(groups) + number, people] = weight * group
    return rows, people


@pytest.mark.parametrize("seed", range(40))
def test_those_who_answered_only_once_are_not_told_by_the_paired_change(seed):
    rng = np.random.default_rng(seed)
    homes = int(rng.integers(25, 70))
    buildings, tenures = rng.integers(0, 3, homes).astype(np.int32), (rng.random(homes) < 0.3).astype(np.int32)
    now, mine = drawn(rng, homes, buildings, tenures)
    before, was = drawn(rng, homes, buildings, tenures)
    (ours, here), (theirs, there) = shown(now, mine, homes), shown(before, was, homes)
    rows = [np.hstack([ours, np.zeros_like(ours)]), np.hstack([np.zeros_like(theirs), theirs])]
    both = np.intersect1d(here, there)
    if paired_changes(now, before, mine, was):
        pairs = np.zeros((1, 2 * homes))
        pairs[0, both], pairs[0, homes + both] = 1.0, -1.0
        rows.append(pairs)
    table = np.vstack(rows)
    once = [np.setdiff1d(here, both), np.setdiff1d(there, both) + homes]
    for group in (*once, np.concatenate(once)):
        for sign in (1.0, -1.0):
            row = np.zeros(2 * homes)
            row[group] = np.where(group < homes, 1.0, sign)
            known = np.linalg.matrix_rank(np.vstack([table, row]), tol=1e-9) == np.linalg.matrix_rank(table, tol=1e-9)
            assert not known or not 0 < group.size < 5


def test_a_paired_change_is_shown_where_enough_answered_only_once():
    rng = np.random.default_rng(1)
    homes = 300
    buildings, tenures = rng.integers(0, 3, homes).astype(np.int32), (rng.random(homes) < 0.3).astype(np.int32)
    now, mine = drawn(rng, homes, buildings, tenures)
    before, was = drawn(rng, homes, buildings, tenures)
    change = paired_changes(now, before, mine, was)[ITEM]
    assert change.n == change.n_before > 100
