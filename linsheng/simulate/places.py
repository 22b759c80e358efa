"""The demo company as rows: communities, buildings, homes, people, staff."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.communities.models import Building, Community, Home, Organisation, Post, Residency, Resident, Team
from linsheng.core.ids import unguessable
from linsheng.feedback.actions import change_ladder
from linsheng.feedback.actions.settings import DEFAULT_LADDER
from linsheng.simulate import names
from linsheng.simulate.opinions import SurveyTruth
from linsheng.simulate.truth import CommunityTruth, HandlerTruth, community_truth, handler_truth
from linsheng.standards.actions import install_defaults as install_standards
from linsheng.standards.models import ServiceItem
from linsheng.surveys.actions import install_defaults as install_surveys

FLOORS, DOORS = 18, 4
EMPTY, LET = 0.08, 0.24
WITH_ACCOUNT, WITH_EMAIL = 0.55, 0.35
HOMES_PER_HANDLER = 150
BATCH = 2000


@dataclass
class Household:
    """A home and those who live there, adults first."""

    home: Home
    people: list[Resident] = field(default_factory=list)


@dataclass
class Site:
    """One community with everybody in it, and its truth."""

    community: Community
    truth: CommunityTruth
    # What residents really think; there once surveys were loaded.
    survey: SurveyTruth | None = None
    households: list[Household] = field(default_factory=list)
    staff: dict[str, list[User]] = field(default_factory=dict)  # role → people
    handlers: dict[str, list[User]] = field(default_factory=dict)  # team → people


@dataclass
class World:
    """The company as the simulator knows it; ``handler_truths`` by user id."""

    organisation: Organisation
    sites: list[Site] = field(default_factory=list)
    items: dict[str, ServiceItem] = field(default_factory=dict)
    company_staff: dict[str, User] = field(default_factory=dict)
    handler_truths: dict[int, HandlerTruth] = field(default_factory=dict)


class Builder:
    """Makes one company; all chance comes from ``rng``."""

    def __init__(self, rng: random.Random, organisation: Organisation, *, begun: datetime, prefix: str, first_phone: int) -> None:
        self.rng, self.begun, self.prefix = rng, begun, prefix
        self.people = names.PeopleMaker(rng, first_phone)
        self.world = World(organisation)

    def build(self, communities: int, homes: int) -> World:
        """The whole company, at the state of the day it began."""
        organisation = self.world.organisation
        install_standards(organisation=organisation, by=None, now=self.begun)
        install_surveys(organisation=organisation, by=None, now=self.begun)
        change_ladder(organisation=organisation, rungs=DEFAULT_LADDER, by=None, now=self.begun)
        self.world.items = {
            item.code: item for item in ServiceItem.objects.filter(organisation=organisation).select_related("dimension")
        }
        for index, (name, grade) in enumerate(names.demo_communities(communities)):
            self.world.sites.append(self._site(index, name, grade, homes))
        for role in (Role.DIRECTOR, Role.ADMINISTRATOR):
            self.world.company_staff[role] = self._employ(f"{self.prefix}{role.value}", role, None, "")
        return self.world

    def _site(self, index: int, name: str, grade: str, homes: int) -> Site:
        code = f"{self.prefix.upper()[:1]}{index + 1:02d}"
        community = Community.objects.create(
            organisation=self.world.organisation,
            code=code,
            name=name,
            grade=grade,
            address=names.demo_address(index),
            phone=f"0755-1000{index:04d}",
        )
        site = Site(community, community_truth(self.rng, grade))
        self._homes(site, homes)
        self._households(site)
        self._staff(site, index, homes)
        return site

    def _homes(self, site: Site, count: int) -> None:
        per_building = FLOORS * DOORS
        buildings = [
            Building(community=site.community, name=names.building_name(n + 1), order=n + 1)
            for n in range(-(-count // per_building))
        ]
        Building.objects.bulk_create(buildings)
        rows = [
            self._home(site.community, buildings[n // per_building], n // per_building + 1, n % per_building) for n in range(count)
        ]
        Home.objects.bulk_create(rows, batch_size=BATCH)
        site.households = [Household(home) for home in rows]

    def _home(self, community: Community, building: Building, number: int, place: int) -> Home:
        floor, door = place // DOORS + 1, place % DOORS + 1
        luck = self.rng.random()
        tenure = Home.Tenure.EMPTY if luck < EMPTY else Home.Tenure.LET if luck < EMPTY + LET else Home.Tenure.OWNER
        area = 48 + 12 * door + (30 if community.grade == "premium" else 0)
        return Home(
            community=community,
            building=building,
            number=f"{number}-{names.room_number(floor, door)}",
            floor=floor,
            area=area,
            tenure=tenure,
        )

    def _households(self, site: Site) -> None:
        lived_in = [h for h in site.households if h.home.tenure != Home.Tenure.EMPTY]
        for household in lived_in:
            household.people = self._family()
        everybody = [person for household in lived_in for person in household.people]
        users = [user for user in (self._account(person) for person in everybody) if user]
        User.objects.bulk_create(users, batch_size=BATCH)
        for person in everybody:
            person.user = person.user  # the account has its id now
        Resident.objects.bulk_create(everybody, batch_size=BATCH)
        Residency.objects.bulk_create((row for household in lived_in for row in self._residencies(household)), batch_size=BATCH)

    def _family(self) -> list[Resident]:
        size = self.rng.choices((1, 2, 3), (0.35, 0.45, 0.2))[0]
        made = [self.people.person() for _ in range(size)]
        return [
            Resident(
                organisation=self.world.organisation,
                name=person.name,
                phone=person.phone,
                email=person.email if self.rng.random() < WITH_EMAIL else "",
            )
            for person in made
        ]

    def _account(self, person: Resident) -> User | None:
        if self.rng.random() >= WITH_ACCOUNT:
            return None
        username = f"r{person.phone}"
        person.user = User(
            username=username,
            name=person.name,
            phone=person.phone,
            email=person.email,
            password=f"!{unguessable()}",
            created_at=self.begun,
        )
        return person.user

    def _residencies(self, household: Household) -> list[Residency]:
        first = Residency.Kind.TENANT if household.home.tenure == Home.Tenure.LET else Residency.Kind.OWNER
        since = date(2019, 1, 1) + timedelta(days=self.rng.randrange(1800))
        return [
            Residency(home=household.home, resident=person, kind=first if place == 0 else Residency.Kind.FAMILY, since=since)
            for place, person in enumerate(household.people)
        ]

    def _staff(self, site: Site, index: int, homes: int) -> None:
        place = f"{self.prefix}{{role}}{index + 1}"
        desk = [
            self._employ(f"{place.format(role='desk')}-{n + 1}", Role.FRONTDESK, site.community, Team.SERVICE) for n in range(3)
        ]
        site.staff[Role.FRONTDESK] = desk
        for role, team in ((Role.SUPERVISOR, Team.ENGINEERING.value), (Role.MANAGER, ""), (Role.AUDITOR, "")):
            site.staff[role] = [self._employ(place.format(role=role.value), role, site.community, team)]
        shares = {Team.ENGINEERING: 0.45, Team.ENVIRONMENT: 0.2, Team.ORDER: 0.2, Team.SERVICE: 0.15}
        total = max(6, homes // HOMES_PER_HANDLER + 4)
        for team, share in shares.items():
            count = max(1, round(total * share))
            site.handlers[team] = [
                self._employ(f"{place.format(role=team.value)}-{n + 1}", Role.HANDLER, site.community, team) for n in range(count)
            ]
        for handler in (h for team in site.handlers.values() for h in team):
            self.world.handler_truths[handler.pk] = handler_truth(self.rng)

    def _employ(self, username: str, role: str, community: Community | None, team: str) -> User:
        person = self.people.staff()
        user = User.objects.create(username=username, name=person.name, password=make_password(None), email="")
        Post.objects.create(
            user=user, organisation=self.world.organisation, community=community, role=role, team=team, started_at=self.begun
        )
        return user


def everybody_on_staff(site: Site) -> Sequence[User]:
    """Everyone who works in the community, in a fixed order."""
    return [person for group in (*site.staff.values(), *site.handlers.values()) for person in group]
