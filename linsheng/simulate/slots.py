"""Words that follow from the situation: the place, the hour, the season, the person."""

from collections.abc import Mapping

from linsheng.simulate.corpus import common
from linsheng.simulate.corpus.shape import Texts
from linsheng.simulate.phrasing import Filler, Filling, pick


def _upper(filling: Filling) -> str:
    return str(filling.situation.place.floor + 1)


def _lower(filling: Filling) -> str:
    return str(max(1, filling.situation.place.floor - 1))


def _since(filling: Filling) -> str:
    return filling.one_of(common.SINCE[filling.situation.urgency])


def _when(filling: Filling) -> str:
    hour = filling.situation.hour
    today = [texts for start, texts in common.WHEN_TODAY.items() if hour is not None and hour >= start]
    if today and filling.chance(0.5):
        return filling.one_of(today[-1])
    return filling.one_of(common.WHEN)


def _of_month(by_month: Mapping[int, Texts], month: int | None) -> Texts:
    started = [start for start in by_month if month is not None and start <= month]
    return by_month[max(started, default=min(by_month))]


def _seasonal(by_month: Mapping[int, Texts]) -> Filler:
    return lambda filling: filling.one_of(_of_month(by_month, filling.situation.month))


def _staff(filling: Filling) -> str:
    code = filling.situation.item_code
    known = common.STAFF_OF
    return filling.situation.staff or filling.one_of(known.get(code) or known[code.split(".")[0]])


def _fee(filling: Filling) -> str:
    yuan = 6 + int(filling.rng.random() ** 2 * 300)
    return f"{yuan}.{pick(filling.rng, '05258')}" if filling.chance(0.3) else str(yuan)


def _plate(filling: Filling) -> str:
    digits = int(filling.rng.random() * 100)
    return f"尾号{digits:02d}{filling.one_of(common.WORDS['letter'])}的{filling.one_of(common.WORDS['colour'])}车"


DYNAMIC: Mapping[str, Filler] = {
    "community": lambda filling: filling.situation.place.community,
    "building": lambda filling: filling.situation.place.building,
    "unit": lambda filling: filling.situation.place.unit,
    "floor": lambda filling: str(filling.situation.place.floor),
    "home": lambda filling: filling.situation.place.home,
    "upper": _upper,
    "lower": _lower,
    "since": _since,
    "when": _when,
    "weather": _seasonal(common.RAIN),
    "heat": _seasonal(common.HEAT),
    "festival": _seasonal(common.FESTIVALS),
    "exam": _seasonal(common.EXAMS),
    "holiday": _seasonal(common.HOLIDAYS),
    "staff": _staff,
    "fee": _fee,
    "plate": _plate,
    "reporter": lambda filling: filling.situation.reporter or "业主",
}
"""Slots whose words depend on the facts of the story, by name."""
