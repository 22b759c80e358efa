"""Keeping the house of the jobs themselves in order."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from linsheng.jobs import registry
from linsheng.jobs.models import Heartbeat, Job, LeaseState
from linsheng.jobs.running import RunningJob

KEEP = timedelta(days=30)


@registry.every("jobs.retention", minutes=24 * 60, label=_("清理旧的后台任务"))
def remove_old(job: RunningJob) -> dict[str, Any]:
    """Remove jobs that ended, and workers not heard of, more than 30 days ago."""
    before = job.now - KEEP
    # A schedule's one job is written anew at every run; its ``finished_at`` is only old if the schedule is gone.
    ended = Job.objects.filter(state__in=[LeaseState.DONE, LeaseState.FAILED], finished_at__lt=before)
    return {"jobs": ended.delete()[0], "workers": Heartbeat.objects.filter(at__lt=before).delete()[0]}
