"""What the worker does for reports."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.feedback import figures
from linsheng.jobs import registry
from linsheng.jobs.running import RunningJob
from linsheng.reports.actions import KIND, keep_figures
from linsheng.reports.models import KeptFigures

KEEP = timedelta(days=400)


@registry.handler(KIND, label=gettext_lazy("计算月度报表"), silent_minutes=10)
def compute(job: RunningJob) -> dict[str, Any]:
    """Compute and keep the figures; doing it twice gives the same."""
    ids, month, by = job.payload["communities"], job.payload["month"], job.payload["by"]
    found = figures.monthly(ids, month, by, now=job.now, progress=job.progress)
    if job.organisation_id is not None:
        keep_figures(found=found, community_ids=ids, organisation_id=job.organisation_id, now=job.now)
    return {"url": job.payload["back"], "label": _("查看报表"), "message": _("报表已算好。")}


@registry.every("reports.retention", minutes=24 * 60, label=gettext_lazy("清理旧的报表"))
def remove_old(job: RunningJob) -> dict[str, Any]:
    """Kept figures go after a year; they can be computed again at any time."""
    return {"removed": KeptFigures.objects.filter(computed_at__lt=job.now - KEEP).delete()[0]}
