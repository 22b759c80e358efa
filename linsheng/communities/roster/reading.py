"""From the cells of a file to checked rows: every row is looked at by itself, then against the rows before it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from linsheng.communities.roster import cells
from linsheng.communities.roster.cells import BadCellError
from linsheng.communities.roster.columns import BY_KEY, Heading, heading_of
from linsheng.communities.roster.report import RowError
from linsheng.core.errors import Invalid
from linsheng.core.tabular import SheetRow, read_rows

MOST_ROWS: Final = 50_000
# A title may stand above the heading.
HEADING_WITHIN: Final = 5
PROGRESS_EVERY: Final = 500
Progress = Callable[[int], None]


@dataclass(slots=True)
class RosterRow:
    """One row that may be imported. What the file leaves empty is None or ""."""

    number: int
    building: str
    home: str
    floor: int | None = None
    area: Decimal | None = None
    tenure: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    kind: str = ""
    since: date | None = None

    @property
    def person_key(self) -> str:
        """Who is meant within the file: the number's owner, else this name in this home."""
        return self.phone or f"{self.home}\0{self.name}"


@dataclass
class Roster:
    """A file as read: ``rows`` are the good ones, ``homes`` what they say together of each home."""

    heading: Heading
    homes: dict[str, RosterRow] = field(default_factory=dict)
    rows: list[RosterRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)
    seen: int = 0


def _unusable(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"file": sentence})


def _find_heading(rows: Iterator[SheetRow]) -> Heading:
    best: Heading | None = None
    for _n, row in zip(range(HEADING_WITHIN), rows, strict=False):
        found = heading_of(row.number, row.cells)
        if not found.missing:
            return found
        if best is None or len(found.positions) > len(best.positions):
            best = found
    if best is None:
        raise _unusable(_("文件是空的。请下载模板，填好后再上传。"))
    missing = "、".join(str(column.title) for column in best.missing)
    raise _unusable(_("找不到列：%(columns)s。第一行应是列名，请对照模板修改。") % {"columns": missing})


def read_roster(path: Path, *, today: date, progress: Progress = lambda _done: None) -> Roster:
    """Read and check a file. Raises ``Invalid`` on ``file`` when it is no roster at all; bad rows are in ``errors``."""
    rows = read_rows(path)
    heading = _find_heading(rows)
    if heading.doubled:
        raise _unusable(_("列名重复：%(columns)s。请只保留一列。") % {"columns": "、".join(heading.doubled)})
    roster = Roster(heading)
    if heading.unknown:
        sentence = _("这些列不认识，未导入：%(columns)s。") % {"columns": "、".join(heading.unknown[:10])}
        roster.notes.append(RowError(heading.row, "", sentence))
    _Reader(roster, today).read_all(rows, progress)
    return roster


class _Reader:
    """Reads the rows of one file and remembers what earlier rows said."""

    def __init__(self, roster: Roster, today: date) -> None:
        self.roster, self.heading = roster, roster.heading
        self.parse: dict[str, Callable[[str], Any]] = {
            **{key: getattr(cells, key) for key in ("building", "floor", "area", "tenure", "name", "phone", "email", "kind")},
            "home": cells.home_number,
            "since": lambda text: cells.since(text, today),
        }
        self.homes = roster.homes
        self.people: dict[str, RosterRow] = {}
        self.residencies: dict[tuple[str, str], int] = {}

    def read_all(self, rows: Iterable[SheetRow], progress: Progress) -> None:
        for row in rows:
            self.roster.seen += 1
            if self.roster.seen > MOST_ROWS:
                raise _unusable(_("超过 %(n)s 行，请拆成几个文件分别导入。") % {"n": MOST_ROWS})
            if self.roster.seen % PROGRESS_EVERY == 0:
                progress(self.roster.seen)
            self._read(row)

    def _error(self, number: int, key: str, message: str) -> None:
        self.roster.errors.append(RowError(number, self.heading.title(key), message))

    def _read(self, row: SheetRow) -> None:
        values = self._values(row)
        if values is None:
            return
        read = RosterRow(number=row.number, **values)
        problems = list(self._against_earlier(read))
        for key, message in problems:
            self._error(row.number, key, message)
        if not problems:
            self._remember(read)

    def _values(self, row: SheetRow) -> dict[str, Any] | None:
        values: dict[str, Any] = {}
        bad: set[str] = set()
        for key, position in self.heading.positions.items():
            text = row.cells[position] if position < len(row.cells) else ""
            try:
                if text:
                    values[key] = self.parse[key](text)
                elif BY_KEY[key].required:
                    raise BadCellError(_("不能为空，请填写。"))
            except BadCellError as problem:
                self._error(row.number, key, str(problem))
                bad.add(key)
        # A name that cannot be used is there all the same.
        if not values.get("name") and "name" not in bad and (values.get("phone") or values.get("email")):
            self._error(row.number, "name", _("填写了手机号或邮箱，但没有姓名，请补上姓名。"))
            bad.add("name")
        return None if bad else values

    def _against_earlier(self, row: RosterRow) -> Iterator[tuple[str, str]]:
        yield from self._home_conflicts(row)
        if row.name:
            yield from self._person_conflicts(row)
        elif row.home in self.homes:
            sentence = _("与第 %(row)s 行重复：同一套房屋已经列出，这一行又没有姓名。")
            yield "home", sentence % {"row": self.homes[row.home].number}

    def _home_conflicts(self, row: RosterRow) -> Iterator[tuple[str, str]]:
        earlier = self.homes.get(row.home)
        if earlier is None:
            return
        for key in ("building", "floor", "area", "tenure"):
            before, here = getattr(earlier, key), getattr(row, key)
            if before not in (None, "") and here not in (None, "") and before != here:
                yield (
                    key,
                    _("同一套房屋在第 %(row)s 行写的不一样，请改成一致；若是两套房屋，房号不能相同。") % {"row": earlier.number},
                )

    def _person_conflicts(self, row: RosterRow) -> Iterator[tuple[str, str]]:
        double = self.residencies.get((row.home, row.person_key))
        earlier = self.people.get(row.person_key)
        if earlier is not None and earlier.name != row.name:
            sentence = _("手机号与第 %(row)s 行的“%(name)s”相同。一个号码只能属于一位住户，请核对或只留一处。")
            yield "phone", sentence % {"row": earlier.number, "name": earlier.name}
        elif double is not None:
            yield "name", _("与第 %(row)s 行重复：同一套房屋的同一位住户。") % {"row": double}

    def _remember(self, row: RosterRow) -> None:
        known = self.homes.setdefault(row.home, replace(row))
        for key in ("floor", "area", "tenure"):
            # A home's facts may stand on any one of its rows.
            if getattr(known, key) in (None, ""):
                setattr(known, key, getattr(row, key))
        if row.name:
            self.people.setdefault(row.person_key, row)
            self.residencies[row.home, row.person_key] = row.number
        self.roster.rows.append(row)
