"""The first page of a result: one sentence worth reading, and what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linsheng.core.ui.figures import decimals_words, rate_words
from linsheng.surveys.results import WaveResult
from linsheng.surveys.results.words import low_words, note_words
from linsheng.surveys.showing.figures import share_words


@dataclass(frozen=True)
class Fact:
    """A figure with its name, and what it means."""

    name: str
    value: str
    note: str = ""


def sentence(found: WaveResult) -> str:
    """The whole survey in one sentence."""
    if found.few or found.overall is None or found.overall.estimate.mean is None:
        return _("收到 %(rate)s 份答卷，太少，不能说满意度怎样。") % {"rate": _rate(found)}
    cell = found.overall.estimate
    parts = [
        _("总体满意率 %(share)s，平均 %(mean)s 分") % {"share": share_words(cell.satisfied), "mean": decimals_words(cell.mean, 2)},
        _changed(found),
        _low(found),
    ]
    return _("；").join(part for part in parts if part) + _("。")


def _rate(found: WaveResult) -> str:
    return rate_words(found.response.answered, found.response.asked)


def _changed(found: WaveResult) -> str:
    if found.comparison is None:
        return _("没有可比的上一次调查")
    verdicts = [change.verdict for change in found.comparison.items.values()]
    better, worse = verdicts.count("improved"), verdicts.count("worse")
    if not better and not worse:
        return _("与上次相比，看不出变化")
    return _("与上次相比 %(better)d 题有改进、%(worse)d 题变差") % {"better": better, "worse": worse}


def _low(found: WaveResult) -> str:
    items = [low for low in found.low_areas if not low.by]
    if not items:
        return _("没有一项明显低于目标")
    return ngettext("%(n)d 项明显低于目标", "%(n)d 项明显低于目标", len(items)) % {"n": len(items)}


def figures(found: WaveResult) -> Sequence[Fact]:
    """Overall satisfaction: mean, satisfied rate, weighted mean, each with its interval."""
    cell = found.overall.estimate if found.overall else None
    if cell is None or cell.mean is None:
        return []
    weighted = cell.weighted
    share = cell.satisfied
    return [
        Fact(_("平均分（1–5）"), decimals_words(cell.mean, 2), _between(cell.low, cell.high, 2)),
        Fact(_("满意率"), _percent(share.share), _between(share.low, share.high, 1, times=100)),
        Fact(_("加权平均分"), decimals_words(weighted.mean, 2), _between(weighted.low, weighted.high, 2)),
    ]


def _between(low: float | None, high: float | None, digits: int, *, times: int = 1) -> str:
    if low is None or high is None:
        return ""
    bounds = {"low": decimals_words(times * low, digits), "high": decimals_words(times * high, digits)}
    return _("95%% 区间 %(low)s–%(high)s") % bounds


def lows(found: WaveResult) -> list[str]:
    """What is below the target in all answers, in sentences."""
    return [low_words(low, found) for low in found.low_areas if not low.by]


def notes(found: WaveResult) -> list[str]:
    return [words for note in found.notes if (words := note_words(note))]


def response_facts(found: WaveResult) -> Sequence[Fact]:
    """Who answered, and AAPOR's rates with what each counts."""
    response, rates = found.response, found.response.rates
    return [
        Fact(_("发放"), _("%(n)s 户") % {"n": response.asked}, _("调查范围内共 %(n)s 户") % {"n": response.homes}),
        Fact(_("答完"), str(response.complete), _("该答的题答了八成以上")),
        Fact(_("部分答"), str(response.partial), _("答了一半到八成")),
        Fact(_("中途停下"), str(response.broken_off), _("答了不到一半；答了的题照样算")),
        Fact(_("没有回音"), str(response.silent)),
        Fact(_("登记为空置、没有回音"), str(response.empty), _("不一定有人住，RR5、RR6 不把它们算进分母")),
        Fact("RR1", _percent(rates.rr1), _("答完的 ÷ 所有发放的（最严）")),
        Fact("RR2", _percent(rates.rr2), _("答完和部分答的 ÷ 所有发放的")),
        Fact("RR3 / RR4", f"{_percent(rates.rr3)} / {_percent(rates.rr4)}", _("没有已知不合格的住户，所以与 RR1、RR2 相同")),
        Fact("RR5 / RR6", f"{_percent(rates.rr5)} / {_percent(rates.rr6)}", _("分母里去掉登记为空置的")),
    ]


def _percent(rate: float | None) -> str:
    return _("暂无") if rate is None else f"{decimals_words(100 * rate, 1)}%"
