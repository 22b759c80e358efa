"""Who may call the pages of standards."""

from linsheng.core.testing import STAFF_HERE, PermissionRow
from linsheng.standards.models import CalendarOverride, ServiceCalendar

STAFF = STAFF_HERE | {"outsider"}  # the outsider sees their own company's
EDITORS = frozenset({"director", "administrator"})


def item(cast):
    return {"pk": cast.item.pk}


def calendar(cast):
    return {"pk": ServiceCalendar.objects.get(organisation=cast.organisation, code="office").pk}


def override(cast):
    row, _new = CalendarOverride.objects.get_or_create(calendar_id=calendar(cast)["pk"], date="2026-12-24")
    return calendar(cast) | {"override_pk": row.pk}


ROWS = [
    PermissionRow("standards:items", STAFF),
    PermissionRow("standards:items_export", STAFF, query="?format=csv"),
    PermissionRow("standards:item_add", EDITORS),
    PermissionRow("standards:item", EDITORS, args=item),
    PermissionRow("standards:item_retire", EDITORS, "POST", args=lambda cast: {"pk": _in_use(cast)}),
    PermissionRow("standards:item_restore", EDITORS, "POST", args=lambda cast: {"pk": _retired(cast)}),
    PermissionRow("standards:dimension_add", EDITORS),
    PermissionRow("standards:promises", STAFF),
    PermissionRow("standards:promises_export", STAFF, query="?format=csv"),
    PermissionRow("standards:promise", EDITORS, args=item),
    PermissionRow("standards:calendars", STAFF),
    PermissionRow("standards:calendar", EDITORS, args=calendar),
    PermissionRow("standards:override", EDITORS, "POST", args=calendar, data=lambda cast: {"date": "2026-12-25", "hours": ""}),
    PermissionRow("standards:override_remove", EDITORS, "POST", args=override),
]


def _in_use(cast) -> int:
    cast.item.retired_at = None
    cast.item.save()
    return cast.item.pk


def _retired(cast) -> int:
    cast.item.retired_at = "2026-01-01T00:00Z"
    cast.item.save()
    return cast.item.pk
