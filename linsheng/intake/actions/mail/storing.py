"""Mail comes in: its bytes are safe before anybody looks at them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.db import IntegrityError, transaction

from linsheng.communities.models import Community, Organisation
from linsheng.intake import rawmail
from linsheng.intake.models import Mail, Mailbox
from linsheng.jobs.faults import fault

# What a server says about the time of arrival is believed within this time.
LONGEST_DELAY = timedelta(days=300)


@dataclass(frozen=True)
class Arrival:
    """A stored mail, and whether the same bytes had come in there before."""

    mail: Mail
    again: bool = False


def _scope(mailbox: Mailbox | None, community: Community | None) -> str:
    if mailbox is not None:
        return f"mailbox-{mailbox.pk}"
    return f"community-{community.pk}" if community is not None else ""


def store_mail(
    *,
    source: IO[bytes] | bytes,
    mailbox: Mailbox | None = None,
    community: Community | None = None,
    received_at: datetime | None = None,
    now: datetime,
) -> Arrival:
    """Keep a mail, durably, to be processed; the same bytes in the same place are kept once.

    Returns only when file and row are on the disk: from then on the sender need not send it again.
    """
    kept = rawmail.write(source, now)
    fault("mail.written")
    mail = Mail(
        organisation=_organisation(mailbox, community),
        community=community or (mailbox.community if mailbox else None),
        mailbox=mailbox,
        raw=kept.name,
        size=kept.size,
        sha256=kept.sha256,
        scope=_scope(mailbox, community),
        received_at=_arrival_time(received_at, now),
        stored_at=now,
        run_at=now,
    )
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        first = Mail.objects.filter(scope=mail.scope, sha256=mail.sha256).first()
        if first is None:
            raise
        rawmail.remove(kept.name)
        return Arrival(first, again=True)
    fault("mail.stored")
    return Arrival(mail)


def _organisation(mailbox: Mailbox | None, community: Community | None) -> Organisation | None:
    if mailbox is not None:
        return mailbox.organisation
    return community.organisation if community is not None else None


def _arrival_time(received_at: datetime | None, now: datetime) -> datetime:
    """When it reached the server, if that can be: residents do not wait for us to fetch."""
    believable = received_at is not None and now - LONGEST_DELAY <= received_at <= now
    return received_at if believable and received_at is not None else now
