"""What residents really think, and what they answer: the truth behind simulated surveys, as arrays.

A home has a mood that stays from one wave to the next, a building has its own level in each item, an item may be served better
from some wave on. What is latent is rounded to the scale. Who is content answers more often, and so do owners: answers alone
flatter. Nothing here knows the database: ``waves`` writes rows of it, and tests draw hundreds of waves of it.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOOD, NOISE, OVERALL_NOISE = 0.55, 0.75, 0.45
MOOD_KEPT = 0.8
BUILDING_SPREAD, ITEM_SPREAD = 0.12, 0.1
TENANT_MOOD = -0.4
# Chance to answer, as log odds: owners, tenants, and what a mood one standard deviation up adds.
OWNER_ANSWERS, TENANT_ANSWERS, CONTENT_ANSWERS = 0.25, -0.9, 0.35
SKIPPED = 0.02
COMPLAINED, REPAIRED = 0.13, 0.35
NO_CONTACT, NOT_ASKED = 0, -1


@dataclass(frozen=True, slots=True)
class ItemTruth:
    """One item on the scale 1–5: where it stands in an average community, and how many had nothing to do with it."""

    key: str
    level: float
    no_contact: float = 0.04
    gate: str = ""


ITEMS: tuple[ItemTruth, ...] = (
    ItemTruth("service.desk", 3.9, 0.12),
    ItemTruth("service.hotline", 3.6, 0.28),
    ItemTruth("staff.attitude", 4.1, 0.03),
    ItemTruth("complaint.handling", 3.0, 0.02, "complaint.made"),
    ItemTruth("complaint.followup", 2.8, 0.02, "complaint.made"),
    ItemTruth("facility.lift", 3.5, 0.03),
    ItemTruth("facility.water_fire", 3.7, 0.15),
    ItemTruth("facility.lighting_roads", 3.7),
    ItemTruth("facility.outage_notice", 3.3, 0.06),
    ItemTruth("repair.home", 3.7, 0.08, "repair.made"),
    ItemTruth("repair.public", 3.4, 0.1, "repair.made"),
    ItemTruth("safety.gate", 3.8),
    ItemTruth("safety.fire_lane", 3.2, 0.08),
    ItemTruth("parking.order", 2.9, 0.22),
    ItemTruth("environment.cleaning", 3.9, 0.02),
    ItemTruth("environment.waste", 3.4, 0.03),
    ItemTruth("environment.green", 3.9, 0.04),
    ItemTruth("openness.accounts", 2.9, 0.18),
    ItemTruth("life.events", 3.5, 0.35),
)
PLACE = {item.key: place for place, item in enumerate(ITEMS)}
# What the overall judgement is made of: the key drivers that an analysis should find, in this order.
DRIVERS: Mapping[str, float] = {
    "staff.attitude": 0.28,
    "facility.lift": 0.24,
    "environment.cleaning": 0.2,
    "safety.gate": 0.15,
    "openness.accounts": 0.13,
}
OVERALL = 3.75
# Follow from the overall judgement: how far below it, with noise of their own.
FOLLOWING: Mapping[str, float] = {"overall": 0.0, "expectation": -0.55, "ideal": -0.4, "value.service": -0.35}
SCALES: tuple[str, ...] = (*FOLLOWING, *PLACE)


@dataclass(frozen=True, slots=True)
class Gain:
    """From this wave on (0 is the first) an item is served better, in some buildings (by place) or in all; in latent points."""

    key: str
    points: float
    wave: int = 1
    buildings: tuple[int, ...] | None = None


# By community in turn: much that got better, one thing, and nothing at all.
PLANTED: tuple[tuple[Gain, ...], ...] = (
    (Gain("facility.outage_notice", 0.6), Gain("environment.waste", 0.55), Gain("facility.lift", 0.9, 1, (0, 1))),
    (Gain("parking.order", 0.6),),
    (),
)


@dataclass(frozen=True, eq=False)
class SurveyTruth:
    """What is true of one community: ``levels`` (buildings × items) before anything was improved, and the ``gains``."""

    levels: Floats
    gains: tuple[Gain, ...] = ()

    def latent(self, wave: int) -> Floats:
        """Levels (buildings × items) as they are in a wave."""
        levels = self.levels.copy()
        for gain in self.gains:
            if gain.wave <= wave:
                levels[slice(None) if gain.buildings is None else list(gain.buildings), PLACE[gain.key]] += gain.points
        return levels

    def overall(self, wave: int) -> Floats:
        """The latent overall judgement of each building."""
        levels = self.latent(wave)
        parts = [weight * (levels[:, PLACE[key]] - ITEMS[PLACE[key]].level) for key, weight in DRIVERS.items()]
        return np.asarray(OVERALL + np.sum(parts, axis=0))

    @property
    def improved(self) -> frozenset[str]:
        """What got better in some building; overall and what follows it too, if one of its drivers did."""
        keys = {gain.key for gain in self.gains}
        return frozenset(keys | (set(FOLLOWING) if keys & set(DRIVERS) else set()))

    def expected(self, key: str, wave: int) -> Floats:
        """The true mean mark (1–5) of an item in each building, over owners (tenants: ``TENANT_MOOD`` below)."""
        if key in PLACE:
            return scale_mean(self.latent(wave)[:, PLACE[key]], float(np.hypot(MOOD, NOISE)))
        spread = np.sqrt(MOOD**2 + sum(weight**2 for weight in DRIVERS.values()) * NOISE**2 + OVERALL_NOISE**2)
        more = NOISE if key != "overall" else 0.0
        return scale_mean(self.overall(wave) + FOLLOWING[key], float(np.hypot(spread, more)))


def scale_mean(latent: npt.ArrayLike, spread: float) -> Floats:
    """Mean of a normal latent judgement that is rounded and cut to 1–5."""
    cuts = np.array([1.5, 2.5, 3.5, 4.5])
    above = special.ndtr((np.asarray(latent, dtype=np.float64)[..., None] - cuts) / spread)
    return np.asarray(1 + above.sum(axis=-1))


def survey_truth(rng: random.Random, *, buildings: int, quality: float = 0.0, gains: Sequence[Gain] = ()) -> SurveyTruth:
    """Draw a community: better where ``quality`` is, its buildings and their items a little apart."""
    numbers = np.random.default_rng(rng.getrandbits(64))
    base = np.array([item.level for item in ITEMS]) + 0.5 * quality
    own = numbers.normal(0, BUILDING_SPREAD, (buildings, 1)) + numbers.normal(0, ITEM_SPREAD, (buildings, len(ITEMS)))
    # Gains of buildings that a small community does not have are no gains.
    kept = [gain for gain in gains if gain.buildings is None or max(gain.buildings) < buildings]
    return SurveyTruth(base[None] + own, tuple(kept))


@dataclass(frozen=True, eq=False)
class Households:
    """Who can be asked: of each home its building (place), whether it is let, and the mood that stays."""

    building: Ints
    let: Flags
    mood: Floats

    @classmethod
    def of(cls, rng: random.Random, building: Sequence[int], let: Sequence[bool]) -> "Households":
        numbers = np.random.default_rng(rng.getrandbits(64))
        tenants = np.array(let, dtype=np.bool_)
        mood = numbers.normal(0, MOOD, tenants.size) + TENANT_MOOD * tenants
        return cls(np.array(building, dtype=np.int64), tenants, mood)

    def __len__(self) -> int:
        return int(self.building.size)


@dataclass(frozen=True, eq=False)
class Opinions:
    """What every home would answer, and whether it does: marks 1–5, ``NO_CONTACT``, or ``NOT_ASKED`` (gated, skipped)."""

    homes: Households
    marks: Mapping[str, Ints]
    recommend: Ints
    complained: Flags
    repaired: Flags
    answers: Flags
    luck: Floats = field(default_factory=lambda: np.empty(0))

    @cached_property
    def respondents(self) -> Ints:
        return np.flatnonzero(self.answers)

    def population_mean(self, key: str) -> float:
        """The mean mark of all homes that have one: what a survey without non-response would find."""
        marks = self.marks[key]
        return float(marks[marks > 0].mean())

    def values(self, home: int) -> dict[str, Any]:
        """The marks as they are kept of an answer, by question key, in no particular order."""
        found: dict[str, Any] = {}
        for key, marks in self.marks.items():
            if marks[home] != NOT_ASKED:
                found[key] = "na" if marks[home] == NO_CONTACT else int(marks[home])
        found["recommend"] = int(self.recommend[home])
        found["complaint.made"] = "yes" if self.complained[home] else "no"
        found["repair.made"] = "yes" if self.repaired[home] else "no"
        found["tenure"] = "tenant" if self.homes.let[home] else "owner"
        found["years"] = str(1 + int(self.luck[home] * 4))
        return found


def draw(rng: random.Random, truth: SurveyTruth, homes: Households, wave: int) -> Opinions:
    """One wave of a community."""
    numbers = np.random.default_rng(rng.getrandbits(64))
    size = len(homes)
    tenants = TENANT_MOOD * homes.let
    fresh = numbers.normal(0, MOOD * np.sqrt(1 - MOOD_KEPT**2), size)
    mood = tenants + MOOD_KEPT * (homes.mood - tenants) + fresh
    latent = truth.latent(wave)[homes.building] + mood[:, None] + numbers.normal(0, NOISE, (size, len(ITEMS)))
    overall = OVERALL + numbers.normal(0, OVERALL_NOISE, size)
    for key, weight in DRIVERS.items():
        overall = overall + weight * (latent[:, PLACE[key]] - ITEMS[PLACE[key]].level)
    complained = numbers.random(size) < np.clip(COMPLAINED - 0.1 * mood, 0.02, 0.6)
    repaired = numbers.random(size) < REPAIRED
    odds = np.where(homes.let, TENANT_ANSWERS, OWNER_ANSWERS) + CONTENT_ANSWERS * mood / MOOD
    return Opinions(
        homes=homes,
        marks=_following(numbers, overall) | _marks(numbers, latent, {"complaint.made": complained, "repair.made": repaired}),
        recommend=np.clip(np.rint((overall - 1) * 2.5 + numbers.normal(0, 1.2, size)), 0, 10).astype(np.int64),
        complained=complained,
        repaired=repaired,
        answers=numbers.random(size) < special.expit(odds),
        luck=numbers.random(size),
    )


def _rounded(latent: Floats) -> Ints:
    return np.clip(np.rint(latent), 1, 5).astype(np.int64)


def _following(numbers: np.random.Generator, overall: Floats) -> dict[str, Ints]:
    found = {}
    for key, below in FOLLOWING.items():
        own = numbers.normal(0, NOISE, overall.size) if key != "overall" else 0.0
        found[key] = _rounded(overall + below + own)
    return found


def _marks(numbers: np.random.Generator, latent: Floats, gates: Mapping[str, Flags]) -> dict[str, Ints]:
    marks = _rounded(latent)
    luck = numbers.random(marks.shape)
    found = {}
    for place, item in enumerate(ITEMS):
        column = marks[:, place]
        column[luck[:, place] < item.no_contact] = NO_CONTACT
        column[luck[:, place] > 1 - SKIPPED] = NOT_ASKED
        if item.gate:
            column[~gates[item.gate]] = NOT_ASKED
        found[item.key] = column
    return found
