"""The month's figures as the page reads them: name, value, what it rests on, and the change, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from linsheng.core.ui.figures import decimals_words
from linsheng.feedback.figures import MonthlyFigures, Share, words
from linsheng.statistics.verdicts import Verdict

TONES = {Verdict.IMPROVED: "done", Verdict.WORSE: "late"}


@dataclass(frozen=True)
class Line:
    """One figure in words; ``tone`` colours a change that is more than noise."""

    name: str | Promise
    value: str
    note: str = ""
    change: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Presented:
    """The parts of the page."""

    sentence: str
    timeliness: Sequence[Line]
    ratings: Sequence[Line]
    callbacks: Sequence[Line]
    beside: str
    methods: str


def presented(month: MonthlyFigures) -> Presented:
    """All figures in words."""
    return Presented(
        sentence=sentence(month),
        timeliness=_timeliness(month),
        ratings=_ratings(month),
        callbacks=_callbacks(month),
        beside=_beside(month),
        methods=_methods(month),
    )


def sentence(month: MonthlyFigures) -> str:
    """The month in one sentence."""
    total = month.total
    if not total.received and not total.handled and not total.ratings.n:
        return _("这个月还没有反映。")
    counted = {"received": total.received, "handled": total.handled, "open": total.open_at_end}
    parts = [_("收到 %(received)d 件，给出结果 %(handled)d 件，还有 %(open)d 件未了结") % counted]
    if total.ratings.n:
        rate = _("满意率 %(rate)s") % {"rate": words.share_words(total.ratings.satisfied, interval=False)}
        parts.append(_("，").join([rate, words.change_words(month.change("satisfied"))]))
    return _("；").join(parts)


def _compared(month: MonthlyFigures, name: str, share: Share) -> Line:
    change = month.change(name)
    return Line(words.NAMES[name], words.share_words(share), "", words.change_words(change), _tone(change.verdict))


def _tone(verdict: str) -> str:
    return TONES.get(Verdict(verdict), "")


def _timeliness(month: MonthlyFigures) -> list[Line]:
    total = month.total
    return [
        _compared(month, "answered_in_time", total.answered_in_time),
        _compared(month, "resolved_in_time", total.resolved_in_time),
        Line(words.NAMES["handler_minutes"], words.median_words(total.handler_minutes), words.basis_words(total.handler_minutes)),
        Line(
            words.NAMES["resident_minutes"], words.median_words(total.resident_minutes), words.basis_words(total.resident_minutes)
        ),
        Line(words.NAMES["told"], words.share_words(total.told)),
        Line(words.NAMES["reopened"], words.share_words(total.reopened), _("结果以目前所知为准，近两周的还可能被重新打开")),
    ]


def _ratings(month: MonthlyFigures) -> list[Line]:
    ratings = month.total.ratings
    basis = _("1–5 分；%(n)d 份评价") % {"n": ratings.n}
    if ratings.low is not None and ratings.high is not None:
        bounds = {"low": decimals_words(ratings.low, 2), "high": decimals_words(ratings.high, 2), "n": ratings.n}
        basis = _("1–5 分；%(n)d 份评价；95%% 区间 %(low)s–%(high)s") % bounds
    mean = _("%(mean)s 分") % {"mean": decimals_words(ratings.mean, 2)} if ratings.mean is not None else _("暂无")
    return [
        _compared(month, "satisfied", ratings.satisfied),
        Line(words.NAMES["mean"], mean, basis),
        Line(words.NAMES["index"], decimals_words(ratings.index, 1), _("（平均分 − 1）÷ 4 × 100")),
    ]


def _callbacks(month: MonthlyFigures) -> list[Line]:
    callbacks = month.total.callbacks
    index = callbacks.index
    weights = {"contacted": _number(index.weights[0]), "solved": _number(index.weights[1]), "satisfied": _number(index.weights[2])}
    basis = _("权重 %(contacted)s / %(solved)s / %(satisfied)s；基本满意按 %(basically)s 计") % {
        **weights,
        "basically": _number(index.basically),
    }
    return [
        _compared(month, "contacted", callbacks.contacted),
        _compared(month, "solved", callbacks.solved),
        _compared(month, "callback_satisfied", callbacks.satisfied),
        Line(words.NAMES["callback_index"], decimals_words(index.value, 1) if index.value is not None else _("暂无"), basis),
    ]


def _number(value: float) -> str:
    return f"{value:g}"


def _beside(month: MonthlyFigures) -> str:
    callbacks = month.total.callbacks
    values = {
        "valid": callbacks.valid,
        "silent": callbacks.non_response,
        "excluded": callbacks.excluded,
        "none": callbacks.no_word,
    }
    return _("有效回访 %(valid)d 份；未应答 %(silent)d，排除 %(excluded)d（号码无效），尚无回音 %(none)d") % values


def _methods(month: MonthlyFigures) -> str:
    methods = month.total.callbacks.methods
    return _("其中反映人自己填写 %(link)d，电话 %(phone)d，上门 %(visit)d") % methods
