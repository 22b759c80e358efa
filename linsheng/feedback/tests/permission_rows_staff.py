"""Who may call the staff's pages of cases."""

from linsheng.core import clock
from linsheng.core.testing import STAFF_HERE, PermissionRow
from linsheng.feedback.tests import staff_cases as make

WORKBOARD = STAFF_HERE | {"outsider"}
SEES_CASE = frozenset({"frontdesk", "handler", "supervisor", "manager", "director", "auditor"})
DESK = frozenset({"frontdesk", "supervisor", "manager"})
WORKS = DESK | {"handler"}


def of(state, action=""):
    """The address of a case in a state, or of one of its actions."""
    return lambda cast: {"pk": state(cast, clock.now()).pk, **({"action": action} if action else {})}


def step(action, state, allowed, **data):
    """An action posted by those who may, and refused to all others."""
    return PermissionRow("feedback:step", allowed=allowed, method="POST", args=of(state, action), data=lambda cast: data)


ROWS = [
    PermissionRow("feedback:board", allowed=WORKBOARD),
    PermissionRow("feedback:bulk", allowed=WORKBOARD, method="POST"),
    PermissionRow("feedback:people", allowed=WORKBOARD),
    PermissionRow("feedback:export", allowed=frozenset({"supervisor", "manager", "director", "auditor", "outsider"})),
    PermissionRow("feedback:case", allowed=SEES_CASE, args=of(make.received)),
    PermissionRow("feedback:call", allowed=DESK | {"outsider"}),
    PermissionRow("feedback:call", allowed=DESK | {"outsider"}, method="POST", accepted=frozenset({422})),
    PermissionRow("feedback:callers", allowed=DESK | {"outsider"}, method="POST"),
    PermissionRow("feedback:similar", allowed=DESK | {"outsider"}, method="POST"),
    PermissionRow("feedback:step", allowed=DESK, args=of(make.received, "assign")),
    PermissionRow("feedback:step", allowed=WORKS, args=of(make.started, "resolve")),
    step("assign", make.received, DESK, handler="handler"),
    step("claim", make.received, WORKS),
    step("contact", make.assigned, WORKS, method="phone", reached="yes"),
    step("start", make.assigned, WORKS),
    step("wait", make.started, WORKS, **{"for": "parts", "reason": "等配件"}),
    step("resume", make.waiting, WORKS),
    step("resolve", make.started, WORKS, text="修好了"),
    step("tell", make.resolved, WORKS, method="phone", reached="yes"),
    step("close", make.resolved, DESK),
    step("reopen", make.closed, DESK, reason="又坏了"),
    step("refer", make.received, DESK, reason="转电力公司"),
    step("decline", make.received, DESK, reason="不属于物业"),
    step("unmerge", make.merged, DESK),
    step("reclassify", make.received, DESK, item="facility.lift", urgency="urgent", kind="repair"),
    # Whoever worked on the case does not ask how it went: the desk assigned it, which is no work on it.
    step("callback", make.resolved, DESK, outcome="no_answer", method="phone"),
    step("note", make.received, WORKS | {"director"}, text="备注"),
    step("add", make.received, WORKS | {"director"}, text="补充"),
]
