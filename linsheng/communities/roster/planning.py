"""What an import would change: the file beside the database. Nothing is written here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from linsheng.communities.models import Building, Community, Home, Residency, Resident
from linsheng.communities.roster.reading import Roster, RosterRow
from linsheng.communities.roster.report import Report, RowError

CHUNK: Final = 500


@dataclass
class Plan:
    """The rows to insert and to update, and the report that counts them."""

    community: Community
    report: Report
    new_buildings: list[Building] = field(default_factory=list)
    new_homes: list[Home] = field(default_factory=list)
    changed_homes: list[Home] = field(default_factory=list)
    new_people: list[Resident] = field(default_factory=list)
    changed_people: list[Resident] = field(default_factory=list)
    new_residencies: list[Residency] = field(default_factory=list)
    changed_residencies: list[Residency] = field(default_factory=list)


def plan_import(roster: Roster, community: Community) -> Plan:
    """Compare the good rows of a file with what is registered (a fixed number of queries, plus one for 500 numbers)."""
    bad = {error.row for error in roster.errors}
    report = Report(rows=roster.seen, bad_rows=len(bad), homes=len(roster.homes), errors=roster.errors, notes=list(roster.notes))
    plan = Plan(community, report)
    homes = _Homes(plan)
    for facts in roster.homes.values():
        homes.take(facts)
    people = _People(plan, roster, homes.by_number)
    for row in roster.rows:
        if row.name:
            people.take(row)
    if "name" in roster.heading.positions:
        report.absent = list(people.absent())
    report.homes_absent = sum(1 for number, home in homes.known.items() if number not in roster.homes and not home.retired_at)
    _count(plan)
    return plan


def _count(plan: Plan) -> None:
    report = plan.report
    report.buildings_created = len(plan.new_buildings)
    report.homes_created, report.homes_updated = len(plan.new_homes), len(plan.changed_homes)
    report.residents_created = len(plan.new_people)
    touched = {resident.pk for resident in plan.changed_people}
    touched |= {residency.resident_id for residency in plan.changed_residencies}
    touched |= {residency.resident.pk for residency in plan.new_residencies if residency.resident.pk}
    report.residents_updated = len(touched)


def order_of(name: str) -> int:
    """The number in a building's name, which is its place among the others: 12栋 stands after 9栋. 0 without one."""
    found = re.search(r"\d{1,4}", name)
    return int(found[0]) if found else 0


