"""Items over all, in every division, and those below the target: what the one hiding step lets through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from linsheng.statistics.proportions import wilson_interval
from linsheng.surveys.analysis import Estimate, Share
from linsheng.surveys.analysis.analysing import tabulated
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.hiding import Gaps
from linsheng.surveys.analysis.lows import Shown, low_areas
from linsheng.surveys.models import QuestionType
from linsheng.surveys.queries.closed import ClosedWave
from linsheng.surveys.results.footing import footing_of, footings_of
from linsheng.surveys.results.samples import FIVE, SMALLEST_GROUP, TEN, Frame
from linsheng.surveys.results.shapes import (
    BACKGROUND,
    BUILDING,
    COMMUNITY,
    OVERALL,
    SERVICE,
    Asked,
    ChoiceResult,
    Footing,
    GroupTable,
    ItemResult,
    Level,
    Low,
)

SCALES: Final = ((QuestionType.SCALE, FIVE), (QuestionType.TEN, TEN))
DETRACTORS, PROMOTERS = range(7), range(9, 11)


@dataclass(frozen=True)
class Part:
    """The items of one scale: their sample, and what is shown of all and of each division."""

    sample: Sample
    total: Shown
    tables: Sequence[Shown]


def parts_of(frame: Frame, asked: list[Asked]) -> list[Part]:
    """The 1–5 and the 0–10 questions, with every cell that may be shown; both have their gaps in the same places."""
    found: list[Part] = []
    gaps = None
    for kind, scale in SCALES:
        keys = [each.key for each in asked if each.kind == kind and each.role != BACKGROUND]
        if keys:
            sample = frame.sample(keys, scale)
            found.append(Part(sample, *tabulated(sample, gaps)))
            gaps = _gaps(found[-1])
    return found


def _gaps(part: Part) -> Gaps:
    """Which groups of each division are hidden of the item that most people answered."""
    fullest = max(part.total.cells, key=lambda key: cell.n if (cell := part.total.cells[key][0]) else 0)
    return tuple(np.array([cell is None for cell in table.cells[fullest]]) for table in part.tables)


def items_of(parts: Sequence[Part], asked: list[Asked], closed: ClosedWave) -> Iterator[ItemResult]:
    """Over all answers, in the order of the questionnaire."""
    cells = {key: (row[0], part) for part in parts for key, row in part.total.cells.items()}
    for each in asked:
        cell, part = cells.get(each.key, (None, None))
        if cell is not None and part is not None:
            yield ItemResult(
                asked=each,
                estimate=cell,
                no_contact=None if cell.hidden else closed.no_contact[each.key],
                net=_net(cell) if each.kind == QuestionType.TEN else None,
                footing=footing_of(part.sample, each.key),
                footings=_footings(part, each.key) if each.role == OVERALL else {},
            )


def _footings(part: Part, key: str) -> dict[str, Footing]:
    """Of the buildings that are shown."""
    table = next((table for table in part.tables if table.by == BUILDING), None)
    if table is None:
        return {}
    shown = dict(zip(table.groups.levels, table.cells[key], strict=True))
    return {level: footing for level, footing in footings_of(part.sample, key).items() if shown[level] is not None}


def _net(cell: Estimate) -> float | None:
    """Promoters less detractors, in points."""
    if not cell.distribution or not cell.n:
        return None
    given = cell.distribution
    return 100 * (sum(given[str(n)] for n in PROMOTERS) - sum(given[str(n)] for n in DETRACTORS)) / cell.n


def tables_of(parts: Sequence[Part], names: dict[str, str]) -> Iterator[GroupTable]:
    """Every division with all items of both scales; `names` of the communities by their codes."""
    for place, by in enumerate(parts[0].sample.spec.by if parts else ()):
        shown = [part.tables[place] for part in parts]
        levels = shown[0].groups.levels
        cells = {level: {key: row[at] for table in shown for key, row in table.cells.items()} for at, level in enumerate(levels)}
        answers = _answers(parts[0].sample, by)
        yield GroupTable(
            by,
            tuple(
                Level(
                    by=by,
                    value=level,
                    label=names.get(level, level) if by == COMMUNITY else level,
                    answers=answers[at] if any(cell is not None for cell in cells[level].values()) else None,
                )
                for at, level in enumerate(levels)
            ),
            cells,
            known=sum(answers),
        )


def _answers(sample: Sample, by: str) -> list[int]:
    codes, sizes = sample.cells.codes[by], sample.cells.sizes
    return [int(sizes[codes == at].sum()) for at in range(len(sample.columns.factors[by].levels))]


def lows_of(parts: Sequence[Part], asked: list[Asked], labels: dict[tuple[str, str], str]) -> Iterator[Low]:
    """Judged are satisfaction with the whole and with single things, not scales with words of their own."""
    judged = {each.key for each in asked if each.role in {OVERALL, SERVICE}}
    for part in parts:
        tables = [
            Shown(table.by, table.groups, {key: row for key, row in table.cells.items() if key in judged})
            for table in (part.total, *part.tables)
        ]
        for low in low_areas(part.sample, tables):
            by, level = low.by or "", low.level or ""
            yield Low(low.item, by, level, labels.get((by, level), level), low.n, low.mean, low.low, low.high, low.p_adjusted)


def choices_of(closed: ClosedWave, asked: list[Asked]) -> Iterator[ChoiceResult]:
    """Single and multiple choice over all answers; never by group."""
    for each in asked:
        if each.kind not in {QuestionType.SINGLE, QuestionType.MULTIPLE}:
            continue
        given = [value if isinstance(value, list) else [value] for value in closed.columns[each.key] if value is not None]
        if len(given) < SMALLEST_GROUP:
            yield ChoiceResult(each, len(given), hidden=True)
            continue
        counts = {option.value: sum(option.value in values for values in given) for option in each.options}
        yield ChoiceResult(
            each, len(given), hidden=False, counts=counts, shares={value: _share(n, len(given)) for value, n in counts.items()}
        )


def _share(count: int, n: int) -> Share:
    found = wilson_interval(count, n)
    return Share(found.share, found.low, found.high)
