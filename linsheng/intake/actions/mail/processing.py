"""Processing what is stored: claim, decide and write in one transaction, then keep the pictures, then mark it done.

A process that is killed leaves a row whose lease ends: another one takes it up. Until the outcome is committed nothing was done;
from then on only the pictures follow, which are kept once however often they are tried.
"""

import logging
import os
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from linsheng.core.errors import DomainError
from linsheng.intake import rawmail
from linsheng.intake.actions.mail import filing
from linsheng.intake.actions.mail.deciding import Decision, decide, only_community, only_organisation, route
from linsheng.intake.mail import ReadMail, read_mail
from linsheng.intake.models import Mail, Mailbox, Outcome, Reason
from linsheng.jobs import leases
from linsheng.jobs.faults import fault
from linsheng.jobs.models import LeaseState
from linsheng.jobs.registry import Turn, default_lease

logger = logging.getLogger(__name__)

RELATED = ("organisation", "community__organisation", "mailbox__community", "mailbox__organisation", "case__community")
# What lists and the story show; the whole of it is in the raw mail.
LONGEST_TEXT = 20_000


def process_next(turn: Turn) -> bool:
    """Process one stored mail; False when there is none."""
    mail = leases.claim(Mail.objects.select_related(*RELATED), worker=turn.worker, now=turn.now, lease=turn.lease)
    if mail is None:
        return False
    _process(mail, turn)
    return True


def process_mail(*, mail: Mail, now: datetime) -> Mail:
    """Process this mail now, unless somebody else is at it; the mail as it then stands."""
    turn = Turn(f"mail-{os.getpid()}", now, default_lease(), lambda: now, lambda: 0.0)
    # One that was just stored needs no second look; of any other somebody may know more than the caller.
    if not _taken(mail, turn):
        mail = _as_it_stands(mail)
        if not _taken(mail, turn):
            return mail
    return mail if _process(mail, turn) else _as_it_stands(mail)


def _taken(mail: Mail, turn: Turn) -> bool:
    return leases.take(mail, worker=turn.worker, now=turn.now, lease=turn.lease)


def _as_it_stands(mail: Mail) -> Mail:
    return Mail.objects.select_related(*RELATED).get(pk=mail.pk)


def _process(mail: Mail, turn: Turn) -> bool:
    """Take it as far as it goes; whether it was ours, so that the object says what stands in its row."""
    fault("mail.claimed")
    try:
        if leases.exhausted(mail):
            _park(mail, turn.clock(), _("处理它的进程每次都中途结束。"))
        else:
            _settle(mail, turn)
    except leases.LeaseLostError:
        logger.warning("%s was taken over while %s worked on it", mail, turn.worker)
        return False
    except (OperationalError, InterfaceError):
        raise
    except DomainError as error:
        _park(mail, turn.clock(), str(error.message))
        return False
    except Exception as error:  # whatever a mail makes us stumble over must end on its row, and not stop the others
        logger.exception("%s could not be processed", mail)
        _park(mail, turn.clock(), f"{type(error).__name__}: {error}")
        return False
    return True


def _settle(mail: Mail, turn: Turn) -> None:
    now = turn.clock()
    read, oversize = read_stored(mail, now)
    if mail.outcome == Outcome.WAITING:
        _decide(mail, read, oversize, turn)
        fault("mail.decided")
    if mail.outcome == Outcome.PARKED:
        leases.fail(mail, now=turn.clock(), error=mail.note)
    elif mail.state != LeaseState.DONE:
        _finish(mail, now=turn.clock(), **_pictures(mail, read, turn))
    fault("mail.finished")


def _finish(mail: Mail, *, now: datetime, **values: object) -> None:
    if not leases.finish(mail, now=now, **values):
        raise leases.LeaseLostError(f"{mail} was taken over by another worker")


def _pictures(mail: Mail, read: ReadMail, turn: Turn) -> dict[str, object]:
    """Keep them in the case; what then stands on the mail's row."""
    if mail.case is None or not _has_pictures(mail.outcome, read):
        return {}
    kept = filing.keep_pictures(mail, read, mail.case, now=turn.clock())
    fault("mail.pictures")
    return {"attachments": kept}


