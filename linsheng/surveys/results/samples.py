"""From a closed wave to what the analysis works on: columns, design, weights, divisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from linsheng.surveys.analysis import Columns, Factor, Spec, SpecError, item_codes
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.queries.closed import ClosedWave
from linsheng.surveys.results.shapes import BUILDING, COMMUNITY, GRADE, TENURE

STRATUM: Final = "stratum"
# The level of all answers whose building is not kept.
OTHER: Final = "…"
FIVE, TEN = (1, 5), (0, 10)
SMALLEST_GROUP: Final = 5


@dataclass(frozen=True)
class Frame:
    """A closed wave with what all its questions share."""

    closed: ClosedWave
    factors: dict[str, Factor]
    by: tuple[str, ...]

    def sample(self, keys: Sequence[str], scale: tuple[int, int] = FIVE, *, by: Iterable[str] | None = None) -> Sample:
        """These items, with the finest weights that the answers allow."""
        closed = self.closed
        homes = {OTHER if label is None else label: float(size) for label, size in closed.population.items() if size}
        tenure = {name: float(size) for name, size in closed.tenure_population.items()}
        tenures = {TENURE: tenure} if all(tenure.get(level) for level in self.factors[TENURE].levels) else {}
        spec = Spec(
            items=tuple(keys),
            strata=STRATUM,
            population=homes,
            by=self.by if by is None else tuple(by),
            scale=scale,
            target=float(closed.wave.target) if scale == FIVE else None,
        )
        columns = Columns(len(closed), {key: item_codes(closed.columns[key], scale) for key in keys}, self.factors, self._keys())
        for margins in ({STRATUM: homes} | tenures, {STRATUM: homes}, {}):
            sample = Sample(columns, replace(spec, margins=margins))
            if _settles(sample):
                return sample
        raise AssertionError("without margins there is nothing that could fail")

    def _keys(self) -> Any:
        homes = self.closed.homes
        return np.array(homes, dtype=np.int64) if homes and None not in homes else None


def _settles(sample: Sample) -> bool:
    try:
        return sample.raked is not None or not sample.spec.margins
    except SpecError:
        return False


def frame_of(closed: ClosedWave) -> Frame:
    """The wave's divisions: those with more than one group."""
    order = [row.label for row in closed.wave.strata.order_by("order", "id") if not row.merged]
    buildings = list(dict.fromkeys(order))
    factors = {
        STRATUM: Factor.of([label if label is not None else OTHER for label in closed.strata]),
        BUILDING: Factor.of(closed.strata, buildings),
        COMMUNITY: Factor.of(closed.communities),
        GRADE: Factor.of(closed.grades),
        TENURE: Factor.of(closed.tenures),
    }
    by = tuple(name for name in (BUILDING, COMMUNITY, GRADE, TENURE) if len(factors[name].levels) > 1)
    return Frame(closed, factors, by)
