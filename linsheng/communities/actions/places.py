"""Companies, communities, buildings and homes. Nothing is deleted: what is no longer used is retired."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.actions.checks import may, may_in_company, needed, taken, wrong
from linsheng.communities.models import Building, Community, Grade, Home, Organisation
from linsheng.core.errors import Conflict


@dataclass(frozen=True)
class CommunityFacts:
    """What can be said of a community besides its code."""

    name: str
    grade: str = Grade.STANDARD
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class HomeFacts:
    """What can be said of a home besides its place."""

    number: str
    floor: int | None = None
    area: Decimal | None = None
    tenure: str = Home.Tenure.UNKNOWN


@transaction.atomic
def create_organisation(*, code: str, name: str, by: User | None, now: datetime, is_demo: bool = False) -> Organisation:
    """A new company: by the command line only, for no company may make another."""
    organisation = Organisation.objects.create(code=code, name=name, is_demo=is_demo)
    record("organisation.create", by=by, now=now, subject=organisation, organisation_id=organisation.pk, data={"code": code})
    return organisation


@transaction.atomic
def create_community(*, organisation: Organisation, code: str, facts: CommunityFacts, by: User | None, now: datetime) -> Community:
    """A new community; its code (letters and digits) stands in case numbers and never changes."""
    may_in_company(by, Permission.EDIT_STANDARDS, organisation.pk)
    tidy = code.strip().upper()
    if not (tidy.isascii() and tidy.isalnum() and 2 <= len(tidy) <= 12):
        raise wrong("code", _("代码用 2 至 12 个字母或数字，例如 CH。"))
    name = needed(facts.name, "name", _("请填写小区名称。"))
    try:
        with transaction.atomic():
            community = Community.objects.create(
                organisation=organisation, code=tidy, name=name, grade=facts.grade, address=facts.address, phone=facts.phone
            )
    except IntegrityError as error:
        raise taken(error, "code", _("这个代码已被使用，请换一个。")) from error
    record("community.create", by=by, now=now, subject=community, organisation_id=organisation.pk, data={"code": tidy})
    return community


@transaction.atomic
def update_community(*, community: Community, facts: CommunityFacts, by: User | None, now: datetime) -> Community:
    """Change name, grade, address or the front desk's number."""
    may_in_company(by, Permission.EDIT_STANDARDS, community.organisation_id)
    before = {"name": community.name, "grade": community.grade}
    community.name = needed(facts.name, "name", _("请填写小区名称。"))
    community.grade, community.address, community.phone = facts.grade, facts.address, facts.phone
    community.save(update_fields=["name", "grade", "address", "phone"])
    after = {"name": community.name, "grade": community.grade}
    record(
        "community.update",
        by=by,
        now=now,
        subject=community,
        organisation_id=community.organisation_id,
        data={"before": before, "after": after},
    )
    return community


@transaction.atomic
def retire_community(*, community: Community, by: User | None, now: datetime) -> Community:
    """Take a community out of use: it leaves every list, its records stay."""
    may_in_company(by, Permission.EDIT_STANDARDS, community.organisation_id)
    if not Community.objects.filter(pk=community.pk, retired_at=None).update(retired_at=now):
        raise Conflict(_("这个小区已经停用。"))
    community.retired_at = now
    record("community.retire", by=by, now=now, subject=community, organisation_id=community.organisation_id)
    return community


@transaction.atomic
def restore_community(*, community: Community, by: User | None, now: datetime) -> Community:
    """Bring a retired community back into use."""
    may_in_company(by, Permission.EDIT_STANDARDS, community.organisation_id)
    if not Community.objects.filter(pk=community.pk, retired_at__isnull=False).update(retired_at=None):
        raise Conflict(_("这个小区正在使用，无需恢复。"))
    community.retired_at = None
    record("community.restore", by=by, now=now, subject=community, organisation_id=community.organisation_id)
    return community


