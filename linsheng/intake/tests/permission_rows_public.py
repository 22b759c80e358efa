"""Who may call the public form, and who the pages of its codes."""

from conftest import NOW
from linsheng.core.testing import ALL, STAFF_HERE, PermissionRow
from linsheng.intake.actions.places import create_place
from linsheng.intake.models import Place
from linsheng.intake.tests.reports import reported

ROSTER_EDITORS = frozenset({"frontdesk", "supervisor", "manager", "administrator"})
# Staff of another company have their own list.
OTHERS_TOO = frozenset({"outsider"})
NOT_STAFF = ALL - STAFF_HERE - OTHERS_TOO


def _place(cast):
    found = Place.objects.filter(community=cast.community, building=cast.building, retired_at=None).first()
    return found or create_place(community=cast.community, building=cast.building, by=None, now=NOW)


def code(cast):
    return {"code": _place(cast).code}


def place(cast):
    return {"pk": _place(cast).pk}


def done(cast):
    case = reported(_place(cast), now=NOW)
    return {"code": case.public_report.place.code, "token": case.track_token}


ROWS = [
    PermissionRow("intake:public", ALL),
    PermissionRow("intake:public_form", ALL, args=code),
    PermissionRow("intake:public_form", NOT_STAFF, "POST", args=code, accepted=frozenset({422})),
    PermissionRow("intake:public_hints", ALL, "POST", args=code),
    PermissionRow("intake:public_done", ALL, args=done),
    PermissionRow("intake:places", ROSTER_EDITORS | OTHERS_TOO),
    PermissionRow("intake:new_place", ROSTER_EDITORS | OTHERS_TOO),
    PermissionRow("intake:new_place", ROSTER_EDITORS | OTHERS_TOO, "POST", accepted=frozenset({422})),
    PermissionRow("intake:create_places", ROSTER_EDITORS | OTHERS_TOO),
    PermissionRow("intake:create_places", ROSTER_EDITORS | OTHERS_TOO, "POST", accepted=frozenset({422})),
    PermissionRow("intake:export_places", ROSTER_EDITORS | OTHERS_TOO),
    PermissionRow("intake:place_labels", ROSTER_EDITORS, args=lambda cast: place(cast) and {}),
    PermissionRow("intake:reissue_place", ROSTER_EDITORS, "POST", args=place),
    PermissionRow("intake:retire_place", ROSTER_EDITORS, "POST", args=place),
]
