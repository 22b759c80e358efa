"""Reading a roster: what is understood, and what each bad cell is told."""

from datetime import date

import pytest

from linsheng.communities.roster.reading import read_roster
from linsheng.communities.roster.template import template_chunks
from linsheng.communities.tests.rosters import HEADER, csv_file, row, xlsx
from linsheng.core.errors import Invalid

TODAY = date(2026, 11, 23)


def read(path):
    return read_roster(path, today=TODAY)


def errors(path):
    return [(error.row, error.column) for error in read(path).errors]


def only_row(tmp_path, **cells):
    roster = read(xlsx(tmp_path / "r.xlsx", [row(**cells)]))
    assert roster.errors == []
    return roster.rows[0]


def only_error(tmp_path, **cells):
    found = read(xlsx(tmp_path / "r.xlsx", [row(**cells)])).errors
    assert len(found) == 1
    return found[0]


def test_a_good_row_is_read_whole(tmp_path):
    found = only_row(tmp_path, 邮箱="a@example.com")
    assert (found.building, found.home, found.floor, str(found.area), found.tenure) == ("3栋", "3-2-1301", 13, "89.50", "owner")
    assert (found.name, found.phone, found.email, found.kind) == ("王芳", "10000001301", "a@example.com", "owner")
    assert found.since == date(2020, 5, 1)


def test_our_own_template_is_read_without_an_error(tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"".join(template_chunks()))
    roster = read(path)
    assert (len(roster.rows), roster.errors, roster.notes) == (4, [], [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_of_every_usual_encoding(tmp_path, encoding):
    roster = read(csv_file(tmp_path / "r.csv", [row(姓名="李𠮷")], encoding))
    assert roster.rows[0].name == "李𠮷"


@pytest.mark.parametrize(
    "header",
    [
        ["小区楼栋", "房号 *", "所在层", "建筑面积（㎡）", "使用状态", "业主姓名", "手机号码", "电子邮箱", "住户身份", "入住时间"],
        ["Building", "Unit", "Floor", "Area (sqm)", "Tenure", "Full name", "Phone number", "E-mail", "Role", "Move-in date"],
    ],
)
def test_headings_in_other_words(tmp_path, header):
    roster = read(xlsx(tmp_path / "r.xlsx", [row()], header))
    assert roster.errors == []
    assert roster.rows[0].phone == "10000001301"
    assert roster.rows[0].since == date(2020, 5, 1)


def test_columns_may_stand_in_any_order_and_unknown_ones_are_named(tmp_path):
    path = xlsx(tmp_path / "r.xlsx", [["王芳", "x", "3-1", "3栋"]], ["姓名", "备注", "房号", "楼栋"])
    roster = read(path)
    assert roster.rows[0].home == "3-1"
    assert "备注" in roster.notes[0].message


def test_a_title_may_stand_above_the_heading(tmp_path):
    path = csv_file(tmp_path / "r.csv", [HEADER, row()], header=["翠湖苑业主名册"])
    assert read(path).rows[0].number == 3


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("楼栋", "", "不能为空"),
        ("房号", "", "不能为空"),
        ("房号", "=1+1", "公式"),
        ("房号", "2026-01-12", "改成了日期"),
        ("房号", "x" * 31, "太长"),
        ("楼栋", "@SUM(A1)", "公式"),
        ("楼层", "十二", "不是楼层"),
        ("楼层", "9999", "不是楼层"),
        ("面积", "很大", "不是面积"),
        ("面积", "0", "不是面积"),
        ("面积", "-5", "不是面积"),
        ("面积", "NaN", "不是面积"),
        ("居住状态", "借住", "请填：自住"),
        ("手机号", "1000000130", "11 位"),
        ("手机号", "1.38E+10", "科学计数"),
        ("手机号", "138abc", "不是电话号码"),
        ("手机号", "=A1", "不是电话号码"),
        ("手机号", "12345", "11 位"),
        ("手机号", "999", "7 至 15 位"),
        ("邮箱", "wang@", "不是邮箱"),
        ("身份", "路人", "请填：业主"),
        ("入住日期", "去年", "不是日期"),
        ("入住日期", "2024-02-30", "不是日期"),
        ("入住日期", "1820-01-01", "不合理"),
        ("入住日期", "2099-01-01", "不合理"),
    ],
)
def test_each_bad_cell_is_named_with_row_column_and_remedy(tmp_path, column, text, said):
    error = only_error(tmp_path, **{column: text})
    assert (error.row, error.column) == (2, column)
    assert said in error.message


