"""What a new company starts with: the tree, two calendars, and promises for three grades."""

from datetime import datetime

from django.db import transaction

from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.communities.models import Grade, Organisation, Team
from linsheng.standards.default_promises import promise_for
from linsheng.standards.default_tree import DIMENSIONS
from linsheng.standards.models import (
    Promise,
    ServiceCalendar,
    ServiceDimension,
    ServiceItem,
    StandardVersion,
    Urgency,
)

OFFICE_DAY = [["08:30", "12:00"], ["14:00", "18:00"]]
CALENDARS = {
    "office": ("工作时间", "Working hours", [OFFICE_DAY] * 5 + [[], []], True),
    "always": ("全天候", "Around the clock", [[["00:00", "24:00"]]] * 7, False),
}
TEAMS = {
    "facility": Team.ENGINEERING,
    "repair": Team.ENGINEERING,
    "safety": Team.ORDER,
    "parking": Team.ORDER,
    "environment": Team.ENVIRONMENT,
}
# What residents meet most often: the pictures of their first step.
COMMON = {
    "facility.lift",
    "repair.home",
    "repair.public",
    "facility.water_fire",
    "facility.lighting_roads",
    "environment.cleaning",
    "environment.noise",
    "parking.order",
    "safety.gate",
}


def _make_tree(organisation: Organisation) -> list[ServiceItem]:
    items: list[ServiceItem] = []
    for place, dimension in enumerate(DIMENSIONS):
        row = ServiceDimension.objects.create(
            organisation=organisation,
            code=dimension.code,
            name=dimension.name,
            name_en=dimension.name_en,
            icon=dimension.icon,
            order=place,
        )
        items += [
            ServiceItem(
                organisation=organisation,
                dimension=row,
                code=item.code,
                name=item.name,
                name_en=item.name_en,
                icon=item.icon,
                order=order,
                team=TEAMS.get(dimension.code, Team.SERVICE),
                common=item.code in COMMON,
            )
            for order, item in enumerate(dimension.items)
        ]
    return ServiceItem.objects.bulk_create(items)


def _make_calendars(organisation: Organisation) -> dict[str, ServiceCalendar]:
    return {
        code: ServiceCalendar.objects.create(
            organisation=organisation, code=code, name=name, name_en=name_en, weekly=weekly, observes_holidays=observes
        )
        for code, (name, name_en, weekly, observes) in CALENDARS.items()
    }


def _default_promise(
    version: StandardVersion, item: ServiceItem, grade: str, urgency: str, calendars: dict[str, ServiceCalendar]
) -> Promise:
    spec = promise_for(item.code, grade, urgency)
    return Promise(
        version=version,
        item=item,
        grade=grade,
        urgency=urgency,
        response_minutes=spec.response_minutes,
        resolution_minutes=spec.resolution_minutes,
        calendar=calendars[spec.calendar],
    )


@transaction.atomic
def install_defaults(*, organisation: Organisation, by: User | None, now: datetime) -> StandardVersion:
    """Give a company that has none the default tree, calendars and first edition of promises."""
    items = _make_tree(organisation)
    calendars = _make_calendars(organisation)
    version = StandardVersion.objects.create(organisation=organisation, number=1, effective_from=now, made_by=by)
    Promise.objects.bulk_create(
        _default_promise(version, item, grade, urgency, calendars)
        for item in items
        for grade in Grade.values
        for urgency in Urgency.values
    )
    record("standards.install_defaults", by=by, now=now, subject=version, organisation_id=organisation.pk)
    return version
