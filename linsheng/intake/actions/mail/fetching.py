"""Fetching: what is new in a mailbox is stored first, and marked there only after that.

Where it stands is kept as the last UID within one UIDVALIDITY. A fetcher that is killed brings the same mail again; the same
bytes are kept once. One mailbox that does not work stops no other.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from imaplib import IMAP4

from django.db.models import Q
from django.utils.translation import gettext as _

from linsheng.intake.actions.mail.storing import store_mail
from linsheng.intake.imap import FAILURES, MailboxFault, Session, session, words_of
from linsheng.intake.models import Mailbox
from linsheng.jobs.faults import fault

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_A_ROUND = 500


@dataclass
class Round:
    """One look at one mailbox."""

    stored: int = 0
    again: int = 0
    failed: int = 0
    error: str = ""


def mailboxes_to_fetch() -> list[Mailbox]:
    rows = Mailbox.objects.filter(active=True).exclude(host="")
    return list(rows.select_related("organisation", "community").order_by("pk"))


def fetch_mailbox(*, mailbox: Mailbox, clock: Callable[[], datetime]) -> Round:
    """Bring what is new; the error, if there is one, stands on the mailbox in words."""
    done = Round()
    if not _claimed(mailbox, clock()):
        return done
    try:
        with session(mailbox) as folder:
            _bring(mailbox, folder, done, clock)
    except MailboxFault as error:
        done.error = str(error)
    finally:
        _release(mailbox, done, clock())
    return done


def _me() -> str:
    return f"fetch-{os.getpid()}"


def _claimed(mailbox: Mailbox, now: datetime) -> bool:
    """One fetcher at a time: two would only do the same work twice."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    taken = Mailbox.objects.filter(free, pk=mailbox.pk).update(lease_until=now + LEASE, fetcher=_me())
    if taken:
        mailbox.refresh_from_db(fields=["uid_validity", "last_uid"])
    return bool(taken)


def _release(mailbox: Mailbox, done: Round, now: datetime) -> None:
    values = {"error": done.error, "error_at": now} if done.error else {"error": "", "error_at": None, "fetched_at": now}
    Mailbox.objects.filter(pk=mailbox.pk, fetcher=_me()).update(lease_until=None, fetcher="", **values)


def _bring(mailbox: Mailbox, folder: Session, done: Round, clock: Callable[[], datetime]) -> None:
    first = mailbox.uid_validity == 0
    validity = folder.uid_validity
    if validity != mailbox.uid_validity:
        # The server counts anew: everything is looked at again, and what we have is known by its bytes.
        mailbox.uid_validity, mailbox.last_uid = validity, 0
    # A mailbox that was in use before: what people have read is theirs, what is unread is new.
    for uid in folder.uids(mailbox.last_uid, unseen=first)[:MOST_A_ROUND]:
        if not _bring_one(mailbox, folder, uid, done, clock):
            continue
        if not done.failed:
            mailbox.last_uid = uid
        values = {"uid_validity": validity, "last_uid": mailbox.last_uid, "lease_until": clock() + LEASE}
        Mailbox.objects.filter(pk=mailbox.pk).update(**values)
        fault("fetch.noted")
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=validity, last_uid=mailbox.last_uid)


def _bring_one(mailbox: Mailbox, folder: Session, uid: int, done: Round, clock: Callable[[], datetime]) -> bool:
    """One mail: stored, then marked. One that cannot be brought stays there, and is tried again at the next look."""
    try:
        _size, arrived = folder.described(uid)
        fault("fetch.described")
        arrival = store_mail(source=folder.source(uid), mailbox=mailbox, received_at=arrived, now=clock())
    except LookupError:
        # Somebody else took it away meanwhile.
        return True
    except FAILURES as error:
        done.failed += 1
        done.error = _("有 %(n)s 封邮件取不下来：%(said)s") % {"n": done.failed, "said": words_of(error, mailbox)}
        if isinstance(error, OSError | IMAP4.abort):
            # The connection is gone: the others wait for the next look.
            raise
        return False
    done.stored += not arrival.again
    done.again += arrival.again
    fault("fetch.stored")
    _mark(mailbox, folder, uid, done)
    fault("fetch.marked")
    return True


def _mark(mailbox: Mailbox, folder: Session, uid: int, done: Round) -> None:
    """It is safe with us whatever becomes of the mark."""
    try:
        folder.mark(uid, mailbox.done_folder)
    except FAILURES as error:
        logger.warning("%s: mail %s could not be marked: %s", mailbox, uid, error)
        done.error = _("邮件已取回，但不能标为已读或移动：%(said)s") % {"said": words_of(error, mailbox)}
