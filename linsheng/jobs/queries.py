"""Reading jobs and the health of the workers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from linsheng.jobs.models import Heartbeat, Job, LeaseState, Schedule

FRESH = timedelta(seconds=60)


@dataclass(frozen=True)
class WorkerHealth:
    """Whether a worker lives, and when one was last heard of (None: never)."""

    alive: bool
    seen: datetime | None


def worker_health(now: datetime) -> WorkerHealth:
    """A heartbeat within the last minute, or a lease that still runs (a job at work in one long transaction)."""
    seen = Heartbeat.objects.aggregate(at=Max("at"))["at"]
    alive = seen is not None and seen >= now - FRESH
    if not alive:
        alive = Job.objects.filter(state=LeaseState.RUNNING, lease_until__gt=now).exists()
    return WorkerHealth(alive, seen)


def job_of(user_id: int, job_id: int) -> Job | None:
    """The job that this person started; None if it is another's."""
    return Job.objects.filter(pk=job_id, created_by_id=user_id).first()


def jobs_of(organisation_ids: frozenset[int], user_id: int) -> QuerySet[Job]:
    """What these companies' people started, and what this person did; never the schedules, which are nobody's."""
    return Job.objects.filter(Q(organisation_id__in=organisation_ids) | Q(created_by_id=user_id))


def schedules() -> QuerySet[Schedule]:
    return Schedule.objects.order_by("name")
