"""Closing a wave: the urn is opened at once, in random order; what could point at few homes is coarsened; the key is destroyed."""

import secrets
from collections import Counter
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict
from linsheng.jobs.actions import enqueue
from linsheng.surveys import answers, sealing
from linsheng.surveys.actions.results import put_result, request_result
from linsheng.surveys.actions.telling import whole_result
from linsheng.surveys.actions.waves import _lock
from linsheng.surveys.coarsening import Asked, Content, coarsen
from linsheng.surveys.models import (
    Answer,
    Ballot,
    BallotState,
    Comment,
    PaperEntry,
    Question,
    QuestionType,
    SealedAnswer,
    Wave,
    WaveState,
)
from linsheng.surveys.permissions import require_everywhere
from linsheng.surveys.results import WaveResult

SMALLEST_TEXT_GROUP: Final = 10
BATCH: Final = 500


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
    wave.state, wave.closed_at, wave.secret = WaveState.CLOSED, now, ""
    found = _reveal(wave, contents)
    SealedAnswer.objects.filter(wave=wave).delete()
    wave.save(update_fields=["state", "closed_at", "secret"])
    enqueue(kind="surveys.scrub", payload={}, key=f"surveys.scrub-{wave.pk}", now=now, organisation_id=wave.organisation_id)
    if found is not None:
        put_result(wave, found, now=now)
    # Where it is kept the job finds it.
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


def _reveal(wave: Wave, contents: list[Content]) -> WaveResult | None:
    """Reckon what was said, then write what may be kept of it."""
    whole = [content | {"values": dict(content["values"])} for content in contents]
    _coarsen(wave, contents)
    found = whole_result(wave, whole, contents)
    _write(wave, contents)
    return found


def _coarsen(wave: Wave, contents: list[Content]) -> None:
    if wave.anonymous:
        coarsen(contents, answers.questions_of(wave.version))
        shown = {content["stratum"] for content in contents}
        wave.strata.exclude(pk__in=shown - {None}).update(merged=True)


def _write(wave: Wave, contents: list[Content]) -> None:
    """Shuffled by a source that nobody can repeat, in one statement after the other of one transaction."""
    shuffle, asked = secrets.SystemRandom().shuffle, answers.questions_of(wave.version)
    shuffle(contents)
    rows = [_answer(wave, content, asked) for content in contents]
    Answer.objects.bulk_create(rows, batch_size=BATCH)
    comments = _comments(wave, contents, rows, asked)
    shuffle(comments)
    Comment.objects.bulk_create(comments, batch_size=BATCH)


def _answer(wave: Wave, content: Content, asked: Asked) -> Answer:
    """Marks and choices in the order of the questionnaire, so that what was left out stands where it would have stood."""
    given = content["values"]
    values = {question.key: given[question.key] for question, _block in asked if question.key in given and not _is_text(question)}
    return Answer(
        wave=wave,
        stratum_id=content["stratum"],
        home_id=content.get("home"),
        tenure=content["tenure"],
        mode=content["mode"],
        values=values,
    )


def _is_text(question: Question) -> bool:
    return question.kind == QuestionType.TEXT


def _comments(wave: Wave, contents: list[Content], rows: list[Answer], asked: Asked) -> list[Comment]:
    """Words apart from marks; with the stratum only where at least ten answers of it could have them."""
    blocks = {question.key: block for question, block in asked if _is_text(question)}
    sizes = Counter((c["stratum"], key) for c in contents for key, block in blocks.items() if answers.is_open(block, c["values"]))

    def stratum(content: Content, key: str) -> int | None:
        # Words behind a gate that was left out would tell it.
        many = answers.is_open(blocks[key], content["values"]) and sizes[content["stratum"], key] >= SMALLEST_TEXT_GROUP
        return content["stratum"] if many or not wave.anonymous else None

    return [
        Comment(wave=wave, question=key, stratum_id=stratum(content, key), answer=None if wave.anonymous else row, text=text)
        for content, row in zip(contents, rows, strict=True)
        for key, text in content["values"].items()
        if key in blocks
    ]
