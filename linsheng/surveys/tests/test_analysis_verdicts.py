"""Planted improvements are found, planted nulls are not."""

import numpy as np

from linsheng.surveys.analysis import Columns, Factor, Spec, analyse

ITEMS = tuple(f"q{number}" for number in range(20))
HOMES = 600


def wave(rng, means, *, share=0.6):
    """Answers of a wave; homes that are less satisfied answer less often, and everybody answers anew."""
    mood = rng.normal(0, 0.5, HOMES)
    stays = rng.random(HOMES) < share * np.clip(1 + 0.3 * mood, 0.2, 1.5)
    noisy = np.round(means[None] + mood[:, None] + rng.normal(0, 0.8, (HOMES, means.size)))
    codes = np.clip(noisy[stays], 1, 5).astype(np.uint8) - 1
    codes[rng.random(codes.shape) < 0.1] = 5
    building = Factor((np.flatnonzero(stays) * 12 // HOMES).astype(np.int32), tuple(f"{n}栋" for n in range(12)))
    return Columns(len(codes), {item: codes[:, at] for at, item in enumerate(ITEMS)}, {"building": building})


def verdicts(rng, gain):
    means = rng.uniform(3.2, 4.3, len(ITEMS))
    spec = Spec(items=ITEMS, population=HOMES)
    found = analyse(wave(rng, means + gain), spec, wave(rng, means)).change
    return np.array([found[item].verdict for item in ITEMS])


def test_planted_nulls_are_called_improved_in_at_most_one_wave_in_twenty():
    rng = np.random.default_rng(20260301)
    called = [(verdicts(rng, np.zeros(len(ITEMS))) == "improved").any() for _ in range(100)]
    # Twenty items each, most homes asked: with a finite population correction it would be every other wave.
    assert np.mean(called) <= 0.05


def test_planted_improvements_are_found_beside_items_that_stayed():
    rng = np.random.default_rng(20260302)
    gain = np.where(np.arange(len(ITEMS)) < 4, 0.4, 0.0)
    found = np.array([verdicts(rng, gain) for _ in range(15)])
    assert (found[:, :4] == "improved").mean() >= 0.9
    assert (found[:, 4:] == "improved").mean() <= 0.01


def test_a_lapse_is_called_worse():
    rng = np.random.default_rng(20260303)
    assert (verdicts(rng, np.where(np.arange(len(ITEMS)) == 2, -0.6, 0.0))[2]) == "worse"


def test_buildings_on_target_are_seldom_named_low_and_a_low_one_is():
    rng = np.random.default_rng(20260304)
    named, caught = [], []
    for _ in range(5):
        columns = wave(rng, np.full(len(ITEMS), 3.8))
        target = np.mean([cell.mean for cell in analyse(columns, Spec(items=ITEMS)).items.values()]) - 0.02
        low = columns.factors["building"].codes == 7
        codes = columns.items["q3"].copy()
        codes[low & (codes < 5)] = np.minimum(codes[low & (codes < 5)], 1)
        planted = Columns(columns.n, {**columns.items, "q3": codes}, columns.factors)
        found = analyse(planted, Spec(items=ITEMS, by=("building",), target=float(target)))
        areas = {(area.item, area.level) for area in found.low_areas if area.by}
        caught.append(("q3", "7栋") in areas)
        named.append(len(areas - {("q3", "7栋")}))
    assert all(caught)
    assert np.mean(named) <= 2
