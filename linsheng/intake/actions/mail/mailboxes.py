"""Setting mailboxes up, and trying whether they answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.models import Community
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import Forbidden, Invalid
from linsheng.intake.imap import Waiting, session
from linsheng.intake.models import Mail, Mailbox, Outcome, Reason
from linsheng.intake.sealing import sealed
from linsheng.jobs import leases

FIELDS = (
    "address", "name", "reply_style", "host", "port", "security", "username", "folder", "done_folder", "trusted_server",
    "require_authentication", "active", "smtp_host", "smtp_port", "smtp_security", "smtp_username", "smtp_from",
)  # fmt: skip
# Another server or folder counts its mails anew.
PLACE = ("host", "username", "folder")


def _check(mailbox: Mailbox, others: Iterable[Community], by: User) -> None:
    if mailbox.community.organisation_id not in organisations_with(by, Permission.EDIT_SETTINGS):
        raise Forbidden(_("邮箱设置由公司管理员修改。"))
    if any(place.organisation_id != mailbox.community.organisation_id for place in others):
        raise Invalid(_("请选择本公司的小区。"), fields={"others": _("请选择本公司的小区。")})


def save_mailbox(
    *,
    mailbox: Mailbox,
    values: Mapping[str, Any],
    community: Community,
    others: Iterable[Community],
    secret: str,
    smtp_secret: str = "",
    by: User,
    now: datetime,
) -> Mailbox:
    """Write a new or changed mailbox. An empty ``secret`` leaves the stored one as it is, and so does an empty ``smtp_secret``."""
    others = list(others)
    before = {name: getattr(mailbox, name) for name in FIELDS} if mailbox.pk else {}
    mailbox.community, mailbox.organisation = community, community.organisation
    _check(mailbox, others, by)
    for name in FIELDS:
        setattr(mailbox, name, values[name])
    mailbox.address = mailbox.address.lower()
    if any(before and before[name] != getattr(mailbox, name) for name in PLACE):
        mailbox.uid_validity = mailbox.last_uid = 0
    typed = {name: value for name, value in (("secret", secret), ("smtp_secret", smtp_secret)) if value}
    for name, value in typed.items():
        setattr(mailbox, name, sealed(value))
    mailbox.error, mailbox.error_at = "", None
    changed = sorted(name for name in FIELDS if before.get(name) != getattr(mailbox, name)) + sorted(typed)
    try:
        with transaction.atomic():
            mailbox.save()
            _try_homeless_again(now)
            mailbox.others.set(place for place in others if place.pk != community.pk)
            record(
                "mailbox.save", by=by, now=now, subject=mailbox, organisation_id=mailbox.organisation_id, data={"changed": changed}
            )
    except IntegrityError as error:
        sentence = _("这个邮箱地址已经设置过了。")
        raise Invalid(sentence, fields={"address": sentence}) from error
    return mailbox


def _try_homeless_again(now: datetime) -> None:
    """What came for an address that no mailbox knew may be this one's: the worker looks again, and parks what still is nobody's."""
    rows = Mail.objects.filter(outcome=Outcome.PARKED, reason=Reason.NO_MAILBOX)
    ids = list(rows.values_list("pk", flat=True))
    leases.requeue(rows, now=now)
    Mail.objects.filter(pk__in=ids).update(outcome=Outcome.WAITING, reason="")


def try_mailbox(mailbox: Mailbox) -> Waiting:
    """Sign in and look, changing nothing. Raises ``MailboxFault`` with the server's words."""
    with session(mailbox) as folder:
        return folder.waiting()
