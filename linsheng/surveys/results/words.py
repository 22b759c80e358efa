"""Sentences of the result, in the reader's language."""

from django.utils.translation import gettext as _

from linsheng.core.ui.figures import decimals_words
from linsheng.surveys.analysis.results import IMPROVED, WORSE
from linsheng.surveys.analysis.words import sure_words
from linsheng.surveys.results.shapes import HIDDEN_CELLS, GroupTable, Low, Note, WaveResult, by_words


def note_words(note: Note) -> str:
    """What the reader has to know beside the figures."""
    facts = {"n": note.n, "names": _("、").join(note.names)}
    if note.code == "few":
        return _("只收到 %(n)d 份答卷，少于 5 份，为不让人认出是谁答的，只显示回收情况。") % facts
    if note.code == "unplaced":
        return _("%(n)d 份答卷来自答卷太少的楼栋，没有保留楼栋：它们在总数里，不在任何一栋里。") % facts
    if note.code == "no_tenure":
        return _("%(n)d 份答卷的居住状态不知道，或为不让人认出而没有保留：它们在总数里，不在哪一种居住状态里。") % facts
    if note.code == "left_out":
        return _("这个结果是结束之后用保留下来的答卷算的：%(n)d 份没有保留背景题和只问部分住户的题，这些题只算其余的。") % facts
    if note.code == "silent_places":
        return _("没有答卷的楼栋，不在结果之内：%(names)s。") % facts
    if note.code == "no_tenure_weights":
        return _("加权只按楼栋，没有按居住状态：有的居住状态没有户数或没有答卷。")
    if note.code == HIDDEN_CELLS:
        return _("分组表里有 %(n)d 格不显示：那一格少于 5 份，或者显示了它就能推算出别的少于 5 份的格。") % facts
    if note.code == "mode_changed":
        return _("这次与上次一次匿名、一次记名。记名时人们往往说得客气些，变化里可能有这个原因。")
    return ""


def known_words(table: GroupTable, found: WaveResult) -> str:
    """How many answers have a group of this table, where that is not all of them; else nothing."""
    if table.known is None or table.known == found.answers:
        return ""
    facts = {"known": table.known, "n": found.answers, "by": by_words(table.by)}
    return _("%(n)d 份答卷里知道%(by)s的有 %(known)d 份，分组只算这些；其余的在总数里。") % facts


def level_words(low: Low, found: WaveResult) -> str:
    """The group of a low area, in the reader's language."""
    table = found.table(low.by)
    return next((level.words for level in table.levels if level.value == low.level), low.label) if table else low.label


def low_words(low: Low, found: WaveResult) -> str:
    """A low area and how sure it is."""
    name = found.by_key[low.key].asked.short
    level = level_words(low, found) if low.by else ""
    place = _("%(item)s（%(by)s：%(level)s）") % {"item": name, "by": by_words(low.by), "level": level} if low.by else name
    facts = {
        "place": place,
        "mean": decimals_words(low.mean, 2),
        "low": decimals_words(low.low, 2),
        "high": decimals_words(low.high, 2),
        "n": low.n,
        "target": f"{found.target:g}",
        "sure": sure_words(low.p_adjusted),
    }
    return _("%(place)s：平均 %(mean)s 分（95%% 区间 %(low)s–%(high)s，%(n)d 份），低于目标 %(target)s；%(sure)s。") % facts


def verdict_words(verdict: str) -> str:
    """What may be said of a change."""
    return {IMPROVED: _("有改进"), WORSE: _("变差")}.get(verdict, _("看不出变化"))


def upper_half(rank: int, of: int) -> bool:
    """Whether a rank is in the upper half; the middle one is."""
    return 2 * rank <= of + 1


def quarter_words(quarter: str) -> str:
    """Where an item lies on the map of importance and performance."""
    names = {"improve": _("优先改进"), "keep": _("继续保持"), "watch": _("留意"), "ease": _("已经够好")}
    return names.get(quarter, quarter)
