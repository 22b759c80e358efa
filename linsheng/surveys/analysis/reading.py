"""A CSV file as columns, checked on the way: what cannot be used is named by row and column.

Rows are numbered as a spreadsheet shows them: the head is row 1. Cells are turned into codes column by column through a table of
the texts met so far, so that a million rows cost no Python code each."""

import csv
import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid
from linsheng.core.tabular import detect_encoding
from linsheng.surveys.analysis.columns import UNKNOWN, Column, Columns, Factor, code_type, natural
from linsheng.surveys.analysis.spec import Spec

CHUNK = 50_000
MOST_FAULTS = 10
BAD = -2
# Nothing else that Python takes for a number (1_0, 1e1, nan) is one; ０–９ come from Chinese keyboards.
NUMBER = re.compile("[+-]?([0-9０-９]+[.]?[0-9０-９]*|[.][0-9０-９]+)")
SPACES = " \t\r\n\u3000\xa0\ufeff"


class DataError(Invalid):
    """The file cannot be analysed; the message names rows and columns."""


def read_columns(path: Path, spec: Spec) -> Columns:
    """Return the columns that the spec names. DataError where the file or a cell cannot be used."""
    try:
        with path.open(encoding=detect_encoding(path), newline="") as file:
            delimiter = max(",\t;", key=file.readline().count)
            file.seek(0)
            return _Reader(path, spec, csv.reader(file, delimiter=delimiter)).read()
    except OSError as error:
        raise DataError(_("打不开文件 %(file)s：%(why)s") % {"file": path, "why": error.strerror or error}) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(_("%(file)s 不是可以读取的 CSV 文件，请另存为 UTF-8 编码的 CSV。") % {"file": path.name}) from error


class _Codes(dict[str, int]):
    """Text → code; one not met before is given to `code_of`, whose answer is kept."""

    def __init__(self, code_of: Callable[[str], int]) -> None:
        super().__init__()
        self._code_of = code_of

    def __missing__(self, text: str) -> int:
        code = self[text] = self._code_of(text.strip(SPACES))
        return code


class _Levels:
    """Numbers the levels of a factor as they are met."""

    def __init__(self, allowed: Iterable[str] | None, *, blank: int) -> None:
        self.allowed, self.blank = None if allowed is None else set(allowed), blank
        self.names: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        if not text:
            return self.blank
        if self.allowed is not None and text not in self.allowed:
            return BAD
        return self.names.setdefault(text, len(self.names))

    def factor(self, codes: Column) -> Factor:
        """Return the codes as a factor whose levels stand in natural order."""
        ordered = sorted(self.names, key=natural)
        place = np.full(len(ordered) + 1, UNKNOWN, dtype=np.int32)
        for new, name in enumerate(ordered):
            place[self.names[name]] = new
        return Factor(place[codes], tuple(ordered))


