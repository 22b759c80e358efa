"""The analysis from end to end."""

import numpy as np
from django.utils.translation import gettext as _

from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.changing import changes
from linsheng.surveys.analysis.columns import Columns
from linsheng.surveys.analysis.driving import drivers
from linsheng.surveys.analysis.estimating import Grouping, Seen, estimates, grouping, hidden_totals, whole
from linsheng.surveys.analysis.hiding import Gaps, shown
from linsheng.surveys.analysis.lows import Shown, low_areas
from linsheng.surveys.analysis.results import Analysis, Estimate, Response, Returned
from linsheng.surveys.analysis.spec import Spec, SpecError


def analyse(columns: Columns, spec: Spec, before: Columns | None = None) -> Analysis:
    """Return everything that the spec asks of these answers; `before`: the wave that they are compared with, under the same spec.

    SpecError where the design cannot be (more answers than homes, margins that contradict each other).
    """
    sample = Sample(columns, spec)
    total, tables = tabulated(sample)
    items = {item: cells[0] for item, cells in total.cells.items() if cells[0] is not None}
    return Analysis(
        items=items,
        by={str(table.by): _by_level(table) for table in tables},
        change=None if before is None else changes(sample, _before(before, sample)),
        drivers=None if spec.drivers_of is None else drivers(sample, spec.drivers_of),
        low_areas=low_areas(sample, [total, *tables]),
        # Last: making the tables may have added a note.
        response=_response(sample),
    )


def _before(columns: Columns, now: Sample) -> Sample:
    """The wave before; what is wrong with it, or has to be known of it, says that it is meant."""
    try:
        found = Sample(columns, now.spec.of_before)
    except SpecError as error:
        raise SpecError(_("用来比较的上一次（compare）：%(why)s") % {"why": error.message}) from error
    now.notes.extend(_("用来比较的上一次（compare）：%(why)s") % {"why": note} for note in found.notes)
    return found


def tabulated(sample: Sample, gaps: Gaps | None = None) -> tuple[Shown, list[Shown]]:
    """Return the estimates of all, and those of each `by` column with small groups and their complements left out; `gaps`: groups
    that are left out anyway."""
    few, seen, every = hidden_totals(sample), shown(sample, gaps), whole(sample)
    total = Shown(None, every, {item: [_total(sample, item, every, few[item], seen[item].of_all)] for item in sample.spec.items})
    tables = []
    for name in sample.spec.by:
        groups = grouping(sample, name)
        cells = {
            item: estimates(sample, item, groups, Seen(each.groups[name], each.spread[name], each.raked[name]))
            for item, each in ((item, seen[item]) for item in sample.spec.items)
        }
        tables.append(Shown(name, groups, cells))
    return total, tables


def _total(sample: Sample, item: str, groups: Grouping, hidden: bool, beside: tuple[bool, bool]) -> Estimate | None:
    if hidden:
        return Estimate(n=int(sample.answered(item).sum()), hidden=True)
    return estimates(sample, item, groups, Seen(*np.array([[True], [beside[0]], [beside[1]]])))[0]


def _by_level(table: Shown) -> dict[str, dict[str, Estimate | None]]:
    return {level: {item: cells[place] for item, cells in table.cells.items()} for place, level in enumerate(table.groups.levels)}


def _response(sample: Sample) -> Response:
    columns, spec, n = sample.columns, sample.spec, sample.columns.n
    silent = np.ones(n, dtype=np.bool_)
    for item in spec.items:
        silent &= columns.items[item] == spec.levels
    parts = None
    if spec.strata:
        given = spec.population if isinstance(spec.population, dict) else {}
        answered = dict(zip(sample.names, sample.design.n.tolist(), strict=True))
        names = [*sample.names, *(name for name in given if name not in answered)]
        parts = {name: Returned(int(answered.get(name, 0)), given.get(name)) for name in names}
    return Response(Returned(n, sample.population), int(silent.sum()), parts, tuple(sample.notes))
