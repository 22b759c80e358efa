"""The charts of a result. Everything that is drawn stands in the table behind it, and in the result already."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from linsheng.core.ui.chart import Chart, Limits, Series
from linsheng.core.ui.figures import decimals_words, percent_words
from linsheng.statistics.fit import adjusted_r_squared
from linsheng.surveys.analysis import Estimate
from linsheng.surveys.models import QuestionType
from linsheng.surveys.results import OVERALL, SERVICE, DriverResult, GroupTable, ItemResult, WaveResult
from linsheng.surveys.results.words import upper_half

MOST_DRAWN = 40
SCALES = {QuestionType.SCALE: (1, 5), QuestionType.TEN: (0, 10)}


def scale_of(item: ItemResult) -> tuple[int, int]:
    return SCALES[QuestionType(item.asked.kind)]


def judged(found: WaveResult) -> list[ItemResult]:
    """Overall satisfaction and the single items, the lowest first."""
    items = [item for item in found.items if item.asked.role in {OVERALL, SERVICE} and item.estimate.mean is not None]
    return sorted(items, key=lambda item: item.estimate.mean or 0.0)


def _cut(cells: Sequence[Estimate], scale: tuple[int, int]) -> tuple[list[float | None], list[float | None]]:
    """Intervals, cut to the scale; a mean without one is its own."""
    lows = [cell.mean if cell.low is None else max(cell.low, scale[0]) for cell in cells]
    highs = [cell.mean if cell.high is None else min(cell.high, scale[1]) for cell in cells]
    return lows, highs


def items_chart(found: WaveResult) -> Chart:
    """The mean of every item with its interval, beside the weighted one, and the target."""
    items = judged(found)
    cells = [item.estimate for item in items]
    lows, highs = _cut(cells, (1, 5))
    weighted = Series(_("加权后"), [cell.weighted.mean for cell in cells])
    low = [item for item in items if (item.estimate.high or 5) < found.target]
    title = _("%(n)d 项里 %(low)d 项低于目标 %(target)s") % {"n": len(items), "low": len(low), "target": f"{found.target:g}"}
    if items:
        worst = {"title": title, "item": items[0].asked.short, "mean": decimals_words(cells[0].mean, 2)}
        title = _("%(title)s；最低的是“%(item)s” %(mean)s 分") % worst
    return Chart(
        id="items",
        title=title,
        kind="points",
        categories=[item.asked.short for item in items],
        series=[Series(_("平均分"), [cell.mean for cell in cells], low=lows, high=highs), weighted],
        horizontal=True,
        digits=2,
        target=found.target,
        n=found.answers,
        source=_("1–5 分；横线是 95% 区间"),
        heading=_("题目"),
    )


def distribution_chart(found: WaveResult) -> Chart:
    """How the answers to every item are spread, in percent; the lowest mean first; without those whose spread is not shown."""
    items = [item for item in judged(found) if item.estimate.distribution is not None]
    spreads = [item.estimate.distribution or {} for item in items]
    labels = [f"{option.value} {option.words}" for option in items[0].asked.options] if items else []
    series = [
        Series(label, [100 * spread.get(str(mark), 0) / item.estimate.n for item, spread in zip(items, spreads, strict=True)])
        for mark, label in enumerate(labels, start=1)
    ]
    return Chart(
        id="distribution",
        title=_("每题答了什么：五档各占多少"),
        kind="stacked",
        categories=[item.asked.short for item in items],
        series=series,
        unit="%",
        horizontal=True,
        digits=0,
        n=found.answers,
        source=_("不加权；没接触过的不算"),
        heading=_("题目"),
    )


def spread_chart(item: ItemResult) -> Chart | None:
    """How the answers to one item are spread; None where that is not shown."""
    spread, n = item.estimate.distribution, item.estimate.n
    if spread is None:
        return None
    share = item.estimate.satisfied.share
    title = (
        item.asked.short
        if share is None
        else _("%(item)s：满意率 %(share)s") % {"item": item.asked.short, "share": percent_words(share)}
    )
    plain = item.asked.kind == QuestionType.TEN
    return Chart(
        id=f"spread-{item.asked.key}",
        title=title,
        kind="bar",
        categories=[option.value if plain else f"{option.value} {option.words}" for option in item.asked.options],
        series=[Series(_("份数"), [spread.get(option.value, 0) for option in item.asked.options])],
        horizontal=True,
        digits=0,
        n=n,
        heading=_("回答"),
    )


def group_chart(found: WaveResult, table: GroupTable, item: ItemResult) -> Chart:
    """One item by group; hidden groups are not in it, and of very many only the lowest: the table has all."""
    rows = [(level, cell) for level in table.levels if (cell := table.cell(level.value, item.asked.key)) is not None]
    note = ""
    if len(rows) > MOST_DRAWN:
        note = _("图里只画最低的 %(n)d 组，全部在下面的表里") % {"n": MOST_DRAWN}
        rows = sorted(rows, key=lambda row: row[1].mean or 0.0)[:MOST_DRAWN]
    cells = [cell for _level, cell in rows]
    scale = scale_of(item)
    lows, highs = _cut(cells, scale)
    everywhere = [table.cell(level.value, item.asked.key) for level in table.levels]
    means = [cell.mean for cell in everywhere if cell is not None and cell.mean is not None]
    title = item.asked.short
    if means:
        facts = {"item": item.asked.short, "low": decimals_words(min(means), 2), "high": decimals_words(max(means), 2)}
        title = _("%(item)s：各组平均分从 %(low)s 到 %(high)s") % facts
    return Chart(
        id="groups",
        title=title,
        kind="points",
        categories=[level.words for level, _cell in rows],
        series=[Series(_("平均分"), [cell.mean for cell in cells], low=lows, high=highs)],
        horizontal=True,
        digits=2,
        target=found.target if scale == (1, 5) else None,
        n=sum(cell.n for cell in cells),
        source=_("横线是 95% 区间"),
        note=note,
        heading=_("组"),
    )


def change_chart(found: WaveResult) -> Chart | None:
    """What every item gained or lost since the wave before."""
    if found.comparison is None:
        return None
    items = found.by_key
    rows = [
        (items[key], change) for key, change in found.comparison.items.items() if key in items and change.difference is not None
    ]
    rows = [row for row in rows if row[0].asked.kind == QuestionType.SCALE]
    rows.sort(key=lambda row: -(row[1].difference or 0.0))
    sure = [sum(change.verdict == verdict for _item, change in rows) for verdict in ("improved", "worse")]
    return Chart(
        id="change",
        title=_("%(n)d 题里 %(better)d 题有改进，%(worse)d 题变差，其余看不出变化")
        % {"n": len(rows), "better": sure[0], "worse": sure[1]},
        kind="points",
        categories=[item.asked.short for item, _change in rows],
        series=[
            Series(
                _("平均分之差"),
                [change.difference for _item, change in rows],
                low=[change.low for _item, change in rows],
                high=[change.high for _item, change in rows],
                flags=[change.verdict == "worse" for _item, change in rows],
            )
        ],
        horizontal=True,
        digits=2,
        limits=Limits(center=0.0),
        center_words=_("不变"),
        n=found.answers,
        source=_("横线是 95% 区间"),
        heading=_("题目"),
    )


def _map_title(found: WaveResult, drivers: DriverResult) -> str:
    names, points = found.by_key, drivers.points
    first = [point for point in points if point.quarter == "improve" and upper_half(point.rank_high, len(points))]
    if first:
        listed = _("、").join(names[point.key].asked.short for point in first[:3])
        return _("又重要又低于目标、先改这些：%(names)s") % {"names": listed}
    if any(point.importance >= drivers.across and point.mean < drivers.target for point in points):
        return _("有的项低于目标，但答卷还分不出哪一项更重要")
    return _("重要的各项都达到了目标")


def _explained(drivers: DriverResult) -> str:
    adjusted = adjusted_r_squared(drivers.r_squared, drivers.n, len(drivers.points))
    facts = {"share": f"{100 * drivers.r_squared:.0f}", "adjusted": f"{100 * adjusted:.0f}"}
    return _("每题都答了的答卷；解释了总体满意度差异的 %(share)s%%，按题数调整后 %(adjusted)s%%") % facts


def map_chart(found: WaveResult) -> Chart | None:
    """Importance across, performance up; the cross-hairs are the mean importance and the target."""
    drivers = found.drivers
    if drivers is None:
        return None
    names = found.by_key
    return Chart(
        id="map",
        title=_map_title(found, drivers),
        kind="map",
        categories=[f"{place} {names[point.key].asked.short}" for place, point in enumerate(drivers.points, start=1)],
        series=[
            Series(
                _("重要性（%）"),
                [100 * point.importance for point in drivers.points],
                low=[100 * point.importance_low for point in drivers.points],
                high=[100 * point.importance_high for point in drivers.points],
            ),
            Series(
                _("平均分"),
                [point.mean for point in drivers.points],
                low=[max(point.low, 1.0) for point in drivers.points],
                high=[min(point.high, 5.0) for point in drivers.points],
            ),
        ],
        cross=(100 * drivers.across, drivers.target),
        center_words=_("平均重要性"),
        digits=2,
        n=drivers.n,
        source=_explained(drivers),
        heading=_("题目"),
    )
