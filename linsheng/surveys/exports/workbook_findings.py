"""What follows from a result, as sheets: changes, drivers, low areas, choices, topics, and how all of it was reckoned."""

import math
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linsheng.core.workbook import NARROW, WIDE, Sheet
from linsheng.surveys.exports.drawing import Span, bars, scatter
from linsheng.surveys.results import Comparison, WaveResult
from linsheng.surveys.results.words import low_words, quarter_words, verdict_words

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook


def changes(book: "Workbook", found: WaveResult) -> None:
    """Since the last comparable wave, item by item and building by building."""
    if found.comparison is None:
        return
    compared = found.comparison
    sheet = Sheet(book, _("变化"), [WIDE, *[NARROW] * 9])
    facts = {"title": compared.words, "day": compared.closed_on.isoformat(), "n": compared.answered}
    sheet.line([_("和“%(title)s”（%(day)s 结束，%(n)d 份）相比") % facts], "title")
    heads = [_("题目"), _("差（分）"), _("95% 区间下限"), _("95% 区间上限"), _("p 值"), _("校正后 p 值"), _("结论"), _("这次份数")]
    sheet.line([*heads, _("上次份数"), _("误差线：下"), _("误差线：上")], "head")
    first = sheet.row
    for key, change in compared.items.items():
        if change.difference is None or key not in found.by_key:
            continue
        row = [found.by_key[key].asked.short, change.difference, change.low, change.high, change.p, change.p_adjusted]
        row += [verdict_words(change.verdict), change.n, change.n_before]
        lengths = (
            [None, None]
            if change.low is None or change.high is None
            else [change.difference - change.low, change.high - change.difference]
        )
        sheet.line([*row, *lengths], forms=["", *["signed"] * 3, "p", "p", "", "whole", "whole", "mean", "mean"])
    if sheet.row > first:
        span = Span(first, sheet.row - 1, 0, 1, 9, 10)
        title, tall = _("和上次相比的变化（分）和 95% 区间"), max(1.0, (sheet.row - first) / 10)
        low, high = _ends(compared)
        bars(book, sheet, span, title=title, name=_("差（分）"), at=(first, 12), tall=tall, inside=False, low=low, high=high)
    _buildings(sheet, compared)


def _ends(compared: Comparison) -> tuple[float, float]:
    """Where the axis begins and ends: programmes go by the bars alone, and would cut the intervals off."""
    ends = [end for change in compared.items.values() for end in (change.low, change.high, change.difference) if end is not None]
    return math.floor(min(ends) * 5) / 5, math.ceil(max(ends) * 5) / 5


def _buildings(sheet: Sheet, compared: Comparison) -> None:
    if not compared.groups:
        return
    sheet.row += 1
    sheet.line(
        [_("楼栋"), _("上次"), _("这次"), _("变化"), _("向中间回落的部分"), _("此外的变化"), _("校正后 p 值"), _("结论")], "head"
    )
    for each in compared.groups:
        row = [each.label, each.before, each.now, each.change, each.expected, each.beyond, each.p_adjusted]
        sheet.line([*row, verdict_words(each.verdict)], forms=["", "mean", "mean", "signed", "signed", "signed", "p", ""])


def drivers(book: "Workbook", found: WaveResult) -> None:
    """What the overall judgement hangs on, and how that did."""
    if found.drivers is None or not found.drivers.points:
        return
    sheet, result = Sheet(book, _("重要性"), [WIDE, *[NARROW] * 9]), found.drivers
    facts = {"n": result.n, "share": f"{100 * result.r_squared:.0f}"}
    sheet.line([_("%(n)d 份答全的答卷；这些方面合起来解释总体满意度差别的 %(share)s%%") % facts], "title")
    heads = [_("题目"), _("重要性"), _("重要性下限"), _("重要性上限"), _("名次"), _("平均分"), _("95% 区间下限"), _("95% 区间上限")]
    sheet.line([*heads, _("位置")], "head")
    first = sheet.row
    for point in result.points:
        row = [found.by_key[point.key].asked.short, point.importance, point.importance_low, point.importance_high, point.rank]
        words = (
            quarter_words(point.quarter) if point.sure else _("%(quarter)s（不确定）") % {"quarter": quarter_words(point.quarter)}
        )
        forms = ["", "percent", "percent", "percent", "whole", "mean", "mean", "mean", ""]
        sheet.line([*row, point.mean, point.low, point.high, words], forms=forms)
    names = [found.by_key[point.key].asked.short for point in result.points]
    span = Span(first, sheet.row - 1, 1, 5)
    means, axes = [point.mean for point in result.points], (_("重要性"), _("平均分"))
    # Half a star beyond the outermost: on the whole scale they would lie in one heap.
    ends = (max(1.0, math.floor(min(means) * 2 - 1) / 2), min(5.0, math.ceil(max(means) * 2 + 1) / 2))
    scatter(book, sheet, span, names, title=_("重要性和表现"), axes=axes, ends=ends, at=(sheet.row + 1, 0))


