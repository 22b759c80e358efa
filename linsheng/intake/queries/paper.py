"""Batches of slips, and whom a slip is from."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community, Home, Resident
from linsheng.communities.permissions import scope
from linsheng.communities.queries import homes_visible_to, lookup_by_phone
from linsheng.core.errors import NotVisible
from linsheng.core.text import normalise, phone_digits
from linsheng.feedback.queries import visible_case
from linsheng.intake.models import Slip, SlipBatch

_NUMBER = re.compile(r"[\d\s+()\-]{7,}")


@dataclass(frozen=True)
class BatchFilter:
    """How the list is narrowed; empty means everything."""

    q: str = ""
    community: str = ""
    since: datetime | None = None
    until: datetime | None = None


def batches_of(user: User, permission: Permission = Permission.RECEIVE_CASE) -> QuerySet[SlipBatch]:
    """The batches of the communities in which the user has ``permission``, the newest first, each with ``count``."""
    rows = SlipBatch.objects.filter(scope(user, permission).q()).select_related("community", "created_by")
    return rows.annotate(count=Count("slips")).order_by("-created_at", "-pk")


def filtered_batches(user: User, wanted: BatchFilter, permission: Permission = Permission.RECEIVE_CASE) -> QuerySet[SlipBatch]:
    """What the filter leaves."""
    rows = batches_of(user, permission)
    if wanted.community:
        rows = rows.filter(community__code=wanted.community)
    if wanted.since:
        rows = rows.filter(received_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(received_at__lt=wanted.until)
    for word in wanted.q.replace("\x00", "").split():
        slips = Slip.objects.filter(Q(case__number__iexact=word) | Q(case__text__icontains=word))
        rows = rows.filter(Q(box__icontains=word) | Q(created_by__name__icontains=word) | Q(pk__in=slips.values("batch")))
    return rows


def slips_of(batches: QuerySet[SlipBatch]) -> QuerySet[Slip]:
    """All slips of these batches, as they were entered, with what their lines show."""
    rows = Slip.objects.filter(batch__in=batches.order_by().values("pk"))
    related = ("batch__community", "entered_by", "case__item", "case__home", "case__resident", "case__community", "case__building")
    return rows.select_related(*related).order_by("-batch__created_at", "-batch_id", "pk")


def visible_scan(user: User, pk: int) -> Slip:
    """A slip with a scan, for whoever of the staff may open its case; else ``NotVisible``."""
    slip = Slip.objects.filter(pk=pk).exclude(scan="").first()
    if slip is None:
        raise NotVisible(_("没有找到这份扫描件。"))
    visible_case(user, slip.case_id)
    return slip


@dataclass(frozen=True)
class Sender:
    """Whom a slip is from, as far as what stands on it says; ``error`` when it fits nobody and nothing."""

    home: Home | None = None
    resident: Resident | None = None
    phone: str = ""
    error: str = ""

    @property
    def words(self) -> str:
        """业主甲 · 3-2-1201"""
        known = [self.resident.name if self.resident else "", self.home.number if self.home else ""]
        return " · ".join(filter(None, known)) or (_("名册里没有这个号码，会记作联系电话") if self.phone else "")


def _home(user: User, community: Community, typed: str) -> Home | None:
    number = "".join(normalise(typed).split()).replace("—", "-").replace("–", "-")
    homes = homes_visible_to(user, Permission.RECEIVE_CASE).filter(community=community, retired_at=None)
    return homes.filter(number__iexact=number).first()


def sender_of(user: User, community: Community, typed: str) -> Sender:
    """The home or the number that stands on a slip. Nothing at all is no error: slips of common matters carry none."""
    typed = typed.replace("\x00", "").strip()
    if not typed:
        return Sender()
    if home := _home(user, community, typed):
        return Sender(home=home)
    digits = phone_digits(typed)
    if not _NUMBER.fullmatch(normalise(typed)) or not 7 <= len(digits) <= 15:
        return Sender(error=_("没有这个房号，也不是电话号码。请核对，或者留空。"))
    callers = [caller for caller in lookup_by_phone(user, digits) if phone_digits(caller.resident.phone) == digits]
    here = [(c.resident, home) for c in callers for home in c.homes if home.community_id == community.pk]
    if len({resident.pk for resident, _home in here}) != 1:
        return Sender(phone=digits)
    resident, home = here[0]
    return Sender(home=home if len(here) == 1 else None, resident=resident)
