"""The breakdown as a table: the same columns on the page, in the workbook and in the text file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linsheng.core.ui.figures import NONE, decimals_words
from linsheng.core.ui.moments import duration_words
from linsheng.feedback.figures import By, Group, MedianTime, Share, words

BREAKDOWNS: dict[By, str | Promise] = {
    By.ITEM: _("按服务项目"),
    By.KIND: _("按类型"),
    By.CHANNEL: _("按渠道"),
    By.BUILDING: _("按楼栋"),
    By.COMMUNITY: _("按小区"),
}
HEADS: dict[By, str | Promise] = {
    By.ITEM: _("服务项目"),
    By.KIND: _("类型"),
    By.CHANNEL: _("渠道"),
    By.BUILDING: _("楼栋"),
    By.COMMUNITY: _("小区"),
}


@dataclass(frozen=True)
class Column:
    """A column: ``read`` gives the group's figure (int, Share, MedianTime or float), which is shown by its kind."""

    key: str
    label: str | Promise
    read: Callable[[Group], Any]
    digits: int = 0

    def words(self, group: Group) -> str:
        """What the page shows."""
        value = self.read(group)
        if isinstance(value, Share):
            return words.share_words(value, interval=False)
        if isinstance(value, MedianTime):
            return NONE if value.median is None else duration_words(value.median)
        return decimals_words(value, self.digits)

    def order(self, group: Group) -> tuple[bool, float]:
        """What the table is sorted by; what is not known comes last either way."""
        number = plain(self.read(group))
        return number is not None, number or 0.0


def plain(value: Any) -> float | None:
    """The figure as one number."""
    if isinstance(value, Share):
        return None if value.hidden else value.share
    return value.median if isinstance(value, MedianTime) else value


COLUMNS: tuple[Column, ...] = (
    Column("received", words.NAMES["received"], lambda group: group.figures.received),
    Column("handled", words.NAMES["handled"], lambda group: group.figures.handled),
    Column("open", words.NAMES["open_at_end"], lambda group: group.figures.open_at_end),
    Column("answered", words.NAMES["answered_in_time"], lambda group: group.figures.answered_in_time),
    Column("resolved", words.NAMES["resolved_in_time"], lambda group: group.figures.resolved_in_time),
    Column("time", words.NAMES["handler_minutes"], lambda group: group.figures.handler_minutes),
    Column("satisfied", words.NAMES["satisfied"], lambda group: group.figures.ratings.satisfied),
    Column("mean", words.NAMES["mean"], lambda group: group.figures.ratings.mean, digits=2),
    Column("solved", words.NAMES["solved"], lambda group: group.figures.callbacks.solved),
)
BY_KEY = {column.key: column for column in COLUMNS}
USUAL = "-received"


@dataclass(frozen=True)
class Row:
    """One group as the page shows it."""

    label: str
    within: str
    cells: Sequence[tuple[Column, str]]
    words: tuple[str, ...]


def sorted_groups(groups: Sequence[Group], sort: str) -> list[Group]:
    """By ``key`` or ``-key`` of a column, or ``label``; anything else as usual: the most cases first."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name == "label":
        return list(reversed(groups)) if down else list(groups)
    if name not in BY_KEY:
        return sorted_groups(groups, USUAL)
    column = BY_KEY[name]
    known = [group for group in groups if column.order(group)[0]]
    unknown = [group for group in groups if not column.order(group)[0]]
    return sorted(known, key=lambda group: column.order(group)[1], reverse=down) + unknown


def rows(groups: Sequence[Group], sort: str) -> list[Row]:
    """The rows of the page."""
    return [
        Row(group.label, group.within, [(column, column.words(group)) for column in COLUMNS], group.words)
        for group in sorted_groups(groups, sort)
    ]
