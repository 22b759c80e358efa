"""The fixed cast of the tests: one small company with everybody in it, and an outsider of another."""

import json
import pickle
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.communities.models import Building, Community, Home, Organisation, Post, Residency, Resident, Team
from linsheng.feedback.actions import install_defaults as install_feedback_defaults
from linsheng.standards.actions import install_defaults
from linsheng.standards.models import ServiceItem
from linsheng.surveys.actions import install_defaults as install_survey_defaults

pytest_plugins = ("tests.browser.chromium",)

# How quick a machine is says nothing about the product; the same examples each time keep a red run red.
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")

# A Monday morning in working hours: 10:00 in Shanghai.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "correct-horse-battery"


@dataclass
class Cast:
    """The company, its places, and its people by what they are."""

    organisation: Organisation
    community: Community
    other_community: Community  # of the same company
    building: Building
    home: Home
    neighbour_home: Home
    item: ServiceItem
    people: dict[str, User] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)
    foreign_organisation: Organisation | None = None
    foreign_community: Community | None = None

    def __getattr__(self, name: str) -> User:
        people: dict[str, User] = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)


def _user(username: str, name: str, phone: str | None = None) -> User:
    user = User(username=username, name=name, phone=phone)
    # One cheap hash for all: tests sign in by force_login, or set their own password.
    user.password = "!"
    user.save()
    return user


def _staff(organisation: Organisation, community: Community | None, username: str, name: str, role: str, team: str = "") -> User:
    user = _user(username, name)
    Post.objects.create(user=user, organisation=organisation, community=community, role=role, team=team, started_at=LONG_AGO)
    return user


def _resident(
    organisation: Organisation, home: Home, username: str, name: str, phone: str, kind: str = "owner"
) -> tuple[User, Resident]:
    user = _user(username, name, phone)
    resident = Resident.objects.create(
        organisation=organisation, name=name, phone=phone, user=user, email=f"{username}@example.com"
    )
    Residency.objects.create(home=home, resident=resident, kind=kind)
    return user, resident


def make_cast() -> Cast:
    """Build the cast; use the ``cast`` fixture unless you need it outside a test's transaction."""
    organisation = Organisation.objects.create(code="cuihu", name="翠湖物业")
    install_defaults(organisation=organisation, by=None, now=LONG_AGO)
    install_feedback_defaults(organisation=organisation, by=None, now=LONG_AGO)
    install_survey_defaults(organisation=organisation, by=None, now=LONG_AGO)
    community = Community.objects.create(
        organisation=organisation, code="CH", name="翠湖苑", grade="standard", phone="0755-10000000"
    )
    other = Community.objects.create(organisation=organisation, code="LY", name="流云里", grade="premium")
    building = Building.objects.create(community=community, name="3栋", order=3)
    home = Home.objects.create(community=community, building=building, number="3-2-1201", floor=12)
    next_door = Home.objects.create(community=community, building=building, number="3-2-1202", floor=12)
    cast = Cast(
        organisation,
        community,
        other,
        building,
        home,
        next_door,
        ServiceItem.objects.get(organisation=organisation, code="facility.lift"),
    )
    for key, name, place, number, kind in [
        ("owner", "业主甲", home, "10000000001", "owner"),
        ("neighbour", "邻居乙", next_door, "10000000002", "tenant"),
    ]:
        cast.people[key], cast.residents[key] = _resident(organisation, place, key, name, number, kind)
    for key, name, role, where, team in [
        ("frontdesk", "客服小林", Role.FRONTDESK, community, Team.SERVICE),
        ("colleague", "客服小陈", Role.FRONTDESK, community, Team.SERVICE),
        ("handler", "张师傅", Role.HANDLER, community, Team.ENGINEERING),
        ("cleaner", "保洁李姐", Role.HANDLER, community, Team.ENVIRONMENT),
        ("supervisor", "王主管", Role.SUPERVISOR, community, Team.ENGINEERING),
        ("manager", "赵经理", Role.MANAGER, community, ""),
        ("director", "品质部钱总", Role.DIRECTOR, None, ""),
        ("auditor", "业委会孙老师", Role.AUDITOR, community, ""),
        ("administrator", "管理员", Role.ADMINISTRATOR, None, ""),
    ]:
        cast.people[key] = _staff(organisation, where, key, name, role, team)
    foreign = Organisation.objects.create(code="wairen", name="外人物业")
    install_defaults(organisation=foreign, by=None, now=LONG_AGO)
    install_feedback_defaults(organisation=foreign, by=None, now=LONG_AGO)
    install_survey_defaults(organisation=foreign, by=None, now=LONG_AGO)
    cast.foreign_organisation = foreign
    cast.foreign_community = Community.objects.create(organisation=foreign, code="WR", name="外人花园")
    cast.people["outsider"] = _staff(foreign, None, "outsider", "外人", Role.MANAGER)
    far_building = Building.objects.create(community=cast.foreign_community, name="1栋")
    far_home = Home.objects.create(community=cast.foreign_community, building=far_building, number="1-101")
    cast.people["stranger"], cast.residents["stranger"] = _resident(foreign, far_home, "stranger", "外区业主", "10000000009")
    return cast


@dataclass
class Snapshot:
    """The cast as rows and as objects: putting it back costs a tenth of making it."""

    rows: list[tuple[str, list[tuple[Any, ...]]]]  # (INSERT statement, values)
    cast: bytes

    @classmethod
    def take(cls, cast: Cast) -> "Snapshot":
        found = []
        with connection.cursor() as cursor:
            for model in apps.get_models():
                table = connection.ops.quote_name(model._meta.db_table)
                if not model.__module__.startswith("linsheng."):
                    continue
                cursor.execute(f"SELECT * FROM {table}")
                columns = ", ".join(connection.ops.quote_name(column[0]) for column in cursor.description)
                values = [_as_sent(row) for row in cursor.fetchall()]
                marks = ", ".join(["%s"] * len(cursor.description))
                if values:
                    found.append((f"INSERT INTO {table} ({columns}) VALUES ({marks})", values))
        return cls(found, pickle.dumps(cast))

    def put_back(self) -> Cast:
        with connection.cursor() as cursor:
            for statement, values in self.rows:
                cursor.executemany(statement, values)
        cast: Cast = pickle.loads(self.cast)
        return cast


def _as_sent(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values as read, in the form in which they are written: PostgreSQL gives JSON back as objects."""
    return tuple(json.dumps(value) if isinstance(value, dict | list) else value for value in row)


_snapshot: list[Snapshot] = []


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast; made once a process, then put back as it was."""
    if _snapshot:
        return _snapshot[0].put_back()
    alone = not User.objects.exists() and not Organisation.objects.exists()
    made = make_cast()
    if alone:
        _snapshot.append(Snapshot.take(made))
    return made


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def _plain_environment(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """No hashing cost, no collected static files, no shared media folder."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    # Else WhiteNoise reads the folder of collected files at start, and warns where there is none.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # A page that was asked for in English leaves its thread in English.
    translation.activate(settings.LANGUAGE_CODE)
