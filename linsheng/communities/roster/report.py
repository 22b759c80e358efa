"""What a roster import found or did, as plain data that is shown, downloaded and kept."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

MOST_ERRORS: Final = 20_000
MOST_NOTES: Final = 2_000


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong: the spreadsheet's row number, the file's own column heading, and what to do."""

    row: int
    column: str
    message: str


@dataclass
class Report:
    """The outcome of a check or an import.

    ``rows`` counts data rows; ``bad_rows`` those with errors. ``notes`` are changes worth a look that are no errors.
    ``absent`` are people who live in a listed home but are not in the file; they are left alone.
    """

    rows: int = 0
    bad_rows: int = 0
    homes: int = 0
    homes_created: int = 0
    homes_updated: int = 0
    buildings_created: int = 0
    residents_created: int = 0
    residents_updated: int = 0
    homes_absent: int = 0
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowError] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    written: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the database and ``--json``; very long lists are cut."""
        plain = asdict(self)
        plain["errors"], plain["notes"] = plain["errors"][:MOST_ERRORS], plain["notes"][:MOST_NOTES]
        plain["absent"] = plain["absent"][:MOST_NOTES]
        return plain
