"""Published data in words, for the residents of one community."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from linsheng.core.ui.figures import decimals_words
from linsheng.surveys.analysis.results import IMPROVED, WORSE
from linsheng.surveys.models import QuestionType, Reply, Wave
from linsheng.surveys.models.questionnaires import spoken
from linsheng.surveys.results import COMMUNITY, OVERALL, SERVICE
from linsheng.surveys.results.words import verdict_words

TONES: Final = {IMPROVED: "done", WORSE: "late"}
Data = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A group beside the whole; ``percent`` and ``words`` are empty where it is hidden."""

    name: str
    percent: int | None
    words: str


@dataclass(frozen=True)
class Line:
    """One question: what it was, what came out, and how it changed."""

    name: str
    question: str
    percent: int | None
    figure: str
    words: str
    mean: str
    satisfaction: bool
    distribution: list[tuple[str, int, int]]
    change: str
    tone: str
    places: list[Place]


@dataclass(frozen=True)
class Shown:
    """A published wave as the page shows it."""

    wave: Wave
    foreword: str
    response: str
    overall: Line | None
    lines: list[Line]
    quotes: list[str]
    before: str
    replies: list[Reply]
    published_at: datetime | None
    anonymous: bool


def presented(wave: Wave, content: Data, replies: list[Reply], community: str, published_at: datetime | None = None) -> Shown:
    """What residents of this community (code) see; only its own buildings are among the groups."""
    places = [place for place in content["places"] if place["community"] == community]
    lines = [(item["role"], _line(item, places)) for item in content["items"]]
    before = content["before"]
    return Shown(
        wave=wave,
        foreword=spoken(content["foreword"], content["foreword_en"]),
        response=_response(content),
        overall=next((line for role, line in lines if role == OVERALL), None),
        lines=[line for role, line in lines if role != OVERALL],
        quotes=[quote["text"] for quote in content["quotes"]],
        before=spoken(before["title"], before["title_en"]) if before else "",
        replies=replies,
        published_at=published_at,
        anonymous=content["anonymous"],
    )


def _response(content: Data) -> str:
    facts = {"asked": content["asked"], "answers": content["answers"]}
    facts["rate"] = round(100 * content["answers"] / content["asked"]) if content["asked"] else 0
    return _("发出 %(asked)s 份，收回 %(answers)s 份（%(rate)s%%）") % facts


def _line(item: Data, places: list[Data]) -> Line:
    ten = item["kind"] == QuestionType.TEN
    change = item["change"]
    return Line(
        name=spoken(item["name"], item["name_en"]) or spoken(item["text"], item["text_en"]),
        question=spoken(item["text"], item["text_en"]),
        percent=None if ten else _percent(item["share"]),
        figure=_figure(item, ten=ten),
        words=_words(item, ten=ten),
        mean="" if ten else _mean(item),
        satisfaction=item["role"] in {OVERALL, SERVICE},
        distribution=_distribution(item["options"]),
        change=_change_words(change) if change else "",
        tone=TONES.get(change["verdict"], "waiting") if change else "",
        places=[_place(place, item["key"], ten=ten) for place in places],
    )


def _distribution(options: list[Data]) -> list[tuple[str, int, int]]:
    """The best answer first; nothing where the counts would tell about few."""
    counts = [option["n"] or 0 for option in options]
    total = sum(counts)
    labels = [spoken(option["label"], option["label_en"]) for option in options]
    rows = [(label, n, round(100 * n / total)) for label, n in zip(labels, counts, strict=True)] if total else []
    return rows[::-1]


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _figure(item: Data, *, ten: bool) -> str:
    """满意 82% · 7.9 分 · “好一些”或“好很多”40%"""
    if ten:
        return _("平均 %(mean)s 分（0–10 分）") % {"mean": decimals_words(item["mean"], 1)}
    percent = _percent(item["share"])
    if item["role"] in {OVERALL, SERVICE}:
        return _("满意 %(percent)s%%") % {"percent": percent}
    best = _("、").join(f"“{spoken(option['label'], option['label_en'])}”" for option in item["options"][-2:])
    return _("%(best)s %(percent)s%%") % {"best": best, "percent": percent}


def _words(cell: Data, *, ten: bool) -> str:
    """What it rests on, and how sure it is."""
    facts = {"n": cell["n"]}
    if ten or cell["share_low"] is None or cell["share_high"] is None:
        return _("%(n)s 户回答") % facts
    facts |= {"low": round(100 * cell["share_low"]), "high": round(100 * cell["share_high"])}
    return _("%(n)s 户回答 · 全体约在 %(low)s%%–%(high)s%%") % facts


def _mean(cell: Data) -> str:
    names = ("mean", "low", "high")
    facts = {name: decimals_words(cell[name], 2) for name in names if cell[name] is not None}
    if len(facts) < len(names):
        return _("平均 %(mean)s 分（1–5 分）") % facts if facts else ""
    return _("平均 %(mean)s 分（1–5 分），全体约在 %(low)s–%(high)s 分") % facts


def _change_words(change: Data) -> str:
    return _("%(verdict)s（%(by)s 分）") % {"verdict": verdict_words(change["verdict"]), "by": f"{change['difference']:+.2f}"}


def _place(place: Data, key: str, *, ten: bool) -> Place:
    name = _("本小区合计") if place["by"] == COMMUNITY else place["label"]
    cell = place["cells"].get(key)
    if cell is None:
        return Place(name, None, "")
    if ten:
        return Place(name, None, _("平均 %(mean)s 分（%(n)s 户）") % {"mean": decimals_words(cell["mean"], 1), "n": cell["n"]})
    percent = _percent(cell["share"])
    return Place(name, percent, _("%(percent)s%%（%(n)s 户）") % {"percent": percent, "n": cell["n"]})
