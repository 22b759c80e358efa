"""What is learned from: closed cases as plain values, and how many it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_CASES = 200
# A term counts only if this many different people wrote it: no name, no address of one home gets in.
FEWEST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A closed case: its words, the item it ended with, and whose words they are."""

    text: str
    code: str
    person: str


def known_names(names: Sequence[str]) -> frozenset[str]:
    """Full names and, of three characters, the given name by itself."""
    full = {name.strip() for name in names if 2 <= len(name.strip()) <= 4}
    return frozenset(full | {name[1:] for name in full if len(name) == 3})
