"""Roster files for tests."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from linsheng.core.tabular import xlsx_chunks

HEADER = ["楼栋", "房号", "楼层", "面积", "居住状态", "姓名", "手机号", "邮箱", "身份", "入住日期"]


def row(home: str = "3-2-1301", **cells: str) -> list[str]:
    """A good row, with some cells changed."""
    usual = {"楼栋": "3栋", "房号": home, "楼层": "13", "面积": "89.5", "居住状态": "自住", "姓名": "王芳", "手机号": "10000001301"}
    usual |= {"邮箱": "", "身份": "业主", "入住日期": "2020-05-01"}
    return [{**usual, **cells}[title] for title in HEADER]


def xlsx(path: Path, rows: Iterable[Sequence[object]], header: Sequence[str] = HEADER) -> Path:
    path.write_bytes(b"".join(xlsx_chunks(header, rows)))
    return path


def csv_file(path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8", header: Sequence[str] = HEADER) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def large(homes: int) -> list[list[str]]:
    """A whole community: one or two people a home."""
    rows = []
    for n in range(homes):
        building, floor, door = n // 500 + 1, n % 500 // 10 + 1, n % 10 + 1
        number = f"{building}-{floor}{door:02d}"
        place = [f"{building}栋", number, str(floor), f"{60 + n % 80}.5", "自住"]
        rows.append([*place, f"住户{n}", f"1002{n:07d}", "", "业主", "2020-05-01"])
        if n % 3 == 0:
            rows.append([*place, f"家属{n}", f"1003{n:07d}", "", "家属", ""])
    return rows
