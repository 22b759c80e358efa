"""The result of a closed wave as an Excel workbook: a sheet a matter, with native charts beside the figures that they draw."""

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linsheng.core.workbook import NARROW, TEXT_OPTIONS, WIDE, Sheet
from linsheng.surveys.exports import workbook_findings as findings
from linsheng.surveys.exports.drawing import Span, bars
from linsheng.surveys.models import EntryMode, Wave
from linsheng.surveys.results import BUILDING, GroupTable, ItemResult, WaveResult, by_words
from linsheng.surveys.results.words import known_words, note_words

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

ITEM_FORMS = ["", "", "", "whole", "whole", "mean", "mean", "mean", "percent", "percent", "percent", "number"]


def workbook(wave: Wave, found: WaveResult) -> bytes:
    """The workbook as a file, in the reader's language."""
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, TEXT_OPTIONS)
    book.set_properties({"title": str(wave)})
    _overview(book, wave, found)
    if not found.few:
        _items(book, found)
        _groups(book, found)
        findings.changes(book, found)
        findings.drivers(book, found)
        findings.low_areas(book, found)
        findings.choices(book, found)
        findings.comments(book, found)
    _response(book, found)
    findings.definitions(book, found)
    book.close()
    return file.getvalue()


def _overview(book: "Workbook", wave: Wave, found: WaveResult) -> None:
    sheet, response = Sheet(book, _("总览"), [WIDE, NARROW, NARROW, NARROW, NARROW, WIDE]), found.response
    sheet.line([str(wave)], "title")
    sheet.line([_("、").join(community.name for community in wave.communities.order_by("code"))])
    if wave.closed_at:
        sheet.line([_("%(day)s 结束") % {"day": localtime(wave.closed_at).strftime("%Y-%m-%d")}])
    sheet.row += 1
    for label, value, form in (
        (_("房屋数"), response.homes, "whole"),
        (_("发放"), response.asked, "whole"),
        (_("已答"), response.answered, "whole"),
        (_("回收率（AAPOR RR2）"), response.rates.rr2, "percent"),
    ):
        sheet.line([label, value], forms=["", form])
    sheet.row += 1
    if found.overall is not None and not found.overall.estimate.hidden:
        _overall(book, sheet, found.overall)
    for sentence in filter(None, map(note_words, found.notes)):
        sheet.line([sentence])


def _overall(book: "Workbook", sheet: Sheet, item: ItemResult) -> None:
    cell = item.estimate
    sheet.line([item.asked.words], "title")
    sheet.line(["", _("数值"), _("95% 区间下限"), _("95% 区间上限")], "head")
    sheet.line([_("平均分（1–5）"), cell.mean, cell.low, cell.high], forms=["", "mean", "mean", "mean"])
    share = cell.satisfied
    sheet.line([_("满意率"), share.share, share.low, share.high], forms=["", "percent", "percent", "percent"])
    sheet.line([_("满意指数（0–100）"), cell.index], forms=["", "number"])
    weighted = cell.weighted
    sheet.line([_("按不答率加权的平均分"), weighted.mean, weighted.low, weighted.high], forms=["", "mean", "mean", "mean"])
    sheet.row += 1
    if cell.distribution is not None:
        _distribution(book, sheet, item, cell.distribution)


def _distribution(book: "Workbook", sheet: Sheet, item: ItemResult, given: Mapping[str, int]) -> None:
    sheet.line([_("回答"), _("份数")], "head")
    first = sheet.row
    for option in item.asked.options:
        sheet.line([option.words, given.get(option.value, 0)], forms=["", "whole"])
    title = _("%(name)s：%(n)d 份怎么答的") % {"name": item.asked.short, "n": item.estimate.n}
    bars(book, sheet, Span(first, sheet.row - 1, 0, 1), title=title, name=_("份数"), at=(first - 1, 3), kind="column", form="0")
    sheet.row = max(sheet.row, first + 15)


def _items(book: "Workbook", found: WaveResult) -> None:
    sheet = Sheet(book, _("各题"), [WIDE, 50, WIDE, *[NARROW] * 25])
    heads = [_("题目"), _("原文"), _("题块"), _("份数"), _("没接触过"), _("平均分"), _("95% 区间下限"), _("95% 区间上限")]
    heads += [
        _("满意率"),
        _("满意率下限"),
        _("满意率上限"),
        _("满意指数"),
        _("加权平均"),
        _("加权下限"),
        _("加权上限"),
        _("有效份数"),
    ]
    # A native chart draws intervals from their lengths.
    heads += [_("误差线：下"), _("误差线：上"), *(_("答 %(n)d 分的份数") % {"n": n} for n in range(11))]
    sheet.line(heads, "head")
    sheet.page.freeze_panes(1, 1)
    scales = [item for item in found.items if len(item.asked.options) == 5]
    for item in [*scales, *(item for item in found.items if item not in scales)]:
        forms = [*ITEM_FORMS, "mean", "mean", "mean", "number", "mean", "mean", *["whole"] * 11]
        sheet.line(_item_row(item), forms=forms)
    if not scales:
        return
    title = _("各题平均分和 95% 区间")
    span = Span(1, len(scales), 0, 5, 16, 17)
    bars(book, sheet, span, title=title, name=_("平均分"), at=(sheet.row + 1, 0), low=1, high=5, tall=max(1.5, len(scales) / 10))


