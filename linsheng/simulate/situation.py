"""Where and when a story happens: plain facts that the texts are filled from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A home in a community, in the words that people use: ``3栋``, ``2单元``, floor 12, room ``1201``.

    ``unit`` may be empty where buildings have none, ``room`` for people without a home.
    """

    community: str
    building: str
    unit: str = ""
    floor: int = 8
    room: str = ""

    @property
    def home(self) -> str:
        """The address inside the community; the building alone if there is no room."""
        return f"{self.building}{self.unit}{self.room}"


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts of one story; ``month`` and ``hour`` are local, None where they are not known."""

    item_code: str
    urgency: str
    place: Place
    month: int | None = None
    hour: int | None = None
    staff: str = ""
    reporter: str = ""
