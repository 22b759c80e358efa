"""Claiming a home with the code on a printed letter. Only a keyed hash of the code is stored; it works once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linsheng.accounts.hashing import keyed_hash
from linsheng.accounts.limits import Limit, take
from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.actions.checks import may, needed, wrong
from linsheng.communities.actions.phone import account_for, link_residents, must_not_be_staff
from linsheng.communities.models import ClaimCode, Home, Residency, Resident
from linsheng.core.errors import Conflict
from linsheng.core.ids import paper_code, paper_code_as_typed

VALID_FOR: Final = timedelta(days=60)
CODE_LENGTH: Final = 10
MOST_LETTERS: Final = 500
# Only wrong codes count: a family behind one address may all claim their home.
TRIES: Final = Limit("claim.ip", 10, timedelta(hours=1))


@dataclass(frozen=True)
class Letter:
    """What is printed for one home."""

    home: Home
    code: str
    expires_at: datetime

    @property
    def spaced(self) -> str:
        """The code as it is read from paper."""
        return f"{self.code[:5]} {self.code[5:]}"


@dataclass(frozen=True)
class Claimant:
    """Who claims: the number is proved by a text message already."""

    name: str
    phone: str
    kind: str = Residency.Kind.OWNER


def _hash(code: str) -> str:
    return keyed_hash("claim", paper_code_as_typed(code))


@transaction.atomic
def print_claim_codes(*, homes: Sequence[Home], by: User | None, now: datetime) -> list[Letter]:
    """A fresh code for each home, shown this once; unused older ones stop working."""
    if not homes:
        raise Conflict(_("没有可以打印的房屋。"))
    if len(homes) > MOST_LETTERS:
        raise Conflict(_("一次最多打印 %(n)s 封，请按楼栋分批打印。") % {"n": MOST_LETTERS})
    for community in {home.community for home in homes}:
        may(by, Permission.EDIT_ROSTER, community)
    ClaimCode.objects.filter(home__in=homes, used_at=None, revoked_at=None).update(revoked_at=now)
    letters = [Letter(home, paper_code(CODE_LENGTH), now + VALID_FOR) for home in homes]
    rows = [ClaimCode(home=x.home, code_hash=_hash(x.code), created_at=now, expires_at=x.expires_at) for x in letters]
    ClaimCode.objects.bulk_create(rows)
    community = homes[0].community
    record(
        "claim.print",
        by=by,
        now=now,
        subject=community,
        organisation_id=community.organisation_id,
        data={"homes": [home.pk for home in homes]},
    )
    return letters


def find_claim(*, code: str, ip: str, now: datetime) -> ClaimCode:
    """The claim behind a code as typed. Raises ``Invalid`` on ``code`` for every reason alike, ``TooMany`` after ten wrong ones."""
    attempt = take(TRIES, ip, now=now)
    claim = (
        ClaimCode.objects.filter(code_hash=_hash(code), used_at=None, revoked_at=None, expires_at__gt=now)
        .select_related("home__community", "home__building")
        .first()
    )
    if claim is None:
        raise wrong("code", _("认领码不对，或已使用、已过期。请核对信件上的 10 位字符，或联系客服重新打印。"))
    attempt.delete()
    return claim


@transaction.atomic
def claim_home(*, claim: ClaimCode, who: Claimant, now: datetime) -> User:
    """Use up the code: the claimant gets an account and lives in the home. Of several at once one succeeds."""
    if who.kind not in Residency.Kind.values:
        raise wrong("kind", _("请选择您的身份。"))
    name = needed(who.name, "name", _("请填写姓名。"))
    usable = ClaimCode.objects.filter(pk=claim.pk, used_at=None, revoked_at=None, expires_at__gt=now)
    if not usable.update(used_at=now):
        raise Conflict(_("这个认领码刚刚已被使用。如不是您本人，请联系客服。"))
    user = account_for(who.phone, name)
    must_not_be_staff(user)
    resident = _resident_of(claim.home, name, who.phone)
    link_residents(user, [resident], now)
    Residency.objects.get_or_create(
        home=claim.home, resident=resident, until=None, defaults={"kind": who.kind, "since": timezone.localdate(now)}
    )
    ClaimCode.objects.filter(pk=claim.pk).update(used_by=user)
    organisation_id = claim.home.community.organisation_id
    record("claim.use", by=user, now=now, subject=claim.home, organisation_id=organisation_id, data={"resident": resident.pk})
    return user


def _resident_of(home: Home, name: str, phone: str) -> Resident:
    """The company's record of the number; else the one of this name in the home that has no number yet; else a new one."""
    organisation_id = home.community.organisation_id
    known = Resident.objects.filter(organisation=organisation_id, phone=phone).first()
    if known is not None:
        return known
    nameless = Resident.objects.filter(residencies__home=home, residencies__until=None, name=name, phone="", user=None)
    resident = nameless.first() or Resident(organisation_id=organisation_id, name=name)
    resident.phone = phone
    resident.save()
    return resident
