"""Closing a wave: the urn is opened at once, in random order; what could point at few homes is coarsened; the key is destroyed."""

import secrets
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict
from linsheng.jobs.actions import enqueue
from linsheng.surveys import answers, sealing
from linsheng.surveys.actions.results import request_result
from linsheng.surveys.actions.waves import _lock
from linsheng.surveys.models import (
    Answer,
    Ballot,
    BallotState,
    Comment,
    PaperEntry,
    QuestionType,
    SealedAnswer,
    Wave,
    WaveState,
    WaveStratum,
)
from linsheng.surveys.permissions import require_everywhere

SMALLEST_GROUP: Final = 5
SMALLEST_TEXT_GROUP: Final = 10
BATCH: Final = 500
Content = dict[str, Any]


@transaction.atomic
def close_wave(*, wave: Wave, by: User | None, now: datetime) -> Wave:
    """End a wave. Refused, and nothing changes, where an answer is missing or cannot be opened."""
    require_everywhere(by, Permission.RUN_SURVEYS, wave.communities.all())
    _lock(wave, WaveState.OPEN, _("只有进行中的调查才能结束。"))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # What is deleted below is overwritten, not only forgotten.
            cursor.execute("PRAGMA secure_delete=ON")
    # First: whoever answers at this moment was either quicker, and is waited for, or is too late.
    Ballot.objects.filter(wave=wave, state=BallotState.OPEN).update(state=BallotState.CLOSED)
    contents = _held(wave, now) + [sealing.unseal(wave, row.sealed) for row in SealedAnswer.objects.filter(wave=wave)]
    answered = Ballot.objects.filter(wave=wave, state=BallotState.ANSWERED).count()
    if answered != len(contents):
        raise Conflict(_("答卷数与已答户数不一致，调查没有结束。请联系管理员核对。"))
    _reveal(wave, contents)
    SealedAnswer.objects.filter(wave=wave).delete()
    wave.state, wave.closed_at, wave.secret = WaveState.CLOSED, now, ""
    wave.save(update_fields=["state", "closed_at", "secret"])
    enqueue(kind="surveys.scrub", payload={}, key=f"surveys.scrub-{wave.pk}", now=now, organisation_id=wave.organisation_id)
    request_result(wave=wave, now=now)
    data = {"count": answered}
    record("surveys.close_wave", by=by, now=now, subject=wave, organisation_id=wave.organisation_id, data=data)
    return wave


def _held(wave: Wave, now: datetime) -> list[Content]:
    """Forms that nobody checked a second time count as they were keyed."""
    entries = list(PaperEntry.objects.filter(ballot__wave=wave).select_related("ballot"))
    contents = [sealing.unseal(wave, entry.sealed) for entry in entries]
    for entry in entries:
        Ballot.objects.filter(pk=entry.ballot_id, state=BallotState.HELD).update(
            state=BallotState.ANSWERED, answered_on=timezone.localdate(now), mode=entry.mode, entered_by=entry.entered_by_id
        )
    PaperEntry.objects.filter(ballot__wave=wave).delete()
    return contents


def _reveal(wave: Wave, contents: list[Content]) -> None:
    """Write the answers, shuffled by a source that nobody can repeat, in one statement after the other of one transaction."""
    shuffle = secrets.SystemRandom().shuffle
    if wave.anonymous:
        coarsen(contents)
        shown = {content["stratum"] for content in contents}
        wave.strata.exclude(pk__in=shown - {None}).update(merged=True)
    shuffle(contents)
    texts = {question.key for question, _block in answers.questions_of(wave.version) if question.kind == QuestionType.TEXT}
    rows = [_answer(wave, content, texts) for content in contents]
    Answer.objects.bulk_create(rows, batch_size=BATCH)
    comments = _comments(wave, contents, rows, texts)
    shuffle(comments)
    Comment.objects.bulk_create(comments, batch_size=BATCH)


def _answer(wave: Wave, content: Content, texts: set[str]) -> Answer:
    values = {key: value for key, value in content["values"].items() if key not in texts}
    return Answer(
        wave=wave,
        stratum_id=content["stratum"],
        home_id=content.get("home"),
        tenure=content["tenure"],
        mode=content["mode"],
        values=values,
    )


def _comments(wave: Wave, contents: list[Content], rows: list[Answer], texts: set[str]) -> list[Comment]:
    """Words apart from marks; with the stratum only where it has at least ten answers."""
    sizes = Counter(content["stratum"] for content in contents)
    return [
        Comment(
            wave=wave,
            question=key,
            stratum_id=content["stratum"] if not wave.anonymous or sizes[content["stratum"]] >= SMALLEST_TEXT_GROUP else None,
            answer=None if wave.anonymous else row,
            text=value,
        )
        for content, row in zip(contents, rows, strict=True)
        for key, value in content["values"].items()
        if key in texts
    ]


def coarsen(contents: list[Content]) -> None:
    """Leave stratum, then mode, then tenure only where at least five answers share what is left; changes the contents."""
    _blank(contents, "stratum", None, lambda c: ())
    _blank(contents, "mode", "", lambda c: (c["stratum"],))
    _blank(contents, "tenure", "", lambda c: (c["stratum"], c["mode"]))


def _blank(contents: list[Content], name: str, nothing: Any, within: Callable[[Content], Hashable]) -> None:
    """Inside each group: values that fewer than five share become ``nothing``, and so do further ones until those are five too."""
    groups: dict[Hashable, list[Content]] = {}
    for content in contents:
        groups.setdefault(within(content), []).append(content)
    for members in groups.values():
        sizes = Counter(content[name] for content in members)
        gone = {value for value, size in sizes.items() if size < SMALLEST_GROUP}
        for value, _size in sorted(sizes.items(), key=lambda pair: (pair[1], str(pair[0]))):
            if not gone or sum(sizes[one] for one in gone) >= SMALLEST_GROUP:
                break
            gone.add(value)
        for content in members:
            if content[name] in gone:
                content[name] = nothing


def strata_hidden(wave: Wave) -> list[WaveStratum]:
    """The strata whose answers stand without one."""
    return list(wave.strata.filter(merged=True))
