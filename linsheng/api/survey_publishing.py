"""Publishing a survey's result to residents: what is chosen, and exactly what they see."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.api.auth import caller, instant
from linsheng.api.fields import Strict
from linsheng.api.idempotency import Answer, idempotent
from linsheng.api.problems import ERRORS
from linsheng.api.waves import visible_wave
from linsheng.surveys import actions
from linsheng.surveys.models import Publication, Wave

router = Router(tags=["surveys"], by_alias=True)
MOST = 200


class ReplyIn(Strict):
    """One thing that residents said, and what was done."""

    said: str = Field(..., min_length=1, max_length=200)
    done: str = Field(..., min_length=1, max_length=400)
    said_en: str = Field(default="", max_length=300)
    done_en: str = Field(default="", max_length=600)


class PublicationIn(Strict):
    """``questions``: keys of the result's items, null for all that may be shown. ``replies`` null leaves them as they are."""

    questions: list[str] | None = Field(default=None, max_length=MOST)
    quotes: list[str] = Field(default=[], max_length=MOST)
    buildings: bool = False
    changes: bool = True
    foreword: str = Field(default="", max_length=600)
    foreword_en: str = Field(default="", max_length=900)
    replies: list[ReplyIn] | None = Field(default=None, max_length=20)


class ReplyOut(Schema):
    said: str
    done: str
    said_en: str
    done_en: str


class PublicationOut(Schema):
    """``content`` is what residents see; null: nothing is public."""

    wave: int
    published_at: datetime | None
    questions: list[str]
    quotes: list[str]
    buildings: bool
    changes: bool
    content: dict[str, Any] | None
    replies: list[ReplyOut]


RESPONSES: dict[Any, Any] = {200: PublicationOut, **ERRORS}


def present(found: Publication) -> dict[str, Any]:
    names = ("said", "done", "said_en", "done_en")
    return {
        "wave": found.wave_id,
        "published_at": found.published_at,
        "questions": found.questions,
        "quotes": [quote["text"] for quote in found.quotes],
        "buildings": found.buildings,
        "changes": found.changes,
        "content": found.content or None,
        "replies": [{name: getattr(reply, name) for name in names} for reply in found.replies.all()],
    }


def _wave(user: User, pk: int) -> Wave:
    visible_wave(user, pk, Permission.SEE_FIGURES)
    return visible_wave(user, pk, Permission.RUN_SURVEYS)


@router.post(
    "/waves/{wave_id}/publish",
    response=RESPONSES,
    operation_id="publishWave",
    summary="Show residents what is chosen of a closed survey's result",
)
@idempotent
def publish_wave(request: HttpRequest, wave_id: int, payload: PublicationIn) -> Answer:
    user = caller(request)
    values = payload.dict()
    replies = values.pop("replies")
    chosen = actions.Choice(**values, replies=None if replies is None else [actions.Answered(**each) for each in replies])
    return 200, present(actions.publish_wave(wave=_wave(user, wave_id), choice=chosen, by=user, now=instant(request)))


@router.post("/waves/{wave_id}/withdraw", response=RESPONSES, operation_id="withdrawWave", summary="Take a published result back")
@idempotent
def withdraw_wave(request: HttpRequest, wave_id: int) -> Answer:
    user = caller(request)
    return 200, present(actions.withdraw_publication(wave=_wave(user, wave_id), by=user, now=instant(request)))
