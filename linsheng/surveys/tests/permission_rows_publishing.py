"""Who may publish a wave, and who may read what was published."""

from linsheng.core import clock
from linsheng.core.testing import ALL, PermissionRow
from linsheng.surveys import actions
from linsheng.surveys.actions import Choice
from linsheng.surveys.models import Wave
from linsheng.surveys.tests.closing import closed

PUBLISHERS = frozenset({"manager", "director"})


def ended(cast):
    """A closed wave with answers, chosen from."""
    wave = closed(cast.community, clock.now(), sizes=(12,))
    actions.save_publication(wave=wave, choice=Choice(), by=None, now=clock.now())
    return {"pk": wave.pk}


def public(cast):
    wave = Wave.objects.get(**ended(cast))
    actions.publish_wave(wave=wave, by=None, now=clock.now())
    return {"pk": wave.pk}


ROWS = [
    PermissionRow("surveys:publish", PUBLISHERS, args=ended),
    PermissionRow("surveys:preview_publication", PUBLISHERS, args=ended),
    PermissionRow("surveys:publish_now", PUBLISHERS, "POST", args=ended),
    PermissionRow("surveys:withdraw_publication", PUBLISHERS, "POST", args=public),
    PermissionRow("surveys:published_index", ALL - {"anonymous"}),
    PermissionRow("surveys:published", frozenset({"owner", "neighbour"}), args=public),
    PermissionRow("surveys:last_published", ALL),
]
