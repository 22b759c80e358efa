"""The clockwork of surveys: telling residents, closing what has ended, and wiping what a closed wave left behind."""

from datetime import datetime

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.accounts.models import User
from linsheng.core.errors import DomainError
from linsheng.core.ui.moments import moment_words
from linsheng.jobs import registry as jobs
from linsheng.jobs.running import RunningJob
from linsheng.messaging.actions import notify
from linsheng.messaging.models import NoticeKind
from linsheng.surveys.actions import close_wave, keep_result
from linsheng.surveys.models import PaperEntry, SealedAnswer, Wave, WaveState
from linsheng.surveys.queries.waves import recipients

STEP = 50


@jobs.handler("surveys.tell", label=gettext_lazy("邀请或提醒住户答题"), silent_minutes=10)
def tell(job: RunningJob) -> None:
    """Tell everybody with an account whose home has not answered; the notice's key makes it once a round."""
    wave = Wave.objects.filter(pk=job.payload["wave"], state=WaveState.OPEN).first()
    if wave is None:
        return
    number = int(job.payload["round"])
    told: set[int] = set()
    rows = list(recipients(wave))
    for done, residency in enumerate(rows, start=1):
        user = residency.resident.user
        if user is None or user.pk in told:
            continue
        told.add(user.pk)
        with translation.override(user.language), transaction.atomic():
            _notify(wave, number, user, job)
        if done % STEP == 0:
            job.progress(done, len(rows))


def invitation(wave: Wave, number: int, now: datetime) -> tuple[str, str]:
    """Title and text of the invitation (``number`` 0) or of a reminder, in the language that is on."""
    until = {"title": str(wave), "day": moment_words(wave.ends_on, now)}
    title = _("请参加：%(title)s") % until if number == 0 else _("提醒：%(title)s还差您家一份") % until
    body = _("每家一份，几分钟就好，%(day)s 截止。") % until
    if wave.anonymous:
        body += _("匿名：我们只知道您家答过没有，不知道答了什么。")
    return title, body


def invitation_key(wave: Wave, number: int, user_id: int) -> str:
    """One notice a person and round."""
    return f"survey-{wave.pk}-{number}-{user_id}"


def _notify(wave: Wave, number: int, user: User, job: RunningJob) -> None:
    title, body = invitation(wave, number, job.now)
    notify(
        key=invitation_key(wave, number, user.pk),
        kind=NoticeKind.SURVEY,
        user=user,
        title=title,
        body=body,
        url=reverse("surveys:mine", args=[wave.pk]),
        subject=wave,
        now=job.now,
    )


@jobs.every("surveys.close", minutes=15, label=gettext_lazy("到期结束满意度调查"))
def close_due(job: RunningJob) -> None:
    """Close waves whose last day is over."""
    today = timezone.localdate(job.now)
    for wave in Wave.objects.filter(state=WaveState.OPEN, ends_on__lt=today).order_by("pk"):
        try:
            close_wave(wave=wave, by=None, now=job.now)
        except DomainError:
            # Somebody was quicker; or it cannot be closed yet, which its page and the next turn say again.
            continue


@jobs.handler("surveys.results", label=gettext_lazy("统计满意度调查结果"), silent_minutes=15)
def reckon(job: RunningJob) -> dict[str, str] | None:
    """Reckon the result of a closed wave and keep it; doing it twice changes nothing."""
    wave = Wave.objects.filter(pk=job.payload["wave"], state=WaveState.CLOSED).select_related("version").first()
    if wave is not None:
        keep_result(wave=wave, now=job.now, progress=job.progress)
    return None


@jobs.handler("surveys.scrub", label=gettext_lazy("清除已结束调查的残留"))
def scrub(job: RunningJob) -> None:
    """Overwrite what deleted rows left behind: the write-ahead log of SQLite, the dead rows of PostgreSQL."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for model in (SealedAnswer, PaperEntry, Wave):
            cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
