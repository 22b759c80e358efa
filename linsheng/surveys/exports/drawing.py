"""Native charts of a workbook. Told apart without colour: one series each, values written on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook


from linsheng.core.workbook import GREY, TEAL, Sheet


@dataclass(frozen=True)
class Span:
    """Which rows and columns are drawn; ``minus`` and ``plus`` hold the lengths of the intervals."""

    first: int
    last: int
    names: int
    values: int
    minus: int | None = None
    plus: int | None = None

    def column(self, page: str, column: int) -> list[Any]:
        return [page, self.first, column, self.last, column]


def bars(
    book: "Workbook",
    sheet: Sheet,
    span: Span,
    *,
    title: str,
    name: str,
    at: tuple[int, int],
    kind: str = "bar",
    low: float | None = None,
    high: float | None = None,
    tall: float = 1.0,
    inside: bool = True,
    form: str = "0.00",
) -> None:
    """Bars (lying, or ``column``), with intervals where the span has them."""
    chart, page = book.add_chart({"type": kind}), sheet.page.get_name()
    series: dict[str, Any] = {
        "name": name,
        "categories": span.column(page, span.names),
        "values": span.column(page, span.values),
        "fill": {"color": TEAL},
        "gap": 60,
    }
    if inside:
        series["data_labels"] = {
            "value": True,
            "position": "inside_base",
            "num_format": form,
            "font": {"color": "white", "size": 9},
        }
    if span.minus is not None and span.plus is not None:
        errors = {"type": "custom", "line": {"color": "#1b2320", "width": 1.25}}
        errors |= {"minus_values": _reference(span, page, span.minus), "plus_values": _reference(span, page, span.plus)}
        series["x_error_bars" if kind == "bar" else "y_error_bars"] = errors
    chart.add_series(series)
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    limits = {key: value for key, value in (("min", low), ("max", high)) if value is not None}
    values = {**limits, "num_format": form, "major_gridlines": {"visible": True, "line": {"color": "#dddddd"}}}
    if kind == "bar":
        # The first row on top: then the library puts the figures there too, unless they are to stand at the far end.
        chart.set_y_axis({"reverse": True, "label_position": "low", "major_gridlines": {"visible": False}})
        chart.set_x_axis({**values, "label_position": "high"})
    else:
        chart.set_y_axis(values)
    sheet.page.insert_chart(at[0], at[1], chart, {"x_scale": 1.4, "y_scale": tall})


def _reference(span: Span, page: str, column: int) -> str:
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    return f"={quote_sheetname(page)}!{xl_range_abs(span.first, column, span.last, column)}"


def scatter(
    book: "Workbook",
    sheet: Sheet,
    span: Span,
    names: Sequence[str],
    *,
    title: str,
    axes: tuple[str, str],
    ends: tuple[float, float],
    at: tuple[int, int],
) -> None:
    """Points with their names; ``span.names`` is the column of the x values, ``span.values`` that of the y values.

    ``ends``: where the y axis begins and ends.
    """
    chart, page = book.add_chart({"type": "scatter"}), sheet.page.get_name()
    labels = [{"value": name} for name in names]
    chart.add_series(
        {
            "name": title,
            "categories": span.column(page, span.names),
            "values": span.column(page, span.values),
            "marker": {"type": "circle", "size": 8, "fill": {"color": TEAL}, "border": {"color": TEAL}},
            "data_labels": {"custom": labels, "value": True, "position": "right", "font": {"size": 9}},
        }
    )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    line = {"visible": True, "line": {"color": GREY, "width": 0.5}}
    chart.set_x_axis({"name": axes[0], "num_format": "0%", "major_gridlines": line})
    chart.set_y_axis({"name": axes[1], "num_format": "0.0", "major_gridlines": line, "min": ends[0], "max": ends[1]})
    sheet.page.insert_chart(at[0], at[1], chart, {"x_scale": 1.8, "y_scale": 1.6})
