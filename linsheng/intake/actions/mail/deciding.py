"""What becomes of one mail: the rules in their order. Runs within the transaction that writes the outcome."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.communities.models import Community, Organisation
from linsheng.feedback.models import Case
from linsheng.intake import replies
from linsheng.intake.actions.mail import bounces, filing, matching
from linsheng.intake.mail import ReadMail
from linsheng.intake.mail.model import Fault
from linsheng.intake.models import Mail, Mailbox, Outcome, Reason
from linsheng.messaging import actions as messaging
from linsheng.messaging.models import NoticeKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TAKEN = (Outcome.CREATED, Outcome.APPENDED)


@dataclass(frozen=True)
class Decision:
    """The outcome with its reason."""

    outcome: Outcome
    reason: Reason
    case: Case | None = None
    note: str = ""
    after_end: bool = False


def decide(mail: Mail, read: ReadMail, *, oversize: bool, now: datetime) -> Decision:
    """Apply the rules, and do what they say."""
    community = mail.community
    if community is None or mail.organisation is None:
        return Decision(Outcome.PARKED, Reason.NO_MAILBOX)
    if Fault.UNREADABLE in read.faults:
        return Decision(Outcome.PARKED, Reason.FAILED)
    if (first := _seen_before(mail, read)) is not None:
        return Decision(Outcome.DUPLICATE, Reason.SAME_MAIL, first.case)
    if oversize:
        return _oversize(mail, read, now)
    return _machine_written(mail, read, now) or _stopped(mail, read, now) or _from_a_person(mail, read, community, now)


def _seen_before(mail: Mail, read: ReadMail) -> Mail | None:
    """The same Message-ID from the same sender: the first one counts. A stranger cannot use up another's Message-ID."""
    if not read.message_id:
        return None
    identity = hashlib.sha256(f"{read.message_id}\n{read.from_address}".encode()).hexdigest()
    try:
        with transaction.atomic():
            Mail.objects.filter(pk=mail.pk).update(identity=identity)
    except IntegrityError:
        return Mail.objects.select_related("case").get(scope=mail.scope, identity=identity)
    return None


def _oversize(mail: Mail, read: ReadMail, now: datetime) -> Decision:
    """Kept unread; the sender is told, once a day at most."""
    decision = Decision(Outcome.RECORDED, Reason.OVERSIZE)
    if not read.answerable or read.authentication.verdict == "fail" or mail.organisation is None:
        return decision
    who = hashlib.sha256(read.from_address.encode()).hexdigest()[:32]
    limit = settings.MAIL_MAX_BYTES // (1024 * 1024)
    messaging.notify(
        key=f"mail-oversize-{mail.organisation_id}-{who}-{now:%Y%m%d}",
        kind=NoticeKind.CASE_RECEIVED,
        email=read.from_address,
        title=_("您的邮件太大，没有登记"),
        body=_("您的来信超过 %(n)s MB，系统无法登记。请缩小附件后再发，或打电话告诉我们。") % {"n": limit},
        url="",
        organisation_id=mail.organisation_id,
        now=now,
    )
    return decision


def _machine_written(mail: Mail, read: ReadMail, now: datetime) -> Decision | None:
    """What programmes write is recorded, never answered; a bounce marks its address."""
    organisation_id = mail.organisation_id or 0
    if read.kind == "bounce" and read.bounce is not None:
        reason, case, words = bounces.take_bounce(read.bounce, organisation_id, now)
        return Decision(Outcome.RECORDED, reason, case, words)
    reasons = {"own": Reason.OWN, "auto_reply": Reason.AUTO_REPLY, "list": Reason.LIST}
    if read.kind not in reasons:
        return None
    case = matching.find_case(read, organisation_id).case if read.kind == "auto_reply" else None
    return Decision(Outcome.RECORDED, reasons[read.kind], case)


def _stopped(mail: Mail, read: ReadMail, now: datetime) -> Decision | None:
    """What waits in quarantine for a person, unless a person has let it out."""
    if mail.released:
        return None
    if not read.from_address:
        return Decision(Outcome.PARKED, Reason.NO_SENDER)
    verdict = read.authentication.verdict
    if verdict == "fail":
        found = read.authentication
        return Decision(Outcome.QUARANTINED, Reason.FORGED, note=" ".join((found.method, found.domain, found.server)).strip())
    if verdict == "none" and mail.mailbox is not None and mail.mailbox.require_authentication:
        return Decision(Outcome.QUARANTINED, Reason.UNVERIFIED)
    recent = Mail.objects.filter(from_address=read.from_address, organisation=mail.organisation_id, outcome__in=TAKEN)
    if recent.filter(stored_at__gt=now - HOUR).count() >= settings.MAIL_PER_SENDER_HOUR:
        return Decision(Outcome.QUARANTINED, Reason.TOO_MANY)
    return None


def _from_a_person(mail: Mail, read: ReadMail, community: Community, now: datetime) -> Decision:
    found = matching.find_case(read, community.organisation_id)
    if found.case is not None:
        return _appended(mail, read, found.case, found.reason, now)
    writer = matching.find_writer(read.from_address, mail.mailbox, community)
    case = filing.open_case(mail, read, writer, now=now)
    if mail.released:
        reason = Reason.RELEASED
    elif found.stranger:
        reason = Reason.NOT_TAKING_PART
    else:
        reason = Reason.NEW if writer.resident else Reason.UNKNOWN_SENDER
    return Decision(Outcome.CREATED, reason, case)


def _appended(mail: Mail, read: ReadMail, case: Case, reason: Reason, now: datetime) -> Decision:
    today = Mail.objects.filter(case=case, outcome=Outcome.APPENDED, stored_at__gt=now - DAY).count()
    if today >= settings.MAIL_PER_CASE_DAY and not mail.released:
        return Decision(Outcome.QUARANTINED, Reason.CASE_TOO_MANY)
    after_end = filing.add_to_case(mail, read, case, now=now)
    return Decision(Outcome.APPENDED, reason, case, after_end=after_end)


def route(read: ReadMail) -> Mailbox | None:
    """The mailbox that a piped mail was sent to; a signed address of a whole domain belongs to that domain's box."""
    wanted = {replies.plain_address(address) for address in read.recipients}
    boxes = Mailbox.objects.select_related("organisation", "community").order_by("pk")
    if (found := boxes.filter(address__in=wanted).first()) is not None or not replies.claims(read.recipients):
        return found
    domains = {address.rpartition("@")[2] for address in wanted}
    whole = boxes.filter(reply_style=Mailbox.ReplyStyle.CATCH_ALL)
    return next((box for box in whole if box.domain in domains), None)


def only_organisation() -> Organisation | None:
    """Whose everything is in a house with one company."""
    rows = list(Organisation.objects.order_by("pk")[:2])
    return rows[0] if len(rows) == 1 else None


def only_community() -> Community | None:
    """Where everything belongs in a house with one community."""
    rows = list(Community.objects.filter(retired_at=None).select_related("organisation").order_by("pk")[:2])
    return rows[0] if len(rows) == 1 else None
