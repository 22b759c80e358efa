"""Housekeeping of the API."""

from datetime import timedelta

from linsheng.api.models import KeptAnswer
from linsheng.jobs import registry
from linsheng.jobs.running import RunningJob

KEPT_FOR = timedelta(days=7)


@registry.every("api.forget_answers", minutes=720)
def forget_answers(job: RunningJob) -> None:
    """A client that still repeats a request after a week has other troubles."""
    KeptAnswer.objects.filter(created_at__lt=job.now - KEPT_FOR).delete()
