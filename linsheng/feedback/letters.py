"""Letters in the story of a case: higher layers that carry them (mail) register what they have; the story shows it in its place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from linsheng.accounts.models import User
from linsheng.feedback.models import Case


@dataclass(frozen=True)
class Enclosure:
    """A file that came with a letter; without ``url`` it is only named."""

    name: str
    size: int
    url: str = ""
    icon: str = "file"


@dataclass(frozen=True)
class Letter:
    """One letter. ``key`` stands as ``mail`` in the data of the history entry that it made; the first may have made the case."""

    key: int
    at: datetime
    what: str
    who: str = ""
    text: str = ""
    quoted: str = ""  # folded away: what the sender quoted of earlier letters, and the signature
    note: str = ""  # what staff should know of it
    url: str = ""  # its own page
    enclosures: list[Enclosure] = field(default_factory=list)
    made_case: bool = False
    made_entry: bool = False
    after_end: bool = False  # it came when the case had ended: somebody has to decide whether it goes on
    tone: str = ""


Source = Callable[[Case, User], list[Letter]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Show the letters that ``source(case, user)`` gives, as far as this user may read them; usable as a decorator."""
    if source not in _sources:
        _sources.append(source)
    return source


def letters_of(case: Case, user: User) -> list[Letter]:
    """Everything that was written about a case, oldest first."""
    return sorted((letter for source in _sources for letter in source(case, user)), key=lambda letter: letter.at)
