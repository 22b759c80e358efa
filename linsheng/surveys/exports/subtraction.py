"""What the tables of a result less the respondents' file would tell, and which marks have to be hidden so that it tells nothing.

*Cells* are answers alike in every fact of the file and in every division of the tables. Whoever has both knows every group that the
tables show, with its weights, and every mark that the file shows; no sum of cells with fewer than five answers may follow from it.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linsheng.statistics.suppression import told
from linsheng.surveys.analysis import Estimate
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.exports.variables import Value
from linsheng.surveys.models import QuestionType
from linsheng.surveys.queries.closed import ClosedWave
from linsheng.surveys.results import WaveResult
from linsheng.surveys.results.samples import FIVE, SMALLEST_GROUP, TEN, frame_of

Column = list[Value]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def refined(kinds: Sequence[int], column: Sequence[Hashable]) -> list[int]:
    """The kinds told apart by one more column."""
    numbers: dict[tuple[int, Hashable], int] = {}
    return [numbers.setdefault(pair, len(numbers)) for pair in zip(kinds, column, strict=True)]


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells: whose (respondents), and the kind of the file and the cell of the tables that each lies in."""

    of: Ints
    kind: Ints
    sample: Sample
    place: Ints

    @classmethod
    def made(cls, sample: Sample, kinds: Sequence[int]) -> "Grid":
        of = np.array(refined(kinds, sample.cells.of.tolist()), dtype=np.int64)
        first = np.unique(of, return_index=True)[1]
        return cls(of, np.array(kinds, dtype=np.int64)[first], sample, np.asarray(sample.cells.of, dtype=np.int64)[first])

    def sizes(self, answered: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(self.of, weights=answered, minlength=self.kind.size).astype(np.float64)


def hidden_kinds(
    closed: ClosedWave, result: WaveResult, kinds: Sequence[int], shown: Mapping[str, set[int]]
) -> Iterator[tuple[str, set[int]]]:
    """For each question the further kinds from which its marks have to be hidden; ``shown`` are those that now show them."""
    frame = frame_of(closed)
    for question_kind, scale in ((QuestionType.SCALE, FIVE), (QuestionType.TEN, TEN)):
        keys = [key for key in shown if result.by_key[key].asked.kind == question_kind]
        if not keys:
            continue
        grid = Grid.made(frame.sample(keys, scale), kinds)
        for key in keys:
            answered = np.array([value is not None for value in closed.columns[key]], dtype=np.bool_)
            yield key, _to_hide(grid, grid.sizes(answered), rows_of_tables(grid, result, key), set(shown[key]))


def rows_of_tables(grid: Grid, result: WaveResult, key: str) -> Floats:
    """A row for every figure that the tables show of this question: a group's designed sum, its plain and raked ones where its
    distribution and weighted mean are shown."""
    estimate, sample = result.by_key[key].estimate, grid.sample
    rows = [] if estimate.hidden else _weighted(grid, np.ones(grid.kind.size), estimate)
    for table in result.tables:
        codes, levels = sample.cells.codes[table.by][grid.place], sample.columns.factors[table.by].levels
        for at, level in enumerate(levels):
            if (cell := table.cell(level, key)) is not None:
                rows += _weighted(grid, (codes == at).astype(np.float64), cell)
    return np.array(rows, dtype=np.float64).reshape(-1, grid.kind.size)


def _weighted(grid: Grid, group: Floats, cell: Estimate) -> list[Floats]:
    sample = grid.sample
    found = [group * sample.design.weight[sample.stratum][grid.place]]
    found += [group] if cell.distribution is not None else []
    return [*found, group * sample.raked.weights[grid.place]] if cell.weighted.mean is not None and sample.raked else found


def _to_hide(grid: Grid, n: Floats, tables: Floats, shown: set[int]) -> set[int]:
    """Hide the smallest kind beside what is told, until nothing is; what the tables tell by themselves is not ours to mend."""
    anyway = told(n, tables, minimum=SMALLEST_GROUP)
    hidden: set[int] = set()
    while shown and (found := exposed_sums(grid, n, tables, shown) - anyway):
        gone = _nearest(grid, n, shown, min(found))
        shown = shown - {gone}
        hidden.add(gone)
    return hidden


def exposed_sums(grid: Grid, n: Floats, tables: Floats, shown: set[int]) -> set[tuple[int, ...]]:
    """Sums of few answers that tables and file tell together."""
    open_ = np.isin(grid.kind, list(shown))
    cells_of = np.bincount(grid.kind[n > 0], minlength=int(grid.kind.max(initial=0)) + 1)
    # A cell that is a whole kind is known and large: what it adds to a sum can be taken away from it.
    rest = np.flatnonzero(~(open_ & (cells_of[grid.kind] == 1)) & (n > 0))
    mixed = np.unique(grid.kind[rest][open_[rest]])
    file = np.equal.outer(mixed, grid.kind[rest]).astype(np.float64)
    found = told(n[rest], np.concatenate([tables[:, rest], file]), minimum=SMALLEST_GROUP)
    return {tuple(int(rest[at]) for at in each) for each in found}


def _nearest(grid: Grid, n: Floats, shown: Collection[int], cells: tuple[int, ...]) -> int:
    """The smallest shown kind in a building of these cells; the smallest of all where there is none."""
    stratum = grid.sample.stratum[grid.place]
    near = {int(kind) for kind in grid.kind[np.isin(stratum, stratum[list(cells)])]}
    sizes = np.bincount(grid.kind, weights=n)
    return min(shown, key=lambda kind: (kind not in near, sizes[kind], kind))
