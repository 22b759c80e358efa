"""Composes a report: a voice decides how somebody greets, how much they add and how they press."""

from collections.abc import Mapping
from dataclasses import dataclass

from linsheng.simulate.corpus import common
from linsheng.simulate.corpus.shape import Say, Scenario
from linsheng.simulate.phrasing import Filling, pick

_PROBLEM_KINDS = frozenset({"repair", "complaint"})
_WORK_OF_KIND: Mapping[str, str] = {"enquiry": "ask", "suggestion": "idea", "praise": "praise", "help": "aid"}
_WORKS_SOMEWHERE = frozenset({"fix", "order"})
_THANKING_WORKS = frozenset({"praise", "aid"})
_THANKS = "谢"
_NEAR_THE_END = 8
_ENDINGS = "。！？…"


@dataclass(frozen=True, slots=True)
class Manner:
    """How likely a voice greets, says where, tells what it causes, what went before, and asks; 0..1 each."""

    hail: float
    place: float
    effect: float
    history: float
    ask: float
    mark: str = "。"


@dataclass(frozen=True, slots=True)
class Report:
    """What was said: with greeting and request as written, and the matter alone as others note it down."""

    text: str
    matter: str


_MANNERS: Mapping[str, Manner] = {
    "plain": Manner(hail=0.25, place=0.3, effect=0.5, history=0.2, ask=0.5),
    "polite": Manner(hail=1.0, place=0.3, effect=0.4, history=0.1, ask=1.0),
    "angry": Manner(hail=0.5, place=0.3, effect=0.6, history=0.5, ask=0.9, mark="！"),
    "elderly": Manner(hail=0.85, place=0.3, effect=0.5, history=0.15, ask=0.9),
}


def work_of(scenario: Scenario, kind: str) -> str:
    """Return what the reporter is after: fix, order, answer, ask, idea, praise or aid."""
    return _WORK_OF_KIND.get(kind, scenario.work)


def closed(sentence: str, mark: str = "。") -> str:
    """Return the sentence with a mark at its end, unless it has one."""
    return sentence if sentence[-1] in _ENDINGS else sentence + mark


def compose(filling: Filling, scenario: Scenario, say: Say, kind: str) -> Report:
    """Return a report of what the scenario says, in a voice that is drawn for its kind."""
    if filling.situation.urgency == "emergency":
        return _alarm(filling, say)
    voice = pick(filling.rng, common.VOICES_OF_KIND[kind])
    work = work_of(scenario, kind)
    if voice == "brief":
        return _brief(filling, say, work)
    background = _background(filling, say, work, _MANNERS[voice]) if kind in _PROBLEM_KINDS else []
    return _spoken(filling, say, voice, work, background)


def _alarm(filling: Filling, say: Say) -> Report:
    hail = filling.one_of(common.HAILS["emergency"]) if filling.chance(0.45) else ""
    said = filling.fill(say.template)
    matter = _where(filling, say, said, 1.0) + closed(said, "！")
    tail = closed(filling.one_of(common.ON_SITE)) if filling.chance(0.45) else ""
    return Report(hail + matter + tail, matter)


def _brief(filling: Filling, say: Say, work: str) -> Report:
    said = filling.fill(say.template)
    matter = _where(filling, say, said, 1.0) + said
    asks = common.ASKS.get(("brief", work))
    text = f"{closed(matter, '，')}{filling.one_of(asks)}" if asks and filling.chance(0.4) else matter
    return Report(text, closed(matter))


def _where(filling: Filling, say: Say, said: str, share: float) -> str:
    spot = filling.word("spot")
    return f"{spot}，" if not say.names_place and spot not in said and filling.chance(share) else ""


def _spoken(filling: Filling, say: Say, voice: str, work: str, background: list[str]) -> Report:
    manner = _MANNERS[voice]
    hail = filling.one_of(common.HAILS[voice]) if filling.chance(manner.hail) else ""
    said = filling.fill(say.template)
    where = _where(filling, say, said, manner.place) if work in _WORKS_SOMEWHERE else ""
    matter = where + closed(said, manner.mark) + "".join(background)
    thanked = work in _THANKING_WORKS and _THANKS in matter[-_NEAR_THE_END:]
    if thanked or not filling.chance(manner.ask):
        return Report(hail + matter, matter)
    return Report(hail + matter + closed(filling.one_of(common.ASKS[voice, work]), manner.mark), matter)


def _background(filling: Filling, say: Say, work: str, manner: Manner) -> list[str]:
    parts = []
    if say.effects and filling.chance(manner.effect):
        parts.append(closed(filling.one_of(say.effects)))
    if filling.chance(manner.history):
        parts.append(closed(filling.one_of(common.HISTORY[work]), manner.mark))
    return parts
