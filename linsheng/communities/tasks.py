"""What the worker does for this app: rosters, and forgetting."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.accounts.models import User
from linsheng.communities.actions import rosters
from linsheng.communities.erasure import erase_residents
from linsheng.communities.models import ClaimCode, Residency, Resident, RosterImport
from linsheng.jobs import registry
from linsheng.jobs.running import RunningJob

# How long after moving out the company still knows somebody by name; accounts are deleted by their owners.
MOVED_OUT_KEPT: Final = timedelta(days=3 * 365)
CLAIMS_KEPT: Final = timedelta(days=365)
REPORTS_KEPT: Final = timedelta(days=90)


def _upload_of(job: RunningJob) -> RosterImport:
    return RosterImport.objects.select_related("community", "created_by").get(pk=job.payload["import"])


def _result(upload: RosterImport, label: str) -> dict[str, Any]:
    return {"url": reverse("communities:roster_import", args=[upload.pk]), "label": label}


def _rows_read(job: RunningJob, total: int, done: int) -> None:
    job.progress(done, max(total, done), _("已检查 %(n)s 行") % {"n": done})


@registry.handler(rosters.CHECK, label=gettext_lazy("检查名册"), silent_minutes=5)
def check_roster(job: RunningJob) -> dict[str, Any]:
    """Check an uploaded roster."""
    upload = _upload_of(job)
    with translation.override(upload.created_by.language):
        rosters.run_check(upload=upload, now=job.now, progress=partial(_rows_read, job, 0))
        return _result(upload, _("查看检查结果"))


@registry.handler(rosters.WRITE, label=gettext_lazy("导入名册"), silent_minutes=10)
def import_roster(job: RunningJob) -> dict[str, Any]:
    """Write a confirmed roster. A repeated run finds it done."""
    upload = _upload_of(job)
    with translation.override(upload.created_by.language):
        by = User.objects.filter(pk=job.by_id).first() if job.by_id else None
        rosters.run_import(upload=upload, by=by, now=job.now, progress=partial(_rows_read, job, upload.report.get("rows", 0)))
        return _result(upload, _("查看导入结果"))


@registry.every("communities.uploads", minutes=60, label=gettext_lazy("清理过期的名册文件"))
def forget_uploads(job: RunningJob) -> dict[str, Any]:
    """Files that nobody confirmed, after a day; what the imports said, after ninety."""
    given_up = rosters.forget_uploads(now=job.now)
    old = RosterImport.objects.filter(created_at__lt=job.now - REPORTS_KEPT)
    return {"given_up": given_up, "reports": old.exclude(report={}).update(report={})}


def moved_out_before(job: RunningJob) -> QuerySet[Resident]:
    """Residents without an account whose last residency ended three years ago."""
    before = timezone.localdate(job.now) - MOVED_OUT_KEPT
    theirs = Residency.objects.filter(resident=OuterRef("pk"))
    still = theirs.filter(until=None) | theirs.filter(until__gte=before)
    return Resident.objects.filter(Exists(theirs), ~Exists(still), erased_at=None, user=None)


@registry.every("communities.retention", minutes=24 * 60, label=gettext_lazy("清理已到保存期限的住户资料"))
def forget_people(job: RunningJob) -> dict[str, Any]:
    """People who moved out three years ago, and claim codes long past."""
    with transaction.atomic():
        erased = erase_residents(moved_out_before(job), job.now)
    claims = ClaimCode.objects.filter(expires_at__lt=job.now - CLAIMS_KEPT).delete()[0]
    return {"residents": erased, "claims": claims}
