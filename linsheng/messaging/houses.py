"""What messaging has to ask of the layers above: who belongs to which company. They register when they are ready."""

from collections.abc import Callable
from dataclasses import dataclass

from linsheng.accounts.models import User


@dataclass
class Houses:
    """Answers of the layer that knows companies; until it registers, nobody belongs anywhere."""

    of_user: Callable[[User], frozenset[int]] = lambda user: frozenset()
    for_codes: Callable[[], int | None] = lambda: None
    administrators: Callable[[int], list[User]] = lambda organisation_id: []


_known = Houses()


def register(houses: Houses) -> None:
    global _known  # noqa: PLW0603 - set once, when the apps are ready
    _known = houses


def of_user(user: User) -> frozenset[int]:
    """The companies that this person lives with or works for."""
    return _known.of_user(user)


def for_codes() -> int | None:
    """The company through whose provider sign-in codes go. Whoever carries codes can read them, and sign in as anybody:
    where there are several companies, the settings of the installation have to say which one is trusted."""
    return _known.for_codes()


def administrators(organisation_id: int) -> list[User]:
    """Who looks after a company's settings."""
    return _known.administrators(organisation_id)
