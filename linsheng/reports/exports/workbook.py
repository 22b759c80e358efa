"""The month as an Excel workbook: overview, breakdown, months with native charts, words, and how it was computed."""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linsheng.core.ui.looks import STAR_WORDS
from linsheng.core.workbook import GREY, NARROW, RED, TEAL, TEXT_OPTIONS, WIDE, Sheet
from linsheng.feedback.figures import Month, MonthlyFigures, Share, Trend, words
from linsheng.reports.definitions import definitions
from linsheng.reports.exports.csv import cells, figures_in_order
from linsheng.reports.presenting import presented
from linsheng.reports.tables import COLUMNS, HEADS, USUAL, plain, sorted_groups

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook


def workbook(month: MonthlyFigures, *, place: str, computed_at: datetime) -> bytes:
    """The workbook as a file."""
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, TEXT_OPTIONS)
    book.set_properties({"title": _("%(place)s · %(month)s月度报表") % {"place": place, "month": month.month.label}})
    _overview(book, month, place, computed_at)
    if month.groups:
        _breakdown(book, month)
    _months(book, month)
    if month.topics.words:
        _words(book, month)
    _notes(book)
    book.close()
    return file.getvalue()


def _overview(book: "Workbook", month: MonthlyFigures, place: str, computed_at: datetime) -> None:
    sheet = Sheet(book, _("总览"), [WIDE, NARROW, NARROW, NARROW, NARROW, NARROW, WIDE])
    sheet.line([_("%(place)s · %(month)s月度报表") % {"place": place, "month": month.month.label}], "title")
    sheet.line([presented(month).sentence])
    sheet.line([_("截至 %(at)s") % {"at": localtime(min(month.cut, computed_at)).strftime("%Y-%m-%d %H:%M")}])
    sheet.row += 1
    sheet.line(
        [_("指标"), _("数值"), _("分子"), _("分母"), _("95% 区间下限"), _("95% 区间上限"), _("与上月相比"), _("单位")], "head"
    )
    changes = {change.name: words.change_words(change) for change in month.changes}
    for name, value, unit in figures_in_order(month.total):
        form = "percent" if isinstance(value, Share) else "number"
        forms = ["", form, "number", "number", form, form, "", ""]
        sheet.line([str(words.NAMES[name]), *cells(value), changes.get(name, ""), unit], forms=forms)
    sheet.row += 1
    _distribution(book, sheet, month)


