"""What the analysis finds of a known truth, and what it does not: hundreds of simulated waves as arrays."""

import random

import numpy as np
import pytest

from linsheng.simulate import opinions
from linsheng.simulate.opinions import Gain, Households
from linsheng.simulate.tests.surveying import UNGATED, columns_of, margins_of
from linsheng.statistics.regression_to_mean import beyond_regression
from linsheng.surveys.analysis import Spec, analyse

HOMES, BUILDINGS = 550, 9


def community(rng, *, gains=(), homes=HOMES, buildings=BUILDINGS):
    truth = opinions.survey_truth(rng, buildings=buildings, gains=gains)
    place = [number * buildings // homes for number in range(homes)]
    return truth, Households.of(rng, place, [rng.random() < 0.26 for _ in range(homes)])


def two_waves(rng, truth, homes):
    return [opinions.draw(rng, truth, homes, wave) for wave in (0, 1)]


def changed(waves, keys=UNGATED):
    before, now = (columns_of(wave, keys) for wave in waves)
    spec = Spec(items=keys, strata="building", population=margins_of(waves[0])["building"])
    return analyse(now, spec, before).change


def test_the_same_seed_says_the_same():
    def drawn():
        rng = random.Random(5)
        truth, homes = community(rng)
        wave = opinions.draw(rng, truth, homes, 1)
        return [wave.values(place) for place in wave.respondents]

    assert drawn() == drawn()


def test_the_truth_is_what_all_homes_would_say():
    rng = random.Random(6)
    truth, homes = community(rng, gains=opinions.PLANTED[0], homes=60_000)
    wave = opinions.draw(rng, truth, homes, 1)
    for key in UNGATED:
        marks = wave.marks[key]
        told = marks[(marks > 0) & ~homes.let].mean()
        assert told == pytest.approx(truth.expected(key, 1).mean(), abs=0.03), key


def test_who_is_content_and_who_owns_answers_more_often():
    rng = random.Random(7)
    truth, homes = community(rng, homes=20_000)
    wave = opinions.draw(rng, truth, homes, 0)
    happy = homes.mood > np.median(homes.mood)
    assert wave.answers[~homes.let].mean() > wave.answers[homes.let].mean() + 0.15
    assert wave.answers[happy].mean() > wave.answers[~happy].mean() + 0.1
    flattered = columns_of(wave).items["overall"]
    assert flattered[flattered < 5].mean() + 1 > wave.population_mean("overall") + 0.1


def test_nobody_who_had_nothing_to_complain_of_judges_how_it_was_handled():
    rng = random.Random(8)
    truth, homes = community(rng)
    wave = opinions.draw(rng, truth, homes, 0)
    for place in range(len(homes)):
        values = wave.values(place)
        assert values["complaint.made"] == "yes" or "complaint.handling" not in values
    assert any("na" in wave.values(place).values() for place in range(len(homes)))


@pytest.mark.slow
def test_planted_improvements_are_found_and_what_stayed_is_not():
    rng, found, wrong = random.Random(9), [], 0
    for _ in range(150):
        truth, homes = community(rng, gains=opinions.PLANTED[0])
        verdicts = {key: change.verdict for key, change in changed(two_waves(rng, truth, homes)).items()}
        found += [verdicts[key] == "improved" for key in ("facility.outage_notice", "environment.waste")]
        wrong += any(verdict == "improved" for key, verdict in verdicts.items() if key not in truth.improved)
    assert np.mean(found) >= 0.9
    assert wrong / 150 <= 0.05


@pytest.mark.slow
def test_where_nothing_changed_at_most_one_wave_in_twenty_has_an_item_called_improved():
    rng, called = random.Random(10), []
    for _ in range(300):
        truth, homes = community(rng)
        called.append(any(change.verdict == "improved" for change in changed(two_waves(rng, truth, homes)).values()))
    assert np.mean(called) <= 0.05


def building_means(wave, key):
    """Mean and standard error of each building; of the answers that came back."""
    columns = columns_of(wave, (key,))
    marks, place = columns.items[key].astype(float) + 1, columns.factors["building"].codes
    known = marks < 6
    groups = [marks[known & (place == building)] for building in range(int(wave.homes.building.max()) + 1)]
    return np.array([group.mean() for group in groups]), np.array([group.std(ddof=1) / len(group) ** 0.5 for group in groups])


@pytest.mark.slow
def test_the_worst_buildings_come_back_by_themselves_and_are_not_called_improved():
    rng, raw, called = random.Random(11), [], []
    for _ in range(200):
        truth, homes = community(rng, homes=1200, buildings=40)
        (x, v), (y, w) = (building_means(wave, "facility.lift") for wave in two_waves(rng, truth, homes))
        worst = np.argsort(x)[:5]
        chosen = np.isin(np.arange(40), worst)
        beyond = beyond_regression(x, v, y, w, chosen=chosen)
        raw.append((y - x)[worst].mean())
        called.append(((beyond.p_adjusted[worst] < 0.05) & (beyond.beyond[worst] > 0)).any())
    assert np.mean(raw) > 0.2
    assert np.mean(called) <= 0.05


def test_a_measure_in_the_worst_buildings_is_found_beyond_what_comes_back_by_itself():
    rng, found = random.Random(12), []
    for _ in range(10):
        truth, homes = community(rng, homes=2000, buildings=20)
        first = opinions.draw(rng, truth, homes, 0)
        x, v = building_means(first, "facility.lift")
        worst = np.argsort(x)[:4]
        mended = opinions.SurveyTruth(truth.levels, (Gain("facility.lift", 0.9, 1, tuple(worst.tolist())),))
        y, w = building_means(opinions.draw(rng, mended, homes, 1), "facility.lift")
        found.append(beyond_regression(x, v, y, w, chosen=np.isin(np.arange(20), worst)).together.low > 0)
    assert np.mean(found) >= 0.9


def test_weights_bring_the_mean_nearer_to_the_truth():
    """Tenants are less content and answer less; raking to building and tenure takes that part of the flattery away."""
    rng, plain, weighted = random.Random(13), [], []
    for _ in range(25):
        truth, homes = community(rng)
        wave = opinions.draw(rng, truth, homes, 0)
        margins = margins_of(wave)
        spec = Spec(items=("overall",), strata="building", population=margins["building"], margins=margins)
        cell = analyse(columns_of(wave, ("overall",)), spec).items["overall"]
        plain.append(cell.mean - wave.population_mean("overall"))
        weighted.append(cell.weighted.mean - wave.population_mean("overall"))
    # It takes away what hangs on tenure, and cannot take away what hangs on the mood alone.
    assert 0 < np.mean(weighted) < 0.75 * np.mean(plain)
    assert np.mean(np.square(weighted)) < np.mean(np.square(plain))
