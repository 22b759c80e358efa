"""What an empty public form carries: a key of its own, and when it was handed out. Both are signed, so nobody makes them up.

The key is also the case's ``submission_key``: one form handed out makes at most one case, however often it is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

from linsheng.core.ids import unguessable

SALT = "linsheng.intake.public-form"
# As long as a draft is kept in the browser.
LONGEST_OPEN = timedelta(days=7)


@dataclass(frozen=True)
class Stamp:
    """One form as it was handed out."""

    key: str
    given_at: float

    def age(self, now: datetime) -> float:
        """Seconds since then."""
        return now.timestamp() - self.given_at


def fresh_stamp(code: str, now: datetime) -> str:
    """For a form of the place with this code."""
    return signing.dumps([unguessable(), code, now.timestamp()], salt=SALT)


def read_stamp(text: str, code: str, now: datetime) -> Stamp | None:
    """The stamp, unless it is another place's, too old, from the future, or none of ours."""
    try:
        key, place, given_at = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    stamp = Stamp(str(key), float(given_at))
    return stamp if place == code and -60 <= stamp.age(now) <= LONGEST_OPEN.total_seconds() else None
