"""公示: what has been made public to residents, on their home page. Higher apps register their own (a survey's result, minutes)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from linsheng.accounts.models import User
from linsheng.communities.models import Community


@dataclass(frozen=True)
class Posted:
    """One line: what can be read, and where; ``note`` says since when."""

    title: str
    url: str
    icon: str
    note: str = ""


Make = Callable[[User, Community, datetime], Iterable[Posted]]
_makers: list[Make] = []


def register(make: Make) -> Make:
    """Add a source; the order of registering is the order on the page."""
    if make not in _makers:
        _makers.append(make)
    return make


def posted_for(user: User, community: Community, now: datetime) -> list[Posted]:
    """Everything that this person can read about the community."""
    return [one for make in _makers for one in make(user, community, now)]