@transaction.atomic
def create_building(*, community: Community, name: str, by: User | None, now: datetime, order: int | None = None) -> Building:
    """A new building, at the end unless ``order`` says otherwise."""
    may(by, Permission.EDIT_ROSTER, community)
    name = needed(name, "name", _("请填写楼栋名称。"))
    if order is None:
        order = (community.buildings.aggregate(last=Max("order"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            building = Building.objects.create(community=community, name=name, order=order)
    except IntegrityError as error:
        raise taken(error, "name", _("这个小区已有同名楼栋。")) from error
    record("building.create", by=by, now=now, subject=building, organisation_id=community.organisation_id, data={"name": name})
    return building


@transaction.atomic
def update_building(*, building: Building, name: str, order: int, by: User | None, now: datetime) -> Building:
    """Rename a building, or move it in the order."""
    may(by, Permission.EDIT_ROSTER, building.community)
    building.name, building.order = needed(name, "name", _("请填写楼栋名称。")), order
    try:
        with transaction.atomic():
            building.save(update_fields=["name", "order"])
    except IntegrityError as error:
        raise taken(error, "name", _("这个小区已有同名楼栋。")) from error
    organisation_id = building.community.organisation_id
    record("building.update", by=by, now=now, subject=building, organisation_id=organisation_id, data={"name": building.name})
    return building


def _fill(home: Home, building: Building, facts: HomeFacts) -> Home:
    if building.community_id != home.community_id:
        raise wrong("building", _("楼栋不属于这个小区。"))
    home.building = building
    home.number = needed(facts.number, "number", _("请填写房号。"))
    home.floor, home.area, home.tenure = facts.floor, facts.area, facts.tenure
    try:
        with transaction.atomic():
            home.save()
    except IntegrityError as error:
        raise taken(error, "number", _("这个小区已有这个房号。")) from error
    return home


@transaction.atomic
def create_home(*, building: Building, facts: HomeFacts, by: User | None, now: datetime) -> Home:
    """A new home in ``building``."""
    community = building.community
    may(by, Permission.EDIT_ROSTER, community)
    home = _fill(Home(community=community), building, facts)
    record("home.create", by=by, now=now, subject=home, organisation_id=community.organisation_id, data={"number": home.number})
    return home


@transaction.atomic
def update_home(*, home: Home, building: Building, facts: HomeFacts, by: User | None, now: datetime) -> Home:
    """Change what is known of a home, its number and building included."""
    may(by, Permission.EDIT_ROSTER, home.community)
    before = {"number": home.number, "building": home.building_id, "tenure": home.tenure}
    _fill(home, building, facts)
    after = {"number": home.number, "building": home.building_id, "tenure": home.tenure}
    organisation_id = home.community.organisation_id
    record("home.update", by=by, now=now, subject=home, organisation_id=organisation_id, data={"before": before, "after": after})
    return home


@transaction.atomic
def retire_home(*, home: Home, by: User | None, now: datetime) -> Home:
    """Take a home out of use (merged, torn down). Its people must have moved out."""
    may(by, Permission.EDIT_ROSTER, home.community)
    if home.residencies.filter(until=None).exists():
        raise Conflict(_("这套房屋还有在住人员，请先办理迁出。"))
    if not Home.objects.filter(pk=home.pk, retired_at=None).update(retired_at=now):
        raise Conflict(_("这套房屋已经停用。"))
    home.retired_at = now
    record("home.retire", by=by, now=now, subject=home, organisation_id=home.community.organisation_id)
    return home


@transaction.atomic
def restore_home(*, home: Home, by: User | None, now: datetime) -> Home:
    """Bring a retired home back into use."""
    may(by, Permission.EDIT_ROSTER, home.community)
    if not Home.objects.filter(pk=home.pk, retired_at__isnull=False).update(retired_at=None):
        raise Conflict(_("这套房屋正在使用，无需恢复。"))
    home.retired_at = None
    record("home.restore", by=by, now=now, subject=home, organisation_id=home.community.organisation_id)
    return home
