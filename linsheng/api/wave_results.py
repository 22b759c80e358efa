"""The result of a closed survey: the figures of its pages, in the shape of `manage.py analyse --json`, hidden where they are."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from linsheng.accounts.permissions import Permission
from linsheng.api.auth import caller, instant
from linsheng.api.problems import ERRORS
from linsheng.api.waves import visible_wave
from linsheng.core.errors import Conflict
from linsheng.surveys import actions
from linsheng.surveys.results import CommentResult, Comparison, WaveResult, as_data
from linsheng.surveys.results.words import low_words, note_words

router = Router(tags=["surveys"], by_alias=True)


class Share(Schema):
    share: float | None
    low: float | None
    high: float | None


class Weighted(Schema):
    """With weights against non-response; empty in a group where it would tell about fewer than five people."""

    mean: float | None
    se: float | None
    low: float | None
    high: float | None
    n_eff: float | None


class Cell(Schema):
    """One question over all answers or in one group; ``hidden``: fewer than five answered, and only ``n`` is given."""

    n: int
    mean: float | None
    se: float | None
    low: float | None
    high: float | None
    satisfied: Share
    index: float | None
    distribution: dict[str, int] | None
    weighted: Weighted
    hidden: bool


class QuestionOut(Schema):
    """``role``: overall, service, outcome or background; ``item`` is a service item's code."""

    key: str
    code: str
    kind: str
    role: str
    text: str
    text_en: str
    item: str


class BuildingReturn(Schema):
    label: str
    homes: int
    asked: int
    answered: int


class ResultResponse(Schema):
    """AAPOR: ``complete`` (80 % answered), ``partial`` (half), ``broken_off``; rates RR1 to RR6."""

    n: int
    population: int
    asked: int
    complete: int
    partial: int
    broken_off: int
    silent: int
    empty: int
    rates: dict[str, float | None]
    modes: dict[str, int]
    buildings: list[BuildingReturn]


class ChangeOut(Schema):
    difference: float | None
    se: float | None
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    verdict: str
    n: int
    n_before: int


class GroupChangeOut(Schema):
    """Judged by what is ``beyond`` the change that falling back to the mean brings by itself."""

    level: str
    before: float
    now: float
    change: float
    expected: float
    beyond: float
    se: float | None
    p_adjusted: float | None
    verdict: str


class ComparedWith(Schema):
    wave: int
    title: str
    closed_on: date
    answered: int
    paired: bool
    mode_changed: bool
    buildings: list[GroupChangeOut]


class DriverOut(Schema):
    lmg: float
    lmg_low: float
    lmg_high: float
    johnson: float
    rank: int
    rank_low: int
    rank_high: int
    quarter: str
    sure: bool


class LowOut(Schema):
    item: str
    by: str | None
    level: str | None
    n: int
    mean: float
    low: float
    high: float
    p_adjusted: float
    words: str


class TopicOut(Schema):
    words: list[str]
    n: int
    quotes: list[str]


class CommentsOut(Schema):
    """``hidden``: fewer than ten wrote."""

    question: str
    n: int
    hidden: bool
    topics: list[TopicOut]
    rest: int


class ChoiceOut(Schema):
    n: int
    hidden: bool
    counts: dict[str, int]
    shares: dict[str, Share]


class ResultsOut(Schema):
    """The same for ever after closing. A hidden cell of ``by`` is null; what is not given cannot be reckoned from what is.

    ``known``: of how many answers the group is known (null: reckoned before this was counted)."""

    wave: int
    answers: int
    few: bool
    target: float
    response: ResultResponse
    questions: list[QuestionOut]
    items: dict[str, Cell]
    no_contact: dict[str, int | None]
    choices: dict[str, ChoiceOut]
    by: dict[str, dict[str, dict[str, Cell | None]]]
    known: dict[str, int | None]
    compared_with: ComparedWith | None
    change: dict[str, ChangeOut]
    drivers: dict[str, DriverOut]
    low_areas: list[LowOut]
    comments: list[CommentsOut]
    notes: list[str]


@router.get(
    "/waves/{wave_id}/results",
    response={200: ResultsOut, **ERRORS},
    operation_id="waveResults",
    summary="What a closed survey found; refused before closing",
)
def wave_results(request: HttpRequest, wave_id: int) -> dict[str, Any]:
    wave = visible_wave(caller(request), wave_id, Permission.SEE_FIGURES, Permission.RUN_SURVEYS)
    found = actions.result_now(wave=wave, now=instant(request))
    if found is None:
        raise Conflict(_("答卷较多，正在后台统计，请一分钟后再取。"))
    return presented(found)


def presented(found: WaveResult) -> dict[str, Any]:
    """The result as the API gives it."""
    return {
        **{name: getattr(found, name) for name in ("wave", "answers", "few", "target")},
        "response": _response(found),
        "questions": [as_data(question) for question in found.questions()],
        "items": {item.asked.key: as_data(item.estimate) for item in found.items},
        "no_contact": {item.asked.key: item.no_contact for item in found.items},
        "choices": {choice.asked.key: as_data(choice) for choice in found.choices},
        "by": {table.by: as_data(table.cells) for table in found.tables},
        "known": {table.by: table.known for table in found.tables},
        "compared_with": _compared(found.comparison),
        "change": as_data(found.comparison.items) if found.comparison else {},
        "drivers": _drivers(found),
        "low_areas": [
            {**as_data(low), "item": low.key, "by": low.by or None, "level": low.level or None, "words": low_words(low, found)}
            for low in found.low_areas
        ],
        "comments": [_comments(each) for each in found.comments],
        "notes": [note_words(note) for note in found.notes],
    }


def _response(found: WaveResult) -> dict[str, Any]:
    response: dict[str, Any] = as_data(found.response)
    return response | {"n": found.answers, "population": found.response.homes, "buildings": response["places"]}


def _compared(comparison: Comparison | None) -> dict[str, Any] | None:
    return None if comparison is None else {**as_data(comparison), "buildings": as_data(comparison.groups)}


def _drivers(found: WaveResult) -> dict[str, Any]:
    names = {"lmg": "importance", "lmg_low": "importance_low", "lmg_high": "importance_high"}
    same = ("johnson", "rank", "rank_low", "rank_high", "quarter", "sure")
    return {
        point.key: {name: getattr(point, names.get(name, name)) for name in (*names, *same)}
        for point in (found.drivers.points if found.drivers else ())
    }


def _comments(each: CommentResult) -> dict[str, Any]:
    return {**as_data(each), "question": each.asked.key}
