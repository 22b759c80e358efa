"""What the worker does for the ways in."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.communities.models import Organisation
from linsheng.core.errors import Invalid
from linsheng.intake import rawmail
from linsheng.intake.actions.mail import process_next
from linsheng.intake.actions.mail.fetching import fetch_mailbox, mailboxes_to_fetch
from linsheng.intake.actions.triage import train_triage
from linsheng.intake.callprivacy import forget_before
from linsheng.intake.letterheads import letterhead
from linsheng.intake.models import Mail, Outcome
from linsheng.intake.queries.triage import worth_learning
from linsheng.jobs import registry
from linsheng.jobs.running import RunningJob
from linsheng.messaging import registry as messaging

BATCH = 500

registry.loop("mail")(process_next)
messaging.on_compose(letterhead)


@registry.every("intake.fetch_mail", minutes=1, label=_("收取邮件"), silent_minutes=10)
def fetch_mail(job: RunningJob) -> dict[str, Any]:
    """Look into every mailbox; what is wrong with one stands on its own page."""
    stored = 0
    for done, mailbox in enumerate(mailboxes_to_fetch(), start=1):
        stored += fetch_mailbox(mailbox=mailbox, clock=job.clock).stored
        job.progress(done)
    return {"stored": stored}


@registry.handler("intake.train_triage", label=_("学习归类建议"), silent_minutes=30)
def train_one(job: RunningJob) -> dict[str, Any]:
    """Somebody pressed the button; too few cases end it with a sentence."""
    company = Organisation.objects.get(pk=job.payload["organisation"])
    by = User.objects.filter(pk=job.by_id).first() if job.by_id else None
    train_triage(organisation=company, by=by, now=job.now)
    return {"url": job.payload["back"]}


@registry.every("intake.train_triage_weekly", minutes=7 * 24 * 60, label=_("学习归类建议"), silent_minutes=30)
def train_all(job: RunningJob) -> dict[str, Any]:
    """Every company that closed enough new cases since the last time learns again."""
    trained = 0
    for done, company in enumerate(Organisation.objects.order_by("pk"), start=1):
        # One company that cannot learn yet does not keep the others from it.
        with suppress(Invalid):
            if worth_learning(company):
                train_triage(organisation=company, by=None, now=job.now)
                trained += 1
        job.progress(done)
    return {"trained": trained}


@registry.every("intake.mail_retention", minutes=24 * 60, label=_("清理旧邮件原件"))
def remove_old(job: RunningJob) -> dict[str, Any]:
    """Remove raw mails whose time is over, with what was kept of those that are in no case; and files that no mail points at."""
    kept = job.now - timedelta(days=settings.MAIL_KEEP_DAYS)
    others = job.now - timedelta(days=settings.MAIL_KEEP_OTHER_DAYS)
    in_cases = Mail.objects.filter(case__isnull=False, stored_at__lt=kept).exclude(raw="")
    waiting = (Outcome.WAITING, Outcome.PARKED, Outcome.QUARANTINED)
    loose = Mail.objects.filter(case=None, stored_at__lt=others).exclude(outcome__in=waiting).exclude(raw="")
    for rows, emptied in ((in_cases, {}), (loose, {"text": "", "quoted": "", "from_name": "", "from_address": "", "subject": ""})):
        for mail in rows.order_by("pk")[:BATCH]:
            rawmail.remove(mail.raw)
            Mail.objects.filter(pk=mail.pk).update(raw="", attachments=[], **emptied)
    known = set(Mail.objects.exclude(raw="").values_list("raw", flat=True))
    for name in rawmail.orphans(known, job.now):
        rawmail.remove(name)
    return {}


@registry.every("intake.call_retention", minutes=24 * 60, label=_("清理旧来电的号码"))
def forget_numbers(job: RunningJob) -> dict[str, Any]:
    """Numbers and notes of calls whose time is over; that somebody called stays."""
    return {"calls": forget_before(job.now - timedelta(days=settings.CALLS_KEEP_DAYS))}
