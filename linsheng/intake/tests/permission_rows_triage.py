"""Who sees how often proposals are right, and who has them learned anew."""

from linsheng.core.testing import PermissionRow

READERS = frozenset({"supervisor", "manager", "director", "auditor", "outsider"})

ROWS = [
    PermissionRow("intake:triage", READERS),
    PermissionRow("intake:triage", READERS - {"outsider"}, query="?company=cuihu"),
    PermissionRow("intake:train_triage", frozenset({"manager", "director"}), "POST", query="?company=cuihu"),
]