def low_areas(book: "Workbook", found: WaveResult) -> None:
    """Below the target and not by chance, in words."""
    sheet = Sheet(book, _("偏低的方面"), [110])
    sheet.line([_("低于目标 %(target)s 分、且不像是偶然的方面") % {"target": f"{found.target:g}"}], "title")
    for low in found.low_areas:
        sheet.line([low_words(low, found)], "wrap")
    if not found.low_areas:
        sheet.line([_("没有。")])


def choices(book: "Workbook", found: WaveResult) -> None:
    """Single and multiple choice over all."""
    if not found.choices:
        return
    sheet = Sheet(book, _("选择题"), [50, WIDE, *[NARROW] * 4])
    sheet.line([_("题目"), _("选项"), _("份数"), _("占比"), _("95% 区间下限"), _("95% 区间上限")], "head")
    for each in found.choices:
        if each.hidden:
            sheet.line([each.asked.words, _("人数太少，不显示")])
            continue
        for option in each.asked.options:
            share = each.shares.get(option.value)
            bounds = [share.share, share.low, share.high] if share else []
            forms = ["", "", "whole", "percent", "percent", "percent"]
            sheet.line([each.asked.words, option.words, each.counts.get(option.value), *bounds], forms=forms)


def comments(book: "Workbook", found: WaveResult) -> None:
    """Topics of what was written, with masked examples."""
    if not found.comments:
        return
    sheet = Sheet(book, _("意见"), [50, WIDE, NARROW, 100])
    sheet.line([_("题目"), _("说的是"), _("条数"), _("例子（人名、房号、电话已遮住）")], "head")
    for each in found.comments:
        if each.hidden:
            sheet.line([each.asked.words, _("不到 10 条，不显示"), each.n], forms=["", "", "whole"])
            continue
        for topic in each.topics:
            words = _("、").join(topic.words)
            sheet.line([each.asked.words, words, topic.n, "\n".join(topic.quotes)], forms=["wrap", "wrap", "whole", "wrap"])
        sheet.line([each.asked.words, _("其余"), each.rest], forms=["wrap", "", "whole"])


def definitions(book: "Workbook", found: WaveResult) -> None:
    """How the figures were reckoned, in words."""
    sheet = Sheet(book, _("口径"), [22, 110])
    for term, words in (
        (_("平均分"), _("1 到 5 分的平均，按各楼栋户数加权；区间是 95%，计入有限总体。没接触过的不算。")),
        (_("分组的区间"), _("不会超出量表；份数很少的组答得都一样，也不算确定。")),
        (_("满意率"), _("答“比较满意”和“很满意”的占比，Wilson 区间；0–10 分的题是 8 分以上。题目有自己的选项时，是最高两项。")),
        (_("满意指数"), _("(平均分 − 1) ÷ 4 × 100；和满意率、平均分是三个不同的数。")),
        (_("加权"), _("再按没有答的住户加权（楼栋、居住状态），和不加权的并列；有效份数是加权后相当于多少份。")),
        (_("变化"), _("只比较措辞没有改的题；多题一起比，p 值按 Holm 校正，校正后仍显著的才说有改进或变差。")),
        (_("不显示"), _("不到 5 份的格不显示；由别的格能推算出它的，也不显示。文字不到 10 条不显示。")),
    ):
        sheet.line([term, words], "wrap")
