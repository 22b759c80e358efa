"""Residents at the door: an account for a number that a code has proved."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.accounts import actions as accounts
from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.communities.actions.checks import taken
from linsheng.communities.models import Post, Resident
from linsheng.core.errors import Forbidden
from linsheng.core.ids import paper_code


def sign_in_by_phone(*, phone: str, now: datetime) -> User | None:
    """The account of the number, made at the first time, with all homes registered under it; None when nobody knows it.

    The caller has checked the code. Raises ``Forbidden`` for staff, whose password a text message must not replace.
    """
    user = _account_of(phone, now)
    if user is not None:
        must_not_be_staff(user)
    return user


@transaction.atomic
def _account_of(phone: str, now: datetime) -> User | None:
    residents = list(Resident.objects.filter(phone=phone, erased_at=None).order_by("pk"))
    user = User.objects.filter(phone=phone).first()
    if user is None and residents:
        user = account_for(phone, residents[0].name)
    if user is not None:
        link_residents(user, residents, now)
    return user


def account_for(phone: str, name: str) -> User:
    """The account that signs in with this number, made if there is none."""
    fresh = {"username": f"r{paper_code(10).lower()}", "name": name, "password": "!"}
    user, is_new = User.objects.get_or_create(phone=phone, defaults=fresh)
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def link_residents(user: User, residents: list[Resident], now: datetime) -> None:
    """Connect the records of all companies under this number with the account."""
    for resident in residents:
        if resident.user_id == user.pk:
            continue
        # One record a company: an older one, under another number, lets go.
        Resident.objects.filter(organisation=resident.organisation_id, user=user).update(user=None)
        Resident.objects.filter(pk=resident.pk).update(user=user)
        record("resident.link", by=user, now=now, subject=resident, organisation_id=resident.organisation_id)


def must_not_be_staff(user: User) -> None:
    """A code by text message opens no staff account: it would go round the password and the second step."""
    if not user.is_active:
        raise Forbidden(_("这个账号已停用，请联系客服。"))
    if Post.objects.filter(user=user, ended_at=None).exists() or accounts.has_second_step(user):
        raise Forbidden(_("这个手机号属于员工账号，请改用用户名和密码登录。住房已关联到该账号。"))


@transaction.atomic
def change_own_phone(*, user: User, phone: str, now: datetime) -> User:
    """Give the account and its records in every company another number, already proved by a code."""
    accounts.change_phone(user=user, phone=phone, by=user, now=now)
    try:
        with transaction.atomic():
            Resident.objects.filter(user=user).update(phone=phone)
    except IntegrityError as error:
        raise taken(error, "phone", _("这个手机号已登记在另一位住户名下，请联系客服核对。")) from error
    return user


@transaction.atomic
def correct_own_profile(*, user: User, name: str, email: str, now: datetime) -> User:
    """Set right one's own name and mail address, also where the companies keep them."""
    accounts.correct_profile(user=user, name=name, email=email, by=user, now=now)
    for resident in Resident.objects.filter(user=user):
        resident.name, resident.email, resident.reachable = user.name, user.email, True
        resident.save(update_fields=["name", "email", "reachable"])
        record("resident.correct_own", by=user, now=now, subject=resident, organisation_id=resident.organisation_id)
    return user
