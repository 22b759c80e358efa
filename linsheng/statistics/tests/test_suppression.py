"""What is hidden stays hidden, whatever is added up or taken away."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linsheng.statistics.suppression import exposed, may_show, suppress


def shown_rows(columns, levels, found, cells, weightings=(), extra=()):
    """Everything that is published: the total and what is not hidden, with each weighting; with extra ones where they may."""
    groups = [
        ((np.asarray(column) == level).astype(float), table, level)
        for table, (column, k) in enumerate(zip(columns, levels, strict=True))
        for level in range(k)
        if not found.hidden[table][level]
    ]
    rows = [w * row for w in (np.ones(cells), *weightings) for row in (np.ones(cells), *(group[0] for group in groups))]
    for w, beside in zip(extra, found.extra, strict=True):
        rows += [w, *(w * row for row, table, level in groups if beside[table][level])]
    return np.array(rows)


def rank_says(rows, group):
    return np.linalg.matrix_rank(np.vstack([rows, group]), tol=1e-9) == np.linalg.matrix_rank(rows, tol=1e-9)


def test_one_small_group_takes_the_smallest_other_with_it():
    found = suppress([30, 25, 3, 20], [[0, 1, 2, 3]], [4])
    assert found.hidden[0].tolist() == [False, False, True, True]


def test_two_small_groups_that_are_few_together_take_another():
    assert suppress([30, 25, 1, 2], [[0, 1, 2, 3]], [4]).hidden[0].tolist() == [False, True, True, True]
    assert suppress([30, 25, 4, 4], [[0, 1, 2, 3]], [4]).hidden[0].tolist() == [False, False, True, True]


def test_nothing_small_hides_nothing():
    found = suppress([30, 25, 5], [[0, 1, 2]], [3])
    assert not found.hidden[0].any()
    assert not found.exposed


def test_an_empty_group_needs_no_other():
    assert suppress([30, 25, 0], [[0, 1, 2]], [3]).hidden[0].tolist() == [False, False, True]


def test_those_of_unknown_place_are_a_group_too():
    assert suppress([30, 25, 3], [[0, 1, -1]], [2]).hidden[0].tolist() == [False, True]


def test_a_total_of_few_hides_everything():
    found = suppress([2, 1], [[0, 1]], [2])
    assert found.hidden[0].all()
    assert found.exposed


def test_a_grade_is_not_the_detour_to_its_buildings():
    # Buildings 0-2 are grade 0, 3-5 grade 1; building 1 is small. Hiding a building of the other grade would not help.
    sizes, building, grade = [20, 3, 20, 6, 20, 20], [0, 1, 2, 3, 4, 5], [0, 0, 0, 1, 1, 1]
    found = suppress(sizes, [building, grade], [6, 2])
    assert not rank_says(shown_rows([building, grade], [6, 2], found, 6), np.eye(6)[1])
    assert found.hidden[0].tolist() == [True, True, False, False, False, False]


def test_two_weightings_of_the_same_mean_need_one_more_hidden():
    sizes, building = [3, 20, 25, 30], [0, 1, 2, 3]
    weights = [10.0, 4.0, 5.0, 6.0]
    found = suppress(sizes, [building], [4], weightings=[weights])
    assert found.hidden[0].tolist() == [True, True, True, False]


def test_a_second_weighting_of_a_group_goes_before_the_group():
    # Building 0 has three tenants: its plain and its weighted mean together would tell what they said.
    sizes, building, tenure = [20, 3, 20, 9, 20, 8], [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1]
    weights = [1.0, 3.0, 1.0, 2.0, 1.0, 2.5]
    found = suppress(sizes, [building, tenure], [3, 2], extra=[weights])
    assert not any(flags.any() for flags in found.hidden)
    assert not found.extra[0][0].any()
    assert suppress(sizes, [building, tenure], [3, 2], weightings=[weights]).hidden[0].any()


def test_what_the_total_tells_anyway_is_shown_and_what_it_must_not_is_told():
    # Two buildings, a total with two weightings: both can be reckoned, whatever was hidden for other reasons.
    weights, hidden = [20 / 7, 1.5], [[True, True]]
    found = suppress([7, 6], [[0, 1]], [2], extra=[weights], hidden=hidden)
    assert not found.hidden[0].any() and found.extra[0][0].all() and not found.told
    # Without the second weighting nothing can, and the gaps stay.
    assert suppress([7, 6], [[0, 1]], [2], hidden=hidden).hidden[0].all()
    # A table with one group of everybody is the total.
    assert not suppress([7, 6], [[0, 1], [0, 0]], [2, 1], hidden=[[True, True], [True]]).hidden[1].any()
    # The weightings tell a weighted sum of building 0; its plain mean beside that would tell two times four people.
    sizes, building, weights, raked = [4, 4, 9, 9], [0, 0, 1, 1], [3.0, 4.0, 2.0, 2.0], [1.0, 2.0, 5.0, 6.0]
    found = suppress(sizes, [building], [2], extra=[weights, raked], hidden=hidden)
    assert found.hidden[0].all() and found.told
    assert not suppress(sizes, [building], [2], extra=[raked], secret=[weights], hidden=hidden).told


def test_buildings_with_few_tenants_each_are_all_shown():
    # 1,500 answers in 50 buildings, a quarter of them tenants', as a wave of a large community brings.
    rng = np.random.default_rng(3)
    people = np.column_stack([rng.integers(0, 50, 1500), rng.random(1500) < 0.25]).astype(int)
    cells, sizes = np.unique(people, axis=0, return_counts=True)
    homes = rng.uniform(2, 3, 50)
    design, raked = homes[cells[:, 0]], homes[cells[:, 0]] * np.where(cells[:, 1], 1.4, 0.9)
    assert (sizes < 5).sum() >= 5
    found = suppress(sizes, list(cells.T), [50, 2], weightings=[design], extra=[raked])
    assert sum(flags.sum() for flags in found.hidden) == 0
    assert found.extra[0][0].sum() >= 25


def test_the_difference_to_an_earlier_publication_is_seen():
    # Three more answers came in after the first publication of the total.
    sizes, building, late = [30, 20, 3], [0, 1, 1], np.array([0, 0, 1])
    assert suppress(sizes, [building], [2], earlier=[late == 0]).exposed
    assert not suppress(sizes, [building], [2]).exposed
    assert not suppress([30, 20, 8], [building], [2], earlier=[late == 0]).exposed


def test_an_earlier_publication_of_a_building_hides_it_now():
    sizes, building, late = [30, 20, 3, 9], [0, 1, 1, 0], np.array([0, 0, 1, 1])
    first = [(late == 0) & (np.array(building) == 1), late == 0]
    found = suppress(sizes, [building], [2], earlier=first)
    assert found.hidden[0].tolist() == [True, True]


def test_a_filter_is_refused_when_it_leaves_few():
    sizes = [10, 10, 3, 10]
    total, owners = [1, 1, 1, 1], [1, 1, 0, 1]
    assert not may_show(sizes, [total], owners)
    assert not may_show(sizes, [total], [0, 0, 1, 0])
    assert may_show(sizes, [total], [1, 1, 0, 0])
    # Each of these is large, but together with what is shown they are not.
    assert not may_show(sizes, [total, [1, 0, 0, 0]], [0, 1, 0, 1])


def test_exposure_is_a_rank_test():
    assert exposed([[1, 1, 1], [1, 0, 0]], [[0, 1, 1], [0, 1, 0]]).tolist() == [True, False]
    assert exposed(np.zeros((0, 2)), [[1, 0]]).tolist() == [False]
    with pytest.raises(ValueError, match="same cells"):
        exposed([[1, 1]], [[1]])


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(1, 4), st.integers(2, 7), st.integers(0, 2), st.integers(0, 2), st.sampled_from([3, 5, 10])
)
def test_no_combination_of_what_is_published_recovers_a_hidden_group(seed, tables, most, weightings, extras, minimum):
    rng = np.random.default_rng(seed)
    levels = rng.integers(2, most + 1, tables).tolist()
    n = int(rng.integers(minimum, 150))
    # People with uneven groups, some without a known place; cells are the combinations that occur.
    people = np.column_stack([rng.choice(k, n, p=rng.dirichlet(np.ones(k))) - (rng.random(n) < 0.05) for k in levels])
    people = np.maximum(people, -1)
    cells, sizes = np.unique(people, axis=0, return_counts=True)
    columns = list(cells.T)
    weights = [rng.uniform(1, 3, sizes.size) for _ in range(weightings)]
    extra = [rng.uniform(1, 3, sizes.size) for _ in range(extras)]
    found = suppress(sizes, columns, levels, minimum=minimum, weightings=weights, extra=extra)
    rows = shown_rows(columns, levels, found, sizes.size, weights, extra)
    alone = np.array([np.ones(sizes.size), *weights, *extra])
    for column, k, hidden in zip(columns, levels, found.hidden, strict=True):
        group_sizes = np.array([sizes[column == level].sum() for level in range(k)])
        assert hidden[group_sizes < minimum].all()
        for level in np.flatnonzero(hidden & (group_sizes > 0)):
            for weight in alone:
                row = weight * (column == level)
                assert not rank_says(rows, row) or (rank_says(alone, row) and (found.told or group_sizes[level] < minimum))
    # Nor a few people who are no row of any table.
    small = np.flatnonzero(sizes < minimum)
    for count in (1, 2):
        for picked in itertools.combinations(small[:8], count):
            if sizes[list(picked)].sum() < minimum:
                for weight in alone:
                    row = weight * np.isin(np.arange(sizes.size), picked)
                    assert not rank_says(rows, row) or rank_says(alone, row)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(([1, -1], [[0, 1]], [2]), "negative"), (([1, 1], [[0]], [2]), "every cell|Every column"), (([1], [[0]], []), "Every column")],
)
def test_impossible_input_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        suppress(*arguments)