def _item_row(item: ItemResult) -> list[Any]:
    asked, cell, given = item.asked, item.estimate, item.estimate.distribution or {}
    if cell.hidden:
        return [asked.short, asked.words, asked.block_words, cell.n, _("人数太少，不显示")]
    share, weighted = cell.satisfied, cell.weighted
    row = [asked.short, asked.words, asked.block_words, cell.n, item.no_contact, cell.mean, cell.low, cell.high]
    row += [share.share, share.low, share.high, cell.index, weighted.mean, weighted.low, weighted.high, weighted.n_eff]
    return [*row, *_lengths(cell.mean, cell.low, cell.high), *(given.get(str(n)) for n in range(11))]


def _lengths(mean: float | None, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    if mean is None or low is None or high is None:
        return None, None
    return mean - low, high - mean


def _groups(book: "Workbook", found: WaveResult) -> None:
    """A row a group and item; above, the overall judgement of each group is drawn."""
    for table in found.tables:
        sheet = Sheet(book, _("按%(by)s") % {"by": by_words(table.by)}, [WIDE, WIDE, *[NARROW] * 10])
        heads = [by_words(table.by), _("题目"), _("份数"), _("平均分"), _("95% 区间下限"), _("95% 区间上限")]
        heads += [_("满意率"), _("满意率下限"), _("满意率上限"), _("误差线：下"), _("误差线：上")]
        sheet.line(heads, "head")
        sheet.page.freeze_panes(1, 2)
        for item in sorted(found.items, key=lambda item: item is not found.overall):
            _group_rows(sheet, table, item)
        sheet.page.autofilter(0, 0, max(sheet.row - 1, 0), len(heads) - 1)
        if known := known_words(table, found):
            sheet.line([known])
        if found.overall is not None:
            title = _("%(name)s：各组平均分和 95%% 区间") % {"name": found.overall.asked.short}
            span = Span(1, len(table.levels), 0, 3, 9, 10)
            tall = max(1.0, len(table.levels) / 12)
            bars(book, sheet, span, title=title, name=_("平均分"), at=(1, 12), low=1, high=5, tall=tall)


def _group_rows(sheet: Sheet, table: GroupTable, item: ItemResult) -> None:
    forms = ["", "", "whole", "mean", "mean", "mean", "percent", "percent", "percent", "mean", "mean"]
    for level in table.levels:
        cell = table.cell(level.value, item.asked.key)
        if cell is None:
            sheet.line([level.words, item.asked.short, _("人数太少，不显示")])
            continue
        share = cell.satisfied
        row = [level.words, item.asked.short, cell.n, cell.mean, cell.low, cell.high, share.share, share.low, share.high]
        sheet.line([*row, *_lengths(cell.mean, cell.low, cell.high)], forms=forms)


def _response(book: "Workbook", found: WaveResult) -> None:
    sheet, response = Sheet(book, _("回收情况"), [WIDE, *[NARROW] * 5]), found.response
    sheet.line([by_words(BUILDING), _("房屋数"), _("发放"), _("已答"), _("回收率")], "head")
    first = sheet.row
    for place in response.places:
        sheet.line([place.label, place.homes, place.asked, place.answered, place.rate], forms=["", *["whole"] * 3, "percent"])
    if sheet.row > first:
        span = Span(first, sheet.row - 1, 0, 4)
        bars(
            book,
            sheet,
            span,
            title=_("各楼栋回收率"),
            name=_("回收率"),
            at=(first, 6),
            low=0,
            high=1,
            form="0%",
            tall=max(1.0, (sheet.row - first) / 12),
        )
    sheet.row += 1
    sheet.line([_("AAPOR 回收率"), *(f"RR{n}" for n in range(1, 7))], "head")
    sheet.line(["", *(getattr(response.rates, f"rr{n}") for n in range(1, 7))], "percent")
    sheet.row += 1
    for mode, count in response.modes.items():
        sheet.line([str(EntryMode(mode).label) if mode in EntryMode.values else mode, count], forms=["", "whole"])
    for label, count in (
        (_("答完八成以上"), response.complete),
        (_("答了一半以上"), response.partial),
        (_("答得更少"), response.broken_off),
        (_("没有答"), response.silent),
        (_("空置未答"), response.empty),
    ):
        sheet.line([label, count], forms=["", "whole"])