def _distribution(book: "Workbook", sheet: Sheet, month: MonthlyFigures) -> None:
    sheet.line([_("星级"), _("份数")], "head")
    first = sheet.row
    for stars, (word, n) in enumerate(zip(STAR_WORDS, month.total.ratings.distribution, strict=True), start=1):
        sheet.line([f"{stars} {word}", n])
    chart = book.add_chart({"type": "bar"})
    name = sheet.page.get_name()
    chart.add_series(
        {
            "name": _("份数"),
            "categories": [name, first, 0, first + 4, 0],
            "values": [name, first, 1, first + 4, 1],
            "fill": {"color": TEAL},
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": _("评价分布（n = %(n)d）") % {"n": month.total.ratings.n}, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    sheet.page.insert_chart(first - 1, 3, chart, {"x_scale": 0.9, "y_scale": 0.8})


def _breakdown(book: "Workbook", month: MonthlyFigures) -> None:
    head = HEADS[month.by] if month.by else ""
    sheet = Sheet(book, _("分项"), [WIDE, *[NARROW] * (2 * len(COLUMNS) + 1)])
    titles: list[str] = [str(head), _("所属")]
    for column in COLUMNS:
        titles.append(str(column.label))
        if _is_share(month, column):
            titles.append(_("%(name)s：分母") % {"name": column.label})
    sheet.line([*titles, _("常见的词")], "head")
    sheet.page.freeze_panes(1, 1)
    for group in sorted_groups(month.groups, USUAL):
        values: list[Any] = [group.label, group.within]
        forms = ["", ""]
        for column in COLUMNS:
            value = column.read(group)
            values.append(_("样本太少") if isinstance(value, Share) and value.hidden else plain(value))
            forms.append("percent" if isinstance(value, Share) else "number")
            if _is_share(month, column):
                values.append(None if value.hidden else value.n)
                forms.append("number")
        sheet.line([*values, _("、").join(group.words)], forms=[*forms, ""])
    sheet.page.autofilter(0, 0, max(sheet.row - 1, 0), len(titles))


def _is_share(month: MonthlyFigures, column: Any) -> bool:
    return isinstance(column.read(month.groups[0]), Share)


def _months(book: "Workbook", month: MonthlyFigures) -> None:
    sheet = Sheet(book, _("走势"), [NARROW, NARROW, NARROW, NARROW, NARROW, NARROW, NARROW, WIDE])
    for trend in month.trends:
        if trend.points:
            _trend(book, sheet, trend)


def _trend(book: "Workbook", sheet: Sheet, trend: Trend) -> None:
    share = trend.unit == "answers"
    name = str(words.NAMES[trend.name])
    sheet.line([_("%(name)s：%(verdict)s") % {"name": name, "verdict": words.trend_words(trend)}], "title")
    sheet.line([_("月份"), name, _("分子") if share else _("件数"), _("分母"), _("平均"), _("下限"), _("上限"), _("说明")], "head")
    first, form = sheet.row, "percent" if share else "number"
    for point in trend.points:
        note = words.signal_words(point) if point.reasons else ""
        values = [Month.parse(point.month).label, point.value, point.count, point.n if share else None]
        sheet.line(
            [*values, point.centre, point.lower, point.upper, note], forms=["", form, "number", "number", form, form, form, ""]
        )
    _line_chart(book, sheet, (first, sheet.row - 1), name)
    # Room for the chart beside a short table.
    sheet.row = max(sheet.row, first + 16) + 1


def _line_chart(book: "Workbook", sheet: Sheet, span: tuple[int, int], name: str) -> None:
    chart = book.add_chart({"type": "line"})
    page = sheet.page.get_name()
    looks = {
        1: (
            name,
            {"color": TEAL, "width": 2.25},
            {"type": "circle", "size": 6, "fill": {"color": TEAL}, "border": {"color": TEAL}},
        ),
        4: (_("平均"), {"color": GREY, "width": 1}, {"type": "none"}),
        5: (_("下限"), {"color": RED, "width": 1, "dash_type": "dash"}, {"type": "none"}),
        6: (_("上限"), {"color": RED, "width": 1, "dash_type": "dash"}, {"type": "none"}),
    }
    for column, (label, line, marker) in looks.items():
        values = [page, span[0], column, span[1], column]
        chart.add_series(
            {"name": label, "categories": [page, span[0], 0, span[1], 0], "values": values, "line": line, "marker": marker}
        )
    chart.set_title({"name": name, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    sheet.page.insert_chart(span[0] - 1, 8, chart, {"x_scale": 1.2, "y_scale": 1.0})


def _words(book: "Workbook", month: MonthlyFigures) -> None:
    sheet = Sheet(book, _("主题词"), [NARROW, NARROW, NARROW, NARROW, WIDE])
    read = {"read": month.topics.read, "texts": month.topics.texts}
    sheet.line([_("读了 %(texts)d 条反映中的 %(read)d 条") % read])
    sheet.line([_("词"), _("条数"), _("占比"), _("前六个月占比"), _("说明")], "head")
    for topic in month.topics.words:
        note = _("比前六个月多") if topic.more else ""
        sheet.line([topic.word, topic.texts, topic.share, topic.before, note], forms=["", "number", "percent", "percent", ""])


def _notes(book: "Workbook") -> None:
    sheet = Sheet(book, _("口径"), [22, 110])
    for term, text in definitions():
        sheet.line([term, text], "wrap")
