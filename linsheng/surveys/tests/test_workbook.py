"""The result as a workbook: opened by another library, its figures those of the result, what is hidden in words, native charts."""

import io
import random

import openpyxl
import pytest
from django.utils import translation

from linsheng.core import clock
from linsheng.surveys import actions
from linsheng.surveys.queries.results import result_of
from linsheng.surveys.tests.factories import add_homes, closed_with, marks, open_wave


@pytest.fixture
def wave(cast):
    rng = random.Random(3)
    homes = [home for n, size in enumerate((30, 16, 12)) for home in add_homes(cast.community, 1, size, first=20 + n)]
    for _number in range(2):
        wave = open_wave(cast.community, clock.now())
        closed_with(wave, clock.now(), [(home, marks(wave.version, rng)) for home in homes if rng.random() < 0.9])
        actions.keep_result(wave=wave, now=clock.now())
    return wave


def opened(wave, by):
    content = b"".join(actions.export_wave(wave=wave, form="xlsx", by=by, now=clock.now()).chunks)
    return openpyxl.load_workbook(io.BytesIO(content))


def table(sheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_every_matter_has_a_sheet_and_its_figures_are_those_of_the_result(wave, cast):
    book, found = opened(wave, cast.manager), result_of(wave)
    assert book.sheetnames[:3] == ["总览", "各题", "按楼栋"] and {"变化", "选择题", "回收情况", "口径"} <= set(book.sheetnames)
    rows = {row[0]: row for row in table(book["各题"])}
    for item in found.items:
        if not item.estimate.hidden:
            row = rows[item.asked.short]
            assert row[3] == item.estimate.n and row[5] == pytest.approx(item.estimate.mean)
            assert row[8] == pytest.approx(item.estimate.satisfied.share)


def test_charts_are_native(wave, cast):
    book = opened(wave, cast.manager)
    for name in ("总览", "各题", "按楼栋", "变化", "回收情况"):
        assert book[name]._charts, name


def test_hidden_groups_are_words_without_figures(wave, cast):
    book, found = opened(wave, cast.manager), result_of(wave)
    names = {item.asked.short: key for key, item in found.by_key.items()}
    hidden = 0
    for level, name, *figures in table(book["按楼栋"])[1:]:
        cell = found.table("building").cell(level, names[name])
        if cell is None:
            hidden += 1
            assert figures[0] == "人数太少，不显示" and not any(isinstance(value, float | int) for value in figures)
        else:
            assert figures[0] == cell.n
    assert hidden == found.table("building").hidden


def test_in_english_the_headings_are_english(wave, cast):
    with translation.override("en"):
        book = opened(wave, cast.manager)
    assert "Overview" in book.sheetnames and "Response" in book.sheetnames
    for sheet in book:
        words = " ".join(str(value) for row in table(sheet)[:1] for value in row if value is not None)
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in words), (sheet.title, words)
