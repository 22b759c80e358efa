"""The attacker who sets the tables of the result against the stored answers."""

import random
from collections import Counter

import numpy as np
import pytest
from scipy.optimize import linprog

from linsheng.statistics.suppression import exposed
from linsheng.surveys import mixing
from linsheng.surveys.actions import telling
from linsheng.surveys.models import Answer, Ballot
from linsheng.surveys.queries.results import result_of
from linsheng.surveys.tests.attacking import GATED, marks_of, physical, recognised, values_of
from linsheng.surveys.tests.factories import with_few_let
from linsheng.surveys.tests.test_anonymity_of_facts import mixed_wave


def found_by_equations(wave, truth) -> tuple[int, int]:
    """He looks among the rows without a tenure for the tenants of strata with fewer than five: those whose marks, with the rows
    that say so, add up to the table of tenants. Returns how many he finds, and how many there are."""
    found, rows = result_of(wave), physical(Answer)
    dark = [row for row in rows if not row["tenure"]]
    strata = sorted({row["stratum_id"] for row in dark})
    known = Counter((home.facts["stratum_id"], home.facts["tenure"]) for home in truth)
    wanted, left = [], []
    for key in found.by_key:
        cell = found.table("tenure").cell("let", key)
        if key in GATED or cell is None or cell.distribution is None:
            continue
        for value, count in cell.distribution.items():
            light = sum(row["tenure"] == "let" and str(values_of(row).get(key)) == value for row in rows)
            left.append([float(str(values_of(row).get(key)) == value) for row in dark])
            wanted.append(count - light)
    for stratum in strata:
        left.append([float(row["stratum_id"] == stratum) for row in dark])
        wanted.append(known[stratum, "let"])
    most = linprog(np.zeros(len(dark)), A_eq=np.array(left), b_eq=np.array(wanted), bounds=(0, 1))
    rare = {stratum for stratum in strata if known[stratum, "let"] < 5}
    theirs = {home.marks for home in truth if home.facts["tenure"] == "let" and home.facts["stratum_id"] in rare}
    likely = most.x if most.x is not None else np.zeros(len(dark))
    guessed = {marks_of(row) for row, share in zip(dark, likely, strict=True) if share > 0.9 and row["stratum_id"] in rare}
    return len(guessed & theirs), len(theirs)


def test_the_tables_do_not_tell_the_tenure_that_was_left_out(cast, now):
    wave, truth = mixed_wave(cast.community, now, 14, 22, seed=4)
    assert result_of(wave).table("tenure").known == len(truth)
    right, there = found_by_equations(wave, truth)
    assert there > 15 and right <= 1


def test_without_mixing_they_would(cast, now, monkeypatch):
    """The attack is a real one: it finds most of them."""
    monkeypatch.setattr(telling, "mix", lambda contents, sets, asked: None)
    wave, truth = mixed_wave(cast.community, now, 14, 22, seed=4)
    right, there = found_by_equations(wave, truth)
    assert right > 0.6 * there


def test_mixing_keeps_every_sum_of_a_building(cast, now):
    wave, truth = mixed_wave(cast.community, now, 14, 22, seed=4)
    rows = list(Answer.objects.filter(wave=wave))
    said, kept = Counter(), Counter()
    for home in truth:
        said.update((home.facts["stratum_id"], home.marks.count(f": {n}")) for n in range(6))
    cells = result_of(wave).table("building")
    labels = dict(wave.strata.values_list("pk", "label"))
    for row in rows:
        kept[labels[row.stratum_id], row.values.get("overall")] += 1
    for level, row in cells.cells.items():
        if row["overall"] is not None and row["overall"].distribution:
            assert {value: kept[level, int(value)] for value in row["overall"].distribution} == row["overall"].distribution
    assert sum(recognised(row.values) not in {home.marks for home in truth} for row in rows) >= 5 * mixing.FEWEST_SETS


@pytest.mark.parametrize("seed", range(8))
def test_the_tables_less_the_stored_marks_behind_gates_tell_of_nobody(cast, now, seed):
    """For each question that some were asked: no sum over fewer than five of a building and tenure whose marks were left out."""
    rng = random.Random(seed)
    wave, truth = mixed_wave(cast.community, now, rng.choice([4, 6, 9]), rng.choice([14, 24, 40]), seed=seed)
    found = result_of(wave)
    labels = dict(wave.strata.values_list("pk", "label"))
    stored = {marks_of(row): values_of(row) for row in physical(Answer)}
    for key in GATED:
        asked = [home for home in truth if home.facts[f"{key.split('.')[0]}.made"] == "yes"]
        shown = np.array([stored.get(home.marks, {}).get(key) is not None for home in asked])
        places = [(labels[home.facts["stratum_id"]], home.facts["tenure"]) for home in asked]
        tables = [[1.0] * len(asked)] if not found.by_key[key].estimate.hidden else []
        for table, at in ((found.table("building"), 0), (found.table("tenure"), 1)):
            for level in table.levels if table and table.known == len(truth) else ():
                if table.cell(level.value, key) is not None:
                    tables.append([float(place[at] == level.value) for place in places])
        rest = np.array(tables).reshape(-1, len(asked))[:, ~shown]
        dark = [place for place, seen in zip(places, shown, strict=True) if not seen]
        groups = [[float(place == group) for place in dark] for group in set(dark)]
        few = np.array([group for group in groups if sum(group) < 5]).reshape(-1, len(dark))
        if len(few) and len(rest):
            assert not exposed(rest, few).any(), (key, seed)


def test_a_wave_with_few_small_groups_shows_no_more_tenures_than_it_keeps(cast, now):
    wave = with_few_let(cast.community, now)
    found = result_of(wave)
    assert found.whole and found.table("tenure").known == 30 == Answer.objects.exclude(tenure="").count()
    assert ("no_tenure", 30) in {(note.code, note.n) for note in found.notes}
    assert Ballot.objects.filter(wave=wave, state="answered").count() == 60
