"""Who may call the pages of figures."""

from linsheng.core.testing import PermissionRow

READERS = frozenset({"supervisor", "manager", "director", "auditor", "outsider"})

ROWS = [
    PermissionRow("reports:today", allowed=READERS),
    PermissionRow("reports:today", allowed=READERS - {"outsider"}, query="?community=CH"),
    PermissionRow("reports:today", allowed=frozenset({"director"}), query="?community=org:cuihu"),
    PermissionRow("reports:monthly", allowed=READERS),
    PermissionRow("reports:monthly", allowed=READERS - {"outsider"}, query="?community=CH&month=2026-10&by=item"),
    PermissionRow("reports:monthly", allowed=frozenset({"director"}), query="?community=LY"),
    PermissionRow("reports:request", allowed=READERS, method="POST"),
    PermissionRow("reports:request", allowed=READERS - {"outsider"}, method="POST", query="?community=CH"),
    PermissionRow("reports:export", allowed=READERS, query="?format=csv"),
    PermissionRow("reports:export", allowed=READERS - {"outsider"}, query="?community=CH&format=xlsx"),
]
