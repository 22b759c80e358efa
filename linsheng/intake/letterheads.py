"""Mails about a case as letters of a conversation: from the community's mailbox, answered to a signed address, threaded."""

from datetime import datetime
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext as _

from linsheng.feedback.models import Case
from linsheng.feedback.telling import track_url
from linsheng.intake import replies
from linsheng.intake.actions.mail.filing import take_part
from linsheng.intake.actions.mail.matching import CASE
from linsheng.intake.mail import OWN_HEADER
from linsheng.intake.mail.subjects import core
from linsheng.intake.models import Mail, Mailbox, Outcome
from linsheng.intake.smtp import connection_of
from linsheng.messaging.models import Channel, Delivery
from linsheng.messaging.registry import Letterhead

IN_CONVERSATION = (Outcome.CREATED, Outcome.APPENDED)
MOST_REFERENCES = 12


def mailbox_of(case: Case) -> Mailbox | None:
    """The box that this case is answered from: the one its latest mail came to, else its community's."""
    came = Mail.objects.filter(case=case, mailbox__active=True).select_related("mailbox").order_by("-pk").first()
    if came is not None:
        return came.mailbox
    serving = Mailbox.objects.filter(Q(community=case.community) | Q(others=case.community), active=True)
    # Its own box before one that it shares.
    return min(serving.distinct(), key=lambda box: (box.community_id != case.community_id, box.pk), default=None)


def letterhead(delivery: Delivery) -> Letterhead | None:
    """The head of a mail to a case's reporter. Others get none: an answer of staff or followers is no word of the reporter."""
    case = _case_of(delivery)
    if case is None or case.confidential:
        return None
    mailbox = mailbox_of(case)
    if mailbox is None:
        return Letterhead(subject=f"{delivery.notice.title} [{case.number}]", headers={OWN_HEADER: "case"})
    take_part(case, delivery.address, delivery.created_at)
    came = _letters(case, delivery.created_at)
    reply_to = replies.reply_address(mailbox, case.pk, delivery.address)
    return Letterhead(
        sender=_sender(mailbox),
        reply_to=reply_to,
        subject=_subject(case, came, delivery.notice.title),
        in_reply_to=came[-1].message_id if came else "",
        references=_references(case, came, delivery),
        headers={OWN_HEADER: "case"},
        hint=_("直接回复这封邮件，即可补充到这件反映。"),
        connect=partial(connection_of, mailbox) if mailbox.smtp_host else None,
    )


def _case_of(delivery: Delivery) -> Case | None:
    notice = delivery.notice
    if notice.subject_type != CASE:
        return None
    case = Case.objects.select_related("community", "resident").filter(pk=notice.subject_id or 0).first()
    return case if case is not None and notice.url == track_url(case) else None


def _sender(mailbox: Mailbox) -> str:
    name = mailbox.name or mailbox.community.name
    # A name with a comma or a quote in it must stay one name.
    plain = "".join(c for c in name if c not in '"\\<>\r\n')
    return f'"{plain}" <{mailbox.sender_address}>'


def _letters(case: Case, before: datetime) -> list[Mail]:
    rows = Mail.objects.filter(case=case, outcome__in=IN_CONVERSATION, stored_at__lte=before).exclude(message_id="")
    return list(rows.order_by("-pk").only("message_id", "subject", "stored_at", "case_id")[:MOST_REFERENCES])[::-1]


def _subject(case: Case, came: list[Mail], title: str) -> str:
    """The sender's own subject, so that their programme shows one conversation; the number finds the case if all else is lost."""
    said = core(came[0].subject) if came else ""
    return f"{_('回复：')}{said} [{case.number}]" if said else f"{title} [{case.number}]"


def _references(case: Case, came: list[Mail], delivery: Delivery) -> tuple[str, ...]:
    """What was written before, oldest first."""
    sent = Delivery.objects.filter(
        channel=Channel.EMAIL, address=delivery.address, notice__subject_type=CASE, notice__subject_id=case.pk, pk__lt=delivery.pk
    )
    ours = sent.order_by("-pk").values_list("created_at", "message_id")[:MOST_REFERENCES]
    rows = sorted([*((mail.stored_at, mail.message_id) for mail in came), *ours])
    return tuple(message_id for _at, message_id in rows[-MOST_REFERENCES:])
