"""Residents and where they live: moving in, moving out, and setting right what is known of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.actions.checks import may, needed, taken, wrong
from linsheng.communities.models import Home, Residency, Resident
from linsheng.communities.queries import residents_visible_to
from linsheng.core.errors import Conflict, Forbidden
from linsheng.core.text import phone_digits


@dataclass(frozen=True)
class PersonFacts:
    """What is known of a resident."""

    name: str
    phone: str = ""
    email: str = ""


def phone_problem(digits: str) -> str:
    """Why these digits are no telephone number; empty when they are one. Landlines and foreign numbers are numbers too."""
    if digits.startswith("1") and len(digits) != 11:
        return _("手机号应为 11 位，现在是 %(n)s 位。") % {"n": len(digits)}
    if not 7 <= len(digits) <= 15:
        return _("电话号码应为 7 至 15 位数字，现在是 %(n)s 位。") % {"n": len(digits)}
    return ""


def checked_phone(text: str) -> str:
    """The digits, or nothing; raises ``Invalid`` on ``phone``."""
    if not text.strip():
        return ""
    digits = phone_digits(text)
    if problem := phone_problem(digits):
        raise wrong("phone", problem)
    return digits


def _taken(error: IntegrityError) -> Exception:
    return taken(error, "phone", _("这个手机号已登记在另一位住户名下，请先核对。"))


def _may_edit(by: User | None, resident: Resident) -> None:
    if by is None:
        return
    if not residents_visible_to(by, Permission.EDIT_ROSTER).filter(pk=resident.pk).exists():
        raise Forbidden(_("您的岗位不能修改这位住户的资料。"))


def link_account(resident: Resident) -> None:
    """Connect the record with the account that signs in with its number, and with no other."""
    if resident.user is not None and resident.user.phone != (resident.phone or None):
        resident.user = None
    if resident.user is None and resident.phone:
        user = User.objects.filter(phone=resident.phone, is_active=True).first()
        free = user is not None and not Resident.objects.filter(organisation=resident.organisation_id, user=user).exists()
        resident.user = user if free else None


@transaction.atomic
def update_resident(*, resident: Resident, facts: PersonFacts, by: User | None, now: datetime) -> Resident:
    """Set right name, number and address. A changed number lets go of the account that signs in with the old one."""
    _may_edit(by, resident)
    if resident.erased_at is not None:
        raise Conflict(_("这位住户的资料已按本人要求删除。"))
    changed = [n for n in ("name", "phone", "email") if getattr(resident, n) != getattr(facts, n)]
    resident.name = needed(facts.name, "name", _("请填写姓名。"))
    resident.phone, resident.email, resident.reachable = checked_phone(facts.phone), facts.email.strip(), True
    link_account(resident)
    try:
        with transaction.atomic():
            resident.save()
    except IntegrityError as error:
        raise _taken(error) from error
    _note("resident.update", resident, by=by, now=now, data={"changed": changed})
    return resident


def _note(
    action: str, resident: Resident, *, by: User | None, now: datetime, data: dict[str, Any], home: Home | None = None
) -> None:
    """An audit entry that names no names: the trail is read by more people than the roster."""
    community_id = home.community_id if home is not None else None
    record(action, by=by, now=now, subject=resident, organisation_id=resident.organisation_id, community_id=community_id, data=data)


@transaction.atomic
def move_in(*, home: Home, facts: PersonFacts, kind: str, by: User | None, now: datetime, since: date | None = None) -> Residency:
    """Register a person in a home: the one with this number if the company knows it, else a new record."""
    may(by, Permission.EDIT_ROSTER, home.community)
    return _move_in(home=home, facts=facts, kind=kind, since=since, by=by, now=now)


def _move_in(*, home: Home, facts: PersonFacts, kind: str, since: date | None, by: User | None, now: datetime) -> Residency:
    if home.retired_at is not None:
        raise Conflict(_("这套房屋已停用。"))
    resident = _known_or_new(home.community.organisation_id, facts)
    try:
        with transaction.atomic():
            residency = Residency.objects.create(home=home, resident=resident, kind=kind, since=since)
    except IntegrityError as error:
        raise Conflict(_("%(name)s已登记在这套房屋。") % {"name": resident.name}) from error
    _note("resident.move_in", resident, by=by, now=now, data={"home": home.pk, "kind": kind}, home=home)
    return residency


def _known_or_new(organisation_id: int, facts: PersonFacts) -> Resident:
    name, phone = needed(facts.name, "name", _("请填写姓名。")), checked_phone(facts.phone)
    known = Resident.objects.filter(organisation=organisation_id, phone=phone).first() if phone else None
    if known is not None:
        if known.name != name:
            sentence = _("这个手机号已登记在“%(name)s”名下，与您填写的姓名不同，请先核对。") % {"name": known.name}
            raise wrong("phone", sentence)
        return known
    resident = Resident(organisation_id=organisation_id, name=name, phone=phone, email=facts.email.strip())
    link_account(resident)
    try:
        with transaction.atomic():
            resident.save()
    except IntegrityError as error:
        raise _taken(error) from error
    return resident


@transaction.atomic
def move_out(*, residency: Residency, by: User | None, now: datetime, until: date | None = None) -> Residency:
    """End a residency, today unless ``until`` says otherwise; the history keeps it."""
    home = residency.home
    may(by, Permission.EDIT_ROSTER, home.community)
    until = until or timezone.localdate(now)
    if residency.since is not None and until < residency.since:
        raise wrong("until", _("迁出日期不能早于入住日期。"))
    if not Residency.objects.filter(pk=residency.pk, until=None).update(until=until):
        raise Conflict(_("已经办理过迁出。"))
    residency.until = until
    _note("resident.move_out", residency.resident, by=by, now=now, data={"home": home.pk, "until": until}, home=home)
    return residency


@transaction.atomic
def update_residency(*, residency: Residency, kind: str, since: date | None, by: User | None, now: datetime) -> Residency:
    """Set right in what capacity and since when a person lives there."""
    may(by, Permission.EDIT_ROSTER, residency.home.community)
    if since is not None and residency.until is not None and residency.until < since:
        raise wrong("since", _("入住日期不能晚于迁出日期。"))
    residency.kind, residency.since = kind, since
    residency.save(update_fields=["kind", "since"])
    data = {"home": residency.home_id, "kind": kind}
    _note("resident.update_residency", residency.resident, by=by, now=now, data=data, home=residency.home)
    return residency
