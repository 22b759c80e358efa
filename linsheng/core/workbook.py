"""Excel workbooks of several sheets, written from top to bottom; text that looks like a formula stays text."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


from linsheng.core.tabular import safe_cell

WIDE, NARROW, HEAD_HEIGHT = 26, 13, 30
TEXT_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
TEAL, GREY, RED, ORANGE, BLUE = "#0f6f68", "#84918c", "#b3261e", "#d55e00", "#0072b2"


class Sheet:
    """A worksheet that is written from top to bottom."""

    def __init__(self, book: "Workbook", name: str, widths: Sequence[int]) -> None:
        self.page: Worksheet = book.add_worksheet(name)
        self.row = 0
        self.formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "percent": book.add_format({"num_format": "0.0%"}),
            "number": book.add_format({"num_format": "#,##0.##"}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "mean": book.add_format({"num_format": "0.00"}),
            "signed": book.add_format({"num_format": "+0.00;-0.00;0.00"}),
            "p": book.add_format({"num_format": "0.0000"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)
        self.page.set_paper(9)
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)

    def line(self, values: Iterable[Any], form: str = "", forms: Sequence[str] = ()) -> None:
        """One row; text that looks like a formula stays text."""
        if form == "head":
            # Two lines: not every programme makes a row as high as its wrapped text.
            self.page.set_row(self.row, HEAD_HEIGHT)
        for column, value in enumerate(values):
            chosen = self.formats.get(forms[column] if column < len(forms) else form)
            _write(self.page, self.row, column, safe_cell(value), chosen)
        self.row += 1


def _write(page: "Worksheet", row: int, column: int, value: Any, form: Any) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value, form)
    elif value is not None:
        page.write_number(row, column, float(value), form)
