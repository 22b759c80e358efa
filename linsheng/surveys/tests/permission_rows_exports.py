"""Who may take a wave away as a file, and print the blank form."""

from linsheng.core import clock
from linsheng.core.testing import PermissionRow
from linsheng.surveys.tests.closing import closed
from linsheng.surveys.tests.permission_rows_waves import RUNNERS, running

EXPORTERS = frozenset({"supervisor", "manager", "director", "auditor"})
PRINTERS = RUNNERS | {"frontdesk", "supervisor"}


def ended(cast):
    """A closed wave with answers."""
    return {"pk": closed(cast.community, clock.now(), sizes=(12,)).pk}


ROWS = [
    PermissionRow("surveys:export", EXPORTERS, args=ended, query="?format=csv"),
    PermissionRow("surveys:paper", PRINTERS, args=running),
]
