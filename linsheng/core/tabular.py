"""Tables in and out: ``.xlsx`` and ``.csv`` read row by row, and written without holding them in memory.

Read cells are always text. Formulas are read as the text they are typed as; nothing here calculates.
Written text that a spreadsheet would take for a formula gets an apostrophe in front; reading takes it off again.
"""

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, Literal, TypeAlias, cast
from urllib.parse import quote
from xml.etree.ElementTree import ParseError
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format as XlsxFormat
    from xlsxwriter.worksheet import Worksheet

Format: TypeAlias = Literal["xlsx", "csv"]
Values: TypeAlias = Sequence[object]
CONTENT_TYPES: Final[dict[str, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
SHOWN_ZONE: Final = ZoneInfo("Asia/Shanghai")
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
# An .xlsx is a zip: a small file may unpack to something that fills the machine.
MAX_UNPACKED: Final = 300 * 1024 * 1024
MAX_CELL: Final = 2000
ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"
CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it stands in the file: ``number`` is what the spreadsheet shows at its left."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


class UnreadableFile(Invalid):
    """The file is not a table that we can read."""


# Reading


def read_rows(path: Path) -> Iterator[SheetRow]:
    """The rows of the first sheet, blank ones left out. Raises ``UnreadableFile`` while reading."""
    beginning = _beginning(path)
    if beginning == OLE:
        raise _unreadable(_("这是旧版 .xls 或加了密码的文件，请另存为不加密的 .xlsx 再导入。"))
    # A picture or a letter that is only called .xlsx would be read as text, and blamed for having no columns.
    rows = _xlsx_rows(path) if beginning == ZIP or path.suffix.lower() == ".xlsx" else _csv_rows(path)
    return (row for row in rows if not row.is_blank)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _unreadable(reason: str) -> UnreadableFile:
    return UnreadableFile(reason, fields={"file": reason})


def _xlsx_rows(path: Path) -> Iterator[SheetRow]:
    import openpyxl
    from openpyxl.utils.escape import unescape

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise _unreadable(_("文件解压后过大，请拆成几个文件再导入。"))
        # By handle: an upload has a random name, and openpyxl would judge it by that.
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False)
            sheet = book.worksheets[0]
            # What a file says of its own size is often wrong.
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield SheetRow(number, tuple(cell_text(unescape(value) if isinstance(value, str) else value) for value in row))
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, IndexError, ParseError, OSError, EOFError, RuntimeError) as error:
        raise _unreadable(_("这个文件不能作为电子表格读取。请用 Excel 或 WPS 打开表格，另存为 .xlsx 后再试。")) from error


def cell_text(value: object) -> str:
    """What a person sees in a cell: 1201.0 → 1201, a date → 2024-03-05."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return _plain(str(value))


def _plain(text: str) -> str:
    """Trimmed and of bearable length, without the apostrophe that our own writer put before a formula."""
    trimmed = text.replace("\0", "").strip(" \t\r\n\u3000\xa0\ufeff")[:MAX_CELL]
    guarded = trimmed.startswith("'") and trimmed[1:].startswith(FORMULA_STARTS)
    return trimmed[1:] if guarded else trimmed


def detect_encoding(path: Path) -> str:
    """UTF-8 or UTF-16 by their marks, UTF-8 if all of it decodes, else GB18030 (which reads GBK and GB2312 too)."""
    head = _beginning(path)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8"


def _delimiter(first_line: str) -> str:
    return max(",\t;", key=first_line.count)


def _csv_rows(path: Path) -> Iterator[SheetRow]:
    try:
        with path.open(encoding=detect_encoding(path), newline="") as file:
            delimiter = _delimiter(file.readline())
            file.seek(0)
            for number, row in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                yield SheetRow(number, tuple(_plain(cell) for cell in row))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(_("无法读取这个文件：请用 Excel 另存为 .xlsx，或用 UTF-8、GB18030 编码的 .csv。")) from error


# Writing


def safe_cell(value: object) -> object:
    """The value as it may stand in a spreadsheet: text that looks like a formula is made text beyond doubt."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, datetime):
        return value.astimezone(SHOWN_ZONE).replace(tzinfo=None) if value.tzinfo else value
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return safe_cell(str(value))


def _csv_cell(value: object) -> str:
    value = safe_cell(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return "" if value is None else str(value)


def csv_chunks(header: Values, rows: Iterable[Values]) -> Iterator[bytes]:
    """The table as UTF-8 CSV with the mark that Excel needs, a piece at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield codecs.BOM_UTF8
    for row in _with_header(header, rows):
        writer.writerow([_csv_cell(value) for value in row])
        if buffer.tell() > CHUNK:
            yield _drained(buffer)
    yield _drained(buffer)


def _with_header(header: Values, rows: Iterable[Values]) -> Iterator[Values]:
    yield [str(title) for title in header]
    yield from rows


def _drained(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def write_xlsx(file: IO[bytes], header: Values, rows: Iterable[Values], *, sheet: str = "", notes: Sequence[str] = ()) -> None:
    """Write the table as the first sheet; ``notes`` become the lines of a second one. Rows are not kept in memory."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
    }
    book = xlsxwriter.Workbook(file, options)
    page = book.add_worksheet((sheet or _("数据"))[:31])
    page.freeze_panes(1, 0)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    bold = book.add_format({"bold": True})
    for column, title in enumerate(header):
        page.set_column(column, column, _width(str(title)))
        page.write_string(0, column, str(title), bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_cell(page, number, column, safe_cell(value), day)
    if notes:
        _write_notes(book, notes)
    book.close()


def _width(title: str) -> int:
    return max(12, 2 * len(title) + 4)


def _write_cell(page: "Worksheet", row: int, column: int, value: object, day: "XlsxFormat") -> None:
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value)
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a sheet has no zones
    elif value is not None:
        page.write(row, column, value)


def _write_notes(book: "xlsxwriter.Workbook", notes: Sequence[str]) -> None:
    page = book.add_worksheet(_("说明"))
    page.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    for number, line in enumerate(notes):
        page.write_string(number, 0, line)


def xlsx_chunks(header: Values, rows: Iterable[Values], *, sheet: str = "", notes: Sequence[str] = ()) -> Iterator[bytes]:
    """The table as ``.xlsx``, built in a temporary file and given a piece at a time."""
    with TemporaryFile() as file:
        write_xlsx(cast(IO[bytes], file), header, rows, sheet=sheet, notes=notes)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def chunks(form: Format, header: Values, rows: Iterable[Values]) -> Iterator[bytes]:
    """The table in either format."""
    return xlsx_chunks(header, rows) if form == "xlsx" else csv_chunks(header, rows)


def table_response(name: str, form: Format, header: Values, rows: Iterable[Values]) -> StreamingHttpResponse:
    """The table as a download called ``name`` (without extension)."""
    return file_response(f"{name}.{form}", CONTENT_TYPES[form], chunks(form, header, rows))


def file_response(name: str, content_type: str, content: Iterable[bytes]) -> StreamingHttpResponse:
    """A download that is sent as it is made, and kept by no cache."""
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["Cache-Control"] = "no-store"
    return response


def requested_format(wanted: str) -> Format:
    """``csv`` when asked for, else ``xlsx``."""
    return "csv" if wanted == "csv" else "xlsx"


def today_in_name(now: datetime) -> str:
    """The local day for file names: 20261123."""
    return now.astimezone(SHOWN_ZONE).strftime("%Y%m%d")
