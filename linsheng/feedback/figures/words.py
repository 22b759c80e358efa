"""Figures in sentences: what a change, a chart and a list of weak items allow to be said, and nothing more."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core.ui.figures import decimals_words, rate_words
from linsheng.core.ui.moments import duration_words
from linsheng.feedback.figures.shapes import Comparison, MedianTime, Share, Trend, TrendPoint, WeakItems
from linsheng.statistics.verdicts import Reason, Verdict

NAMES: Final[Mapping[str, str | Promise]] = {
    "received": gettext_lazy("收到"),
    "handled": gettext_lazy("给出结果"),
    "open_at_end": gettext_lazy("期末未了结"),
    "urges": gettext_lazy("催办"),
    "answered_in_time": gettext_lazy("按时响应"),
    "resolved_in_time": gettext_lazy("按时解决"),
    "reopened": gettext_lazy("结果被重新打开"),
    "told": gettext_lazy("结果已告知"),
    "handler_minutes": gettext_lazy("处理用时中位数"),
    "resident_minutes": gettext_lazy("居民等到确认的中位数"),
    "satisfied": gettext_lazy("评价满意率"),
    "mean": gettext_lazy("评价平均分"),
    "index": gettext_lazy("评价满意指数"),
    "contacted": gettext_lazy("回访响应率"),
    "solved": gettext_lazy("回访解决率"),
    "callback_satisfied": gettext_lazy("回访满意率"),
    "callback_index": gettext_lazy("回访综合指数"),
    "volume": gettext_lazy("来件量"),
}


def share_words(share: Share, *, interval: bool = True) -> str:
    """86%（43/50，95% 区间 74–93%）; too few → 样本太少; nothing → 暂无."""
    if share.hidden:
        return _("样本太少")
    return rate_words(share.count, share.n, low=share.low if interval else None, high=share.high if interval else None)


def median_words(time: MedianTime | None) -> str:
    """3 小时 20 分, with its interval; why it is not known where it is not."""
    if time is None or not time.n:
        return _("暂无")
    if time.median is None:
        return _("过半尚未结束，还算不出")
    if time.low is None or time.high is None:
        return duration_words(time.median)
    values = {"median": duration_words(time.median), "low": duration_words(time.low), "high": duration_words(time.high)}
    return _("%(median)s（95%% 区间 %(low)s 至 %(high)s）") % values


def basis_words(time: MedianTime | None) -> str:
    """What a median rests on."""
    if time is None:
        return ""
    counts = {"n": time.n, "open": time.open, "unmeasured": time.unmeasured}
    if time.unmeasured:
        return _("%(n)d 件，其中 %(open)d 件未结束（按删失计入）；另 %(unmeasured)d 件没有计时") % counts
    return _("%(n)d 件，其中 %(open)d 件未结束（按删失计入）") % counts


def change_words(change: Comparison) -> str:
    """Against the month before: a difference only where chance is a poor explanation."""
    if not change.now.n:
        return ""
    if change.difference is None:
        return _("上月没有可比的数据")
    if change.verdict == Verdict.NO_EVIDENCE:
        return _("与上月无显著差别")
    points = decimals_words(abs(change.difference) * 100, 1)
    sentence = _("比上月高 %(points)s 个百分点") if change.verdict == Verdict.IMPROVED else _("比上月低 %(points)s 个百分点")
    return sentence % {"points": points}


def signal_words(point: TrendPoint | None) -> str:
    """What a chart says of one of its months."""
    if point is None or point.value is None or point.upper is None:
        return _("数据还少，看不出波动范围")
    reasons = set(point.reasons)
    if Reason.ABOVE_LIMIT in reasons:
        return _("高于控制上限，超出波动，值得查原因")
    if Reason.BELOW_LIMIT in reasons:
        return _("低于控制下限，超出波动，值得查原因")
    if Reason.RUN_ABOVE in reasons:
        return _("连续八个月以上高于平均，值得查原因")
    if Reason.RUN_BELOW in reasons:
        return _("连续八个月以上低于平均，值得查原因")
    return _("只是正常波动")


def trend_words(trend: Trend) -> str:
    """What the chart says of its latest month, and how far to trust it."""
    words = signal_words(trend.last)
    if trend.last is not None and trend.last.upper is not None and trend.provisional:
        return words + _("（只有 %(n)d 个月可比，界限暂定）") % {"n": trend.baseline}
    return words


def weak_words(weak: WeakItems) -> str:
    """Which items are low beyond noise, in one sentence."""
    if not weak.compared:
        return _("近三个月评价太少，还不能比较各项目")
    if not weak.items:
        return _("没有项目明显偏低（比较了 %(n)d 个项目）") % {"n": weak.compared}
    names = _("、").join(item.label for item in weak.items)
    return _("%(names)s 明显低于公司平均") % {"names": names}
