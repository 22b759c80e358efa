"""What staff do with mails that wait for a person: let out, try again, throw away."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities import permissions
from linsheng.core.errors import Conflict, Forbidden
from linsheng.intake.actions.mail.processing import process_mail
from linsheng.intake.models import Mail, Outcome, Reason
from linsheng.jobs import leases

WAITING_FOR_PEOPLE = (Outcome.QUARANTINED, Outcome.PARKED)


def _may(mail: Mail, by: User) -> None:
    if mail.community is None:
        if mail.organisation_id not in permissions.organisations_with(by, Permission.EDIT_SETTINGS):
            raise Forbidden(_("这封邮件不属于任何小区，只有公司管理员可以处理。"))
        return
    permissions.require(by, Permission.RECEIVE_CASE, mail.community)


def _again(mail: Mail, was: Outcome, action: str, by: User, now: datetime, **values: object) -> Mail:
    """Back into the queue with all its attempts, on the record, and processed at once."""
    _may(mail, by)
    with transaction.atomic():
        rows = Mail.objects.filter(pk=mail.pk, outcome=was)
        if not rows.exists() or not leases.requeue(rows, now=now):
            raise Conflict(_("这封邮件已经处理过了，请刷新页面看它现在的状态。"))
        Mail.objects.filter(pk=mail.pk).update(outcome=Outcome.WAITING, reason="", note="", **values)
        record(f"mail.{action}", by=by, now=now, subject=mail, organisation_id=mail.organisation_id)
    return process_mail(mail=Mail.objects.get(pk=mail.pk), now=now)


def release_mail(*, mail: Mail, by: User, now: datetime) -> Mail:
    """Let a mail out of quarantine: it is processed as if nothing had stopped it."""
    return _again(mail, Outcome.QUARANTINED, "release", by, now, released=True)


def retry_mail(*, mail: Mail, by: User, now: datetime) -> Mail:
    """Try a parked mail again; one that has no sender goes through, for a person has looked at it."""
    seen = mail.released or mail.reason == Reason.NO_SENDER
    return _again(mail, Outcome.PARKED, "retry", by, now, released=seen)


@transaction.atomic
def discard_mail(*, mail: Mail, by: User, now: datetime) -> Mail:
    """Throw away a mail that waits for a person; the raw bytes stay until their time is over."""
    _may(mail, by)
    rows = Mail.objects.filter(pk=mail.pk, outcome__in=WAITING_FOR_PEOPLE)
    if not rows.update(outcome=Outcome.DISCARDED, reason=Reason.BY_HAND):
        raise Conflict(_("只有隔离或待人工的邮件可以丢弃；请刷新页面看它现在的状态。"))
    record("mail.discard", by=by, now=now, subject=mail, organisation_id=mail.organisation_id)
    mail.refresh_from_db()
    return mail
