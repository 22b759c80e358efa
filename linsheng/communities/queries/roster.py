"""Uploaded rosters, as far as somebody may see them."""

from django.db.models import QuerySet

from linsheng.accounts.permissions import Permission
from linsheng.communities.models import RosterImport
from linsheng.communities.permissions import Person, scope
from linsheng.jobs.models import Job


def roster_imports_visible_to(user: Person) -> QuerySet[RosterImport]:
    """The uploads of communities whose roster the person may edit, the newest first."""
    rows = RosterImport.objects.filter(scope(user, Permission.EDIT_ROSTER).q())
    return rows.select_related("community", "created_by").order_by("-created_at", "-pk")


def job_of_import(upload: RosterImport) -> Job | None:
    """The job that checks or writes it now; its progress is everybody's who may see the upload."""
    return Job.objects.filter(pk=upload.job_id).first() if upload.job_id else None
