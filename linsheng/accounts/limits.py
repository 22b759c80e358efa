"""How often something may be tried. The rows are counted in the database, so that all processes count together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linsheng.accounts.hashing import keyed_hash
from linsheng.accounts.models import Attempt
from linsheng.core.errors import TooMany


@dataclass(frozen=True)
class Limit:
    """At most ``number`` times within ``window`` for one key."""

    scope: str
    number: int
    window: timedelta


def take(limit: Limit, key: str, *, now: datetime) -> Attempt:
    """Count one attempt; raises ``TooMany`` when there were enough. A refused attempt does not count.

    Call it outside transactions: what is rolled back was never counted. ``Attempt.delete`` gives the attempt back.

    The row is written first and counted afterwards: of two at once both see both, so the limit is never passed.
    """
    hashed = keyed_hash("attempt", limit.scope, key)
    mine = Attempt.objects.create(scope=limit.scope, key=hashed, at=now)
    since = now - limit.window
    # Later ones count, too: whoever began before them may write after them.
    seen = Attempt.objects.filter(scope=limit.scope, key=hashed, at__gt=since)
    if seen.count() > limit.number:
        first = seen.exclude(pk=mine.pk).order_by("at").values_list("at", flat=True).first() or now
        mine.delete()
        raise TooMany(_too_often(first + limit.window - now))
    return mine


def clear(limit: Limit, key: str) -> None:
    """Forget the attempts of a key, after it succeeded."""
    Attempt.objects.filter(scope=limit.scope, key=keyed_hash("attempt", limit.scope, key)).delete()


def _too_often(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    if seconds < 90:
        return _("操作太频繁，请 %(n)s 秒后再试。") % {"n": seconds}
    return _("操作太频繁，请约 %(n)s 分钟后再试。") % {"n": -(-seconds // 60)}
