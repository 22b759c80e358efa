"""Repeated work: a ``Schedule`` row says when it is due, and whoever moves that row on queues its job.

Each schedule has exactly one job row, used again and again: while it waits or runs no second one can begin, and a killed
run is a job like any other, picked up when its lease ends.
"""

from datetime import datetime, timedelta

from django.db import transaction

from linsheng.jobs import leases, registry
from linsheng.jobs.models import Job, LeaseState, Schedule


def sync(now: datetime) -> None:
    """Make a row for every registered schedule; one whose interval was shortened comes forward."""
    known = set(Schedule.objects.values_list("name", flat=True))
    rows = [Schedule(name=name, next_run_at=now) for name in registry.schedules() if name not in known]
    Schedule.objects.bulk_create(rows, ignore_conflicts=True)
    for name, interval in registry.schedules().items():
        Schedule.objects.filter(name=name, next_run_at__gt=now + interval).update(next_run_at=now + interval)


def next_run(due: datetime, interval: timedelta, now: datetime) -> datetime:
    """The next time in step with ``due`` after ``now``: what was missed is not made up for."""
    missed = max(now - due, timedelta(0)) // interval
    return due + interval * (missed + 1)


def _queue(name: str, now: datetime) -> None:
    """(Re-)queue the schedule's one job, unless it still waits or runs."""
    key = f"{registry.SCHEDULED}{name}"
    fresh = Job(kind=key, key=key, run_at=now, created_at=now)
    Job.objects.bulk_create([fresh], ignore_conflicts=True)
    if leases.requeue(Job.objects.filter(key=key), now=now):
        Job.objects.filter(key=key).update(progress=0, total=0, message="")


def queue_due(now: datetime) -> int:
    """Queue what is due; how many schedules this worker moved on."""
    intervals = registry.schedules()
    moved = 0
    for row in list(Schedule.objects.filter(name__in=intervals, next_run_at__lte=now)):
        with transaction.atomic():
            later = next_run(row.next_run_at, intervals[row.name], now)
            if Schedule.objects.filter(pk=row.pk, next_run_at=row.next_run_at).update(next_run_at=later):
                _queue(row.name, now)
                moved += 1
    return moved


def record(job: Job, *, now: datetime) -> None:
    """Note on the schedule how its run ended; nothing for other jobs."""
    if job.kind.startswith(registry.SCHEDULED):
        ended = {"last_run_at": now} if job.state == LeaseState.DONE else {}
        Schedule.objects.filter(name=job.kind.removeprefix(registry.SCHEDULED)).update(last_error=job.error, **ended)
