"""Nothing that is null can be reckoned from all that is published together: the total and every table with all their weightings."""

import itertools

import numpy as np
import pytest

from linsheng.surveys.analysis import Columns, Factor, Spec, SpecError, analyse, item_codes

BY = {"building": "ABCDE", "tenure": "XYZ", "grade": "12"}


def drawn(rng):
    """A small wave with uneven groups, some of unknown tenure; a question that fewer were asked; any design."""
    n = int(rng.integers(12, 90))
    factors = {}
    for name, levels in BY.items():
        k = int(rng.integers(2, len(levels) + 1))
        codes = rng.choice(k, n, p=rng.dirichlet(np.full(k, 1.4)))
        if name == "tenure":
            codes = np.where(rng.random(n) < rng.choice([0, 0.1]), -1, codes)
        factors[name] = Factor(codes.astype(np.int32), tuple(levels[:k]))
    gate = factors["building"].codes == rng.integers(0, 5)
    asked = {"all": rng.random(n) < 0.95, "some": rng.random(n) < 0.7, "gated": ~gate & (rng.random(n) < 0.9)}
    items = {name: np.where(there, rng.integers(0, 5, n), 5).astype(np.uint8) for name, there in asked.items()}
    tables = tuple(BY)[: int(rng.integers(1, 4))]
    homes = {name: sizes(rng, factor) for name, factor in factors.items()}
    design = [{}, {"strata": "building", "population": homes["building"]}][rng.integers(0, 2)]
    margins = [{}, {"tenure": homes["tenure"]}, {"tenure": homes["tenure"], "building": homes["building"]}][rng.integers(0, 3)]
    return Columns(n, items, factors), Spec(items=tuple(items), by=tables, margins=margins, **design)


def sizes(rng, factor):
    met = np.bincount(factor.codes[factor.codes >= 0], minlength=len(factor.levels))
    homes = np.where(met > 0, met * rng.integers(1, 4, met.size) + rng.integers(1, 9, met.size), 0)
    return dict(zip(factor.levels, homes.astype(float).tolist(), strict=True))


def weights_of(columns, spec):
    """Of each respondent: the design's weight, and the raked one, reckoned anew."""
    design = np.ones(columns.n)
    if spec.strata:
        codes = columns.factors[spec.strata].codes
        homes = np.array([spec.population[level] for level in columns.factors[spec.strata].levels])
        design = (homes / np.maximum(np.bincount(codes, minlength=homes.size), 1))[codes]
    raked = design.copy()
    for _ in range(500):
        for name, wanted in spec.margins.items():
            raked = fitted(raked, columns.factors[name], wanted, design)
    return design, raked


def fitted(raked, factor, wanted, design):
    known = factor.codes >= 0
    share = design[known].sum() / design.sum()
    met = {at: size for at, size in enumerate(wanted[level] for level in factor.levels) if (factor.codes == at).any()}
    for at, size in met.items():
        inside = factor.codes == at
        raked = np.where(inside, raked * size / sum(met.values()) * share * design.sum() / raked[inside].sum(), raked)
    return raked if known.all() else np.where(known, raked, raked * (1 - share) * design.sum() / raked[~known].sum())


def published(found, item, columns, weights):
    """Rows over respondents of every figure that is shown of the item, and of every one that is null."""
    answered = (columns.items[item] < 5).astype(float)
    cells = [(found.items[item], answered)]
    for name, levels in found.by.items():
        codes = columns.factors[name].codes
        cells += [(levels[level][item], answered * (codes == at)) for at, level in enumerate(columns.factors[name].levels)]
    shown, null = [], []
    for cell, group in cells:
        seen = cell is not None and not cell.hidden
        parts = (seen, seen and cell.distribution is not None, seen and cell.weighted.mean is not None)
        for there, weight in zip(parts, (weights[0], np.ones(columns.n), weights[1]), strict=True):
            (shown if there else null).append(group * weight)
    return shown, [row for row in null if row.any()]


def few(columns, spec, item, weights):
    """Sums of up to three combinations of the groups, together below five answers."""
    names = dict.fromkeys([*spec.by, *([spec.strata] if spec.strata else []), *spec.margins])
    kinds = np.unique([columns.factors[name].codes for name in names], axis=1, return_inverse=True)[1]
    answered = columns.items[item] < 5
    cells = [row for at in range(kinds.max() + 1) if 0 < (row := (kinds == at) & answered).sum() < 5]
    for count in (1, 2, 3):
        for picked in itertools.combinations(cells[:9], count):
            if (group := np.any(picked, axis=0)).sum() < 5:
                yield from (group * weight for weight in (np.ones(columns.n), *weights))


def told(shown, row):
    """Whether some combination of the shown rows is this row."""
    space = (np.array(shown) / np.abs(shown).max(1, keepdims=True)).T
    row = row / np.abs(row).max()
    return bool(np.abs(space @ np.linalg.lstsq(space, row, rcond=1e-10)[0] - row).max() < 1e-7)


def agrees(cell, codes, weights):
    """Whether the weights of this test are those of the analysis."""
    means = (cell.mean, cell.weighted.mean)
    pairs = [(mean, np.average(codes[codes < 5] + 1, weights=w[codes < 5])) for mean, w in zip(means, weights, strict=True) if mean]
    return all(mean == pytest.approx(own, rel=1e-5) for mean, own in pairs)


def checked(seed):
    """Of how many hidden figures and sums under five it was asked whether what is published tells them."""
    rng = np.random.default_rng(seed)
    columns, spec = drawn(rng)
    try:
        found, weights = analyse(columns, spec), weights_of(columns, spec)
    except SpecError:
        return 0  # Margins that no weights can meet.
    count = 0
    for item in spec.items:
        assert agrees(found.items[item], columns.items[item], weights)
        shown, null = published(found, item, columns, weights)
        for row in (*null, *few(columns, spec, item, weights)) if shown else ():
            assert not told(shown, row), (seed, item)
            count += 1
    return count


@pytest.mark.parametrize("ten", range(4))
def test_nothing_hidden_can_be_reckoned_from_all_that_is_published(ten):
    assert sum(checked(seed) for seed in range(10 * ten, 10 * ten + 10)) > 50


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("hundred", range(1, 21))
def test_nothing_hidden_can_be_reckoned_in_thousands_of_waves(hundred):
    assert sum(checked(seed) for seed in range(100 * hundred, 100 * hundred + 100)) > 500


def test_two_buildings_that_the_total_tells_anyway_are_shown():
    building = ["A"] * 2 + ["B"] * 7 + ["C"] * 6
    some = [None, None, 1, 3, 4, 5, 2, 3, 1, 1, 1, 1, 4, 2, 2]
    columns = Columns(15, {"q": item_codes(some), "r": item_codes([3] * 15)}, {"b": Factor.of(building)})
    spec = Spec(items=("q", "r"), by=("b",), strata="b", population={"A": 6.0, "B": 20.0, "C": 9.0})
    cells = analyse(columns, spec).by["b"]
    # Nobody of A answered q: its mean by design and its distribution give B and C. Of r they cannot tell three buildings.
    assert [cells[level]["q"] and cells[level]["q"].n for level in "ABC"] == [None, 7, 6]
    assert [cells[level]["r"] for level in "ABC"] == [None, None, None]
