"""What calls know about a person, and how they forget one: the number goes, that somebody called stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.accounts.privacy import erasure, exports
from linsheng.communities import erasure as residents
from linsheng.communities.models import Resident
from linsheng.core.text import phone_digits
from linsheng.intake.models import Call, CallNumber

FIELDS = {"community": _("小区"), "started_at": _("来电时间"), "number": _("来电号码"), "case": _("编号"), "note": _("备注")}


def calls_by(user: User) -> Sequence[dict[str, Any]]:
    """The calls from the person's numbers, and those about their cases."""
    found: dict[int, Call] = {}
    for resident in Resident.objects.filter(user=user).exclude(phone=""):
        digits = phone_digits(resident.phone)
        rows = Call.objects.filter(organisation=resident.organisation_id, number__digits=digits)
        found |= {call.pk: call for call in rows.select_related("community", "number", "case")}
    return [_record(call) for _pk, call in sorted(found.items())]


def _record(call: Call) -> dict[str, Any]:
    return {
        "community": str(call.community),
        "started_at": call.started_at,
        "number": call.number.digits if call.number else "",
        "case": call.case.number if call.case else "",
        "note": call.note,
    }


def forget(user: User, organisation_id: int | None, now: datetime) -> None:
    """Called when an account is erased."""
    rows = Resident.objects.filter(user=user)
    forget_residents(list((rows.filter(organisation=organisation_id) if organisation_id else rows).values_list("pk", flat=True)))


def forget_residents(resident_ids: Sequence[int]) -> None:
    """The numbers of these people, unless somebody else of the company has the same one; notes on their calls go too."""
    for resident in Resident.objects.filter(pk__in=resident_ids).exclude(phone=""):
        digits = phone_digits(resident.phone)
        shared = Resident.objects.filter(organisation=resident.organisation_id, phone=resident.phone, erased_at=None)
        if shared.exclude(pk__in=resident_ids).exists():
            continue
        numbers = CallNumber.objects.filter(organisation=resident.organisation_id, digits=digits)
        Call.objects.filter(number__in=numbers).update(note="")
        numbers.delete()


def forget_before(moment: datetime) -> int:
    """Take number and note from the calls before ``moment``; numbers that no later call needs go. How many calls lost theirs."""
    old = Call.objects.filter(started_at__lt=moment).exclude(number=None, note="")
    changed = old.update(number=None, note="")
    CallNumber.objects.filter(~Exists(Call.objects.filter(number=OuterRef("pk")))).delete()
    return changed


def register() -> None:
    """Called once, when the app is ready."""
    exports.register(exports.Part("calls", _("来电记录"), FIELDS, calls_by))
    erasure.register(forget)
    residents.register(forget_residents)
