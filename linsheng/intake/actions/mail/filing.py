"""A mail becomes a case, or words added to one."""

from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core.errors import DomainError
from linsheng.feedback import actions, proposing, telling
from linsheng.feedback.actions.photos import MOST_BYTES
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import OPEN, Case, CaseState, Channel
from linsheng.feedback.notices import Words
from linsheng.intake.actions.mail.matching import Writer
from linsheng.intake.mail import Attachment, ReadMail
from linsheng.intake.models import Correspondent, Mail
from linsheng.intake.proposing import propose_item
from linsheng.messaging.models import NoticeKind

LONGEST = 5000
# Smaller pictures within the text are logos and smileys.
SMALLEST_INLINE = 8 * 1024
MOST_PICTURES = 12
REOPENABLE = (CaseState.RESOLVED, CaseState.CLOSED)


def words_of(read: ReadMail, *, with_subject: bool) -> str:
    """What the case says: subject and new words, without what was quoted."""
    subject, text = read.subject_core.strip(), read.text.strip()
    if with_subject and subject and subject not in text[:200]:
        text = f"{subject}\n\n{text}".strip()
    text = text or _("（来信没有文字，请看附件或原邮件。）")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 20]}……"


def _address(read: ReadMail) -> str:
    """The sender's address, if it is one that can be written to."""
    try:
        validate_email(read.from_address)
    except ValidationError:
        return ""
    return read.from_address


def open_case(mail: Mail, read: ReadMail, writer: Writer, *, now: datetime) -> Case:
    """A new case of what somebody wrote."""
    text = words_of(read, with_subject=True)
    item = propose_item(writer.community, text)
    report = actions.Report(
        community=writer.community,
        item=item,
        text=text,
        kind=proposing.propose_kind(item, text),
        channel=Channel.EMAIL,
        home=writer.home,
        resident=writer.resident,
        contact_name=read.from_name[:60],
        contact_email=_address(read),
        received_at=mail.received_at,
        submission_key=f"mail-{mail.pk}",
    )
    case = actions.receive_case(report=report, by=Actor.clockwork(), now=now)
    take_part(case, read.from_address, now)
    return case


def take_part(case: Case, address: str, now: datetime) -> None:
    """Remember that this address takes part in the case."""
    if address:
        Correspondent.objects.bulk_create([Correspondent(case=case, address=address.lower(), since=now)], ignore_conflicts=True)


def add_to_case(mail: Mail, read: ReadMail, case: Case, *, now: datetime) -> bool:
    """Add the words as the reporter's; whether they came after the end. The mail alone opens nothing again and rates nothing."""
    ended = case.state not in OPEN and case.state != CaseState.MERGED
    actions.add_words(case=case, text=words_of(read, with_subject=False), by=Actor.by_link(), now=now, data={"mail": mail.pk})
    if ended and case.state in REOPENABLE and read.answerable:
        _offer_reopening(case, now)
    return ended


def _offer_reopening(case: Case, now: datetime) -> None:
    """Say once a cycle where the reporter can say that it is not solved: on their own page."""
    body = gettext_lazy(
        "这件反映（%(number)s）已经有处理结果，您的来信已转给经办人。如果还没有解决，请打开下面的页面点“没解决”，我们继续处理。"
    )
    words = Words(gettext_lazy("来信已收到：%(text)s"), body)
    key = f"case-{case.pk}-after-end-{case.cycle}"
    telling.tell_reporter(case, kind=NoticeKind.CASE_PROGRESS, words=words, key=key, now=now)


def listed(attachment: Attachment) -> dict[str, Any]:
    """An attachment as the mail's row keeps it."""
    return {
        "index": attachment.index,
        "name": attachment.name,
        "type": attachment.content_type,
        "size": attachment.size,
        "photo": False,
        "inline": attachment.inline,
        "dangerous": attachment.dangerous,
    }


def keep_pictures(mail: Mail, read: ReadMail, case: Case, *, now: datetime) -> list[dict[str, Any]]:
    """The pictures become photos of the case, re-encoded; the list of attachments says which. Safe to repeat."""
    rows = {attachment.index: listed(attachment) for attachment in read.attachments}
    wanted = [a for a in read.attachments if a.is_image and not a.dangerous and a.size <= MOST_BYTES]
    wanted = [a for a in wanted if not (a.inline and a.size < SMALLEST_INLINE)]
    for attachment in wanted[:MOST_PICTURES]:
        rows[attachment.index]["photo"] = _kept(case, attachment.content(), now)
    return list(rows.values())


def _kept(case: Case, content: bytes, now: datetime) -> bool:
    try:
        actions.add_photo(case=case, upload=BytesIO(content), size=len(content), by=Actor.by_link(), now=now)
    except DomainError:
        # No picture after all, or too many: it stays an attachment.
        return False
    return True
