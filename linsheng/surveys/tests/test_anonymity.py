"""The attacker: a full dump, the access log, and who answered when give nothing better than chance."""

import json
import random
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from linsheng.communities.models import Home
from linsheng.core import clock
from linsheng.core.errors import Conflict
from linsheng.surveys import actions, sealing
from linsheng.surveys.answers import clean, questions_of
from linsheng.surveys.coarsening import coarsen
from linsheng.surveys.models import Answer, Ballot, SealedAnswer
from linsheng.surveys.tests.attacking import Visit, dump, links, marks_of, physical, recognised
from linsheng.surveys.tests.factories import add_homes, code_of, filled, filler, open_wave, posted
from tests.security.watching import difference, everything


def marks(questions, given) -> str:
    """By what the answer made of this form is recognised."""
    return recognised(clean(questions, given))


def answer_all(wave, homes, now) -> list[tuple[int, str, str]]:
    """Everybody answers, one after the other in random order; the truth, in that order."""
    homes, truth = list(homes), []
    random.Random(11).shuffle(homes)
    ballots = {ballot.home_id: ballot for ballot in Ballot.objects.filter(wave=wave)}
    fill, questions = filler(wave.version), questions_of(wave.version)
    for place, home in enumerate(homes):
        # Words that sort in no order of arrival.
        given = fill(place) | {"open.good": [], "open.improve": [f"意见 {random.Random(place).random()}"]}
        code = sealing.code_for(wave, ballots[home.pk])
        at = now + timedelta(minutes=place)
        actions.cast_answer(code=code, wave_id=wave.pk, given=given, key=f"k{place}", now=at)
        truth.append((ballots[home.pk].stratum_id, marks(questions, given), given["open.improve"][0]))
    return truth


def beyond_chance(cast, now, buildings: int, each: int) -> dict[str, int]:
    """The ways in which the attacker links more answers than by chance, and how many."""
    homes = add_homes(cast.community, buildings, each)
    wave = open_wave(cast.community, now)
    truth = answer_all(wave, homes, now)
    assert len({row[1] for row in truth}) == len(truth)
    actions.close_wave(wave=wave, by=None, now=now)
    found = links(truth)
    assert len(found) > 20
    # By chance one home of the wave is hit, or one of every building; six deviations of a Poisson number above that.
    most = {way: chance + 6 * chance**0.5 + 2 for way in found for chance in [buildings if "stratum" in way else 1]}
    return {way: number for way, number in found.items() if number > most[way]}


def test_the_attacker_links_no_better_than_chance(cast, now):
    assert beyond_chance(cast, now, 4, 20) == {}


@pytest.mark.slow
def test_the_attacker_links_no_better_than_chance_over_a_thousand_answers(cast, now):
    assert beyond_chance(cast, now, 20, 50) == {}


def test_all_answers_come_in_one_transaction_and_in_no_order(cast, now):
    homes = add_homes(cast.community, 1, 30)
    wave = open_wave(cast.community, now)
    truth = answer_all(wave, homes, now)
    actions.close_wave(wave=wave, by=None, now=now)
    rows = physical(Answer)
    assert len({row.get("_transaction") for row in rows}) == 1
    said = [marks_of(row) for row in rows]
    assert said != [row[1] for row in truth] and sorted(said) == sorted(row[1] for row in truth)
    assert {field.name for field in Answer._meta.fields} == {"id", "wave", "stratum", "home", "tenure", "mode", "values"}


def test_before_closing_a_dump_holds_nothing_readable(cast, now):
    wave = open_wave(cast.community, now)
    secret = "电梯每天都坏"
    given = filled(wave.version, 1, **{"open.improve": [secret]})
    actions.cast_answer(code=code_of(wave, cast.home), wave_id=wave.pk, given=given, key="k", now=now)
    everything_held = dump()
    assert secret not in everything_held and json.dumps(secret)[1:-1] not in everything_held
    assert code_of(wave, cast.home) not in everything_held
    # The wave's own secret, which a dump has, opens nothing without the half that no dump has.
    row = SealedAnswer.objects.get()
    assert sealing.unseal(wave, row.sealed)["values"]["open.improve"] == secret
    with override_settings(SECRET_KEY="of another installation"), pytest.raises(Conflict):
        sealing.unseal(wave, row.sealed)


def test_an_answer_changes_its_ballot_and_fills_the_urn_and_nothing_else(cast):
    wave = open_wave(cast.community, clock.now())
    client = Client()
    client.get(f"/s/{code_of(wave, cast.home)}")
    client.get("/s/")
    before = everything()
    client.post("/s/", posted(wave, filled(wave.version)))
    client.get("/s/done/")
    changed = difference(before, everything())
    assert set(changed) == {"surveys.Ballot", "surveys.SealedAnswer"}
    from django.contrib.sessions.models import Session

    assert not Session.objects.exists()


def visits(client: Client, wave, home: Home, seed: int, **changes) -> list[Visit]:
    """The access log of one household."""
    code = code_of(wave, home)
    log = []
    for method, path, data in (
        ("get", f"/s/{code}", {}),
        ("get", "/s/", {}),
        ("post", "/s/", posted(wave, filled(wave.version, seed, **changes), f"k{seed}")),
        ("get", "/s/done/", {}),
    ):
        answer = getattr(client, method)(path, data)
        log.append(Visit(path.replace(code, "CODE"), answer.status_code, len(answer.content)))
    return log


def test_the_access_log_is_the_same_whatever_was_answered(cast):
    wave = open_wave(cast.community, clock.now())
    quiet = {"complaint.made": ["no"], "repair.made": ["no"], "open.improve": [], "open.good": []}
    loud = {"open.improve": ["很长" * 200]}
    assert visits(Client(), wave, cast.home, 1, **quiet) == visits(Client(), wave, cast.neighbour_home, 2, **loud)


def test_no_log_line_of_ours_holds_a_code(cast, caplog):
    wave = open_wave(cast.community, clock.now())
    code = code_of(wave, cast.home)
    client = Client()
    client.get(f"/s/{code}")
    client.post("/s/", posted(wave, filled(wave.version)))
    assert Client().get(f"/s/{code}").status_code == 410
    assert code not in caplog.text


def some(stratum: int, number: int, mode: str = "web", tenure: str = "owner") -> list[dict]:
    return [{"stratum": stratum, "mode": mode, "tenure": tenure, "values": {}} for _each in range(number)]


def groups(contents: list[dict], *names: str) -> dict:
    found: dict = {}
    for content in contents:
        key = tuple(content[name] for name in names)
        found[key] = found.get(key, 0) + 1
    return found


def test_small_groups_lose_what_would_point_at_them():
    contents = some(1, 8) + some(2, 3) + some(3, 6) + some(1, 2, "paper") + some(3, 1, tenure="let")
    coarsen(contents)
    # Three of building 2 alone would be known: the next smallest building stands with them.
    assert groups(contents, "stratum") == {(1,): 10, (None,): 10}
    assert all(size >= 5 for size in groups(contents, "stratum", "mode", "tenure").values())


def test_a_tiny_wave_keeps_nothing():
    contents = some(1, 2) + some(2, 1, "phone")
    coarsen(contents)
    assert groups(contents, "stratum", "mode", "tenure") == {(None, "", ""): 3}


def test_large_groups_keep_everything():
    contents = some(1, 6) + some(1, 6, "paper") + some(2, 6, tenure="let")
    coarsen(contents)
    assert groups(contents, "stratum", "mode", "tenure") == {(1, "web", "owner"): 6, (1, "paper", "owner"): 6, (2, "web", "let"): 6}
