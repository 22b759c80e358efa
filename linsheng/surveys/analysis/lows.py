"""Low areas: below the target, and not by chance, in words that say how sure we are.

Each item (of all), and each shown group of it, is tested one-sided against the target, without finite population correction (the
question is what the service is like, not only these very answers) and as sure as the answers to the item allow, however many more
people a group has (`estimating.certainty`). Items are adjusted by Holm: with 95 % confidence none of them is named falsely. Groups,
many times as many, by Benjamini and Hochberg: of those named at most one in twenty is expected to be false."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from scipy import special

from linsheng.statistics.comparisons import benjamini_hochberg, holm
from linsheng.statistics.strata import domain_means
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.estimating import Grouping, certainty, known_variance
from linsheng.surveys.analysis.results import Estimate, LowArea
from linsheng.surveys.analysis.words import sure_words


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The estimates that are shown of a division (`by` None: of all), by item."""

    by: str | None
    groups: Grouping
    cells: Mapping[str, list[Estimate | None]]


@dataclass(frozen=True, slots=True)
class _Suspect:
    item: str
    by: str | None
    level: str | None
    cell: Estimate
    p: float


def low_areas(sample: Sample, tables: list[Shown]) -> tuple[LowArea, ...]:
    """Return the low areas, items of all first, the surest first; none without a target."""
    if sample.spec.target is None:
        return ()
    tested = [each for table in tables for each in _tested(sample, table)]
    overall = [each for each in tested if each.by is None]
    groups = [each for each in tested if each.by is not None]
    found = [
        *zip(overall, holm([each.p for each in overall]).tolist(), strict=True),
        *zip(groups, benjamini_hochberg([each.p for each in groups]).tolist(), strict=True),
    ]
    certain = [(each, p) for each, p in found if p <= 1 - sample.spec.confidence and _below(each.cell, sample.spec.target)]
    certain.sort(key=lambda pair: (pair[0].by is not None, pair[1], pair[0].cell.mean))
    return tuple(_area(each, p, sample) for each, p in certain)


def _below(cell: Estimate, target: float) -> bool:
    return cell.mean is not None and cell.mean < target


def _tested(sample: Sample, table: Shown) -> Iterator[_Suspect]:
    target = (sample.spec.target or 0.0) - sample.spec.scale[0]
    scores = np.arange(sample.spec.levels, dtype=np.float64)
    groups = table.groups
    for item, cells in table.cells.items():
        means = domain_means(sample.answered(item), scores, sample.uncorrected, sample.stratum, groups.codes, len(groups.levels))
        sure = certainty(sample, item, groups, sample.uncorrected)
        variance = known_variance(means, sure.freedom) * sure.factor
        for place, cell in enumerate(cells):
            if cell is not None and cell.mean is not None and not cell.hidden and not np.isnan(variance[place]):
                p = _p(means.mean[place] - target, variance[place], sure.freedom[place], cell.n)
                yield _Suspect(item, table.by, groups.levels[place] if table.by else None, cell, p)


def _p(gap: float, variance: float, freedom: float, n: int) -> float:
    """Return how likely so low a mean would be on target; of identical answers by the sign test."""
    if variance == 0:
        return 0.5**n if gap < 0 else 1.0
    return float(special.stdtr(freedom, gap / np.sqrt(variance)))


def _area(each: _Suspect, p: float, sample: Sample) -> LowArea:
    cell, target = each.cell, float(sample.spec.target or 0.0)
    mean = float(cell.mean or 0.0)
    low, high = (mean if bound is None else bound for bound in (cell.low, cell.high))
    place = (
        each.item
        if each.by is None
        else _("%(item)s（%(by)s：%(level)s）") % {"item": each.item, "by": each.by, "level": each.level}
    )
    facts = {
        "place": place,
        "mean": f"{mean:.2f}",
        "low": f"{low:.2f}",
        "high": f"{high:.2f}",
        "level": f"{sample.spec.confidence * 100:g}",
        "n": cell.n,
        "target": f"{target:g}",
        "sure": sure_words(p),
    }
    words = (
        _("%(place)s：平均 %(mean)s（%(level)s%% 区间 %(low)s–%(high)s，%(n)d 份回答），低于目标 %(target)s；%(sure)s。") % facts
    )
    return LowArea(each.item, each.by, each.level, cell.n, mean, low, high, target, each.p, p, words)
