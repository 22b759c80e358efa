"""The hidden truth of a simulated company: what analyses should find, and what they should not."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class HandlerTruth:
    """How good and how quick somebody really is: 0 is average, 1 is one standard deviation above."""

    quality: float
    speed: float


@dataclass(frozen=True)
class CommunityTruth:
    """What is true of one community: how much comes in, and how well it is run."""

    cases_per_home_and_month: float
    quality: float


@dataclass(frozen=True)
class Improvement:
    """From this month on (counted from the first) one item is served better in one community; ratings rise by ``stars``."""

    community: int
    item: str
    month: int
    stars: float


def handler_truth(rng: random.Random) -> HandlerTruth:
    return HandlerTruth(quality=rng.gauss(0, 1), speed=rng.gauss(0, 1))


def community_truth(rng: random.Random, grade: str) -> CommunityTruth:
    """Grades differ a little; communities of one grade differ by chance."""
    base = {"premium": 0.25, "standard": 0.0, "affordable": -0.2}[grade]
    return CommunityTruth(cases_per_home_and_month=0.2 + 0.08 * rng.random(), quality=base + 0.15 * rng.gauss(0, 1))


def stars(rng: random.Random, *, quality: float, late: bool, solved: bool, waited: bool) -> int:
    """A rating: a latent satisfaction cut at fixed thresholds, so that its mean follows from the truth."""
    latent = 0.9 + 0.45 * quality + rng.gauss(0, 1.0) - 0.7 * late - 1.6 * (not solved) - 0.15 * waited
    return 1 + sum(latent > cut for cut in (-1.2, -0.5, 0.1, 0.75))
