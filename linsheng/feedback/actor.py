"""Who does something to a case: staff in a post, the reporter, a neighbour, or the system's own clockwork."""

from dataclasses import dataclass

from linsheng.accounts.models import User
from linsheng.communities.permissions import is_staff
from linsheng.feedback.models import Case


@dataclass(frozen=True)
class Actor:
    """``reporter`` holds for the resident whose case it is, and for whoever opened the case's own unguessable page."""

    user: User | None = None
    reporter: bool = False
    system: bool = False
    neighbour: bool = False

    @classmethod
    def staff(cls, user: User) -> "Actor":
        return cls(user=user)

    @classmethod
    def by_link(cls) -> "Actor":
        """Whoever holds the case's own page."""
        return cls(reporter=True)

    @classmethod
    def clockwork(cls) -> "Actor":
        return cls(system=True)


def actor_for(user: User, case: Case) -> Actor:
    """The user as an actor on this case: its reporter, or somebody else. Staff never act as reporters."""
    own = case.resident is not None and case.resident.user_id == user.pk and not is_staff(user)
    return Actor(user=user, reporter=own)


def actor_by_link(user: User | None) -> Actor:
    """Whoever opened the case's own page: its reporter — but for a signed-in member of staff, who stays staff there too."""
    return Actor.staff(user) if user is not None and is_staff(user) else Actor.by_link()
