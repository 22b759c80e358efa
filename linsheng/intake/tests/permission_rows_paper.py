"""Who may call the pages of slips."""

from io import BytesIO

from conftest import NOW
from linsheng.core.testing import PermissionRow
from linsheng.intake.actions.paper import Scan, Written, enter_slip, open_batch
from linsheng.intake.models import SlipBatch

DESK = frozenset({"frontdesk", "supervisor", "manager"})
# Staff of another company have their own lists.
OTHERS_TOO = frozenset({"outsider"})
SEES_CASE = frozenset({"frontdesk", "handler", "supervisor", "manager", "director", "auditor"})
EXPORTERS = frozenset({"supervisor", "manager", "director", "auditor"})


def _batch(cast):
    found = SlipBatch.objects.filter(community=cast.community).first()
    common = {"channel": "paper", "box": "1 栋", "received_at": NOW}
    return found or open_batch(community=cast.community, **common, by=cast.frontdesk, now=NOW)


def batch(cast):
    return {"pk": _batch(cast).pk}


def scan(cast):
    written = Written(key="scan", item=cast.item, text="灯坏了")
    pdf = Scan("x.pdf", 9, BytesIO(b"%PDF-1.4\n"))
    return {"pk": enter_slip(batch=_batch(cast), written=written, scan=pdf, by=cast.frontdesk, now=NOW).pk}


ROWS = [
    PermissionRow("intake:paper", DESK | OTHERS_TOO),
    PermissionRow("intake:new_slips", DESK | OTHERS_TOO),
    PermissionRow("intake:new_slips", DESK | OTHERS_TOO, "POST", accepted=frozenset({422})),
    PermissionRow("intake:export_slips", EXPORTERS | OTHERS_TOO),
    PermissionRow("intake:slip_sheet", DESK | OTHERS_TOO),
    PermissionRow("intake:slips", DESK, args=batch),
    PermissionRow("intake:slips", DESK, "POST", args=batch),
    PermissionRow("intake:slip_sender", DESK, "POST", args=batch),
    PermissionRow("intake:slip_scan", SEES_CASE, args=scan),
]
