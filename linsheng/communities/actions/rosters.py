"""An uploaded roster on its way: checked, confirmed, written, or given up."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.actions.checks import may
from linsheng.communities.models import Community, RosterImport
from linsheng.communities.roster import storage
from linsheng.communities.roster.reading import Progress
from linsheng.communities.roster.report import Report
from linsheng.communities.roster.writing import check_roster, write_roster
from linsheng.core.errors import Conflict, Invalid
from linsheng.jobs.actions import enqueue

CHECK: Final = "communities.check_roster"
WRITE: Final = "communities.import_roster"
State = RosterImport.State
ENDED: Final = (State.DONE, State.FAILED, State.DISCARDED)


def upload_roster(*, community: Community, file: "UploadedFile[Any]", by: User, now: datetime) -> RosterImport:
    """Keep the file and have it checked by the worker."""
    may(by, Permission.EDIT_ROSTER, community)
    stored = storage.store(file)
    try:
        return _upload(community, (file.name or "")[-120:], stored, by, now)
    except BaseException:
        storage.remove(stored)
        raise


@transaction.atomic
def _upload(community: Community, file_name: str, stored: str, by: User, now: datetime) -> RosterImport:
    upload = RosterImport.objects.create(
        community=community, created_by=by, created_at=now, file_name=file_name, stored=stored, state=State.CHECKING
    )
    _enqueue(upload, CHECK, by, now)
    record("roster.upload", by=by, now=now, subject=upload, organisation_id=community.organisation_id)
    return upload


def _enqueue(upload: RosterImport, kind: str, by: User, now: datetime) -> None:
    job = enqueue(
        kind=kind,
        payload={"import": upload.pk},
        now=now,
        by_id=by.pk,
        organisation_id=upload.community.organisation_id,
        total=upload.report.get("rows", 0),
    )
    RosterImport.objects.filter(pk=upload.pk).update(job_id=job.pk)
    upload.job_id = job.pk


def run_check(*, upload: RosterImport, now: datetime, progress: Progress) -> None:
    """The worker's part of the check. An unreadable file ends the upload, and its sentence ends the job."""
    if upload.state != State.CHECKING:
        return
    try:
        report = check_roster(storage.path_of(upload.stored), upload.community, today=timezone.localdate(now), progress=progress)
    except Invalid:
        _end(upload, State.FAILED, now)
        raise
    RosterImport.objects.filter(pk=upload.pk, state=State.CHECKING).update(state=State.CHECKED, report=report.as_json())


@transaction.atomic
def confirm_roster(*, upload: RosterImport, skip_bad: bool, by: User, now: datetime) -> RosterImport:
    """Have the checked file written. With bad rows only if they are expressly left out."""
    may(by, Permission.EDIT_ROSTER, upload.community)
    if upload.report.get("errors") and not skip_bad:
        raise Conflict(_("文件里还有错误。请改好后重新上传，或选择跳过有误的行。"))
    if not RosterImport.objects.filter(pk=upload.pk, state=State.CHECKED).update(state=State.WRITING, skip_bad=skip_bad):
        raise Conflict(_("这次导入已经确认过或已结束，请刷新页面。"))
    upload.refresh_from_db()
    _enqueue(upload, WRITE, by, now)
    return upload


def run_import(*, upload: RosterImport, by: User | None, now: datetime, progress: Progress) -> None:
    """The worker's part of the import: checked again, for the roster may have changed since; all or nothing.

    That ``by`` may was settled when they confirmed.
    """
    if upload.state != State.WRITING:
        return
    try:
        write_roster(
            path=storage.path_of(upload.stored),
            community=upload.community,
            by=by,
            now=now,
            skip_bad=upload.skip_bad,
            progress=progress,
            finish=partial(_finish, upload, now),
        )
    except Invalid:
        _end(upload, State.FAILED, now)
        raise
    if RosterImport.objects.filter(pk=upload.pk, state=State.DONE).exists():
        storage.remove(upload.stored)


def _finish(upload: RosterImport, now: datetime, report: Report) -> None:
    """In the transaction of the import: a worker killed right after it finds the import done."""
    values: dict[str, Any] = {"state": State.CHECKED, "report": report.as_json()}
    if report.written:
        values |= {"state": State.DONE, "stored": "", "finished_at": now}
    RosterImport.objects.filter(pk=upload.pk).update(**values)


@transaction.atomic
def discard_roster(*, upload: RosterImport, by: User, now: datetime) -> RosterImport:
    """Give up an upload; its file goes."""
    may(by, Permission.EDIT_ROSTER, upload.community)
    if upload.state not in {State.CHECKING, State.CHECKED}:
        raise Conflict(_("已经开始写入或已结束，不能放弃。"))
    _end(upload, State.DISCARDED, now)
    return upload


def _end(upload: RosterImport, state: str, now: datetime) -> None:
    RosterImport.objects.filter(pk=upload.pk).update(state=state, stored="", finished_at=now)
    transaction.on_commit(partial(storage.remove, upload.stored))
    upload.state, upload.stored, upload.finished_at = state, "", now


def forget_uploads(*, now: datetime) -> int:
    """Give up what nobody confirmed within a day, and remove its file and any stray one."""
    stale = RosterImport.objects.filter(created_at__lt=now - storage.KEPT).exclude(state__in=ENDED)
    for upload in stale:
        _end(upload, State.FAILED if upload.state == State.WRITING else State.DISCARDED, now)
    for path in storage.older_than((now - storage.KEPT).timestamp()):
        path.unlink(missing_ok=True)
    return len(stale)
