"""How much of what comes in: the mix of items, kinds and urgencies of a plausible residential community.

Shares are proportions that the generator draws from; they are part of the known truth of the demo company.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from linsheng.simulate.corpus import CORPUS

EVEN_YEAR = (1.0,) * 12
_WET_SUMMER = (0.6, 0.6, 0.8, 1.0, 1.3, 1.5, 1.5, 1.5, 1.3, 0.9, 0.6, 0.5)
_HOT_SUMMER = (0.5, 0.5, 0.8, 1.0, 1.3, 1.5, 1.6, 1.6, 1.4, 1.0, 0.5, 0.4)
_YEAR_END = (1.5, 1.1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.0, 1.0, 1.4)

_QUIET_KINDS = frozenset({"suggestion", "enquiry", "praise"})
_URGENT_SHARE = 0.16


@dataclass(frozen=True, slots=True)
class ItemProfile:
    """What an item brings in: its weight among items, its kinds, its emergencies and its year.

    ``weight`` is in proportion to the other items; ``kinds`` and the result of :func:`urgency_shares`
    add up to 1; ``emergency`` is the share of emergencies among repairs, complaints and calls for help that
    can be one; ``months`` multiplies the weight, January first.
    """

    weight: float
    kinds: Mapping[str, float]
    emergency: float
    months: tuple[float, ...]


_MENDING = {"repair": 68, "complaint": 14, "enquiry": 8, "suggestion": 4, "praise": 5, "help": 1}
_ORDER = {"repair": 4, "complaint": 66, "enquiry": 12, "suggestion": 9, "praise": 7, "help": 2}
_TALK = {"complaint": 34, "enquiry": 42, "suggestion": 11, "praise": 9, "help": 4}
_CONDUCT = {"complaint": 52, "enquiry": 6, "suggestion": 10, "praise": 32}

_ROWS: Mapping[str, tuple[float, Mapping[str, int], float, tuple[float, ...]]] = {
    "service.desk": (2.6, _TALK, 0, EVEN_YEAR),
    "service.hotline": (1.4, _TALK, 0, EVEN_YEAR),
    "service.procedures": (3.2, _TALK, 0, EVEN_YEAR),
    "staff.attitude": (2.6, _CONDUCT, 0, EVEN_YEAR),
    "staff.professional": (1.2, _CONDUCT, 0, EVEN_YEAR),
    "complaint.handling": (1.2, _CONDUCT, 0, EVEN_YEAR),
    "complaint.followup": (1.3, _CONDUCT, 0, EVEN_YEAR),
    "facility.lift": (8.5, _MENDING, 0.05, EVEN_YEAR),
    "facility.water_fire": (5.0, _MENDING, 0.06, _WET_SUMMER),
    "facility.lighting_roads": (5.5, _MENDING, 0.02, _WET_SUMMER),
    "facility.outage_notice": (1.8, _TALK, 0, _HOT_SUMMER),
    "repair.home": (17.0, _MENDING, 0.06, _WET_SUMMER),
    "repair.public": (7.5, _MENDING, 0.02, _WET_SUMMER),
    "safety.gate": (3.6, _ORDER, 0.03, EVEN_YEAR),
    "safety.patrol": (2.2, _ORDER, 0.05, _YEAR_END),
    "safety.fire_lane": (2.4, _ORDER, 0.03, EVEN_YEAR),
    "parking.order": (5.5, _ORDER, 0.02, _YEAR_END),
    "parking.fee": (2.2, _TALK, 0, EVEN_YEAR),
    "parking.charging": (2.0, _MENDING, 0.02, EVEN_YEAR),
    "environment.cleaning": (4.6, _ORDER, 0, EVEN_YEAR),
    "environment.waste": (3.4, _ORDER, 0, _HOT_SUMMER),
    "environment.green": (2.2, _ORDER, 0.03, _WET_SUMMER),
    "environment.noise": (4.4, _ORDER, 0, EVEN_YEAR),
    "environment.pest": (2.2, _ORDER, 0.01, _HOT_SUMMER),
    "openness.accounts": (0.9, _TALK, 0, _YEAR_END),
    "openness.notice": (1.4, _TALK, 0, EVEN_YEAR),
    "life.events": (1.2, _TALK, 0, EVEN_YEAR),
    "life.neighbour": (1.7, _ORDER, 0.02, EVEN_YEAR),
    "life.pets": (1.6, _ORDER, 0.02, EVEN_YEAR),
    "value.fee": (2.6, _TALK, 0, _YEAR_END),
    "value.service": (0.8, _TALK, 0, _YEAR_END),
}


def _kind_shares(code: str, weights: Mapping[str, int]) -> dict[str, float]:
    """Keep the kinds that the item has words for, and for which an ordinary case makes sense."""
    texts = CORPUS[code]
    known = {kind: weights[kind] for kind in texts.kinds() if kind in weights and texts.urgencies(kind)}
    total = sum(known.values())
    return {kind: weight / total for kind, weight in known.items()}


PROFILES: Mapping[str, ItemProfile] = MappingProxyType(
    {code: ItemProfile(row[0], _kind_shares(code, row[1]), row[2], row[3]) for code, row in _ROWS.items()}
)
"""The profile of every item by its code."""


def urgency_shares(item_code: str, kind: str) -> dict[str, float]:
    """Return the shares of the urgencies that an item and kind have words for; they add up to 1."""
    known = CORPUS[item_code].urgencies(kind)
    if kind in _QUIET_KINDS:
        return {"normal": 1.0}
    shares = {"emergency": PROFILES[item_code].emergency or 0.01, "urgent": _URGENT_SHARE}
    shares["normal"] = 1 - sum(shares.values())
    kept = {urgency: share for urgency, share in shares.items() if urgency in known}
    total = sum(kept.values())
    return {urgency: share / total for urgency, share in kept.items()}
