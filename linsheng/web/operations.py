"""What an administrator sees of the machinery: jobs, deliveries, schedules. Here because jobs lies below the permissions.

Whoever may edit a whole company's settings sees that company's rows; a manager of one community sees only the jobs they started.
Addresses are masked and titles left out: a delivery must not tell who reported a confidential case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.permissions import organisations_with, require
from linsheng.core.errors import NotVisible
from linsheng.jobs import actions as job_actions
from linsheng.jobs import queries as job_queries
from linsheng.jobs import registry
from linsheng.jobs.models import Job, LeaseState, Schedule
from linsheng.messaging import actions as message_actions
from linsheng.messaging import queries as message_queries
from linsheng.messaging.models import Delivery
from linsheng.messaging.showing import TONES, error_words, masked_address, state_words


@dataclass(frozen=True)
class JobRow:
    """One line of the list of jobs."""

    job: Job
    label: str
    tone: str
    by: str


@dataclass(frozen=True)
class DeliveryRow:
    """One line of the list of deliveries."""

    delivery: Delivery
    address: str
    error: str
    tone: str
    state: str


@dataclass(frozen=True)
class ScheduleRow:
    """One line of the list of repeated work; the words of an error stay in the log, for they may be another company's."""

    schedule: Schedule
    label: str
    interval_minutes: int
    failed: bool


def visible_jobs(user: User) -> QuerySet[Job]:
    """The jobs that this person may see and try again. Raises ``Forbidden`` without the permission."""
    require(user, Permission.EDIT_SETTINGS)
    return job_queries.jobs_of(organisations_with(user, Permission.EDIT_SETTINGS), user.pk)


def visible_deliveries(user: User) -> QuerySet[Delivery]:
    """The deliveries that this person may see and send again. Raises ``Forbidden`` without the permission."""
    require(user, Permission.EDIT_SETTINGS)
    return message_queries.deliveries_of(organisations_with(user, Permission.EDIT_SETTINGS))


def companies_of(user: User) -> frozenset[int]:
    """The companies whose deliveries this person sees."""
    return organisations_with(user, Permission.EDIT_SETTINGS)


def job_rows(jobs: Iterable[Job]) -> list[JobRow]:
    jobs = list(jobs)
    names = dict(User.objects.filter(pk__in={job.created_by_id for job in jobs if job.created_by_id}).values_list("pk", "name"))
    return [_job_row(job, names.get(job.created_by_id or 0, "")) for job in jobs]


def _job_row(job: Job, by: str) -> JobRow:
    return JobRow(job, registry.label_of(job.kind), TONES[LeaseState(job.state)], by)


def delivery_rows(deliveries: Iterable[Delivery]) -> list[DeliveryRow]:
    return [_delivery_row(delivery) for delivery in deliveries]


def _delivery_row(delivery: Delivery) -> DeliveryRow:
    return DeliveryRow(
        delivery, masked_address(delivery), error_words(delivery), TONES[LeaseState(delivery.state)], state_words(delivery)
    )


def schedule_rows() -> list[ScheduleRow]:
    """What is repeated, as far as this version knows it."""
    known = registry.schedules()
    return [_schedule_row(row, known[row.name]) for row in job_queries.schedules() if row.name in known]


def _schedule_row(row: Schedule, interval: timedelta) -> ScheduleRow:
    label = registry.label_of(f"{registry.SCHEDULED}{row.name}")
    return ScheduleRow(row, label, int(interval.total_seconds() // 60), bool(row.last_error))


def retry_job(*, job_id: int, by: User, now: datetime) -> Job:
    """Try a failed job again, on the record."""
    job = visible_jobs(by).filter(pk=job_id).first()
    if job is None:
        raise NotVisible(_("没有这个任务。"))
    with transaction.atomic():
        job = job_actions.retry_job(job=job, now=now)
        record("jobs.retry_job", by=by, now=now, subject=job, organisation_id=job.organisation_id)
    return job


def retry_delivery(*, delivery_id: int, by: User, now: datetime) -> Delivery:
    """Send a failed delivery again, on the record."""
    delivery = visible_deliveries(by).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotVisible(_("没有这条发送记录。"))
    return message_actions.retry_delivery(delivery=delivery, by=by, now=now)
