"""Which groups are shown of each item: those below `min_group` and their complements are not (see `statistics.suppression`).

Of a group the mean by design is kept longest. How many gave each answer (its plain sum) and the mean with raked weights are further
combinations of the same answers: beside the mean of a building with few tenants they would tell the tenants', so they go first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from linsheng.statistics.checks import Flags, Floats
from linsheng.statistics.suppression import suppress, told
from linsheng.surveys.analysis.cells import Sample

# For each `by` column which of its levels are shown.
ByColumn = Mapping[str, Flags]
# For each `by` column which of its levels are hidden.
Gaps = tuple[Flags, ...]


@dataclass(frozen=True, slots=True)
class Shows:
    """What is shown of one item. `of_all`: whether the distribution and the raked mean stand beside the mean by design of all
    answers; `groups`, `spread`, `raked`: of which levels of each `by` column the mean, the distribution, the raked mean."""

    of_all: tuple[bool, bool]
    groups: ByColumn
    spread: ByColumn
    raked: ByColumn


def shown(sample: Sample, gaps: Gaps | None = None) -> dict[str, Shows]:
    """Return for each item what may be shown beside each other; `gaps`: what is hidden already, of items shown beside these."""
    sizes = {item: sample.answered(item).sum(1) for item in sample.spec.items}
    found: dict[str, Shows] = {}
    hidden = gaps
    # The fullest item first: what is hidden of it is hidden of the others too, so that tables have their gaps in the same places.
    for item in sorted(sizes, key=lambda item: -int(sizes[item].sum())):
        found[item], kept = _shown(sample, sizes[item], hidden)
        # An item that hardly anybody was asked must not take the others' groups with it, nor those of the next one.
        if hidden is None or 2 * int(sizes[item].sum()) >= sample.columns.n:
            hidden = kept if any(flags.any() for flags in kept) else None
    return found


def _shown(sample: Sample, sizes: Floats, hidden: Gaps | None) -> tuple[Shows, Gaps]:
    """Return what is shown of an item, and its gaps: with as many weightings of the total as do not tell a hidden group."""
    by = sample.spec.by
    codes = [sample.cells.codes[name] for name in by]
    levels = [len(sample.columns.factors[name].levels) for name in by]
    further, least = _further_weights(sample), sample.spec.min_group
    choices = _choices(sample, sizes, further)
    for choice in choices:
        shows = [w for w, also in zip(further, choice, strict=True) if also]
        others = [w for w, also in zip(further, choice, strict=True) if not also]
        safe = suppress(sizes, codes, levels, minimum=least, extra=shows, secret=others, hidden=hidden)
        if not safe.told:
            break
    beside, anyway = iter(safe.extra), iter(safe.secret)
    extras = [_named(by, next(beside if also else anyway)) for also in choice]
    groups = _named(by, [~flags for flags in safe.hidden])
    raked = (choice[1], extras[1]) if sample.raked else (True, groups)
    return Shows((choice[0], raked[0]), groups, extras[0], raked[1]), safe.hidden


def _named(by: Sequence[str], flags: Iterable[Flags]) -> ByColumn:
    return dict(zip(by, flags, strict=True))


def _further_weights(sample: Sample) -> list[Floats]:
    """Over answers that already carry the design's weights, plain sums and raked ones are two more weightings."""
    design = sample.design.weight[sample.stratum]
    return [1 / design, *([sample.raked.weights / design] if sample.raked else [])]


def _choices(sample: Sample, sizes: Floats, further: list[Floats]) -> list[tuple[bool, ...]]:
    """Return which further weightings may stand beside the mean by design of all, all that may first, none last.

    Where all homes but those of one building weigh the same, two of these by themselves tell that building's answers."""
    rows, most = [np.ones(sample.stratum.size)], []
    for weights in further:
        most.append(not (sample.spec.hide_totals and _tells(sizes, [*rows, weights], sample.spec.min_group)))
        rows += [weights] if most[-1] else []
    fewer = [choice for choice in product((True, False), repeat=len(most)) if all(np.less_equal(choice, most))]
    return sorted(fewer, key=lambda choice: -sum(choice))


def _tells(sizes: Floats, rows: list[Floats], minimum: int) -> bool:
    return any(told(sizes, np.stack(rows) / weights, minimum=minimum) for weights in rows)
