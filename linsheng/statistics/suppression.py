"""Which groups may be shown so that no sum or difference of what is shown tells about a few people.

A release is a total and any number of one-way tables (by building, by grade, by tenure) of the same answers. Its groups are rows
of 0 and 1 over *cells*, the combinations that occur; whoever knows the shown groups knows every linear combination of them, and
nothing else. A group is *exposed* when its row lies in the row space of what is shown, now or earlier. Where a mean is shown with
several weights (plain, by design, raked) each of them is one more combination of the same cells.

Source: L. Willenborg and T. de Waal (2001), Elements of Statistical Disclosure Control, ch. 6; I. P. Fellegi (1972), JASA 67, 7-18.
Combinations that do not occur count as known to be empty, which is the most that an onlooker could know.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Flags, Floats, floats
from linsheng.statistics.combinations import CLOSE, row_space, signatures, small_sums
from linsheng.statistics.strata import Codes

# So many groups are tried for the one whose hiding helps by itself; then the smallest is hidden, and looked again.
TRIALS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Suppression:
    """For each column its levels: True in `hidden` is not to be shown. `extra` the same for each of the `extra` weights: True where
    the means with them may be shown beside the others. `secret` the same for each of the `secret` weights, though nothing is shown
    with them of the total: of some groups they tell no more than what is shown.

    `exposed`: the total by itself, with its several weights or with what was shown earlier, tells about a small group, or is one.
    `told`: some hidden group can be reckoned all the same, from the total's several weights or what was shown earlier.
    """

    hidden: tuple[Flags, ...]
    exposed: bool
    extra: tuple[tuple[Flags, ...], ...] = ()
    secret: tuple[tuple[Flags, ...], ...] = ()
    told: bool = False


def exposed(shown: npt.ArrayLike, groups: npt.ArrayLike) -> Flags:
    """Return for each group whether some combination of the shown ones equals it (a rank test).

    `shown` (rows × cells) and `groups` (rows × cells) are 0 or 1. Nothing shown exposes nothing. ValueError for unequal numbers
    of cells."""
    rows, asked = np.atleast_2d(np.asarray(shown, dtype=np.float64)), np.atleast_2d(np.asarray(groups, dtype=np.float64))
    if rows.shape[1] != asked.shape[1]:
        raise ValueError("shown and groups must be over the same cells.")
    space = row_space(rows)
    left = asked - asked @ space.T @ space
    some = asked.any(1)
    return np.asarray(some & (np.abs(left).max(1, initial=0.0) < CLOSE), dtype=np.bool_)


def suppress(
    sizes: npt.ArrayLike,
    columns: Sequence[npt.ArrayLike],
    levels: Sequence[int],
    *,
    minimum: int = 5,
    weightings: Sequence[npt.ArrayLike] = (),
    extra: Sequence[npt.ArrayLike] = (),
    secret: Sequence[npt.ArrayLike] = (),
    earlier: npt.ArrayLike | None = None,
    hidden: Sequence[npt.ArrayLike] | None = None,
) -> Suppression:
    """Return what to hide of one-way tables that are shown together with their total.

    `sizes` (cells) answers in each cell; `columns` each (cells) the codes 0 … k-1 of one table, -1: in none of its rows; `levels`
    each k. Hidden are groups below `minimum` answers (primary; an empty one too, for it has nothing to show), and then the
    smallest others without which no hidden group, and no sum of up to four cells below `minimum` answers, can be reckoned, with
    none of the weights (complementary). A hidden group that is large enough and can be reckoned nevertheless is shown, where that
    tells nothing small: there is nothing in hiding what everybody can reckon. `weightings` each (cells): the weights of one more
    mean that is shown of the total and of every shown group; `extra` the same, but shown of a group only where that hides no
    group, the first before the second: two weightings of a building with many owners and few tenants tell both, and its mean is
    worth more than its second weighting. Sums that always carry a weight are sums of weighted answers: give no `weightings`, and
    every other weight divided by that one as `extra`. `secret` the same, but shown of nothing, not even of the total: nothing
    hidden may be reckoned with them.
    `earlier` (rows × cells, 0 or 1): groups shown before, by another filter or in an earlier publication; the cells must be fine
    enough to tell them apart (add "was there at the first publication" as one more variable). They cannot be hidden any more:
    what they and the total expose is told by `exposed`. `hidden` (each k): what is hidden for other reasons already. ValueError
    for negative sizes, unequal lengths or a minimum below 1."""
    n = floats(sizes, name="sizes")
    codes = [np.asarray(column, dtype=np.int64) for column in columns]
    if minimum < 1:
        raise ValueError(f"minimum must be at least 1, not {minimum}.")
    if np.isnan(n).any() or (n < 0).any():
        raise ValueError("sizes must not be negative or missing.")
    if any(code.shape != n.shape for code in codes) or len(codes) != len(levels):
        raise ValueError("Every column needs a code for every cell, and its number of levels.")
    if hidden is None and _all_large(n, codes, levels, minimum):
        shown = tuple(np.zeros(k, dtype=np.bool_) for k in levels)
        everything = tuple(~flags for flags in shown)
        return Suppression(shown, exposed=False, extra=(everything,) * len(extra), secret=(shown,) * len(secret))
    search = _Search(n, codes, list(levels), minimum)
    search.use(weightings, extra, secret, earlier)
    if hidden is not None and search.hidden.size:
        search.hidden |= np.concatenate([np.asarray(flags, dtype=np.bool_) for flags in hidden])
    return search.run()


def _all_large(n: Floats, codes: Sequence[Codes], levels: Sequence[int], minimum: int) -> bool:
    """Return whether there is nobody to protect: no cell, and so no group, is small, and none is empty."""
    if not n.size or (n[n > 0] < minimum).any() or n.sum() < minimum:
        return False
    return all(
        bool((np.bincount(code[code >= 0], weights=n[code >= 0], minlength=k) > 0).all())
        for code, k in zip(codes, levels, strict=True)
    )


def may_show(sizes: npt.ArrayLike, shown: npt.ArrayLike, candidate: npt.ArrayLike, *, minimum: int = 5) -> bool:
    """Return whether one more group (a filter, say) may be shown beside those that already are.

    `sizes` (cells), `shown` (rows × cells) and `candidate` (cells) as in `suppress`; -1 in `candidate` is a cell that is taken away
    (a difference). False where it has fewer than `minimum` answers, or where with it a sum of cells below `minimum` answers could
    be reckoned that could not be without it."""
    n, group = floats(sizes, name="sizes"), np.asarray(candidate, dtype=np.float64)
    if float(n @ (group != 0)) < minimum:
        return False
    there = n > 0
    before = np.atleast_2d(np.asarray(shown, dtype=np.float64)).reshape(-1, n.size)[:, there]
    after = np.concatenate([before, group[None, there]])
    known = {tuple(found) for found in small_sums(signatures(before), n[there], minimum)}
    return all(tuple(found) in known for found in small_sums(signatures(after), n[there], minimum))


def told(sizes: npt.ArrayLike, shown: npt.ArrayLike, *, minimum: int = 5) -> set[tuple[int, ...]]:
    """Return the sets of up to four cells, together below the minimum, whose sum can be reckoned from what is shown.

    `sizes` (cells) answers in each; `shown` (rows × cells), of any weights. Empty cells are in no set."""
    n = floats(sizes, name="sizes")
    there = np.flatnonzero(n > 0)
    if not there.size:
        return set()
    rows = np.asarray(shown, dtype=np.float64).reshape(-1, n.size)[:, there]
    return {tuple(int(there[at]) for at in found) for found in small_sums(signatures(rows), n[there], minimum)}


class _Search:
    """Hides one group after the other until nothing small can be reckoned."""

    def __init__(self, n: Floats, codes: list[Codes], levels: list[int], minimum: int) -> None:
        self.there = n > 0
        self.n, self.minimum, self.levels = n[self.there], minimum, levels
        rows = [np.equal.outer(np.arange(k), code[self.there]) for code, k in zip(codes, levels, strict=True)]
        self.column = np.repeat(np.arange(len(levels)), levels)
        self.rows = np.concatenate(rows).astype(np.float64) if rows else np.zeros((0, self.n.size))
        self.size = self.rows @ self.n
        self.hidden = self.size < minimum
        self.exposed = False
        self.weights = np.ones((1, self.n.size))
        self.own = np.ones((1, self.hidden.size), dtype=np.bool_)
        self.extra = np.zeros((0, self.n.size))
        self.beside = np.zeros((0, self.hidden.size), dtype=np.bool_)
        self.every = self.always = self.weights
        self.anyway = row_space(self.always)

    def use(
        self,
        weightings: Sequence[npt.ArrayLike],
        extra: Sequence[npt.ArrayLike],
        secret: Sequence[npt.ArrayLike],
        earlier: npt.ArrayLike | None,
    ) -> None:
        """Take in the further weights that means are shown with, those that they are not, and what was shown before."""
        also = [w for w in map(self._scaled, weightings) if w is not None]
        self.weights = np.stack([np.ones(self.n.size), *also])
        self.own = np.array([np.ones(self.hidden.size, dtype=np.bool_), *map(self._varies, also)])
        given = [self._scaled(w) for w in extra]
        if given:
            self.extra = np.stack([w if w is not None else np.ones(self.n.size) for w in given])
            self.beside = np.array([self._varies(w) for w in self.extra])
        before = np.zeros((0, self.n.size))
        if earlier is not None:
            before = np.asarray(earlier, dtype=np.float64).reshape(-1, self.there.size)[:, self.there]
        unshown = [np.ones(self.n.size) if w is None else w for w in map(self._scaled, secret)]
        self.every = np.concatenate([self.weights, self.extra, *(w[None] for w in unshown)])
        self.always = np.concatenate([self.weights, self.extra, before])
        self.anyway = row_space(self.always)

    def _scaled(self, weights: npt.ArrayLike) -> Floats | None:
        """Return the weights around 1; None where they differ by rounding only, for then they tell nothing more."""
        w = floats(weights, name="weightings")[self.there]
        return w / w.mean() if w.size and w.max() > 0 and np.ptp(w) > CLOSE * w.max() else None

    def _varies(self, weights: Floats) -> Flags:
        """Where the weights are alike all over a group, its weighted sum tells nothing that its plain sum does not."""
        mean = self.rows @ weights / np.maximum(self.rows.sum(1), 1)
        gap = np.abs(weights - mean[:, None]) * self.rows
        return np.asarray(gap.max(1, initial=0.0) > CLOSE, dtype=np.bool_)

    def run(self) -> Suppression:
        if float(self.n.sum()) < self.minimum:
            self.hidden[:] = True
            self.exposed = True
        elif self.hidden.any() or (self.n < self.minimum).any():
            while (found := self._exposure(self._shown(self.hidden))) is not None:
                self._hide_one(found)
        beside = self._beside()
        told = self._open(beside)
        extra = self._told(self._all_shown(beside))[len(self.weights) + len(self.extra) :] & ~self.hidden
        return Suppression(
            self._parts(self.hidden), self.exposed, tuple(map(self._parts, beside)), tuple(map(self._parts, extra)), told
        )

    def _open(self, beside: Flags) -> bool:
        """Show what can be reckoned all the same, first what adds nothing; return whether anything hidden is left that can be."""
        while True:
            shown = self._all_shown(beside)
            told = self._told(shown)
            sure: Flags = np.logical_and.reduce(told[: len(self.weights)])
            further = told[len(self.weights) :][: len(self.extra)]
            beside |= further & ~self.hidden
            open_to = np.flatnonzero(np.logical_or.reduce(told) & self.hidden)
            order = sorted(open_to.tolist(), key=lambda each: (not sure[each], -self.size[each]))
            found = next((each for each in order if bool(sure[each]) or self._may_open(each, shown)), None)
            if found is None:
                return bool(order)
            self.hidden[found] = False
            beside[:, found] = further[:, found] | ~self.beside[:, found]

    def _all_shown(self, beside: Flags) -> Floats:
        return np.concatenate([self._shown(self.hidden), self._extra(beside & ~self.hidden)])

    def _told(self, shown: Floats) -> Flags:
        """Return (weights × groups) of which groups the sum can be reckoned from what is shown."""
        left = np.abs(self.rows @ (self.every[:, :, None] * signatures(shown))).max(2, initial=0.0)
        return np.asarray((left < CLOSE) & (self.size >= self.minimum), dtype=np.bool_)

    def _may_open(self, each: int, shown: Floats) -> bool:
        """Return whether the means of one more group would tell nothing small and nothing else that is hidden."""
        self.hidden[each] = False
        safe = self._exposure(np.concatenate([shown, self.weights * self.rows[each]])) is None
        self.hidden[each] = True
        return safe

    def _parts(self, flags: Flags) -> tuple[Flags, ...]:
        parts = np.split(flags, np.cumsum(self.levels)[:-1]) if self.levels else []
        return tuple(np.asarray(part, dtype=np.bool_) for part in parts)

    def _beside(self) -> Flags:
        """Return (extra × groups) which means may stand beside the others: all but those of groups that could be solved for a small
        cell at once, given up one by one, the last weights and the smallest group first, until nothing is exposed."""
        small = (self.rows[:, self.n < self.minimum] > 0).any(1) & (self.rows.sum(1) <= len(self.every))
        tried = self.beside & ~self.hidden & ~small
        shown = self._shown(self.hidden)
        # At their own turn, so that the first weights are not lost for the sake of the second.
        for turn in range(len(tried)):
            groups = np.flatnonzero(tried[turn])
            groups = groups[np.argsort(self.size[groups], kind="stable")]
            taken = tried & (np.arange(len(tried)) < turn)[:, None]
            tried[turn] = False
            tried[turn, groups[self._fewest(shown, taken, turn, groups) :]] = True
        return np.asarray(tried | (~self.hidden & ~self.beside), dtype=np.bool_)

    def _fewest(self, shown: Floats, taken: Flags, turn: int, groups: npt.NDArray[np.intp]) -> int:
        """Return how many of the groups, from the first, have to be given up: none, one, two, four …, then halving back, for more
        rows never tell less."""

        def tells(given_up: int) -> bool:
            rows = taken.copy()
            rows[turn, groups[given_up:]] = True
            return self._exposure(np.concatenate([shown, self._extra(rows)])) is not None

        low, high = 0, 0
        while high < groups.size and tells(high):
            low, high = high + 1, max(1, 2 * high)
        high = min(high, groups.size)
        return low + bisect.bisect_left(range(low, high), True, key=lambda given_up: not tells(given_up))

    def _extra(self, taken: Flags) -> Floats:
        """Return the rows of the extra means of these groups."""
        none = np.zeros((0, self.n.size))
        return np.concatenate([none, *(w * self.rows[groups] for w, groups in zip(self.extra, taken, strict=True))])

    def _shown(self, hidden: Flags) -> Floats:
        return np.concatenate([self.always, *(w * self.rows[~hidden & own] for w, own in zip(self.weights, self.own, strict=True))])

    def _exposure(self, shown: Floats) -> Floats | None:
        """Return a group that must not be reckoned and can be, or None; one that the total alone exposes is only noted."""
        signs = signatures(shown)
        secret = np.flatnonzero(self.hidden & (self.size > 0))
        # The smallest first: what protects it often protects the others.
        for each in secret[np.argsort(self.size[secret], kind="stable")]:
            for row in self.every * self.rows[each]:
                if np.abs(row @ signs).max() < CLOSE and not self._known_anyway(row):
                    return np.asarray(row, dtype=np.float64)
        for weights in self.every:
            for cells in small_sums(signs * weights[:, None], self.n, self.minimum):
                row = np.zeros(self.n.size)
                row[list(cells)] = weights[list(cells)]
                if not self._known_anyway(row):
                    return row
        return None

    def _known_anyway(self, row: Floats) -> bool:
        known = float(np.abs(row - self.anyway.T @ (self.anyway @ row)).max()) < CLOSE
        self.exposed |= known
        return known

    def _hide_one(self, exposure: Floats) -> None:
        """Hide the smallest group without which the exposure is gone, of the same table if there is one; else the smallest."""
        candidates = np.flatnonzero(~self.hidden)
        other = self.column[candidates] != self._home(exposure)
        order = candidates[np.lexsort((self.size[candidates], other))]
        for each in order[:TRIALS]:
            tried = self.hidden.copy()
            tried[each] = True
            if not exposed(self._shown(tried), exposure[None])[0]:
                break
        else:
            each = order[0]
        self.hidden[each] = True

    def _home(self, exposure: Floats) -> int:
        """Return the table that the exposed group is a row of, -1 for a sum of cells."""
        match = np.flatnonzero(((self.rows > 0) == (exposure > 0)).all(1))
        return int(self.column[match[0]]) if match.size else -1
