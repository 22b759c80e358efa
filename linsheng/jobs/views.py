"""Whether the house is well, and how far a job is."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linsheng import __version__
from linsheng.core.errors import NotVisible
from linsheng.core.http import is_htmx, now_of
from linsheng.jobs import queries, registry
from linsheng.jobs.models import LeaseState


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For load balancers and monitors: 200 when the database answers and a worker lives, else 503. Needs no sign-in."""
    body: dict[str, Any] = {"status": "down", "database": "down", "worker": "unknown", "version": __version__, "worker_seen": None}
    try:
        health = queries.worker_health(now_of(request))
    except DatabaseError:
        return JsonResponse(body, status=503)
    body |= {"database": "ok", "worker": "ok" if health.alive else "down", "status": "ok" if health.alive else "down"}
    body["worker_seen"] = health.seen.isoformat() if health.seen else None
    return JsonResponse(body, status=200 if health.alive else 503)


@login_required
@require_safe
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a job is, for the person who started it; its bar asks again by itself, or the page reloads."""
    job = queries.job_of(request.user.pk or 0, job_id)
    if job is None:
        raise NotVisible(_("没有这个任务，或者它不是您发起的。"))
    context = {
        "job": job,
        "label": registry.label_of(job.kind),
        "runs": job.state in {LeaseState.QUEUED, LeaseState.RUNNING},
        "failed": job.state == LeaseState.FAILED,
        "now": now_of(request),
    }
    return render(request, "jobs/progress.html#state" if is_htmx(request) else "jobs/progress.html", context)