class _Reader:
    """Reads one file in chunks and gathers its faults."""

    def __init__(self, path: Path, spec: Spec, rows: Iterator[list[str]]) -> None:
        self.path, self.spec, self.rows = path, spec, rows
        self.faults: list[str] = []
        self.empty = 0
        self.missing = _missing_test(spec.missing)
        self.levels = {name: self._levels(name) for name in spec.groupings}
        self.item_codes = _Codes(self._item_code)
        self.factor_codes = {name: _Codes(levels) for name, levels in self.levels.items()}

    def read(self) -> Columns:
        head = [name.strip(SPACES) for name in next(self.rows, [])]
        places = {name: self._place(head, name) for name in self._wanted()}
        parts: dict[str, list[Column]] = {f"item {name}": [] for name in self.spec.items}
        parts |= {f"factor {name}": [] for name in self.levels}
        texts: dict[str, list[str]] = {name: [] for name in (self.spec.id, self.spec.paired_on) if name}
        numbers: list[Column] = []
        for at, table in self._chunks(len(head)):
            numbers.append(at)
            for name in self.spec.items:
                parts[f"item {name}"].append(self._checked(name, table[places[name]], self.item_codes, at, self._why_item))
            for name in self.levels:
                parts[f"factor {name}"].append(
                    self._checked(name, table[places[name]], self.factor_codes[name], at, self._why_level)
                )
            for name, column in texts.items():
                column.extend(text.strip(SPACES) for text in table[places[name]])
            self._stop_if_faulty(most=MOST_FAULTS)
        at = np.concatenate(numbers) if numbers else np.zeros(0, dtype=np.int64)
        for name, column in texts.items():
            self._check_unique(name, column, at)
        self._stop_if_faulty()
        return self._columns(parts, texts, at.size)

    def _columns(self, parts: dict[str, list[Column]], texts: dict[str, list[str]], n: int) -> Columns:
        whole = {name: np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int32) for name, pieces in parts.items()}
        keys = np.array(texts[self.spec.paired_on], dtype=np.str_) if self.spec.paired_on else None
        return Columns(
            n=n,
            items={name: whole[f"item {name}"].astype(code_type(self.spec.scale)) for name in self.spec.items},
            factors={name: levels.factor(whole[f"factor {name}"]) for name, levels in self.levels.items()},
            keys=keys,
            notes=(_("有 %(n)d 行每一格都是空的，不算答卷。") % {"n": self.empty},) if self.empty else (),
        )

    def _wanted(self) -> list[str]:
        spec = self.spec
        singles = [name for name in (spec.id, spec.paired_on) if name]
        return list(dict.fromkeys([*spec.items, *spec.groupings, *singles]))

    def _place(self, head: Sequence[str], name: str) -> int:
        found = [place for place, each in enumerate(head) if each == name]
        if len(found) == 1:
            return found[0]
        words = {"file": self.path.name, "column": name, "columns": ", ".join(head[:30])}
        if found:
            raise DataError(_("%(file)s 的第 1 行有两列都叫“%(column)s”。") % words)
        raise DataError(_("%(file)s 没有“%(column)s”这一列。它的列：%(columns)s。") % words)

    def _levels(self, name: str) -> _Levels:
        spec = self.spec
        allowed: set[str] | None = set(spec.margins[name]) if name in spec.margins else None
        if name == spec.strata and isinstance(spec.population, dict):
            allowed = set(spec.population) if allowed is None else allowed & set(spec.population)
        needed = name in spec.margins or name == spec.strata
        return _Levels(allowed, blank=BAD if needed else UNKNOWN)

    def _item_code(self, text: str) -> int:
        low, high = self.spec.scale
        if not text or self.missing(text):
            return high - low + 1
        value = _as_number(text)
        return int(value) - low if value is not None and low <= value <= high and value == int(value) else BAD

    def _chunks(self, width: int) -> Iterator[tuple[Column, list[tuple[str, ...]]]]:
        """Yield row numbers and columns of rows with anything in them: a row of empty cells is nobody, whatever else there is."""
        begin = 2
        while rows := list(itertools.islice(self.rows, CHUNK)):
            at = np.arange(begin, begin + len(rows))
            begin += len(rows)
            kept = [place for place, row in enumerate(rows) if (row and row[0].strip()) or any(cell.strip(SPACES) for cell in row)]
            if len(kept) < len(rows):
                # A line without a separator is no row at all; of a row of empty cells it is said that it does not count.
                self.empty += sum(len(row) > 1 for row in rows) - sum(len(rows[place]) > 1 for place in kept)
                at, rows = at[kept], [rows[place] for place in kept]
            if set(map(len, rows)) != {width}:
                self._check_widths(rows, at, width)
            if rows:
                yield at, list(zip(*rows, strict=True))

    def _check_widths(self, rows: Sequence[list[str]], at: Column, width: int) -> None:
        for number, row in zip(at, rows, strict=True):
            if len(row) != width:
                words = {"row": int(number), "found": len(row), "wanted": width}
                self._fault(_("第 %(row)d 行有 %(found)d 格，应有 %(wanted)d 格") % words)
        self._stop_if_faulty()

    def _checked(self, name: str, texts: Sequence[str], codes: _Codes, at: Column, why: Callable[[str, str], str]) -> Column:
        found = np.fromiter(map(codes.__getitem__, texts), dtype=np.int32, count=len(texts))
        for place in np.flatnonzero(found == BAD)[: MOST_FAULTS + 1]:
            words = {"row": int(at[place]), "column": name, "why": why(name, texts[place].strip(SPACES))}
            self._fault(_("第 %(row)d 行，列“%(column)s”：%(why)s") % words)
        return found

    def _why_item(self, _name: str, text: str) -> str:
        low, high = self.spec.scale
        return _("“%(text)s”不是 %(low)d 到 %(high)d 的整数") % {"text": text[:40], "low": low, "high": high}

    def _why_level(self, name: str, text: str) -> str:
        if not text:
            return _("不能为空")
        key = f"margins.{name}" if name in self.spec.margins else "population"
        return _("“%(text)s”在 spec 的 %(key)s 中没有户数") % {"text": text[:40], "key": key}

    def _check_unique(self, name: str, column: Sequence[str], at: Column) -> None:
        first: dict[str, int] = {}
        if len(set(column)) == len(column) and "" not in column:
            return
        for number, text in zip(at, column, strict=True):
            words = {"row": int(number), "column": name, "text": text, "first": first.get(text, 0)}
            if not text:
                self._fault(_("第 %(row)d 行，列“%(column)s”：不能为空") % words)
            elif text in first:
                self._fault(_("第 %(row)d 行，列“%(column)s”：“%(text)s”与第 %(first)d 行重复") % words)
            first.setdefault(text, int(number))

    def _fault(self, words: str) -> None:
        self.faults.append(words)

    def _stop_if_faulty(self, most: int = 0) -> None:
        if len(self.faults) > most:
            shown = self.faults[:MOST_FAULTS] + ([_("……还有别的错误")] if len(self.faults) > MOST_FAULTS else [])
            raise DataError("\n".join([_("%(file)s 有不能用的数据：") % {"file": self.path.name}, *shown]))


def _as_number(text: str) -> float | None:
    value = float(text) if NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def _missing_test(missing: Sequence[str]) -> Callable[[str], Any]:
    """Return whether a text is one of the values that mean no answer, as text or as a number."""
    texts = set(missing)
    numbers = {value for value in map(_as_number, missing) if value is not None}
    return lambda text: text in texts or _as_number(text) in numbers
