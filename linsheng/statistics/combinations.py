"""What can be reckoned from sums that are known: the space of all their combinations, and which small sums lie in it.

Used by `suppression`; rows are sums over *cells*, each cell with the weight that it has in the sum.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Floats

CLOSE = 1e-8
# Sums of more cells than this are not looked through; of fewer than five people there are at most four.
MOST_CELLS = 4


def row_space(rows: Floats) -> Floats:
    """Return an orthonormal basis (rank × cells) of the space that the rows span, by Gram-Schmidt, each row taken twice.

    (For a hundred rows it is as exact as a decomposition and does not wait for the threads of one.)
    """
    basis = np.zeros((min(rows.shape) if rows.size else 0, rows.shape[1]))
    rank = 0
    for row in rows:
        size = float(np.sqrt(row @ row))
        if rank == len(basis) or size == 0:
            continue
        left = row / size
        for _ in range(2):
            left = left - basis[:rank].T @ (basis[:rank] @ left)
        rest = float(np.sqrt(left @ left))
        if rest > CLOSE:
            basis[rank] = left / rest
            basis[rank] -= basis[:rank].T @ (basis[:rank] @ basis[rank])
            basis[rank] /= np.sqrt(basis[rank] @ basis[rank])
            rank += 1
    return basis[:rank]


def signatures(rows: Floats) -> Floats:
    """Return three numbers a cell that add up to zero over a group exactly when the group lies in the row space.

    They are three random vectors without their part in the row space: what is orthogonal to those almost surely lies in it.
    """
    space = row_space(rows)
    random = np.random.default_rng(19720301).normal(size=(rows.shape[1], 3))
    left = random - space.T @ (space @ random)
    return np.where(np.abs(left) < CLOSE / 100, 0.0, left)


def small_sums(signs: Floats, n: Floats, minimum: int) -> Iterator[tuple[int, ...]]:
    """Yield sets of up to four cells, together below the minimum, whose signatures add up to zero."""
    small = np.flatnonzero((n > 0) & (n < minimum))
    if not small.size:
        return
    s, m = signs[small], n[small]
    yield from ((int(small[i]),) for i in np.flatnonzero(np.abs(s).max(1) < CLOSE))
    if small.size < 2:
        return
    first, second = np.triu_indices(small.size, 1)
    fits = m[first] + m[second] < minimum
    first, second = first[fits], second[fits]
    pairs, weight = s[first] + s[second], m[first] + m[second]
    for at in np.flatnonzero(np.abs(pairs).max(1, initial=0.0) < CLOSE):
        yield int(small[first[at]]), int(small[second[at]])
    order = np.argsort(pairs[:, 0])
    yield from _matches(pairs, weight, (first, second), order, s, m, (np.arange(small.size),), small, minimum)
    if minimum > MOST_CELLS:
        yield from _matches(pairs, weight, (first, second), order, pairs, weight, (first, second), small, minimum)


def _matches(
    pairs: Floats,
    weight: Floats,
    members: tuple[npt.NDArray[np.intp], ...],
    order: npt.NDArray[np.intp],
    others: Floats,
    other_weight: Floats,
    other_members: tuple[npt.NDArray[np.intp], ...],
    small: npt.NDArray[np.intp],
    minimum: int,
) -> Iterator[tuple[int, ...]]:
    """Yield the disjoint unions of a pair and another set whose signatures cancel."""
    keys = pairs[order, 0]
    low = np.searchsorted(keys, -others[:, 0] - CLOSE, side="left")
    high = np.searchsorted(keys, -others[:, 0] + CLOSE, side="right")
    for at in np.flatnonzero(high > low):
        theirs = {int(member[at]) for member in other_members}
        for pair in order[low[at] : high[at]]:
            ours = {int(member[pair]) for member in members}
            light = weight[pair] + other_weight[at] < minimum
            if light and not ours & theirs and np.abs(pairs[pair] + others[at]).max() < CLOSE:
                yield tuple(sorted(int(small[each]) for each in ours | theirs))
