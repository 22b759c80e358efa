"""Rows of the tables of a result, each cell in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from linsheng.core.ui.figures import NONE, count_words, decimals_words, percent_words, signed_words
from linsheng.surveys.results import ChoiceResult, DriverPoint, GroupTable, ItemResult, Low, WaveResult
from linsheng.surveys.results.words import level_words, quarter_words, verdict_words
from linsheng.surveys.showing.charts import scale_of
from linsheng.surveys.showing.figures import change_words, estimate_words, mean_words, p_words, share_words, weighted_words

HIDDEN_WORDS = "·"
# More groups than this nobody reads: the surest are listed.
MOST_LISTED = 100
VERDICT_TONES = {"improved": ("done", "chevron-up"), "worse": ("late", "chevron-down")}
QUARTER_TONES = {"improve": "late", "keep": "done", "watch": "soon", "ease": "plain"}


@dataclass(frozen=True)
class Row:
    """A name, cells in the order of the head, and if there is one a badge with its tone and icon."""

    name: str
    cells: Sequence[str]
    note: str = ""
    badge: str = ""
    tone: str = "plain"
    icon: str = ""


Heads = Sequence[str | Promise]


def item_heads() -> Heads:
    return [
        _("回答"),
        _("没接触过"),
        _("平均分（95% 区间）"),
        _("加权平均分（95% 区间）"),
        _("加权有效份数"),
        _("满意率（95% 区间）"),
        _("指数"),
    ]


def item_rows(items: Sequence[ItemResult]) -> list[Row]:
    """Every item over all answers, in the order of the questionnaire."""
    return [_item_row(item) for item in items]


def _item_row(item: ItemResult) -> Row:
    cell, scale = item.estimate, scale_of(item)
    note = _("只问有过这事的住户") if item.asked.gated else ""
    if cell.hidden or cell.mean is None:
        return Row(item.asked.short, [count_words(cell.n), NONE, _("少于 5 份，不显示"), NONE, NONE, NONE, NONE], note)
    if item.net is not None:
        note = _("推荐净值 %(net)s（9–10 分的比例减 0–6 分的）") % {"net": signed_words(item.net, 0)}
    cells = [
        count_words(cell.n),
        NONE if item.no_contact is None else count_words(item.no_contact),
        estimate_words(cell, scale),
        weighted_words(cell, scale),
        NONE if cell.weighted.n_eff is None else decimals_words(cell.weighted.n_eff, 0),
        share_words(cell.satisfied),
        NONE if cell.index is None else decimals_words(cell.index, 1),
    ]
    return Row(item.asked.short, cells, note)


def choice_rows(choice: ChoiceResult) -> list[Row]:
    return [
        Row(option.words, [count_words(choice.counts[option.value]), share_words(choice.shares[option.value])])
        for option in choice.asked.options
        if option.value in choice.counts
    ]


def group_heads() -> Heads:
    return [_("回答"), _("平均分（95% 区间）"), _("加权平均分（95% 区间）"), _("满意率（95% 区间）")]


def group_rows(table: GroupTable, item: ItemResult) -> list[Row]:
    """One item by group; hidden ones say so."""
    rows = []
    for level in table.levels:
        cell = table.cell(level.value, item.asked.key)
        if cell is None or cell.mean is None:
            rows.append(Row(level.words, [HIDDEN_WORDS, _("不显示"), HIDDEN_WORDS, HIDDEN_WORDS]))
        else:
            scale = scale_of(item)
            figures = [estimate_words(cell, scale), weighted_words(cell, scale), share_words(cell.satisfied)]
            rows.append(Row(level.words, [count_words(cell.n), *figures]))
    return rows


def matrix(table: GroupTable, items: Sequence[ItemResult]) -> tuple[Heads, list[Row]]:
    """All means: items down and groups across, or the other way round where there are many groups."""

    def words(level: str, key: str) -> str:
        cell = table.cell(level, key)
        return HIDDEN_WORDS if cell is None or cell.mean is None else decimals_words(cell.mean, 2)

    if len(table.levels) <= len(items):
        heads = [level.words for level in table.levels]
        return heads, [Row(i.asked.short, [words(level.value, i.asked.key) for level in table.levels]) for i in items]
    heads = [item.asked.short for item in items]
    return heads, [Row(level.words, [words(level.value, item.asked.key) for item in items]) for level in table.levels]


def low_heads() -> Heads:
    return [_("平均分（95% 区间）"), _("回答"), _("有多大把握")]


def low_rows(found: WaveResult) -> list[Row]:
    """What is below the target in all answers, the surest first."""
    return [_low_row(low, found.by_key[low.key].asked.short) for low in found.low_areas if not low.by]


def group_low_rows(found: WaveResult) -> list[Row]:
    """The same of single groups, by item in the order of the questionnaire: what belongs together stands together."""
    lows = sorted((low for low in found.low_areas if low.by), key=lambda low: (low.p_adjusted, low.mean))[:MOST_LISTED]
    order = {key: place for place, key in enumerate(found.by_key)}
    lows.sort(key=lambda low: (order[low.key], low.by, low.mean))
    return [_low_row(low, found.by_key[low.key].asked.short, level_words(low, found)) for low in lows]


def _low_row(low: Low, name: str, note: str = "") -> Row:
    mean = mean_words(low.mean, low.low, low.high)
    sure, tone = surety(low.p_adjusted)
    return Row(name, [mean, count_words(low.n)], note, badge=sure, tone=tone)


def surety(p: float) -> tuple[str, str]:
    """How sure it is that this is not chance, shortly, and its tone; ``p`` with the many comparisons counted in."""
    if p < 0.001:
        return _("几乎肯定"), "late"
    return (_("很有把握"), "soon") if p < 0.01 else (_("不大可能是偶然"), "plain")


def change_heads() -> Heads:
    return [_("这次"), _("变化（95% 区间）"), _("p（计入多重比较）"), _("结论")]


def change_rows(found: WaveResult) -> list[Row]:
    """Every item that was asked in the same words both times."""
    rows, items = [], found.by_key
    for key, change in (found.comparison.items if found.comparison else {}).items():
        if key not in items:
            continue
        mean = items[key].estimate.mean
        tone, icon = VERDICT_TONES.get(change.verdict, ("plain", ""))
        badge = _("回答太少，不能比较") if change.difference is None else verdict_words(change.verdict)
        now = NONE if mean is None else decimals_words(mean, 2)
        cells = [now, change_words(change.difference, change.low, change.high), p_words(change.p_adjusted)]
        rows.append(Row(items[key].asked.short, cells, badge=badge, tone=tone, icon=icon))
    return rows


def group_change_heads() -> Heads:
    return [_("上次"), _("这次"), _("变化"), _("本来就会有的回落或回升"), _("超出的部分"), _("p（计入多重比较）"), _("结论")]


def group_change_rows(found: WaveResult) -> list[Row]:
    """Buildings, judged by what is beyond falling back to the mean."""
    rows = []
    for group in found.comparison.groups if found.comparison else ():
        tone, icon = VERDICT_TONES.get(group.verdict, ("plain", ""))
        cells = [decimals_words(group.before, 2), decimals_words(group.now, 2)]
        cells += [signed_words(value, 2) for value in (group.change, group.expected, group.beyond)]
        rows.append(Row(group.label, [*cells, p_words(group.p_adjusted)], badge=verdict_words(group.verdict), tone=tone, icon=icon))
    return rows


def driver_heads() -> Heads:
    return [_("重要性（95% 区间）"), _("名次（95% 区间）"), _("平均分（95% 区间）"), _("怎么看")]


def driver_rows(found: WaveResult) -> list[Row]:
    names = found.by_key
    return [
        _driver_row(f"{place} {names[point.key].asked.short}", point)
        for place, point in enumerate(found.drivers.points if found.drivers else (), start=1)
    ]


def _driver_row(name: str, point: DriverPoint) -> Row:
    share = f"{percent_words(point.importance)}({percent_words(point.importance_low)[:-1]}–{percent_words(point.importance_high)})"
    mean = f"{decimals_words(point.mean, 2)}({decimals_words(max(point.low, 1.0), 2)}–{decimals_words(min(point.high, 5.0), 2)})"
    note = "" if point.sure else _("区间跨过十字线，位置说不准")
    cells = [share, f"{point.rank}({point.rank_low}–{point.rank_high})", mean]
    return Row(name, cells, note, quarter_words(point.quarter), QUARTER_TONES.get(point.quarter, "plain"))