class _Homes:
    """Finds each home by its number, and its building by its name."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.buildings = {building.name: building for building in plan.community.buildings.all()}
        self.order = max((building.order for building in self.buildings.values()), default=0)
        self.known = {home.number: home for home in plan.community.homes.select_related("building")}
        self.by_number: dict[str, Home] = {}

    def take(self, facts: RosterRow) -> None:
        building = self._building(facts.building)
        home = self.known.get(facts.home)
        if home is None:
            home = Home(community=self.plan.community, building=building, number=facts.home)
            self._fill(home, facts)
            self.plan.new_homes.append(home)
        elif self._fill(home, facts) | self._move(home, building):
            self.plan.changed_homes.append(home)
        self.by_number[facts.home] = home

    def _building(self, name: str) -> Building:
        if name not in self.buildings:
            self.order += 1
            self.buildings[name] = Building(community=self.plan.community, name=name, order=order_of(name) or self.order)
            self.plan.new_buildings.append(self.buildings[name])
        return self.buildings[name]

    def _fill(self, home: Home, facts: RosterRow) -> bool:
        """Take over what the file says; what it leaves empty stays. Whether anything changed."""
        changed = home.retired_at is not None
        home.retired_at = None
        for name in ("floor", "area", "tenure"):
            value = getattr(facts, name)
            if value not in (None, "") and getattr(home, name) != value:
                setattr(home, name, value)
                changed = True
        return changed

    def _move(self, home: Home, building: Building) -> bool:
        if home.building.name == building.name:
            return False
        home.building = building
        return True


class _People:
    """Finds each person by number, else by name in the home."""

    def __init__(self, plan: Plan, roster: Roster, homes: dict[str, Home]) -> None:
        self.plan, self.homes, self.heading = plan, homes, roster.heading
        self.numbers = {row.phone for row in roster.rows if row.phone}
        self.by_phone = {resident.phone: resident for resident in self._with_numbers()}
        current = Residency.objects.filter(home__community=plan.community, until=None).select_related("resident", "home")
        self.current: dict[str, list[Residency]] = {}
        for residency in current:
            self.current.setdefault(residency.home.number, []).append(residency)
        self.taken: dict[str, Resident] = {}
        self.listed: set[tuple[str, int]] = set()
        self.changed: set[int] = set()

    def _with_numbers(self) -> Iterator[Resident]:
        numbers = iter(sorted(self.numbers))
        company = Resident.objects.filter(organisation=self.plan.community.organisation_id, erased_at=None)
        while chunk := list(islice(numbers, CHUNK)):
            yield from company.filter(phone__in=chunk)

    def take(self, row: RosterRow) -> None:
        resident = self.taken.get(row.person_key) or self._known(row)
        if resident is None:
            resident = Resident(
                organisation_id=self.plan.community.organisation_id, name=row.name, phone=row.phone, email=row.email
            )
            self.plan.new_people.append(resident)
        self._update(resident, row)
        self.taken[row.person_key] = resident
        self._reside(resident, row)

    def _known(self, row: RosterRow) -> Resident | None:
        if row.phone in self.by_phone:
            return self.by_phone[row.phone]
        for residency in self.current.get(row.home, []):
            resident = residency.resident
            # Somebody whom the file names by another number elsewhere is not meant here.
            if resident.name == row.name and resident.phone not in self.numbers and (row.home, resident.pk) not in self.listed:
                return resident
        return None

    def _update(self, resident: Resident, row: RosterRow) -> None:
        changes = {n: getattr(row, n) for n in ("name", "phone", "email") if getattr(row, n)}
        changes = {name: value for name, value in changes.items() if getattr(resident, name) != value}
        if resident.pk and "name" in changes:
            self._note(row, "name", _("按手机号更新姓名：%(before)s → %(after)s。") % {"before": resident.name, "after": row.name})
        if resident.pk and "phone" in changes:
            self._note(row, "phone", _("更新 %(name)s 的手机号，原账号需用新号码重新登录。") % {"name": resident.name})
            # Whoever signs in with the old number must not see this home any more.
            resident.user = None
        for name, value in changes.items():
            setattr(resident, name, value)
        if changes and resident.pk and resident.pk not in self.changed:
            self.changed.add(resident.pk)
            self.plan.changed_people.append(resident)

    def _note(self, row: RosterRow, key: str, sentence: str) -> None:
        self.plan.report.notes.append(RowError(row.number, self.heading.title(key), sentence))

    def _reside(self, resident: Resident, row: RosterRow) -> None:
        here = self.current.get(row.home, [])
        residency = next((r for r in here if r.resident_id == resident.pk), None) if resident.pk else None
        if resident.pk:
            self.listed.add((row.home, resident.pk))
        if residency is None:
            kind = row.kind or Residency.Kind.OWNER
            fresh = Residency(home=self.homes[row.home], resident=resident, kind=kind, since=row.since)
            self.plan.new_residencies.append(fresh)
            return
        changed = {n: getattr(row, n) for n in ("kind", "since") if getattr(row, n) and getattr(residency, n) != getattr(row, n)}
        for name, value in changed.items():
            setattr(residency, name, value)
        if changed:
            self.plan.changed_residencies.append(residency)

    def absent(self) -> Iterator[str]:
        """People who live in a listed home and are not in the file."""
        for number in self.homes:
            for residency in self.current.get(number, []):
                if (number, residency.resident_id) not in self.listed:
                    yield f"{number} {residency.resident.name}"
