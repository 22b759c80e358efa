"""Checking and importing a file: everything or nothing is written, in one transaction."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.actions.checks import may
from linsheng.communities.models import Building, Community, Home, Residency, Resident
from linsheng.communities.roster.planning import Plan, plan_import
from linsheng.communities.roster.reading import Progress, Roster, read_roster
from linsheng.communities.roster.report import Report

BATCH = 1000
COUNTS = ("rows", "bad_rows", "homes_created", "homes_updated", "buildings_created", "residents_created", "residents_updated")


def check_roster(path: Path, community: Community, *, today: date, progress: Progress = lambda _done: None) -> Report:
    """What an import would do and what stands in its way. Writes nothing; raises ``Invalid`` for what is no roster."""
    return plan_import(read_roster(path, today=today, progress=progress), community).report


def import_roster(*, path: Path, community: Community, by: User | None, now: datetime, skip_bad: bool = False) -> Report:
    """Import a file. With bad rows nothing is written, unless ``skip_bad`` leaves them out.

    Homes are found by number, people by telephone number, else by name in the home; what the file leaves empty stays as
    it is, and nobody is removed.
    """
    may(by, Permission.EDIT_ROSTER, community)
    return write_roster(path=path, community=community, by=by, now=now, skip_bad=skip_bad)


def write_roster(
    *,
    path: Path,
    community: Community,
    by: User | None,
    now: datetime,
    skip_bad: bool,
    progress: Progress = lambda _done: None,
    finish: Callable[[Report], None] = lambda _report: None,
) -> Report:
    """As ``import_roster``, once it is settled that ``by`` may. ``finish`` runs in the same transaction."""
    roster = read_roster(path, today=timezone.localdate(now), progress=progress)
    return _write(roster, community, by, now, skip_bad, finish)


@transaction.atomic
def _write(
    roster: Roster, community: Community, by: User | None, now: datetime, skip_bad: bool, finish: Callable[[Report], None]
) -> Report:
    plan = plan_import(roster, community)
    report = plan.report
    if not report.errors or skip_bad:
        _insert(plan)
        report.written = True
        counts = {name: getattr(report, name) for name in COUNTS}
        record("roster.import", by=by, now=now, subject=community, organisation_id=community.organisation_id, data=counts)
    finish(report)
    return report


def _insert(plan: Plan) -> None:
    """Few large statements: inserts, and inserts that update where the row is there already."""
    Building.objects.bulk_create(plan.new_buildings, batch_size=BATCH)
    Home.objects.bulk_create(plan.new_homes, batch_size=BATCH)
    home_fields = ["building", "floor", "area", "tenure", "retired_at"]
    Home.objects.bulk_create(
        plan.changed_homes, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=home_fields
    )
    Resident.objects.bulk_create(plan.new_people, batch_size=BATCH)
    person_fields = ["name", "phone", "email", "user"]
    Resident.objects.bulk_create(
        plan.changed_people, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=person_fields
    )
    Residency.objects.bulk_create(plan.new_residencies, batch_size=BATCH)
    Residency.objects.bulk_create(
        plan.changed_residencies, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=["kind", "since"]
    )
