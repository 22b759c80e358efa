"""Running one job: claim, handle, and write down how it ended."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from linsheng.core.errors import DomainError
from linsheng.jobs import heart, leases, registry, schedules
from linsheng.jobs.faults import fault
from linsheng.jobs.models import Job
from linsheng.jobs.registry import Handler, Turn
from linsheng.jobs.running import RunningJob

logger = logging.getLogger(__name__)

SILENT_DEATH = "the worker ended without a word at every attempt (killed, out of memory, or silent for longer than its lease)"


def run_next(turn: Turn) -> bool:
    """Run one due job to its end; False when there is none."""
    fault("jobs.before_claim")
    rows = Job.objects.filter(kind__in=registry.kinds())
    job = leases.claim(rows, worker=turn.worker, now=turn.now, lease=turn.lease)
    if job is None:
        return False
    fault("jobs.claimed")
    handler = registry.handler_of(job.kind)
    if handler is None:
        raise RuntimeError(f"claimed a job of the unknown kind {job.kind}")
    if leases.exhausted(job):
        _settle(job, leases.fail(job, now=turn.clock(), error=SILENT_DEATH), turn)
    else:
        _run(job, handler, turn)
    fault("jobs.marked")
    return True


def _run(job: Job, handler: Handler, turn: Turn) -> None:
    lease = max(turn.lease, handler.lease)
    running = RunningJob(job, lease=lease, clock=turn.clock, beat=lambda at: heart.beat(turn.worker, at))
    try:
        if lease > turn.lease:
            leases.renew(job, until=running.now + lease)
        result = handler.run(running) or {}
    except leases.LeaseLostError:
        logger.warning("%s was taken over while %s worked on it", job, turn.worker)
    except DomainError as error:
        _refused(job, str(error.message), turn)
    except Exception as error:  # whatever a handler raises must end on its row, not end the worker
        logger.exception("%s failed at attempt %s", job, job.attempts)
        _stumbled(job, error, turn)
    else:
        fault("jobs.ran")
        _done(job, result, turn)


def _done(job: Job, result: dict[str, Any], turn: Turn) -> None:
    shown = job.total or job.progress
    with transaction.atomic():
        _settle(job, leases.finish(job, now=turn.clock(), result=result, progress=shown, total=shown), turn)


def _refused(job: Job, reason: str, turn: Turn) -> None:
    """The rules say no: trying again would change nothing, and the sentence is for the person who asked."""
    with transaction.atomic():
        _settle(job, leases.fail(job, now=turn.clock(), error=reason, message=reason[:200]), turn)


def _stumbled(job: Job, error: Exception, turn: Turn) -> None:
    now, words = turn.clock(), f"{type(error).__name__}: {error}"
    with transaction.atomic():
        if leases.last_try(job):
            held = leases.fail(job, now=now, error=words, message="")
        else:
            held = leases.try_later(job, now=now, error=words, jitter=turn.jitter())
        _settle(job, held, turn)


def _settle(job: Job, held: bool, turn: Turn) -> None:
    """After the end of a run: tell its schedule, or say that the run was for nothing."""
    if held:
        schedules.record(job, now=turn.clock())
    else:
        logger.warning("%s ended at %s, but its lease had run out: another worker has it", job, _words(turn.clock()))


def _words(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
