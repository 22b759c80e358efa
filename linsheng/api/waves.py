"""Waves of the satisfaction survey: plan, open, remind, close, and how many have answered. Answers are not here before closing."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.api.auth import caller, instant
from linsheng.api.fields import LARGEST_ID, Day, Strict
from linsheng.api.idempotency import Answer, idempotent
from linsheng.api.places import communities_of
from linsheng.api.problems import ERRORS
from linsheng.communities.models import Community
from linsheng.core.errors import Forbidden, Invalid, NotVisible
from linsheng.core.pagination import cursor_page
from linsheng.surveys import actions
from linsheng.surveys.models import QuestionnaireVersion, Wave
from linsheng.surveys.permissions import waves_visible_to
from linsheng.surveys.queries.waves import response_of

router = Router(tags=["surveys"], by_alias=True)
PAGE = 50
MOST_COMMUNITIES = 200


class NewWave(Strict):
    """A wave in preparation. ``questionnaire`` is a code, its newest version is asked; one of ``community``, ``communities``."""

    title: str = Field(..., max_length=80)
    title_en: str = Field(default="", max_length=120)
    community: str = Field(default="", max_length=12)
    communities: list[str] = Field(default=[], max_length=MOST_COMMUNITIES)
    questionnaire: str = Field(default="", max_length=40)
    mode: Literal["anonymous", "linked"] = "anonymous"
    method: Literal["census", "sample"] = "census"
    sample_size: int | None = Field(default=None, ge=1, le=100_000)
    expected_rate: int = Field(default=100, ge=1, le=100)
    include_empty: bool = False
    double_entry: bool = True
    ends_on: Day
    results_on: Day | None = None
    reminder_limit: int = Field(default=2, ge=0, le=5)
    target: float = Field(default=4.0, ge=1, le=5)


class WaveOut(Schema):
    id: int
    title: str
    title_en: str
    state: str
    mode: str
    method: str
    communities: list[str]
    questionnaire: str
    version: int
    sample_size: int | None
    homes: int
    asked: int
    ends_on: date
    results_on: date | None
    reminders_sent: int
    reminder_limit: int
    target: float
    opened_at: datetime | None
    closed_at: datetime | None


class WavePage(Schema):
    items: list[WaveOut]
    next: str | None


class BuildingResponse(Schema):
    """``small``: under five answers, its results will not be shown by themselves."""

    label: str
    homes: int
    asked: int
    answered: int
    rate: float | None
    small: bool


class DayResponse(Schema):
    day: date
    answered: int


class ResponseOut(Schema):
    """Who has answered, never what."""

    state: str
    homes: int
    asked: int
    answered: int
    to_check: int
    rate: float | None
    modes: dict[str, int]
    buildings: list[BuildingResponse]
    days: list[DayResponse]


RESPONSES: dict[Any, Any] = {200: WaveOut, **ERRORS}


def present(wave: Wave) -> dict[str, Any]:
    names = ("id", "title", "title_en", "state", "mode", "method", "sample_size", "ends_on", "results_on", "reminders_sent")
    more = ("reminder_limit", "opened_at", "closed_at", "homes")
    return {name: getattr(wave, name) for name in (*names, *more)} | {
        "communities": sorted(community.code for community in wave.communities.all()),
        "questionnaire": wave.version.questionnaire.code,
        "version": wave.version.number,
        "asked": int(wave.frame.get("drawn", 0)),
        "target": float(wave.target),
    }


def _communities(user: User, payload: NewWave) -> list[Community]:
    wanted = {*payload.communities, *([payload.community] if payload.community else [])}
    field = "communities" if payload.communities else "community"
    if not wanted:
        raise Invalid(_("请至少选一个小区。"), fields={field: _("请至少选一个小区。")})
    found = list(communities_of(user).filter(code__in=[code for code in wanted if code.isprintable()]))
    missing = sorted(wanted - {community.code for community in found})
    if missing:
        raise Invalid(_("没有这个小区。"), fields={field: _("没有这个小区，或不在您的范围内。")})
    return found


def _version(communities: list[Community], code: str) -> QuestionnaireVersion:
    rows = QuestionnaireVersion.objects.filter(questionnaire__organisation=communities[0].organisation_id)
    rows = rows.filter(questionnaire__retired_at=None).select_related("questionnaire__organisation")
    if code:
        rows = rows.filter(questionnaire__code=code) if code.isprintable() else rows.none()
    found = rows.order_by("questionnaire_id", "-number").first()
    if found is None:
        raise Invalid(_("没有这份问卷。"), fields={"questionnaire": _("没有这份问卷，请用公司现有问卷的代码。")})
    return found


@router.post("/waves", response={201: WaveOut, **ERRORS}, operation_id="createWave", summary="Plan a survey; nobody is asked yet")
@idempotent
def create_wave(request: HttpRequest, payload: NewWave) -> Answer:
    user = caller(request)
    communities = _communities(user, payload)
    values = payload.dict(exclude={"community", "communities", "questionnaire"})
    values["target"] = Decimal(str(round(payload.target, 2)))
    plan = actions.Plan(**values, communities=communities, version=_version(communities, payload.questionnaire))
    return 201, present(actions.make_wave(plan=plan, by=user, now=instant(request)))


@router.get("/waves", response={200: WavePage, **ERRORS}, operation_id="listWaves", summary="Surveys the caller may see")
def list_waves(request: HttpRequest, cursor: str | None = None) -> dict[str, Any]:
    user = caller(request)
    rows = waves_visible_to(user, Permission.SEE_FIGURES) | waves_visible_to(user, Permission.RUN_SURVEYS)
    rows = rows.select_related("version__questionnaire").prefetch_related("communities")
    page = cursor_page(rows, order=("-created_at", "-id"), cursor=cursor, size=PAGE)
    return {"items": [present(wave) for wave in page.items], "next": page.next}


def visible_wave(user: User, pk: int, *permissions: Permission) -> Wave:
    """The wave, if one of the permissions covers all of its communities. ``Forbidden`` for who may only look at it; for all others
    there is none."""
    if found := _seen(user, pk, permissions):
        return found
    if _seen(user, pk, (Permission.RUN_SURVEYS, Permission.SEE_FIGURES)):
        raise Forbidden(_("您可以查看这次调查，但没有权限进行这项操作。"))
    raise NotVisible(_("没有这次调查，或不在您的范围内。"))


def _seen(user: User, pk: int, permissions: Iterable[Permission]) -> Wave | None:
    if not 0 < pk <= LARGEST_ID:
        return None
    rows = (waves_visible_to(user, p).select_related("version__questionnaire", "organisation").filter(pk=pk) for p in permissions)
    return next((found for each in rows if (found := each.first())), None)


def _act(request: HttpRequest, wave_id: int, run: Callable[..., Wave]) -> Answer:
    user = caller(request)
    wave = visible_wave(user, wave_id, Permission.RUN_SURVEYS)
    return 200, present(run(wave=wave, by=user, now=instant(request)))


@router.get("/waves/{wave_id}", response=RESPONSES, operation_id="getWave", summary="One survey")
def get_wave(request: HttpRequest, wave_id: int) -> dict[str, Any]:
    return present(visible_wave(caller(request), wave_id, Permission.SEE_FIGURES, Permission.RUN_SURVEYS))


@router.post(
    "/waves/{wave_id}/open", response=RESPONSES, operation_id="openWave", summary="Freeze homes and questionnaire; begin to ask"
)
@idempotent
def open_wave(request: HttpRequest, wave_id: int) -> Answer:
    return _act(request, wave_id, actions.open_wave)


@router.post("/waves/{wave_id}/remind", response=RESPONSES, operation_id="remindWave", summary="Remind who has not answered")
@idempotent
def remind_wave(request: HttpRequest, wave_id: int) -> Answer:
    return _act(request, wave_id, actions.remind_wave)


@router.post(
    "/waves/{wave_id}/close", response=RESPONSES, operation_id="closeWave", summary="Take no more answers; unseal and shuffle"
)
@idempotent
def close_wave(request: HttpRequest, wave_id: int) -> Answer:
    return _act(request, wave_id, actions.close_wave)


@router.get(
    "/waves/{wave_id}/response",
    response={200: ResponseOut, **ERRORS},
    operation_id="waveResponse",
    summary="How many have answered, by building; never what",
)
def wave_response(request: HttpRequest, wave_id: int) -> dict[str, Any]:
    wave = visible_wave(caller(request), wave_id, Permission.SEE_FIGURES, Permission.RUN_SURVEYS)
    return {"state": wave.state, **response_of(wave).as_dict()}
