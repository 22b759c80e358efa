"""What the result of a wave, reckoned of all that was said, less the answers that are stored would tell.

The stored answers are known one by one. Of two things only sums are known: of mixed marks (`surveys.mixing`) the sums of their set,
and of marks behind a gate that was left out nothing but what the tables show.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from linsheng.statistics.suppression import told
from linsheng.surveys.analysis import Estimate, Weighted
from linsheng.surveys.coarsening import SMALLEST_GROUP, Asked, Content, Fact, gates_of
from linsheng.surveys.exports.subtraction import Floats, Grid, exposed_sums, hidden_kinds, refined, rows_of_tables
from linsheng.surveys.models import QuestionType
from linsheng.surveys.queries.closed import ClosedWave
from linsheng.surveys.results import HIDDEN_CELLS, TENURE, Note, WaveResult
from linsheng.surveys.results.samples import FIVE, TEN, frame_of

Cells = Mapping[str, Mapping[str, Estimate | None]]


def kinds_of(closed: ClosedWave, sets: Sequence[Sequence[int]]) -> list[int]:
    """Who cannot be told apart by what is stored: those of one set; all others by building and tenure."""
    own = dict.fromkeys(range(len(closed)), -1)
    own |= {place: number for number, places in enumerate(sets) for place in places}
    pairs = [
        (stratum, own[place], tenure if own[place] < 0 else "")
        for place, (stratum, tenure) in enumerate(zip(closed.strata, closed.tenures, strict=True))
    ]
    return refined([0] * len(closed), pairs)


def guarded(closed: ClosedWave, result: WaveResult, kinds: Sequence[int], keys: Sequence[str]) -> WaveResult | None:
    """The result as it may stand beside mixed marks. Of a question (all were asked these) that would tell a sum over fewer than
    five of those that are mixed, no more than the mean by design is shown by tenure, or nothing. None where that tells it too."""
    for less in (_bare, _hidden):
        telling = _telling(closed, result, kinds, keys)
        if not telling:
            return result
        result, keys = _by_tenure(result, telling, less), telling
    return None if _telling(closed, result, kinds, keys) else result


def _telling(closed: ClosedWave, result: WaveResult, kinds: Sequence[int], keys: Sequence[str]) -> list[str]:
    frame, found = frame_of(closed), []
    for question_kind, scale in ((QuestionType.SCALE, FIVE), (QuestionType.TEN, TEN)):
        mine = [key for key in keys if result.by_key[key].asked.kind == question_kind]
        if mine:
            grid = Grid.made(frame.sample(mine, scale), kinds)
            found += [key for key in mine if _tells(grid, closed, result, key)]
    return found


def _tells(grid: Grid, closed: ClosedWave, result: WaveResult, key: str) -> bool:
    n = grid.sizes(np.array([value is not None for value in closed.columns[key]], dtype=np.bool_))
    tables = rows_of_tables(grid, result, key)
    found = exposed_sums(grid, n, tables, set(grid.kind.tolist()))
    found = {cells for cells in found if not _is_stored(grid, n, cells)}
    return bool(found and found - told(n, tables, minimum=SMALLEST_GROUP))


def _bare(cell: Estimate | None) -> Estimate | None:
    return cell and replace(cell, distribution=None, weighted=Weighted())


def _hidden(_cell: Estimate | None) -> Estimate | None:
    return None


def _by_tenure(result: WaveResult, keys: Sequence[str], less: Callable[[Estimate | None], Estimate | None]) -> WaveResult:
    """With less of these questions in the table by tenure, and no low area that is not in a table any more."""
    tables = tuple(
        replace(table, cells=_cells(table.cells, keys, less)) if table.by == TENURE else table for table in result.tables
    )
    shown = {(table.by, level, key) for table in tables for level, row in table.cells.items() for key, cell in row.items() if cell}
    lows = tuple(low for low in result.low_areas if not low.by or (low.by, low.level, low.key) in shown)
    others = tuple(note for note in result.notes if note.code != HIDDEN_CELLS)
    hidden = Note(HIDDEN_CELLS, n=sum(table.hidden for table in tables))
    return replace(result, tables=tables, low_areas=lows, notes=(*others, hidden))


def _cells(rows: Cells, keys: Sequence[str], less: Callable[[Estimate | None], Estimate | None]) -> Cells:
    return {level: {key: less(cell) if key in keys else cell for key, cell in row.items()} for level, row in rows.items()}


def _is_stored(grid: Grid, n: Floats, cells: tuple[int, ...]) -> bool:
    """The sum of whole sets stands in the stored answers, and is nobody's."""
    return set(np.flatnonzero(np.isin(grid.kind, grid.kind[list(cells)]) & (n > 0)).tolist()) == set(cells)


def leave_out_gated(closed: ClosedWave, result: WaveResult, kinds: Sequence[int], stored: Sequence[Content], asked: Asked) -> None:
    """Leave out the marks behind a gate in further groups, until the tables less those that stand tell about nobody; changes
    ``stored``, which are in the order of ``closed``."""
    for gate in gates_of(asked):
        while gone := _further(closed, result, kinds, stored, gate):
            for place in gone:
                stored[place]["values"].update(dict.fromkeys(gate.behind))


def _further(closed: ClosedWave, result: WaveResult, kinds: Sequence[int], stored: Sequence[Content], gate: Fact) -> list[int]:
    """Whose marks behind this gate have to be left out too."""
    stand = [any(content["values"].get(key) is not None for key in gate.behind) for content in stored]
    groups = refined(kinds, stand)
    shown = {group for group, stands in zip(groups, stand, strict=True) if stands}
    marks = [key for key in gate.behind if key in result.by_key]
    gone = {group for _key, found in hidden_kinds(closed, result, groups, dict.fromkeys(marks, shown)) for group in found}
    # Of all that look alike, or it would tell who is who among those without a tenure.
    alike = {_label(stored[place]) for place, group in enumerate(groups) if group in gone}
    return [place for place, content in enumerate(stored) if stand[place] and _label(content) in alike]


def _label(content: Content) -> tuple[int | None, str]:
    return content["stratum"], content["tenure"]
