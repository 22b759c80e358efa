"""The permission table of this app, put together from its parts."""

from linsheng.core.testing import PermissionRow
from linsheng.feedback.tests import permission_rows_resident, permission_rows_staff

# Rules hold for a whole company: only whoever may change settings there has these pages.
RULERS = frozenset({"administrator", "outsider"})
SETTINGS = [
    PermissionRow(name, allowed=RULERS, method=method, accepted=frozenset({422}))
    for name in ("feedback:settings", "feedback:escalation")
    for method in ("GET", "POST")
]

ROWS = [*permission_rows_staff.ROWS, *permission_rows_resident.ROWS, *SETTINGS]
