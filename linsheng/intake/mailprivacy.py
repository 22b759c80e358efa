"""What mail knows about a person, and how it forgets one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.accounts.privacy import erasure, exports
from linsheng.communities import erasure as residents
from linsheng.communities.models import Resident
from linsheng.intake import rawmail
from linsheng.intake.models import Correspondent, Mail


def _mails(resident_ids: Sequence[int]) -> QuerySet[Mail]:
    """What these people wrote: about their cases, or from their addresses to their company."""
    people = Resident.objects.filter(pk__in=resident_ids).exclude(email="").values_list("email", "organisation_id")
    written = Q(case__resident__in=resident_ids)
    for address, organisation_id in people:
        written |= Q(from_address=address.lower(), organisation=organisation_id)
    return Mail.objects.filter(written)


def mails_of(user: User) -> Sequence[dict[str, Any]]:
    ids = list(Resident.objects.filter(user=user).values_list("pk", flat=True))
    rows = _mails(ids).select_related("case").order_by("received_at", "id") if ids else []
    return [
        {"at": row.received_at, "subject": row.subject, "text": row.text, "case": row.case.number if row.case else ""}
        for row in rows
    ]


def forget(user: User, organisation_id: int | None, now: datetime) -> None:
    people = Resident.objects.filter(user=user)
    if organisation_id is not None:
        people = people.filter(organisation=organisation_id)
    forget_residents(list(people.values_list("pk", flat=True)))


def forget_residents(resident_ids: Sequence[int]) -> None:
    """The raw mails go, with sender, words and addresses; that a mail came in, and to which case, stays."""
    if not resident_ids:
        return
    Correspondent.objects.filter(case__resident__in=resident_ids).delete()
    rows = _mails(resident_ids)
    for name in rows.exclude(raw="").values_list("raw", flat=True):
        rawmail.remove(name)
    rows.update(
        raw="", from_address="", from_name="", subject="", text="", quoted="", note="", message_id="", identity=None, attachments=[]
    )


def register() -> None:
    """Called once, when the app is ready."""
    fields = {"at": _("时间"), "subject": _("主题"), "text": _("内容"), "case": _("反映编号")}
    exports.register(exports.Part("mails", _("我写来的邮件"), fields, mails_of))
    erasure.register(forget)
    residents.register(forget_residents)
