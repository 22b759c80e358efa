"""Tables in and out."""

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from linsheng.core import tabular
from linsheng.core.tabular import UnreadableFile, cell_text, csv_chunks, read_rows, xlsx_chunks

HEADER = ["楼栋", "房号", "姓名"]


def written(path: Path, chunks) -> Path:
    path.write_bytes(b"".join(chunks))
    return path


def cells(path: Path) -> list[tuple[str, ...]]:
    return [row.cells for row in read_rows(path)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_is_read_in_every_encoding_that_excel_writes(tmp_path, encoding):
    file = tmp_path / "roster.csv"
    file.write_text("楼栋,房号,姓名\r\n3栋,3-2-1201,王芳\r\n", encoding=encoding)
    assert cells(file) == [("楼栋", "房号", "姓名"), ("3栋", "3-2-1201", "王芳")]


def test_a_rare_name_outside_gbk_is_read_from_gb18030(tmp_path):
    file = tmp_path / "roster.csv"
    file.write_bytes("姓名\n李𠮷㛃\n".encode("gb18030"))
    assert cells(file)[1] == ("李𠮷㛃",)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found_from_the_first_line(tmp_path, delimiter):
    file = tmp_path / "roster.csv"
    file.write_text(delimiter.join(HEADER) + "\n" + delimiter.join(["3栋", "3-1", "甲"]), encoding="utf-8")
    assert cells(file)[1] == ("3栋", "3-1", "甲")


def test_row_numbers_are_those_of_the_spreadsheet_and_blank_rows_are_left_out(tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text('房号,备注\n\n,\n1,"两\n行"\n2,x\n', encoding="utf-8")
    assert [row.number for row in read_rows(file)] == [1, 4, 5]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1201.0, "1201"),
        (10000000001, "10000000001"),
        (89.5, "89.5"),
        (True, "TRUE"),
        (None, ""),
        (datetime(2024, 3, 5), "2024-03-05"),  # noqa: DTZ001 - as a sheet gives it
        (date(2024, 3, 5), "2024-03-05"),
        ("\u3000王芳 ", "王芳"),
        ("a\0b", "ab"),
    ],
)
def test_a_cell_reads_as_a_person_sees_it(value, text):
    assert cell_text(value) == text


def test_formulas_are_read_as_the_text_they_are(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["姓名"])
    book.active.append(['=HYPERLINK("http://x")'])
    book.save(tmp_path / "roster.xlsx")
    assert cells(tmp_path / "roster.xlsx")[1] == ('=HYPERLINK("http://x")',)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_looks_like_a_formula_is_defused_and_comes_back_whole(tmp_path, start):
    evil = f"{start}cmd|'/C calc'!A0"
    for name, chunks in [("t.csv", csv_chunks(["x"], [[evil]])), ("t.xlsx", xlsx_chunks(["x"], [[evil]]))]:
        file = written(tmp_path / name, chunks)
        assert cells(file)[1][0] in {evil, evil.strip()}
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.active["A2"].data_type == "s"
    assert book.active["A2"].value.startswith("'")
    assert b"\n'" in (tmp_path / "t.csv").read_bytes() or b"\n\"'" in (tmp_path / "t.csv").read_bytes()


def test_numbers_times_and_dates_stay_what_they_are(tmp_path):
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    row = [Decimal("89.50"), -3, date(2024, 3, 5), at, None]
    file = written(tmp_path / "t.xlsx", xlsx_chunks(["a"] * 5, [row]))
    values = [cell.value for cell in openpyxl.load_workbook(file).active[2]]
    assert values[:2] == [89.5, -3]
    assert values[2].date() == date(2024, 3, 5)
    assert values[3].hour == 10
    text = b"".join(csv_chunks(["a"] * 5, [row])).decode("utf-8-sig")
    assert "89.50,-3,2024-03-05,2026-11-23 10:00:00," in text


def test_csv_begins_with_the_mark_that_excel_needs_and_streams(monkeypatch):
    monkeypatch.setattr(tabular, "CHUNK", 100)
    pieces = list(csv_chunks(["房号"], ([f"3-{n}"] for n in range(200))))
    assert pieces[0] == b"\xef\xbb\xbf"
    assert len(pieces) > 5


def test_notes_stand_on_a_sheet_of_their_own(tmp_path):
    file = written(tmp_path / "t.xlsx", xlsx_chunks(HEADER, [], notes=["一行说明"]))
    assert [sheet["A1"].value for sheet in openpyxl.load_workbook(file).worksheets] == ["楼栋", "一行说明"]


@pytest.mark.parametrize("content", [b"PK\x03\x04not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", b"\xff\xff\xff\xff\x80"])
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, content):
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile):
        list(read_rows(file))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableFile):
        list(read_rows(tmp_path / "x.xlsx"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(tabular, "MAX_UNPACKED", 1000)
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "0" * 5000)
    with pytest.raises(UnreadableFile, match="过大"):
        list(read_rows(tmp_path / "x.xlsx"))


def test_a_download_is_an_attachment_that_no_cache_keeps():
    response = tabular.table_response("居民名册", "csv", HEADER, [["3栋", "3-1", "甲"]])
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%B1%85%E6%B0%91%E5%90%8D%E5%86%8C.csv"
    assert response["Cache-Control"] == "no-store"
    assert "甲" in b"".join(response.streaming_content).decode()


def test_the_day_in_a_file_name_is_the_local_one():
    assert tabular.today_in_name(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == "20261123"
