"""The promises a new company starts with: how fast, for each item × grade × urgency.

Minutes of the ``always`` calendar are wall minutes; minutes of the ``office`` calendar are working
minutes, 450 to a working day. Items that share a way of working share a row (a *pace*).
"""

from dataclasses import dataclass

WORKING_DAY = 450
"""Working minutes of one office day: 08:30–12:00 and 14:00–18:00."""

HOUR = 60
DAY = 24 * HOUR

GRADES: tuple[str, ...] = ("premium", "standard", "affordable")
"""高档, 普通, 保障性: the quickest promise first."""

URGENCIES: tuple[str, ...] = ("emergency", "urgent", "normal")
"""紧急, 加急, 一般: the quickest promise first."""


@dataclass(frozen=True, slots=True)
class PromiseSpec:
    """What is promised: minutes to the first contact and to the result, counted in a calendar."""

    response_minutes: int
    resolution_minutes: int
    calendar: str


def _always(response: int, resolution: int) -> PromiseSpec:
    return PromiseSpec(response, resolution, "always")


def _office(response: int, resolution: int) -> PromiseSpec:
    return PromiseSpec(response, resolution, "office")


_Row = tuple[PromiseSpec, PromiseSpec, PromiseSpec]

# A pace: for each urgency, one promise a grade (premium, standard, affordable).
_PACES: dict[str, dict[str, _Row]] = {
    # People may be trapped: somebody answers within minutes, whatever the hour.
    "lift": {
        "emergency": (_always(5, 30), _always(10, 45), _always(15, 60)),
        "urgent": (_always(30, 12 * HOUR), _always(60, DAY), _always(120, DAY)),
        "normal": (_office(120, 2 * WORKING_DAY), _office(240, 3 * WORKING_DAY), _office(240, 5 * WORKING_DAY)),
    },
    # Water and electricity: make safe first, then mend.
    "utility": {
        "emergency": (_always(15, 2 * HOUR), _always(15, 4 * HOUR), _always(30, 6 * HOUR)),
        "urgent": (_always(60, 12 * HOUR), _always(60, DAY), _always(120, DAY)),
        "normal": (_office(120, 2 * WORKING_DAY), _office(240, 3 * WORKING_DAY), _office(240, 5 * WORKING_DAY)),
    },
    # Guards are on duty day and night.
    "guard": {
        "emergency": (_always(5, HOUR), _always(10, 2 * HOUR), _always(15, 2 * HOUR)),
        "urgent": (_always(30, 4 * HOUR), _always(60, 8 * HOUR), _always(60, 12 * HOUR)),
        "normal": (_office(120, 2 * WORKING_DAY), _office(240, 3 * WORKING_DAY), _office(240, 3 * WORKING_DAY)),
    },
    # Cleaners and gardeners work by day.
    "grounds": {
        "emergency": (_office(15, 120), _office(30, 240), _office(30, 240)),
        "urgent": (_office(60, WORKING_DAY), _office(120, WORKING_DAY), _office(120, 2 * WORKING_DAY)),
        "normal": (_office(120, 2 * WORKING_DAY), _office(240, 3 * WORKING_DAY), _office(240, 5 * WORKING_DAY)),
    },
    # Answers that need papers, accounts or a talk with somebody.
    "desk": {
        "emergency": (_office(15, 240), _office(30, 240), _office(30, WORKING_DAY)),
        "urgent": (_office(60, WORKING_DAY), _office(120, 2 * WORKING_DAY), _office(120, 2 * WORKING_DAY)),
        "normal": (_office(240, 3 * WORKING_DAY), _office(240, 5 * WORKING_DAY), _office(WORKING_DAY, 5 * WORKING_DAY)),
    },
    # Fairness takes time: both sides are heard before an answer is given.
    "inquiry": {
        "emergency": (_office(15, 240), _office(30, WORKING_DAY), _office(30, WORKING_DAY)),
        "urgent": (_office(60, 2 * WORKING_DAY), _office(120, 3 * WORKING_DAY), _office(120, 3 * WORKING_DAY)),
        "normal": (_office(240, 5 * WORKING_DAY), _office(240, 5 * WORKING_DAY), _office(WORKING_DAY, 7 * WORKING_DAY)),
    },
}

_PACE_OF_ITEM: dict[str, str] = {
    "facility.lift": "lift",
    "facility.water_fire": "utility",
    "facility.lighting_roads": "utility",
    "facility.outage_notice": "utility",
    "repair.home": "utility",
    "repair.public": "utility",
    "parking.charging": "utility",
    "safety.gate": "guard",
    "safety.patrol": "guard",
    "safety.fire_lane": "guard",
    "parking.order": "guard",
    "environment.noise": "guard",
    "environment.cleaning": "grounds",
    "environment.waste": "grounds",
    "environment.green": "grounds",
    "environment.pest": "grounds",
    "life.pets": "grounds",
    "staff.attitude": "inquiry",
    "staff.professional": "inquiry",
    "complaint.handling": "inquiry",
    "complaint.followup": "inquiry",
    "life.neighbour": "inquiry",
}
_DEFAULT_PACE = "desk"
_COLUMN = {grade: column for column, grade in enumerate(GRADES)}


def promise_for(item_code: str, grade: str, urgency: str) -> PromiseSpec:
    """Return the default promise; an unknown item gets the desk's pace, an unknown grade or urgency is a KeyError."""
    pace = _PACE_OF_ITEM.get(item_code, _DEFAULT_PACE)
    return _PACES[pace][urgency][_COLUMN[grade]]
