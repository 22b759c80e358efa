"""The result is reckoned while a wave is being closed, of all that was said; what is stored afterwards holds less."""

import random
from datetime import timedelta

import pytest
from django.test import Client

from linsheng.surveys import actions
from linsheng.surveys.actions import telling
from linsheng.surveys.models import Answer, Ballot, KeptResult
from linsheng.surveys.queries.questionnaires import asked, flat
from linsheng.surveys.queries.results import result_of
from linsheng.surveys.results import as_data, restored
from linsheng.surveys.tests.factories import add_homes, open_wave, sealed_with, with_few_let
from linsheng.surveys.tests.test_anonymity_of_facts import drawn, mixed_wave

LATER = timedelta(days=180)


def test_every_tenure_gate_and_mode_counts_though_not_every_one_is_stored(cast, now):
    wave, truth = mixed_wave(cast.community, now, 14, 22, seed=4)
    found = result_of(wave)
    assert found.whole and KeptResult.objects.get().computed_at == now
    let = [home for home in truth if home.facts["tenure"] == "let"]
    assert {level.value: level.answers for level in found.table("tenure").levels} == {
        "let": len(let),
        "owner": len(truth) - len(let),
    }
    gate = next(choice for choice in found.choices if choice.asked.key == "complaint.made")
    assert gate.counts["yes"] == sum(home.facts["complaint.made"] == "yes" for home in truth)
    assert found.by_key["complaint.handling"].estimate.n >= gate.counts["yes"]
    assert "tenure" in found.margins and not any(note.code in {"no_tenure", "left_out"} for note in found.notes)
    assert sum(row.values.get("complaint.made") == "yes" for row in Answer.objects.all()) < gate.counts["yes"]
    assert Answer.objects.filter(tenure="").exists()


def again(cast, now, *, mean=0, seed=2):
    """The same homes answer again, a little better."""
    wave, rng = open_wave(cast.community, now), random.Random(seed)
    questions = list(flat(asked(wave.version)))
    homes = [ballot.home for ballot in Ballot.objects.filter(wave=wave).select_related("home")]
    rows = [(home, drawn(questions, home, rng) | {"overall": min(5, rng.randint(1, 5) + mean)}, "web") for home in homes]
    return sealed_with(wave, now, rows)


@pytest.fixture
def before(cast, now):
    wave, _truth = mixed_wave(cast.community, now, 6, 22)
    return wave


def test_a_later_wave_is_compared_with_what_was_kept_of_the_earlier(cast, now, before):
    kept = result_of(before)
    Answer.objects.filter(wave=before).delete()
    found = result_of(again(cast, now + LATER, mean=1)).comparison
    assert found.wave == before.pk and found.items["overall"].verdict == "improved"
    item = kept.by_key["complaint.handling"]
    assert found.items["complaint.handling"].n_before == item.estimate.n == item.footing.n
    assert len(found.groups) > 3 and {group.label for group in found.groups} <= set(kept.overall.footings)


def test_a_result_kept_in_the_older_format_is_read_and_compared_with(cast, now, before):
    kept = KeptResult.objects.get(wave=before)
    data = as_data(restored(kept.data))
    for item in data["items"]:
        del item["footing"], item["footings"]
    for table in data["tables"]:
        del table["known"]
    del data["whole"]
    KeptResult.objects.filter(wave=before).update(data=data | {"format": 1}, format=1)
    assert result_of(before).overall.estimate == restored(kept.data).overall.estimate
    found = result_of(again(cast, now + LATER, mean=1)).comparison
    fresh = restored(kept.data).overall.footing
    assert found.items["overall"].n_before == fresh.n and found.items["overall"].verdict == "improved"
    assert len(found.groups) > 3


def test_linked_waves_are_still_compared_home_by_home(cast, now):
    homes = add_homes(cast.community, 3, 20)
    first = open_wave(cast.community, now, mode="linked")
    sealed_with(first, now, [(home, {"overall": 1 + place % 3}, "web") for place, home in enumerate(homes[:50])])
    second = open_wave(cast.community, now + LATER, mode="linked")
    sealed_with(second, now + LATER, [(home, {"overall": 2 + place % 3}, "web") for place, home in enumerate(homes[:50])])
    found = result_of(second).comparison
    assert found.paired and found.items["overall"].difference == pytest.approx(1.0) and found.items["overall"].n == 50


def test_closing_does_not_depend_on_reckoning(cast, now, monkeypatch):
    def fails(_self):
        raise ZeroDivisionError

    said = []
    monkeypatch.setattr(telling.log, "exception", lambda words, pk: said.append(pk))
    monkeypatch.setattr(telling._Telling, "result", fails)
    wave, truth = mixed_wave(cast.community, now, 6, 22)
    assert wave.is_closed and Answer.objects.count() == len(truth) and result_of(wave) is None
    assert said == [wave.pk]
    found = actions.keep_result(wave=wave, now=now)
    assert not found.whole
    notes = {note.code: note.n for note in found.notes}
    assert notes["no_tenure"] == Answer.objects.filter(tenure="").count() > 0
    assert 0 < notes["left_out"] <= len(truth)


def test_the_page_says_of_how_many_answers_the_group_is_known(cast, now):
    wave = with_few_let(cast.community, now)
    client = Client()
    client.force_login(cast.auditor)
    page = client.get(f"/surveys/{wave.pk}/results/groups/?by=tenure").content.decode()
    assert "60 份答卷里知道居住状态的有 30 份" in page
    assert "份答卷里知道" not in client.get(f"/surveys/{wave.pk}/results/groups/?by=building").content.decode()
