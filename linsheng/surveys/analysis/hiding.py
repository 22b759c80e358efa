"""Which groups are shown of each item: those below `min_group` and their complements are not (see `statistics.suppression`).

Of a group the mean by design is kept longest. How many gave each answer (its plain sum) and the mean with raked weights are further
combinations of the same answers: beside the mean of a building with few tenants they would tell the tenants', so they go first."""

from collections.abc import Mapping

import numpy as np

from linsheng.statistics.checks import Flags, Floats
from linsheng.statistics.suppression import suppress, told
from linsheng.surveys.analysis.cells import Sample

# What is shown of each item and each `by` column: a group's mean, its distribution, its raked mean.
Shows = Mapping[str, Mapping[str, Flags]]
# For each `by` column which of its levels are hidden.
Gaps = tuple[Flags, ...]


def shown_of_all(sample: Sample) -> dict[str, tuple[bool, bool]]:
    """Return for each item whether its distribution and its raked mean may stand beside the mean by design of all answers.

    Where all homes but those of one building weigh the same, two of these by themselves tell that building's answers."""
    further = _further_weights(sample)
    found = {}
    for item in sample.spec.items:
        sizes, rows, safe = sample.answered(item).sum(1), [np.ones(sample.stratum.size)], []
        for weights in further:
            safe.append(not (sample.spec.hide_totals and _tells(sizes, [*rows, weights], sample.spec.min_group)))
            rows += [weights] if safe[-1] else []
        found[item] = (safe[0], safe[1] if sample.raked else True)
    return found


def _further_weights(sample: Sample) -> list[Floats]:
    """Over answers that already carry the design's weights, plain sums and raked ones are two more weightings."""
    design = sample.design.weight[sample.stratum]
    return [1 / design, *([sample.raked.weights / design] if sample.raked else [])]


def _tells(sizes: Floats, rows: list[Floats], minimum: int) -> bool:
    return any(told(sizes, np.stack(rows) / weights, minimum=minimum) for weights in rows)


def shown_groups(sample: Sample, of_all: Mapping[str, tuple[bool, bool]], gaps: Gaps | None = None) -> tuple[Shows, Shows, Shows]:
    """Return for each item and each `by` column which of its levels may be shown beside each other and the total, of which the
    distribution too, and of which the raked mean too; neither is shown of a group where it is not shown `of_all`. `gaps`: what is
    hidden already, of items that are shown beside these."""
    by = sample.spec.by
    codes = [sample.cells.codes[name] for name in by]
    levels = [len(sample.columns.factors[name].levels) for name in by]
    further = _further_weights(sample)
    sizes = {item: sample.answered(item).sum(1) for item in sample.spec.items}
    found: dict[str, Mapping[str, Flags]] = {}
    spread: dict[str, Mapping[str, Flags]] = {}
    weighted: dict[str, Mapping[str, Flags]] = {}
    hidden = gaps
    # The fullest item first: what is hidden of it is hidden of the others too, so that tables have their gaps in the same places.
    for item in sorted(sizes, key=lambda item: -int(sizes[item].sum())):
        # An item that hardly anybody was asked must not take the others' groups with it, nor those of the next one.
        extra = [weights for weights, shown in zip(further, of_all[item], strict=False) if shown]
        safe = suppress(sizes[item], codes, levels, minimum=sample.spec.min_group, extra=extra, hidden=hidden)
        beside = iter(safe.extra)
        nothing = tuple(np.zeros(k, dtype=np.bool_) for k in levels)
        kept = safe.hidden
        found[item] = {name: ~flags for name, flags in zip(by, kept, strict=True)}
        spread[item] = dict(zip(by, next(beside) if of_all[item][0] else nothing, strict=True))
        raked = (next(beside) if of_all[item][1] else nothing) if sample.raked else None
        weighted[item] = dict(zip(by, raked, strict=True)) if raked is not None else found[item]
        if hidden is None or 2 * int(sizes[item].sum()) >= sample.columns.n:
            hidden = kept if any(flags.any() for flags in kept) else None
    return found, spread, weighted
