"""The same homes in two linked waves: compared by their own differences, where that tells about nobody.

The difference of those who answered twice is one more sum over people. With the totals of both waves it can leave exactly those
who answered once; so it is held against everything that is shown of both waves before it is shown."""

from copy import copy
from dataclasses import replace

import numpy as np

from linsheng.statistics.checks import Floats
from linsheng.statistics.suppression import may_show
from linsheng.surveys.analysis import Change
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.changing import changes
from linsheng.surveys.results.shapes import WaveResult


def paired_changes(ours: Sample, theirs: Sample, mine: WaveResult, was: WaveResult) -> dict[str, Change]:
    """The changes that may be shown; empty where a wave was anonymous."""
    if ours.columns.keys is None or theirs.columns.keys is None:
        return {}
    twice = np.intersect1d(ours.columns.keys, theirs.columns.keys, assume_unique=True)
    now, before = (_paired(sample) for sample in (ours, theirs))
    found = changes(now, before)
    least = ours.spec.min_group
    return {
        item: change
        for item, change in found.items()
        if change.difference is not None and change.n >= least and _may_show((now, mine), (before, was), item, twice)
    }


def _paired(sample: Sample) -> Sample:
    other = copy(sample)
    other.spec = replace(sample.spec, paired_on="home")
    return other


def _may_show(now: tuple[Sample, WaveResult], before: tuple[Sample, WaveResult], item: str, twice: np.ndarray) -> bool:
    both = _answered_in_both(now[0], before[0], item, twice)
    parts = [_published(sample, result, item, both) for sample, result in (now, before)]
    sizes = np.concatenate([part[0] for part in parts])
    rows = np.zeros((sum(part[1].shape[0] for part in parts), sizes.size))
    split, row = parts[0][0].size, parts[0][1].shape[0]
    rows[:row, :split], rows[row:, split:] = parts[0][1], parts[1][1]
    pairs = np.concatenate([part[2] for part in parts])
    less = np.where(np.arange(sizes.size) < split, pairs, -pairs)
    # Sums of both waves' answers, and differences between them: with the earlier wave counted negative the second looks alike.
    least = now[0].spec.min_group
    return may_show(sizes, rows, less, minimum=least) and may_show(sizes, rows, pairs, minimum=least)


def _answered_in_both(ours: Sample, theirs: Sample, item: str, twice: np.ndarray) -> np.ndarray:
    """The homes that answered the item in both waves."""
    found = twice
    for sample in (ours, theirs):
        keys = sample.columns.keys
        if keys is not None:
            found = np.intersect1d(found, keys[sample.columns.items[item] < sample.spec.levels])
    return found


def _published(sample: Sample, result: WaveResult, item: str, both: np.ndarray) -> tuple[Floats, Floats, Floats]:
    """Sizes of the cells (alike in every division, answered twice or not), rows of what is shown, and which cells are pairs."""
    answered = sample.columns.items[item] < sample.spec.levels
    pair = np.isin(sample.columns.keys[answered], both)  # type: ignore[index]  # linked waves have keys
    combined, sizes = np.unique(sample.cells.of[answered].astype(np.int64) * 2 + pair, return_counts=True)
    cell, pairs = combined // 2, (combined % 2).astype(np.float64)
    weights = [np.ones(cell.size), sample.design.weight[sample.stratum][cell]]
    weights += [sample.raked.weights[cell]] if sample.raked else []
    groups = [np.ones(cell.size)]
    for name in sample.spec.by:
        table, levels = result.table(name), sample.columns.factors[name].levels
        codes = sample.cells.codes[name][cell]
        groups += [(codes == at).astype(np.float64) for at, level in enumerate(levels) if table and table.cell(level, item)]
    rows = np.array([weight * group for weight in weights for group in groups])
    return sizes.astype(np.float64), rows, pairs