@pytest.mark.parametrize(
    ("column", "text", "attribute", "value"),
    [
        ("楼层", "12层", "floor", 12),
        ("楼层", "B1", "floor", -1),
        ("楼层", "-2", "floor", -2),
        ("面积", "1,234.5㎡", "area", 1234.5),
        ("居住状态", "出租", "tenure", "let"),
        ("居住状态", "vacant", "tenure", "empty"),
        ("身份", "租客", "kind", "tenant"),
        ("手机号", "+86 100 0000 1301", "phone", "10000001301"),
        ("手机号", "0755-12345678", "phone", "075512345678"),
        ("入住日期", "2024/3/5", "since", date(2024, 3, 5)),
        ("入住日期", "2024年3月5日", "since", date(2024, 3, 5)),
        ("入住日期", "20240305", "since", date(2024, 3, 5)),
        ("房号", "３－２－１３０１", "home", "3-2-1301"),
        ("姓名", "=cmd|'/C calc'!A0", "name", "=cmd|'/C calc'!A0"),
    ],
)
def test_what_people_write_is_understood(tmp_path, column, text, attribute, value):
    assert getattr(only_row(tmp_path, **{column: text}), attribute) == value


def test_numbers_and_dates_typed_as_such_in_excel_are_understood(tmp_path):
    cells = ["3栋", 1301, 13, 89.5, "自住", "王芳", 10000001301, None, "业主", date(2020, 5, 1)]
    found = read(xlsx(tmp_path / "r.xlsx", [cells])).rows[0]
    assert (found.home, found.floor, found.phone, found.since) == ("1301", 13, "10000001301", date(2020, 5, 1))


def test_several_errors_of_a_row_are_all_named(tmp_path):
    assert errors(xlsx(tmp_path / "r.xlsx", [row(楼层="x", 手机号="1")])) == [(2, "楼层"), (2, "手机号")]


def test_a_number_without_a_name_is_an_error(tmp_path):
    assert only_error(tmp_path, 姓名="").column == "姓名"


def test_a_home_without_people_is_a_good_row(tmp_path):
    assert only_row(tmp_path, 姓名="", 手机号="").name == ""


def test_the_same_person_twice_in_a_home_is_an_error_that_names_the_first(tmp_path):
    found = read(xlsx(tmp_path / "r.xlsx", [row(), row()])).errors
    assert [(error.row, error.column) for error in found] == [(3, "姓名")]
    assert "第 2 行" in found[0].message


def test_an_empty_home_twice_is_an_error(tmp_path):
    blank = {"姓名": "", "手机号": ""}
    assert errors(xlsx(tmp_path / "r.xlsx", [row(**blank), row(**blank)])) == [(3, "房号")]


def test_a_number_under_two_names_is_an_error(tmp_path):
    path = xlsx(tmp_path / "r.xlsx", [row(), row("3-2-1302", 姓名="别人")])
    assert errors(path) == [(3, "手机号")]


def test_one_person_may_own_two_homes(tmp_path):
    roster = read(xlsx(tmp_path / "r.xlsx", [row(), row("3-2-1302")]))
    assert (len(roster.rows), roster.errors) == (2, [])


def test_two_people_of_one_name_are_two_when_they_have_numbers(tmp_path):
    assert errors(xlsx(tmp_path / "r.xlsx", [row(), row(手机号="10000001302")])) == []


def test_a_home_that_is_described_in_two_ways_is_an_error(tmp_path):
    path = xlsx(tmp_path / "r.xlsx", [row(), row(姓名="李强", 手机号="", 面积="99", 楼栋="4栋")])
    assert errors(path) == [(3, "楼栋"), (3, "面积")]


def test_facts_of_a_home_may_stand_on_any_of_its_rows(tmp_path):
    roster = read(xlsx(tmp_path / "r.xlsx", [row(面积=""), row(姓名="李强", 手机号="", 面积="99")]))
    assert str(roster.homes["3-2-1301"].area) == "99.00"


def test_a_name_that_is_too_long_is_one_error_and_not_said_to_be_missing(tmp_path):
    assert only_error(tmp_path, 姓名="长" * 61).message == "太长了（61 个字），最多 60 个字。"


@pytest.mark.parametrize("content", ["只是一封信\n没有表格".encode(), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b""])
def test_what_is_only_called_xlsx_is_said_to_be_no_spreadsheet(tmp_path, content):
    (tmp_path / "r.xlsx").write_bytes(content)
    with pytest.raises(Invalid, match="不能作为电子表格读取"):
        read(tmp_path / "r.xlsx")


@pytest.mark.parametrize(
    ("header", "said"),
    [(["姓名", "电话"], "找不到列：楼栋、房号"), (["楼栋", "房号", "房屋"], "列名重复：房屋"), ([""], "空的")],
)
def test_a_file_without_the_needed_columns_is_refused_with_a_sentence(tmp_path, header, said):
    with pytest.raises(Invalid, match=said):
        read(csv_file(tmp_path / "r.csv", [], header=header))


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("linsheng.communities.roster.reading.MOST_ROWS", 2)
    with pytest.raises(Invalid, match="超过 2 行"):
        read(xlsx(tmp_path / "r.xlsx", [row(str(n)) for n in range(3)]))


def test_progress_is_told(tmp_path):
    told = []
    read_roster(csv_file(tmp_path / "r.csv", [row(str(n)) for n in range(1100)]), today=TODAY, progress=told.append)
    assert told == [500, 1000]
