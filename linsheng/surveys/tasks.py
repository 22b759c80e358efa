"""The clockwork of surveys: telling residents, closing what has ended, and wiping what a closed wave left behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.accounts.models import User
from linsheng.communities.models import Residency
from linsheng.core.errors import DomainError
from linsheng.core.ui.moments import moment_words
from linsheng.jobs import registry as jobs
from linsheng.jobs.running import RunningJob
from linsheng.messaging.actions import notify
from linsheng.messaging.models import NoticeKind
from linsheng.surveys.actions import close_wave, keep_result
from linsheng.surveys.models import PaperEntry, SealedAnswer, Wave, WaveState
from linsheng.surveys.queries.waves import readers, recipients

STEP = 50


@jobs.handler("surveys.tell", label=gettext_lazy("邀请或提醒住户答题"), silent_minutes=10)
def tell(job: RunningJob) -> None:
    """Tell everybody with an account whose home has not answered; the notice's key makes it once a round."""
    wave = Wave.objects.filter(pk=job.payload["wave"], state=WaveState.OPEN).first()
    if wave is None:
        return
    number = int(job.payload["round"])
    url = reverse("surveys:mine", args=[wave.pk])
    words, key = (lambda: invitation(wave, number, job.now)), (lambda user: invitation_key(wave, number, user.pk))
    _tell_each(recipients(wave), job, _Letter(wave, url, words, key))


@jobs.handler("surveys.tell_result", label=gettext_lazy("告诉住户调查结果公布了"), silent_minutes=10)
def tell_result(job: RunningJob) -> None:
    """Tell everybody with an account in the wave's communities, once, that its result is public; nobody once it is taken back."""
    wave = Wave.objects.filter(pk=job.payload["wave"], publication__published_at__isnull=False).first()
    if wave is None:
        return
    url = reverse("surveys:published", args=[wave.pk])
    _tell_each(readers(wave), job, _Letter(wave, url, lambda: result_words(wave), lambda user: result_key(wave, user.pk)))


@dataclass(frozen=True)
class _Letter:
    """What everybody is told about a wave: the words in the language that is on, and the key that makes it once a person."""

    wave: Wave
    url: str
    words: Callable[[], tuple[str, str]]
    key: Callable[[User], str]


def _tell_each(residencies: QuerySet[Residency], job: RunningJob, letter: _Letter) -> None:
    people = {residency.resident.user.pk: residency.resident.user for residency in residencies if residency.resident.user}
    for done, user in enumerate(people.values(), start=1):
        with translation.override(user.language), transaction.atomic():
            _notify(letter, user, job.now)
        if done % STEP == 0:
            job.progress(done, len(people))


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


def result_words(wave: Wave) -> tuple[str, str]:
    """Title and text of the notice that a result is public, in the language that is on."""
    return _("%(title)s：结果公布了") % {"title": wave}, _("看看邻居们怎么说，哪些做得好、哪些还不够，以及我们做了什么。")


def result_key(wave: Wave, user_id: int) -> str:
    """One notice a person, however often the result is published anew."""
    return f"survey-result-{wave.pk}-{user_id}"


def _notify(letter: _Letter, user: User, now: datetime) -> None:
    title, body = letter.words()
    notify(
        key=letter.key(user),
        kind=NoticeKind.SURVEY,
        user=user,
        title=title,
        body=body,
        url=letter.url,
        subject=letter.wave,
        now=now,
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
