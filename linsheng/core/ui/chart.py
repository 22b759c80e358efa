"""Charts: the plain data of a figure, made ready for the drawing and for the table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from linsheng.core.ui.figures import decimals_words
from linsheng.core.ui.html import clean_id

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Kind = Literal["line", "control", "bar", "stacked", "points", "map"]
Values = Sequence[float | None]


@dataclass(frozen=True)
class Series:
    """One row of figures; ``low`` and ``high`` are its 95% interval; ``flags`` name the points that stand out."""

    name: str
    values: Values
    low: Values = ()
    high: Values = ()
    flags: Sequence[bool] = ()


@dataclass(frozen=True)
class Limits:
    """The centre line and control limits."""

    center: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Chart:
    """A chart. ``title`` is its message in a sentence; ``n`` and ``period`` say what it rests on.

    ``points`` are marks with their intervals, one row a category; a ``map`` sets the first series (across) against the second
    (up), with cross-hairs at ``cross``."""

    id: str
    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    kind: Kind = "line"
    unit: str = ""
    period: str = ""
    n: int | None = None
    source: str = ""
    limits: Limits | None = None
    horizontal: bool = False
    digits: int = 1
    note: str = ""
    target: float | None = None
    cross: tuple[float, float] | None = None
    # What the centre line is called where it is no mean.
    center_words: str = ""
    # What the first column of the table is called.
    heading: str = ""


def chart_of(data: Chart | DataclassInstance | Mapping[str, Any]) -> Chart:
    """A ``Chart`` from one, from another dataclass, or from a dict with the same names."""
    if isinstance(data, Chart):
        return data
    values = dict(data) if isinstance(data, Mapping) else asdict(data)
    values["series"] = [one if isinstance(one, Series) else Series(**one) for one in values["series"]]
    limits = values.get("limits")
    values["limits"] = limits if limits is None or isinstance(limits, Limits) else Limits(**limits)
    return Chart(**values)


def _cell(series: Series, index: int, digits: int) -> str:
    words = decimals_words(series.values[index], digits)
    if not series.low or not series.high or series.low[index] is None or series.high[index] is None:
        return words
    return f"{words}({decimals_words(series.low[index], digits)}–{decimals_words(series.high[index], digits)})"


def prepared(data: Chart | DataclassInstance | Mapping[str, Any]) -> dict[str, Any]:
    """What the component's template needs: the chart, its JSON for the drawing, and the rows of its table."""
    chart = chart_of(data)
    rows = [
        (category, [_cell(series, index, chart.digits) for series in chart.series])
        for index, category in enumerate(chart.categories)
    ]
    words = {
        "center": chart.center_words or _("平均"),
        "lower": _("下限"),
        "upper": _("上限"),
        "target": _("目标"),
        "flagged": _("超出控制限"),
    }
    return {
        "chart": chart,
        "dom_id": f"chart-{clean_id(chart.id)}",
        "data_id": f"chart-{clean_id(chart.id)}-data",
        "rows": rows,
        "payload": {**asdict(chart), "words": words},
        "heading": chart.heading or (_("时间") if chart.kind in {"line", "control"} else _("项目")),
        "empty": not any(value is not None for series in chart.series for value in series.values),
    }
