"""One long table: a row a figure, so that spreadsheets and programs can filter it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core import tabular
from linsheng.feedback.figures import Figures, MedianTime, MonthlyFigures, Share, words

HEADER = (
    gettext_lazy("月份"),
    gettext_lazy("范围"),
    gettext_lazy("指标"),
    gettext_lazy("数值"),
    gettext_lazy("分子"),
    gettext_lazy("分母"),
    gettext_lazy("95% 区间下限"),
    gettext_lazy("95% 区间上限"),
    gettext_lazy("单位"),
    gettext_lazy("说明"),
)


def csv_chunks(month: MonthlyFigures) -> Iterator[bytes]:
    """The table as a file, a piece at a time; text that a spreadsheet would take for a formula is guarded."""
    return tabular.csv_chunks(HEADER, rows(month))


def rows(month: MonthlyFigures) -> Iterator[tuple[Any, ...]]:
    """Every figure of the whole, then of each group, then the words."""
    yield from _rows_of(str(month.month), _("合计"), month.total)
    for group in month.groups:
        yield from _rows_of(str(month.month), group.label, group.figures)
    for topic in month.topics.words:
        name = _("主题词：%(word)s") % {"word": topic.word}
        yield (str(month.month), _("合计"), name, topic.texts, topic.texts, month.topics.read, None, None, _("条"), "")


def _rows_of(month: str, scope: str, figures: Figures) -> Iterator[tuple[Any, ...]]:
    for name, value, unit in figures_in_order(figures):
        yield (month, scope, str(words.NAMES[name]), *cells(value), unit, _note(value))


def figures_in_order(figures: Figures) -> Iterator[tuple[str, Any, str]]:
    """Name, figure and unit of everything that was counted."""
    pieces, percent, minutes = _("件"), _("比例（0–1）"), _("分钟")
    for name in ("received", "handled", "open_at_end", "urges"):
        yield name, getattr(figures, name), pieces
    for name in ("answered_in_time", "resolved_in_time", "told", "reopened"):
        yield name, getattr(figures, name), percent
    for name in ("handler_minutes", "resident_minutes"):
        yield name, getattr(figures, name), minutes
    ratings, callbacks = figures.ratings, figures.callbacks
    yield "satisfied", ratings.satisfied, percent
    yield "mean", (ratings.mean, None, ratings.n, ratings.low, ratings.high), _("分（1–5）")
    yield "index", (ratings.index, None, ratings.n, None, None), _("0–100")
    yield "contacted", callbacks.contacted, percent
    yield "solved", callbacks.solved, percent
    yield "callback_satisfied", callbacks.satisfied, percent
    index = callbacks.index
    yield "callback_index", (index.value, None, callbacks.valid, index.low, index.high), _("0–100")


def cells(value: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Value, numerator, denominator, low, high; empty where not known or hidden."""
    if isinstance(value, Share):
        if value.hidden or value.share is None:
            return None, None, None, None, None
        return value.share, value.count, value.n, value.low, value.high
    if isinstance(value, MedianTime):
        return value.median, value.ended, value.n, value.low, value.high
    if isinstance(value, tuple):
        return value if value[0] is not None else (None, None, value[2], None, None)
    return value, None, None, None, None


def _note(value: Any) -> str:
    return _("样本太少，不显示") if isinstance(value, Share) and value.hidden else ""
