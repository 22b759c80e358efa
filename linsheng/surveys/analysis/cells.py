"""Respondents gathered into cells (alike in every factor), and answers counted per cell: from here on a million rows are a few
hundred."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from linsheng.statistics.strata import Strata, strata
from linsheng.statistics.weighting import MarginResiduals, Raked, rake
from linsheng.surveys.analysis.columns import UNKNOWN, Column, Columns
from linsheng.surveys.analysis.spec import Spec, SpecError

# More possible combinations than this are sorted instead of counted.
DIRECT = 4_000_000
PIECE = 2**16
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """`of` (respondents): the cell of each; `sizes` (cells); `codes`: of each factor, per cell."""

    of: Column
    sizes: Counts
    codes: dict[str, Counts]


def gather(columns: Columns, names: tuple[str, ...]) -> Cells:
    """Return the cells of all combinations of these factors that occur."""
    radix = [len(columns.factors[name].levels) + 1 for name in names]
    key = np.zeros(columns.n, dtype=np.int64)
    for name, size in zip(names, radix, strict=True):
        key *= size
        key += columns.factors[name].codes
        key -= UNKNOWN
    space = int(np.prod(radix, dtype=object)) if radix else 1
    if space <= DIRECT:
        many = np.bincount(key, minlength=space)
        present = np.flatnonzero(many)
        of = key if present.size == space else (np.cumsum(many > 0) - 1)[key]
        sizes = many[present]
    else:
        present, of, sizes = np.unique(key, return_inverse=True, return_counts=True)
    codes, rest = {}, present
    for name, size in zip(reversed(names), reversed(radix), strict=True):
        rest, code = np.divmod(rest, size)
        codes[name] = code + UNKNOWN
    return Cells(of, sizes, codes)


def count(columns: Columns, cells: Cells, levels: int) -> dict[str, Counts]:
    """Return for each item how many of each cell gave each answer (cells × levels + 1; the last: none)."""
    width, rows = levels + 1, cells.sizes.size
    space = rows * width
    # Small numbers, and a piece at a time that stays in the processor's cache: this is what takes the time of a large wave.
    base = (cells.of * width).astype(np.uint16 if space < 2**16 else np.int64)
    place = np.empty(PIECE, dtype=np.int64)
    found = {}
    for name, codes in columns.items.items():
        total = np.zeros(space, dtype=np.int64)
        piece = PIECE if space < PIECE else max(columns.n, 1)
        if piece > place.size:
            place = np.empty(piece, dtype=np.int64)
        for begin in range(0, columns.n, piece):
            part = base[begin : begin + piece]
            np.add(part, codes[begin : begin + piece], out=place[: part.size], casting="unsafe")
            total += np.bincount(place[: part.size], minlength=space)
        found[name] = total.reshape(rows, width)
    return found


class Sample:
    """One wave: its cells and counts, its design, and its weights."""

    def __init__(self, columns: Columns, spec: Spec) -> None:
        self.columns, self.spec = columns, spec
        self.cells = gather(columns, spec.groupings)
        self.counts = count(columns, self.cells, spec.levels)
        self.notes: list[str] = list(columns.notes)
        self.stratum = self._strata_of_cells()
        self.names = columns.factors[spec.strata].levels if spec.strata else ()
        self.design = self._design()

    def answered(self, item: str) -> Counts:
        """Answers to the item on the scale (cells × levels)."""
        return self.counts[item][:, :-1]

    @property
    def population(self) -> float | None:
        """How many could have answered, with strata in which nobody did."""
        given = self.spec.population
        return sum(given.values()) if isinstance(given, dict) else given  # type: ignore[return-value]  # a number or None

    @cached_property
    def uncorrected(self) -> Strata:
        """The same design as if its homes were a few of very many: for what lies behind the answers."""
        return Strata(self.design.n, np.full_like(self.design.n, np.inf), self.design.weight, np.ones_like(self.design.n))

    @cached_property
    def raked(self) -> Raked | None:
        if not self.spec.margins or not self.columns.n:
            return None
        weight = self.design.weight[self.stratum]
        codes, totals = zip(*(self._margin(name) for name in self.spec.margins), strict=True)
        try:
            return rake(weight, codes, totals, sizes=self.cells.sizes)
        except ValueError as error:
            raise SpecError(
                _("无法按 margins 加权：各边际互相矛盾，或有住户的组没有人答卷。（%(why)s）") % {"why": error}
            ) from error

    @cached_property
    def residuals(self) -> MarginResiduals | None:
        return None if self.raked is None else MarginResiduals(self.raked, np.ones(self.cells.sizes.size))

    def _strata_of_cells(self) -> Counts:
        if not self.spec.strata:
            return np.zeros(self.cells.sizes.size, dtype=np.int64)
        codes = self.cells.codes[self.spec.strata]
        if (codes < 0).any():
            raise SpecError(_("有答卷不知道属于哪个“%(column)s”。") % {"column": self.spec.strata})
        return codes

    def _design(self) -> Strata:
        size = len(self.names) if self.spec.strata else 1
        n = np.bincount(self.stratum, weights=self.cells.sizes, minlength=size).astype(np.float64)
        given = self.spec.population
        homes: npt.NDArray[np.float64] | float | None
        if isinstance(given, dict):
            self._note_silent_strata(given)
            homes = np.array([given.get(name, 0.0) for name in self.names])
        else:
            homes = None if given is None else float(given)  # type: ignore[arg-type]  # dict is the only mapping
            if given is not None and len(self.names) > 1:
                self.notes.append(_("各层户数未给出，按答卷比例分摊总户数。"))
        try:
            return strata(n, homes)
        except ValueError as error:
            raise SpecError(self._too_many(n, homes)) from error

    def _too_many(self, n: npt.NDArray[np.float64], homes: npt.NDArray[np.float64] | float | None) -> str:
        if isinstance(homes, np.ndarray):
            for name, answered, size in zip(self.names, n, homes, strict=True):
                if answered > size:
                    words = {"name": name, "n": int(answered), "size": f"{size:g}"}
                    return _("“%(name)s”有 %(n)d 份答卷，多于它的 %(size)s 户。") % words
        return _("%(n)d 份答卷多于 population 的 %(size)s 户。") % {"n": int(n.sum()), "size": f"{homes or 0:g}"}

    def _note_silent_strata(self, given: dict[str, float]) -> None:
        silent = [name for name, size in given.items() if size > 0 and name not in self.names]
        if silent:
            self.notes.append(_("没有答卷的层，不在结果之内：%(names)s。") % {"names": _("、").join(silent)})

    def _margin(self, name: str) -> tuple[Counts, npt.NDArray[np.float64]]:
        totals, levels = self.spec.margins[name], self.columns.factors[name].levels
        silent = [level for level, size in totals.items() if size > 0 and level not in levels]
        if silent:
            words = {"column": name, "names": _("、").join(silent)}
            self.notes.append(_("“%(column)s”中没有答卷的组，加权时不计：%(names)s。") % words)
        if any(level not in totals for level in levels):
            raise SpecError(_("“%(column)s”中有的组没有户数，无法加权。") % {"column": name})
        codes, wanted = self.cells.codes[name], np.array([totals[level] for level in levels])
        unknown = codes < 0
        if not unknown.any():
            return codes, wanted
        # Those of whom it is not known keep the weight that they have among all; the homes of the groups are the others'.
        weight = self.design.weight[self.stratum] * self.cells.sizes
        share = float(weight[unknown].sum() / weight.sum())
        rest = share * wanted.sum() if wanted.sum() else 1.0
        return np.where(unknown, len(levels), codes), np.append(wanted * (1 - share), rest)
