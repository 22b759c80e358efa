"""Who may call the residents' pages of cases, and the reporter's page by link."""

from conftest import NOW
from linsheng.core.testing import ALL, STAFF_HERE, PermissionRow
from linsheng.feedback.actor import actor_for
from linsheng.feedback.tests import resident_cases, staff_cases

RESIDENTS = frozenset({"owner", "neighbour", "stranger"})
OWN = frozenset({"owner"})
# Staff never speak for a reporter, not even with the link in hand.
NOT_STAFF = ALL - STAFF_HERE - {"outsider"}
SEES_CASE = frozenset({"owner", "frontdesk", "handler", "supervisor", "manager", "director", "auditor"})


def case(state=staff_cases.received, **more):
    return lambda cast: {"pk": state(cast, NOW).pk, **more}


def link(state=staff_cases.received, **more):
    return lambda cast: {"token": state(cast, NOW).track_token, **more}


def _photo(cast):
    found = staff_cases.received(cast, NOW)
    return resident_cases.photo_of(found, actor_for(cast.owner, found), NOW)


def photo(cast):
    return {"pk": _photo(cast).pk}


def photo_by_link(cast):
    found = _photo(cast)
    return {"token": found.case.track_token, "pk": found.pk}


STARS = {"stars": "4"}
ROWS = [
    PermissionRow("feedback:home", allowed=RESIDENTS),
    PermissionRow("feedback:report", allowed=RESIDENTS),
    PermissionRow("feedback:report", allowed=RESIDENTS, method="POST", accepted=frozenset({422})),
    PermissionRow("feedback:report_hints", allowed=RESIDENTS, method="POST"),
    PermissionRow("feedback:reported", allowed=OWN, args=case()),
    PermissionRow("feedback:mine", allowed=RESIDENTS),
    PermissionRow("feedback:my_case", allowed=OWN, args=case()),
    PermissionRow("feedback:join", allowed=frozenset({"neighbour"}), method="POST", args=case()),
    PermissionRow("feedback:my_step", allowed=OWN, args=case(step="withdraw")),
    PermissionRow("feedback:my_step", allowed=OWN, method="POST", args=case(step="urge")),
    PermissionRow(
        "feedback:my_step", allowed=OWN, method="POST", args=case(staff_cases.resolved, step="rate"), data=lambda cast: STARS
    ),
    PermissionRow("feedback:track", allowed=ALL, args=link()),
    PermissionRow("feedback:track_step", allowed=NOT_STAFF, args=link(step="add")),
    PermissionRow(
        "feedback:track_step",
        allowed=NOT_STAFF,
        method="POST",
        args=link(staff_cases.resolved, step="rate"),
        data=lambda cast: STARS,
    ),
    PermissionRow("feedback:track_photo", allowed=ALL, args=photo_by_link),
    PermissionRow("feedback:track_photo_small", allowed=ALL, args=photo_by_link),
    PermissionRow("feedback:photo", allowed=SEES_CASE, args=photo),
    PermissionRow("feedback:photo_small", allowed=SEES_CASE, args=photo),
]
