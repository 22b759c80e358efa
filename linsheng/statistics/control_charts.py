"""Is this month more than noise? Individuals (XmR), share (p) and rate (u) charts with two run rules.

Sources: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2 (rules, individuals chart) and 6.3.3 (counts and shares);
D. J. Wheeler, Understanding Variation (1993), for the XmR chart and the run of eight; L. S. Nelson (1984), Journal of
Quality Technology 16, 237-239, uses nine. More rules would find more and be wrong more often, so there are only two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from linsheng.statistics.checks import Flags, Floats, fixed, floats, same_length
from linsheng.statistics.verdicts import Reason

# Expected range of two standard normal values (d2), and the upper factor of a range of two (D4), as tabulated.
RANGE_OF_TWO = 1.128
RANGE_UPPER = 3.267
SIGMAS = 3
RUN_LENGTH = 8
# A house rule: limits from less than a year of months are shown as provisional.
PROVISIONAL_BELOW = 12
ROUNDING = 1e-9


class ChartKind(StrEnum):
    """Which quantity a chart follows."""

    INDIVIDUALS = "individuals"
    MOVING_RANGE = "moving_range"
    SHARE = "share"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Signal:
    """A point (by its place, from 0) that chance explains poorly, and why."""

    index: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ControlChart:
    """Points with centre line and limits, all arrays alike long; NaN where there is no point or nothing to reckon from.

    `baseline_points` points gave the limits; `sigma_z` is how much wider than chance the points scatter (1: not widened).
    """

    kind: ChartKind
    values: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    signals: tuple[Signal, ...]
    baseline_points: int
    sigma_z: float = 1.0

    @property
    def provisional(self) -> bool:
        """Whether the limits rest on too few points to be relied on."""
        return self.baseline_points < PROVISIONAL_BELOW


@dataclass(frozen=True, slots=True)
class XmrChart:
    """A chart of single values and the chart of their moving ranges, whose first range is NaN."""

    individuals: ControlChart
    moving_range: ControlChart


def xmr_chart(
    values: npt.ArrayLike, *, baseline: int | None = None, lowest: float | None = None, highest: float | None = None
) -> XmrChart:
    """Return individuals and moving-range charts for one value a period (a mean, a median, a volume).

    Source: e-Handbook 6.3.2.2; mean ± 3·mR̄/1.128 (2.66·mR̄), ranges up to 3.267·mR̄, where mR̄ is the mean absolute
    difference of neighbours. `values` is in time order, in any unit; `baseline`: only the first so many points set the
    limits; `lowest` and `highest` cut limits at what is possible (0 for a volume, 1 and 5 for stars). A missing point (NaN)
    has no range, gives no signal and ends a run. Fewer than two neighbours in the baseline: limits are NaN, no signals.
    ValueError when the baseline is below 2 or the array is not one-dimensional.
    """
    x = floats(values, name="values")
    used = _baseline(x.size, baseline)
    ranges = np.abs(np.diff(x, prepend=np.nan))
    centre, mean_range = _mean(x[used]), _mean(ranges[used])
    half = SIGMAS * mean_range / RANGE_OF_TWO
    lower = centre - half if lowest is None else np.maximum(centre - half, lowest)
    upper = centre + half if highest is None else np.minimum(centre + half, highest)
    points = int((~np.isnan(x[used])).sum())
    every = np.ones_like(x)
    individuals = _chart(ChartKind.INDIVIDUALS, x, (centre * every, lower * every, upper * every), points)
    limits = (mean_range * every, 0 * mean_range * every, RANGE_UPPER * mean_range * every)
    return XmrChart(individuals, _chart(ChartKind.MOVING_RANGE, ranges, limits, points, runs=False))


def p_chart(
    successes: npt.ArrayLike, n: npt.ArrayLike, *, baseline: int | None = None, overdispersed: bool = False
) -> ControlChart:
    """Return the chart of shares successes/n, whose limits differ with each period's n.

    Source: e-Handbook 6.3.3.2; p̄ ± 3·√(p̄(1-p̄)/n), p̄ = Σsuccesses/Σn, cut at 0 and 1. `overdispersed`: Laney's p′ chart
    (D. B. Laney 2002, Quality Engineering 14, 531-537), which multiplies by σz = mean moving range of the z scores / 1.128;
    meant for large n, where real months always differ more than coins. Arrays are alike long and in time order; n = 0 or
    NaN is a missing point (no limits, no signal, ends a run). ValueError for negative counts or successes above n.
    """
    x, total = _counts(successes, n)
    if (x > total).any():
        raise ValueError("A share cannot have more successes than cases.")
    used = _baseline(x.size, baseline)
    centre = _ratio(x[used], total[used])
    spread = np.sqrt(centre * (1 - centre) / total)
    return _attribute_chart(ChartKind.SHARE, x / total, (centre, spread), used, overdispersed, ceiling=1.0)


def u_chart(
    counts: npt.ArrayLike, exposure: npt.ArrayLike, *, baseline: int | None = None, overdispersed: bool = False
) -> ControlChart:
    """Return the chart of rates counts/exposure, such as complaints a hundred homes.

    Source: e-Handbook 6.3.3.1; ū ± 3·√(ū/exposure), ū = Σcounts/Σexposure, cut at 0; `overdispersed` is Laney's u′ chart,
    as in `p_chart`. `exposure` is in the unit that the rate is to be read in; 0 or NaN is a missing point. ValueError for
    negative counts.
    """
    x, total = _counts(counts, exposure)
    used = _baseline(x.size, baseline)
    centre = _ratio(x[used], total[used])
    return _attribute_chart(ChartKind.RATE, x / total, (centre, np.sqrt(centre / total)), used, overdispersed, ceiling=np.inf)


def _attribute_chart(
    kind: ChartKind, values: Floats, model: tuple[float, Floats], used: slice, overdispersed: bool, *, ceiling: float
) -> ControlChart:
    centre, spread = model
    sigma_z = _sigma_z((values - centre)[used], spread[used]) if overdispersed else 1.0
    half = SIGMAS * sigma_z * spread
    limits = (centre * np.ones_like(values), np.clip(centre - half, 0, None), np.clip(centre + half, None, ceiling))
    return _chart(kind, values, limits, int((~np.isnan(values[used])).sum()), sigma_z=sigma_z)


def _sigma_z(deviations: Floats, spread: Floats) -> float:
    if not (spread > 0).any():
        return 1.0
    sigma = _mean(np.abs(np.diff(deviations / spread))) / RANGE_OF_TWO
    return 1.0 if np.isnan(sigma) else sigma


def _chart(
    kind: ChartKind, values: Floats, limits: tuple[Floats, Floats, Floats], points: int, *, sigma_z: float = 1.0, runs: bool = True
) -> ControlChart:
    centre, lower, upper = limits
    signals = _signals(values, centre, lower, upper, runs=runs)
    return ControlChart(kind, fixed(values), fixed(centre), fixed(lower), fixed(upper), signals, points, sigma_z)


def _signals(values: Floats, centre: Floats, lower: Floats, upper: Floats, *, runs: bool) -> tuple[Signal, ...]:
    """Return a signal for each point strictly outside, and for the eighth and every further one on one side."""
    slack = ROUNDING * np.nanmax(np.abs(values), initial=0.0)
    marks: list[tuple[Reason, Flags]] = [(Reason.ABOVE_LIMIT, values > upper + slack), (Reason.BELOW_LIMIT, values < lower - slack)]
    # Without limits (too few points) the centre is no standard to run beside either.
    if runs and not np.isnan(upper).all():
        marks += [
            (Reason.RUN_ABOVE, _run_lengths(values > centre + slack) >= RUN_LENGTH),
            (Reason.RUN_BELOW, _run_lengths(values < centre - slack) >= RUN_LENGTH),
        ]
    found = ((index, _reasons(marks, index)) for index in range(values.size))
    return tuple(Signal(index, reasons) for index, reasons in found if reasons)


def _reasons(marks: Sequence[tuple[Reason, Flags]], index: int) -> tuple[Reason, ...]:
    return tuple(reason for reason, flags in marks if flags[index])


def _run_lengths(side: Flags) -> npt.NDArray[np.int64]:
    """Return, at each point, how many in a row up to it are on that side."""
    place = np.arange(1, side.size + 1)
    return place - np.maximum.accumulate(np.where(side, 0, place))


def _counts(counts: npt.ArrayLike, sizes: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return both arrays with NaN in both wherever there is no point."""
    x, total = floats(counts, name="counts"), floats(sizes, name="sizes")
    same_length(x, total, names="counts and sizes")
    if (x < 0).any() or (total < 0).any():
        raise ValueError("Counts of a control chart must not be negative.")
    if ((total == 0) & (x > 0)).any():
        raise ValueError("A period with a size of 0 cannot have counts.")
    absent = np.isnan(x) | np.isnan(total) | (total == 0)
    return np.where(absent, np.nan, x), np.where(absent, np.nan, total)


def _baseline(size: int, baseline: int | None) -> slice:
    if baseline is not None and baseline < 2:
        raise ValueError(f"baseline must be at least 2 points, not {baseline}.")
    return slice(0, size if baseline is None else baseline)


def _ratio(counts: Floats, sizes: Floats) -> float:
    total = float(np.nansum(sizes))
    return float(np.nansum(counts)) / total if total > 0 else float("nan")


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
