"""The analysis for people to read on a terminal."""

import math
from collections.abc import Iterator

from django.utils.translation import gettext as _

from linsheng.surveys.analysis.results import IMPROVED, NO_EVIDENCE, WORSE, Analysis, Change, Estimate


def lines(found: Analysis) -> Iterator[str]:
    """Return the figures line by line."""
    yield from _response(found)
    yield ""
    yield _("各题")
    for item, cell in found.items.items():
        yield "  " + cell_words(item, cell)
    for column, rows in found.by.items():
        yield ""
        yield _("按%(column)s") % {"column": column}
        for level, cells in rows.items():
            yield f"  {level}"
            for item, group in cells.items():
                yield "    " + (_("%(item)s：人数太少，不显示") % {"item": item} if group is None else cell_words(item, group))
    yield from _rest(found)


def cell_words(item: str, cell: Estimate) -> str:
    """One item in one group."""
    if cell.hidden:
        return _("%(item)s：人数太少，不显示") % {"item": item}
    if cell.mean is None:
        return _("%(item)s：没有回答") % {"item": item}
    facts = {
        "item": item,
        "n": cell.n,
        "mean": f"{cell.mean:.2f}",
        "interval": _interval(cell.low, cell.high, 1, 2),
        "share": _percent(cell.satisfied.share),
        "share_interval": _interval(cell.satisfied.low, cell.satisfied.high, 100, 1),
        "index": f"{cell.index:.1f}",
        "weighted": "–" if cell.weighted.mean is None else f"{cell.weighted.mean:.2f}",
    }
    mean = _("%(item)s：平均分 %(mean)s（%(interval)s），加权平均分 %(weighted)s，满意指数 %(index)s") % facts
    return _("%(mean)s，满意率 %(share)s（%(share_interval)s），%(n)d 份") % (facts | {"mean": mean})


def _response(found: Analysis) -> Iterator[str]:
    total = found.response.total
    if total.rate is None:
        yield _("答卷 %(n)d 份") % {"n": total.n}
    else:
        yield _("答卷 %(n)d 份，共 %(population)s 户，回收率 %(rate)s") % {
            "n": total.n,
            "population": f"{total.population:g}",
            "rate": _percent(total.rate),
        }
    yield from found.response.notes


def _rest(found: Analysis) -> Iterator[str]:
    if found.change is not None:
        yield ""
        yield _("与上次相比")
        for item, change in found.change.items():
            yield "  " + change_words(item, change)
    if found.drivers is not None:
        yield ""
        yield _("关键因素（对总体评价的解释份额）")
        ranked = [(each.rank, item, each) for item, each in found.drivers.items() if each is not None]
        for rank, item, each in sorted(ranked, key=lambda row: row[0]):
            facts = {"rank": rank, "item": item, "lmg": _percent(each.lmg), "low": each.rank_low, "high": each.rank_high}
            yield "  " + _("%(rank)d. %(item)s：%(lmg)s（名次 %(low)d–%(high)d）") % facts
    if found.low_areas:
        yield ""
        yield _("低于目标的方面")
        for area in found.low_areas:
            yield "  " + area.words


def change_words(item: str, change: Change) -> str:
    """One item's change and what may be said of it."""
    verdict = {IMPROVED: _("有改进"), WORSE: _("变差"), NO_EVIDENCE: _("没有变化的证据")}[change.verdict]
    if change.difference is None:
        return _("%(item)s：无法比较") % {"item": item}
    facts = {
        "item": item,
        "by": f"{change.difference:+.2f}",
        "interval": _interval(change.low, change.high, 1, 2),
        "verdict": verdict,
    }
    return _("%(item)s：%(by)s（%(interval)s），%(verdict)s") % facts


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.1f}%"


def _interval(low: float | None, high: float | None, times: float, decimals: int) -> str:
    if low is None or high is None:
        return _("无区间")
    return f"{low * times:.{decimals}f}–{high * times:.{decimals}f}"


def sure_words(p: float) -> str:
    """Say how sure it is, of a p value adjusted for the number of comparisons."""
    if p < 0.001:
        return _("几乎可以肯定不是偶然（计入多重比较后，偶然如此的可能不到千分之一）")
    if p < 0.01:
        return _("很有把握不是偶然（计入多重比较后，偶然如此的可能不到百分之一）")
    return _("不大可能是偶然（计入多重比较后，偶然如此的可能不到 %(chance)s%%）") % {"chance": f"{math.ceil(p * 100):d}"}