def _has_pictures(outcome: str, read: ReadMail) -> bool:
    return outcome in {Outcome.CREATED, Outcome.APPENDED} and any(attachment.is_image for attachment in read.attachments)


def read_stored(mail: Mail, now: datetime) -> tuple[ReadMail, bool]:
    """What the stored mail says; of one that is too large only its headers (and that it is)."""
    oversize = mail.size > settings.MAIL_MAX_BYTES
    raw = rawmail.read_head(mail.raw) if oversize else rawmail.read(mail.raw)
    if mail.mailbox is None:
        _find_place(mail, read_mail(_headers(raw)))
    trusted = mail.mailbox.trusted_servers if mail.mailbox else ()
    return read_mail(raw, trusted_servers=trusted, own_addresses=_own_addresses(mail), now=now), oversize


def _headers(raw: bytes) -> bytes:
    """The mail without its body: enough to see whom it was sent to."""
    ends = [place for mark in (b"\r\n\r\n", b"\n\n") if (place := raw.find(mark)) >= 0]
    return raw[: min(ends) + 4] if ends else raw[:65_536]


def _find_place(mail: Mail, read: ReadMail) -> None:
    """By whom it was sent to; the community that the mail server named stays."""
    mailbox = route(read)
    if mailbox is not None and mail.organisation in (None, mailbox.organisation):
        mail.mailbox = mailbox
        mail.community = mail.community or mailbox.community
    mail.community = mail.community or only_community()
    mail.organisation = mail.community.organisation if mail.community else only_organisation()


def _own_addresses(mail: Mail) -> list[str]:
    """The addresses that this company sends from."""
    if mail.organisation_id is None:
        return []
    rows = Mailbox.objects.filter(organisation=mail.organisation_id).order_by().values_list("address", "smtp_from")
    return [address for pair in rows for address in pair if address]


def _decide(mail: Mail, read: ReadMail, oversize: bool, turn: Turn) -> None:
    """Outcome and what it does stand or fall together, and only for whoever still holds the mail."""
    now = turn.clock()
    with transaction.atomic():
        decision = decide(mail, read, oversize=oversize, now=now)
        values = {**_described(mail, read), **_outcome(decision)}
        fault("mail.deciding")
        if decision.outcome == Outcome.PARKED or _has_pictures(decision.outcome, read):
            leases.renew(mail, until=now + turn.lease, **values)
        else:
            # Nothing follows: one wait for the disk less.
            _finish(mail, now=now, **values)
    mail.case = decision.case


def _outcome(decision: Decision) -> dict[str, object]:
    return {
        "outcome": decision.outcome,
        "reason": decision.reason,
        "note": decision.note,
        "case_id": decision.case.pk if decision.case else None,
        "after_end": decision.after_end,
    }


def _described(mail: Mail, read: ReadMail) -> dict[str, object]:
    """What lists and the story show without reading the raw mail again."""
    return {
        "organisation_id": mail.organisation.pk if mail.organisation else None,
        "community_id": mail.community.pk if mail.community else None,
        "mailbox_id": mail.mailbox.pk if mail.mailbox else None,
        "message_id": read.message_id[:260],
        "from_address": read.from_address[:254],
        "from_name": read.from_name[:120],
        "subject": read.subject[:300],
        "text": read.text[:LONGEST_TEXT],
        "quoted": read.quoted[:LONGEST_TEXT],
        "kind": read.kind,
        "verdict": read.authentication.verdict,
        "faults": [str(fault) for fault in read.faults],
        "has_html": bool(read.html),
        "attachments": [filing.listed(attachment) for attachment in read.attachments],
    }


def _park(mail: Mail, now: datetime, words: str) -> None:
    """It stays, with the reason, until somebody tries again. What was done of it already stays done."""
    undecided = Mail.objects.filter(pk=mail.pk, outcome=Outcome.WAITING).exists()
    with transaction.atomic():
        if not undecided:
            leases.finish(mail, now=now, note=words)
            return
        described: dict[str, object] = {}
        try:
            described = _described(mail, read_stored(mail, now)[0])
        except OSError as error:
            words = f"{words} {error}"
        held = leases.fail(mail, now=now, error=words, outcome=Outcome.PARKED, reason=Reason.FAILED, note=words, **described)
        if not held:
            logger.warning("%s was taken over before it could be parked", mail)
