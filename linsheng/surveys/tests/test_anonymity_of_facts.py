"""The attacker who knows facts: building, tenure, how long they live there, who complained, who answered on paper."""

import random
from collections import Counter

import pytest

from linsheng.communities.models import Home as Dwelling
from linsheng.surveys.actions.closing import _comments
from linsheng.surveys.answers import questions_of
from linsheng.surveys.coarsening import coarsen
from linsheng.surveys.models import Answer, Ballot, Block, Comment, Wave
from linsheng.surveys.queries.questionnaires import asked, flat
from linsheng.surveys.tests.attacking import FACTS, GATED, Home, fewest_alike, links_by_facts, recognised
from linsheng.surveys.tests.factories import add_homes, open_wave, sealed_with

TENANTS, COMPLAINED, REPAIRED, ANSWERING = 0.17, 0.13, 0.35, 0.8


def drawn(questions, home: Dwelling, rng: random.Random) -> dict:
    """What a home says: facts that are its own, marks by chance."""
    values = {each.key: rng.randint(1, 5) for each in questions if each.kind in {"scale", "ten"}}
    values |= {"tenure": "tenant" if home.tenure == "let" else "owner", "years": rng.choices("1234", (1, 2, 4, 3))[0]}
    for gate, share in (("complaint.made", COMPLAINED), ("repair.made", REPAIRED)):
        values[gate] = "yes" if rng.random() < share else "no"
    shut = [key for key in GATED if values[f"{key.split('.')[0]}.made"] == "no"]
    unsaid = [key for key in FACTS if rng.random() < 0.02]
    return {key: value for key, value in values.items() if key not in {*shut, *unsaid}}


def mixed_wave(community, now, buildings: int, each: int, seed: int = 1) -> tuple[Wave, list[Home]]:
    """A closed wave as they are, and what is true of each home that answered."""
    rng = random.Random(seed)
    homes = add_homes(community, buildings, each, tenure="owner")
    for home in homes:
        home.tenure = "let" if rng.random() < TENANTS else "owner"
    Dwelling.objects.bulk_update(homes, ["tenure"], batch_size=500)
    wave = open_wave(community, now)
    questions = list(flat(asked(wave.version)))
    rows = [
        (home, drawn(questions, home, rng), rng.choices(("web", "paper", "phone"), (75, 17, 8))[0])
        for home in homes
        if rng.random() < ANSWERING
    ]
    strata = dict(Ballot.objects.filter(wave=wave).values_list("home", "stratum"))
    truth = [
        Home({key: v.get(key) for key in FACTS} | {"stratum_id": strata[h.pk], "tenure": h.tenure, "mode": mode}, recognised(v))
        for h, v, mode in rows
    ]
    assert len({home.marks for home in truth}) == len(truth)
    return sealed_with(wave, now, rows), truth


@pytest.mark.parametrize(("buildings", "each"), [(26, 50), (60, 22)])
def test_who_knows_every_fact_of_every_home_links_no_better_than_chance(cast, now, buildings, each):
    _wave, truth = mixed_wave(cast.community, now, buildings, each)
    assert len(truth) > 1000
    found = links_by_facts(truth)
    assert found.fewest >= 5 and fewest_alike() >= 5
    # One-sided; four deviations, for the order is drawn anew each time.
    assert found.right <= found.by_chance + 4 * found.by_chance**0.5
    assert found.by_chance <= len(truth) / 5


def test_what_enough_share_is_kept(cast, now):
    mixed_wave(cast.community, now, 8, 60)
    rows = list(Answer.objects.all())
    assert all(row.stratum_id for row in rows)
    assert sum(row.tenure != "" for row in rows) > 0.7 * len(rows)
    assert sum(row.values.get("repair.made") is not None for row in rows) > 0.2 * len(rows)


@pytest.fixture
def questions(cast, now):
    return questions_of(open_wave(cast.community, now).version)


def some(number: int, *, stratum: int = 1, tenure: str = "owner", mode: str = "web", **values) -> list[dict]:
    given = {key.replace("_", "."): value for key, value in values.items()}
    return [{"stratum": stratum, "tenure": tenure, "mode": mode, "values": dict(given)} for _each in range(number)]


def test_a_gate_that_is_left_out_takes_the_marks_behind_it(questions):
    contents = some(12, complaint_made="no", overall=4) + some(2, complaint_made="yes", complaint_handling=1, overall=2)
    coarsen(contents, questions)
    assert {content["values"]["complaint.made"] for content in contents} == {None}
    assert {content["values"]["complaint.handling"] for content in contents} == {None}
    assert sorted(content["values"]["overall"] for content in contents) == [2] * 2 + [4] * 12


def test_whether_a_fact_was_answered_is_a_fact(questions):
    contents = some(9, years="1") + some(2)
    coarsen(contents, questions)
    assert [content["values"]["years"] for content in contents] == [None] * 11


def test_facts_go_in_the_order_of_their_use(questions):
    contents = [*some(10, years="1"), *some(9, years="2"), *some(5, years="1", tenure="let"), *some(1, mode="paper", years="2")]
    coarsen(contents, questions)
    kept = Counter((content["tenure"], content["values"]["years"], content["mode"]) for content in contents)
    assert kept == {("owner", "1", "web"): 10, ("owner", "2", ""): 10, ("let", "1", "web"): 5}


def test_of_fewer_than_five_answers_neither_marks_nor_words_are_kept(cast, now):
    homes = add_homes(cast.community, 1, 12)
    wave = open_wave(cast.community, now)
    sealed_with(wave, now, [(home, {"overall": 1, "complaint.made": "yes", "open.improve": "电梯"}, "web") for home in homes[:4]])
    rows = list(Answer.objects.all())
    assert len(rows) == 4 and not any(value for row in rows for value in row.values.values())
    assert not Comment.objects.exists()


def test_words_behind_a_gate_that_is_left_out_stand_without_their_building(cast, now):
    """Twelve of a building answered and two of them had complained: their words would tell which marks to look for."""
    wave = open_wave(cast.community, now)
    (text,) = [question for question, _block in questions_of(wave.version) if question.code == "open.good"]
    gate = next(question for question, _block in questions_of(wave.version) if question.code == "complaint.made")
    block = Block(gate=gate, gate_values=["yes"])
    contents = some(10, complaint_made="no") + some(2, complaint_made="yes", open_good="好")
    rows = [Answer(wave=wave) for _each in contents]
    for values, stratum in (({"complaint.made": None}, None), ({"complaint.made": "yes"}, None)):
        for content in contents[10:]:
            content["values"] |= values
        assert {comment.stratum_id for comment in _comments(wave, contents, rows, [(text, block)])} == {stratum}
    for content in contents:
        content["values"] |= {"complaint.made": "yes"}
    assert {comment.stratum_id for comment in _comments(wave, contents, rows, [(text, block)])} == {1}
