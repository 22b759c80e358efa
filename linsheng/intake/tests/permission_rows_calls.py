"""Who may see calls, and who may set the exchanges up."""

from conftest import NOW
from linsheng.core.testing import PermissionRow
from linsheng.feedback.tests import staff_cases
from linsheng.intake.tests.calling import a_call, a_line

DESK = frozenset({"frontdesk", "supervisor", "manager"})
# Staff of another company have their own list.
OTHERS_TOO = frozenset({"outsider"})
SETTERS = frozenset({"administrator"})


def call(cast):
    return {"pk": a_call(cast).pk}


def exchange(cast):
    return {"pk": a_line(cast).exchange_id}


def line(cast):
    return {"pk": a_line(cast).pk}


def resolved_case(cast):
    return {"pk": staff_cases.resolved(cast, NOW, staff_cases.phoned_in).pk}


ROWS = [
    PermissionRow("intake:calls", DESK | OTHERS_TOO),
    PermissionRow("intake:export_calls", DESK | OTHERS_TOO),
    PermissionRow("intake:ringing", DESK | OTHERS_TOO),
    PermissionRow("intake:duty", DESK | OTHERS_TOO, "POST", data=lambda cast: {"on": "1"}),
    PermissionRow("intake:call_page", DESK, args=call),
    PermissionRow("intake:call_page", DESK, "POST", args=call, data=lambda cast: {"action": "none", "note": "打错了"}),
    PermissionRow("intake:to_ask", DESK | OTHERS_TOO),
    PermissionRow("intake:to_ask", DESK | OTHERS_TOO, "POST", data=lambda cast: {"turn": "made-up"}),
    PermissionRow("intake:to_tell", DESK | {"handler"} | OTHERS_TOO),
    PermissionRow("intake:export_to_tell", frozenset({"supervisor", "manager"}) | OTHERS_TOO),
    PermissionRow(
        "intake:tell", DESK | {"handler"}, "POST", args=resolved_case, data=lambda cast: {"reached": "yes", "method": "phone"}
    ),
    PermissionRow("intake:take_call", DESK, "POST", args=call),
    PermissionRow("intake:dismiss_call", DESK, "POST", args=call),
    PermissionRow("intake:exchanges", SETTERS | OTHERS_TOO),
    PermissionRow("intake:exchanges", SETTERS | OTHERS_TOO, "POST", data=lambda cast: {"name": "总机"}),
    PermissionRow("intake:exchange", SETTERS, args=exchange),
    PermissionRow("intake:exchange", SETTERS, "POST", args=exchange, accepted=frozenset({422})),
    PermissionRow("intake:rotate_secret", SETTERS, "POST", args=exchange),
    PermissionRow("intake:retire_exchange", SETTERS, "POST", args=exchange),
    PermissionRow("intake:retire_line", SETTERS, "POST", args=line),
]
