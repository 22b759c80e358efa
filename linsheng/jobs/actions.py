"""Asking for work to be done outside the request."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.core.errors import Conflict
from linsheng.core.inserting import insert
from linsheng.jobs import leases
from linsheng.jobs.models import Job, LeaseState


def enqueue(
    *,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    key: str | None = None,
    run_at: datetime | None = None,
    by_id: int | None = None,
    organisation_id: int | None = None,
    total: int = 0,
) -> Job:
    """Queue a job in the caller's transaction: it runs if that commits, and only then.

    With a ``key`` a repeated request gets the same job, whatever its state. ``by_id`` is who may watch it;
    ``organisation_id`` whose administrator sees it; ``total`` is what its progress counts up to.
    """
    job = Job(kind=kind, key=key, payload=payload, run_at=run_at or now, total=total, created_at=now)
    job.created_by_id, job.organisation_id = by_id, organisation_id
    return job if insert(job, unless="key") else Job.objects.get(key=key)


@transaction.atomic
def retry_job(*, job: Job, now: datetime) -> Job:
    """Give a failed job all its attempts again, from now. The caller checks who asks, and records it."""
    if not leases.requeue(Job.objects.filter(pk=job.pk, state=LeaseState.FAILED), now=now):
        raise Conflict(_("只有失败的任务才能重试；请刷新页面看它现在的状态。"))
    Job.objects.filter(pk=job.pk).update(message="", progress=0)
    job.refresh_from_db()
    return job
