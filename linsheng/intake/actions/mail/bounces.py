"""A mail of ours came back: the address is marked, the telling proves nothing, the staff hear of it.

A report is believed only when it names a Message-ID of ours: nobody can guess one.
"""

from datetime import datetime

from django.db.models.functions import Lower

from linsheng.communities.models import Resident
from linsheng.feedback import actions
from linsheng.feedback.models import Case
from linsheng.intake.actions.mail.matching import CASE
from linsheng.intake.mail import Bounce
from linsheng.intake.models import Correspondent, Reason
from linsheng.messaging import actions as messaging
from linsheng.messaging.models import Channel, Delivery


def take_bounce(bounce: Bounce, organisation_id: int, now: datetime) -> tuple[Reason, Case | None, str]:
    """Note what a bounce says: why it is recorded, the case, and the other server's words."""
    known = Delivery.objects.filter(message_id=bounce.original_message_id, notice__organisation_id=organisation_id)
    delivery = known.select_related("notice").filter(channel=Channel.EMAIL).first() if bounce.original_message_id else None
    words = "; ".join(f"{one.address} {one.status} {one.words}".strip() for one in bounce.recipients)[:500]
    if delivery is None:
        return Reason.BOUNCE_UNKNOWN, None, words
    case = _case_of(delivery)
    if not bounce.permanent:
        return Reason.DELAYED, case, words
    _mark(delivery, case, words, organisation_id, now)
    return Reason.BOUNCE, case, words


def _case_of(delivery: Delivery) -> Case | None:
    notice = delivery.notice
    rows = Case.objects.select_related("community", "resident") if notice.subject_type == CASE else Case.objects.none()
    return rows.filter(pk=notice.subject_id or 0).first()


def _mark(delivery: Delivery, case: Case | None, words: str, organisation_id: int, now: datetime) -> None:
    address = delivery.address.lower()
    people = Resident.objects.alias(small=Lower("email")).filter(organisation=organisation_id, small=address)
    Resident.objects.filter(pk__in=list(people.values_list("pk", flat=True))).update(reachable=False)
    messaging.mark_bounced(delivery=delivery, reason=words)
    if case is not None:
        Correspondent.objects.filter(case=case, address=address).update(failed_at=now)
        actions.mark_returned(case=case, address=address, notice_id=delivery.notice_id, reason=words, now=now)
