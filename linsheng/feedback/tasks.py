"""The clockwork of cases: climb the ladder, close what was told long enough ago, take note of delivered mails."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Organisation
from linsheng.core.errors import DomainError
from linsheng.feedback.actions import close_case, escalate_case, mark_delivered, mark_undelivered, remind_of_waiting
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Callback, Case, CaseState, Rating
from linsheng.feedback.settings import settings_of
from linsheng.jobs import registry as jobs
from linsheng.jobs.running import RunningJob
from linsheng.messaging import registry as messaging
from linsheng.messaging.models import Channel, Delivery

BATCH = 500
# A reminder that a dead worker missed is still given within this time.
REMIND_WITHIN = timedelta(days=2)
LOW = 2


@jobs.every("feedback.escalate", minutes=1, label=_("时限升级"))
def escalate_due(job: RunningJob) -> None:
    """Raise every rung whose time has come."""
    due = Case.objects.filter(next_escalation_at__lte=job.now).order_by("next_escalation_at")[:BATCH]
    for done, case in enumerate(due, start=1):
        escalate_case(case=case, now=job.now)
        job.progress(done)


@jobs.every("feedback.waiting_over", minutes=15, label=_("等待到期提醒"))
def waiting_over(job: RunningJob) -> None:
    """Remind of waiting cases whose expected date has come."""
    over = Case.objects.filter(state=CaseState.WAITING, waiting_until__lte=job.now, waiting_until__gt=job.now - REMIND_WITHIN)
    for done, case in enumerate(over.order_by("waiting_until")[:BATCH], start=1):
        remind_of_waiting(case=case, now=job.now)
        job.progress(done)


@jobs.every("feedback.close_told", minutes=30, label=_("告知后自动办结"))
def close_told(job: RunningJob) -> None:
    """Close what was told so many days ago that silence counts as consent; the reporter can still reopen it."""
    for organisation in Organisation.objects.order_by("pk"):
        days = settings_of(organisation.pk).auto_close_days
        for done, case in enumerate(silent_since(organisation, job.now - timedelta(days=days))[:BATCH], start=1):
            try:
                close_case(case=case, by=Actor.clockwork(), now=job.now)
            except DomainError:
                # Somebody was quicker: it is no longer to be closed, or not yet.
                continue
            job.progress(done)


def silent_since(organisation: Organisation, told_before: datetime) -> QuerySet[Case]:
    """Cases told by then whose reporters did not say that they are unhappy: an unhappy voice is no silence."""
    same = {"case": OuterRef("pk"), "cycle": OuterRef("cycle")}
    unhappy = Rating.objects.filter(**same, stars__lte=LOW)
    unsolved = Callback.objects.filter(**same, solved=False)
    told = Case.objects.filter(community__organisation=organisation, state=CaseState.RESOLVED, told_at__lte=told_before)
    return told.exclude(Exists(unhappy)).exclude(Exists(unsolved)).order_by("told_at")


@messaging.on_delivered
def proof_of_telling(delivery: Delivery, now: datetime) -> None:
    """A mail that its server took proves that the result was told; what another channel's provider took proves nothing yet."""
    if delivery.channel != Channel.EMAIL:
        return
    mark_delivered(notice_id=delivery.notice_id, now=now)


@messaging.on_failed
def no_proof(delivery: Delivery, now: datetime) -> None:
    """A mail that could not be delivered means: phone."""
    if delivery.channel != Channel.EMAIL:
        return
    mark_undelivered(notice_id=delivery.notice_id, reason=delivery.error, now=now)
