"""From figures to charts: the message as title, what it rests on beneath."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core.ui.chart import Chart, Limits, Series
from linsheng.core.ui.figures import decimals_words, rate_words
from linsheng.core.ui.looks import STAR_WORDS
from linsheng.feedback.figures import Month, Ratings, Trend, words

# Shares are drawn in percent.
PERCENT = 100.0


def control_chart(trend: Trend) -> Chart:
    """A control chart with the limits of each month; signals are marked."""
    share = trend.unit == "answers"
    scale = PERCENT if share else 1.0
    points = trend.points
    months = [Month.parse(point.month) for point in points]

    def scaled(name: str) -> list[float | None]:
        values = [getattr(point, name) for point in points]
        return [None if value is None else value * scale for value in values]

    flags = [bool(point.reasons) for point in points]
    series = Series(str(words.NAMES[trend.name]), scaled("value"), low=scaled("lower"), high=scaled("upper"), flags=flags)
    centre = next((point.centre for point in points if point.centre is not None), None)
    return Chart(
        id=trend.name,
        title=_title(trend),
        categories=_labels(months),
        series=[series],
        kind="control",
        unit="%" if share else "",
        period=_period(months),
        n=int(sum(point.n if share else point.count for point in points)),
        source=str(_SOURCES[trend.name, trend.unit]) if points else "",
        limits=None if centre is None else Limits(center=centre * scale),
        digits=1,
        heading=_("月份"),
        note=_("色带和括号内是正常波动的范围") if centre is not None else "",
    )


_SOURCES: dict[tuple[str, str], str | Promise] = {
    ("satisfied", "answers"): gettext_lazy("居民评价"),
    ("solved", "answers"): gettext_lazy("有效回访"),
    ("volume", "homes"): gettext_lazy("每百户每月的件数"),
    ("volume", "cases"): gettext_lazy("每月的件数"),
}


def _labels(months: list[Month]) -> list[str]:
    """Month names; the first one and every January with their year."""
    return [month.label if index == 0 else month.short_label for index, month in enumerate(months)]


def _period(months: list[Month]) -> str:
    if not months:
        return ""
    return months[0].label if len(months) == 1 else f"{months[0].label}–{months[-1].label}"


def _title(trend: Trend) -> str:
    """The latest figure and what the chart says of it."""
    last, name = trend.last, words.NAMES[trend.name]
    if last is None or last.value is None:
        return str(name)
    value = rate_words(last.count, last.n) if trend.unit == "answers" else _volume_words(trend.unit, last.value)
    month = Month.parse(last.month).label
    return _("%(month)s%(name)s %(value)s：%(verdict)s") % {
        "month": month,
        "name": name,
        "value": value,
        "verdict": words.trend_words(trend),
    }


def _volume_words(unit: str, value: float) -> str:
    """每百户 15.8 件; where no homes are known, 49 件."""
    if unit == "homes":
        return _("每百户 %(n)s 件") % {"n": decimals_words(value, 1)}
    return _("%(n)s 件") % {"n": decimals_words(value, 0)}


def distribution_chart(ratings: Ratings, month: Month) -> Chart:
    """How many gave how many stars."""
    labels = [f"{stars} {word}" for stars, word in enumerate(STAR_WORDS, start=1)]
    satisfied = ratings.distribution[3] + ratings.distribution[4]
    return Chart(
        id="distribution",
        title=_("%(n)d 份评价里 %(satisfied)d 份给了 4 星或 5 星") % {"n": ratings.n, "satisfied": satisfied},
        categories=labels,
        series=[Series(_("份数"), list(ratings.distribution))],
        kind="bar",
        period=month.label,
        n=ratings.n,
        horizontal=True,
        digits=0,
        heading=_("星级"),
    )
