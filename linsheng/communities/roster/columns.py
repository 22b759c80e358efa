"""The columns of a roster: how they may be headed, and in which order the template has them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """One column: ``title`` is how our own files head it, ``names`` what else is understood (normalised)."""

    key: str
    title: str | Promise
    names: frozenset[str]
    required: bool = False


def normalised(header: str) -> str:
    """A heading without case, spaces, marks and what stands in brackets: ``手机号 *`` and ``建筑面积（㎡）`` are understood."""
    plain = unicodedata.normalize("NFKC", header).lower()
    return re.sub(r"\(.*?\)|[\s*:_\-]", "", plain)


def _column(key: str, title: str | Promise, names: str, required: bool = False) -> Column:
    return Column(key, title, frozenset(names.split()), required)


COLUMNS: Final = (
    _column("building", _("楼栋"), "楼栋 小区楼栋 楼号 栋号 楼幢 幢号 building buildingname block", required=True),
    _column("home", _("房号"), "房号 房屋 房间号 室号 房屋编号 门牌号 home homenumber unit room number", required=True),
    _column("floor", _("楼层"), "楼层 层 所在层 floor"),
    _column("area", _("面积"), "面积 建筑面积 房屋面积 area sqm"),
    _column("tenure", _("居住状态"), "居住状态 使用状态 房屋状态 入住状态 tenure occupancy"),
    _column("name", _("姓名"), "姓名 住户姓名 业主姓名 住户 名字 name fullname resident"),
    _column("phone", _("手机号"), "手机号 手机 手机号码 电话 联系电话 电话号码 phone mobile phonenumber mobilenumber"),
    _column("email", _("邮箱"), "邮箱 电子邮箱 邮件 邮箱地址 email mail mailaddress emailaddress"),
    _column("kind", _("身份"), "身份 住户身份 与业主关系 住户类型 关系 kind role relation"),
    _column("since", _("入住日期"), "入住日期 入住时间 迁入日期 since movein moveindate"),
)
BY_KEY: Final[Mapping[str, Column]] = {column.key: column for column in COLUMNS}


@dataclass(frozen=True)
class Heading:
    """Where each column stands in one file, and how that file heads it."""

    row: int
    positions: Mapping[str, int]
    titles: Mapping[str, str]
    unknown: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def missing(self) -> list[Column]:
        return [column for column in COLUMNS if column.required and column.key not in self.positions]

    def title(self, key: str) -> str:
        """The file's own word for a column, else ours."""
        return self.titles.get(key) or str(BY_KEY[key].title)


@cache
def _known() -> Mapping[str, str]:
    """Every understood heading; our own in every language, so that what we wrote can be read again."""
    known = {name: column.key for column in COLUMNS for name in column.names}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            known |= {normalised(str(column.title)): column.key for column in COLUMNS}
    return known


def _key_of(header: str) -> str | None:
    return _known().get(normalised(header))


def heading_of(row: int, cells: Sequence[str]) -> Heading:
    """Read a row as the heading."""
    positions: dict[str, int] = {}
    titles: dict[str, str] = {}
    unknown, doubled = [], []
    for index, text in enumerate(cells):
        key = _key_of(text)
        if key is None:
            unknown += [text] if text else []
        elif key in positions:
            doubled.append(text)
        else:
            positions[key], titles[key] = index, text
    return Heading(row, positions, titles, tuple(unknown), tuple(doubled))
