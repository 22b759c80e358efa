"""What was broken, collected while reading."""

from linsheng.intake.mail.model import Fault


class Notes:
    """The faults of one mail, each once, in the order met."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def add(self, fault: Fault) -> None:
        self._found[fault] = None

    def all(self) -> tuple[Fault, ...]:
        return tuple(self._found)

    def __contains__(self, fault: Fault) -> bool:
        return fault in self._found
