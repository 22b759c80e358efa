"""Calendar months in the company's time zone: where they begin and end, and up to when their figures are known."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid

WRITTEN: Final = re.compile(r"(?P<year>20\d\d)-(?P<number>0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A month; ``str()`` gives ``2026-10``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """``2026-10``; raises ``Invalid`` for anything else."""
        found = WRITTEN.fullmatch(text.strip())
        if found is None:
            raise Invalid(_("请把月份写成 2026-10 的形式。"), fields={"month": _("请把月份写成 2026-10 的形式。")})
        return cls(int(found["year"]), int(found["number"]))

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The month in which a moment falls, in the company's time zone."""
        local = localtime(moment, get_default_timezone())
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    def shifted(self, months: int) -> Self:
        """So many months later (earlier where negative)."""
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return type(self)(year, index + 1)

    @property
    def start(self) -> datetime:
        """Its first instant (UTC)."""
        return datetime(self.year, self.number, 1, tzinfo=get_default_timezone()).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first instant of the next month (UTC)."""
        return self.shifted(1).start

    def cut(self, now: datetime) -> datetime:
        """Up to when the month is known: its end, or ``now`` while it runs; its start while it lies ahead."""
        return min(self.end, max(now, self.start))

    @property
    def label(self) -> str:
        """2026年10月."""
        # Translators: a date format of Django (Y = year, n = month), not words
        return date_format(datetime(self.year, self.number, 1), _("Y年n月"))  # noqa: DTZ001 - a date to be written, not a moment

    @property
    def short_label(self) -> str:
        """10月; with the year in January, so that a row of them can be read."""
        # Translators: a date format of Django (n = month), not words
        return self.label if self.number == 1 else date_format(datetime(self.year, self.number, 1), _("n月"))  # noqa: DTZ001
