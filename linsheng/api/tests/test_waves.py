"""Surveys by API."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from linsheng.core import clock
from linsheng.surveys import actions
from linsheng.surveys.models import Answer, Wave
from linsheng.surveys.tests.closing import closed
from linsheng.surveys.tests.factories import add_homes, closed_with, code_of, filled, marks, open_wave


@pytest.fixture
def new_wave() -> dict[str, object]:
    return {"title": "下半年调查", "community": "CH", "ends_on": str(timezone.localdate() + timedelta(days=10))}


def test_a_wave_runs_from_plan_to_closing(call, new_wave, cast, now):
    manager = call("manager")
    made = manager.post("waves", new_wave, key="w")
    assert made.status_code == 201 and manager.post("waves", new_wave, key="w").json() == made.json()
    body = made.json()
    assert (body["state"], body["mode"], body["questionnaire"], body["homes"]) == ("draft", "anonymous", "half-year", 0)
    pk = body["id"]
    opened = manager.post(f"waves/{pk}/open").json()
    assert (opened["state"], opened["homes"], opened["asked"]) == ("open", 2, 2)
    wave = Wave.objects.get(pk=pk)
    actions.cast_answer(code=code_of(wave, cast.home), wave_id=pk, given=filled(wave.version), key="k", now=now)
    response = call("auditor").get(f"waves/{pk}/response").json()
    assert (response["answered"], response["asked"], response["rate"]) == (1, 2, 0.5)
    assert response["buildings"][0]["small"] and response["modes"]["web"] == 1
    assert manager.post(f"waves/{pk}/remind").json()["reminders_sent"] == 1
    assert manager.post(f"waves/{pk}/close").json()["state"] == "closed"
    assert Answer.objects.count() == 1
    assert manager.post(f"waves/{pk}/close").status_code == 409 and manager.post(f"waves/{pk}/remind").status_code == 409
    assert [item["id"] for item in manager.get("waves").json()["items"]] == [pk]


def test_results_are_refused_before_closing_and_hide_what_the_pages_hide(call, new_wave, cast, now):
    homes = add_homes(cast.community, 4, 20)
    wave = open_wave(cast.community, now)
    early = call("auditor").get(f"waves/{wave.pk}/results")
    assert early.status_code == 409 and "结束" in early.json()["detail"]
    rng = random.Random(2)
    closed_with(wave, now, [(home, marks(wave.version, rng)) for home in homes[:64]])
    body = call("auditor").get(f"waves/{wave.pk}/results").json()
    assert body == call("manager").get(f"waves/{wave.pk}/results").json()
    assert body["answers"] == 64 and body["items"]["overall"]["mean"] and body["response"]["rates"]["rr1"] > 0.6
    hidden = [level for level, cells in body["by"]["building"].items() if cells["overall"] is None]
    assert all(body["by"]["building"][level]["staff.attitude"] is None for level in hidden)
    assert call("handler").get(f"waves/{wave.pk}/results").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"community": "WR"}, "community"),
        ({"community": ""}, "community"),
        ({"communities": ["CH", "WR"]}, "communities"),
        ({"questionnaire": "none"}, "questionnaire"),
        ({"ends_on": "2001-01-01"}, "ends_on"),
        ({"mode": "half"}, "mode"),
        ({"title": " "}, "title"),
        ({"colour": 1}, "colour"),
    ],
)
def test_each_wrong_field_is_named(call, new_wave, change, field):
    answer = call("manager").post("waves", new_wave | change)
    assert answer.status_code == 422, answer.content
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_who_may_not_run_surveys_is_refused(call, new_wave):
    for name in ("frontdesk", "owner", "auditor", "handler"):
        assert call(name).post("waves", new_wave).status_code in {403, 422}
    pk = call("manager").post("waves", new_wave).json()["id"]
    # Who may look at it is told that they may not; for all others there is no such wave.
    for name, status in {"outsider": 404, "owner": 404, "frontdesk": 404, "auditor": 403, "supervisor": 403}.items():
        for action in ("open", "remind", "close"):
            assert call(name).post(f"waves/{pk}/{action}").status_code == status, name
    assert call("outsider").get(f"waves/{pk}").status_code == call("outsider").get(f"waves/{pk}/response").status_code == 404
    assert call("outsider").get("waves").json()["items"] == []


@pytest.fixture
def closed_wave(cast) -> Wave:
    return closed(cast.community, clock.now(), sizes=(20,))


@pytest.mark.parametrize(("form", "begins"), [("csv", b"\xef\xbb\xbfcommunity"), ("sav", b"$FL2"), ("json", b"{"), ("xlsx", b"PK")])
def test_a_closed_wave_is_handed_out_as_a_file(call, closed_wave, form, begins):
    answer = call("auditor").get(f"waves/{closed_wave.pk}/export.{form}")
    assert answer.status_code == 200 and answer.getvalue().startswith(begins)
    for name, status in {"frontdesk": 404, "administrator": 403, "owner": 404, "outsider": 404}.items():
        assert call(name).get(f"waves/{closed_wave.pk}/export.{form}").status_code == status, name


def test_a_running_wave_gives_no_files_and_says_why(call, cast):
    running = open_wave(cast.community, clock.now())
    for form in ("csv", "sav", "json", "xlsx"):
        answer = call("manager").get(f"waves/{running.pk}/export.{form}")
        assert answer.status_code == 409 and "还没有结束" in answer.json()["detail"]


def test_a_result_is_published_and_taken_back(call, closed_wave):
    manager, body = call("manager"), {"replies": [{"said": "电梯慢", "done": "换了曳引机"}]}
    assert call("supervisor").post(f"waves/{closed_wave.pk}/publish", body).status_code == 403
    made = manager.post(f"waves/{closed_wave.pk}/publish", body, key="p").json()
    assert made["published_at"] and made["replies"][0]["done"] == "换了曳引机"
    assert {item["key"] for item in made["content"]["items"]} == set(made["questions"])
    assert manager.post(f"waves/{closed_wave.pk}/publish", body, key="p").json() == made
    wrong = manager.post(f"waves/{closed_wave.pk}/publish", {"questions": ["years"]})
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "questions"
    assert manager.post(f"waves/{closed_wave.pk}/withdraw").json()["content"] is None
    assert manager.post(f"waves/{closed_wave.pk}/withdraw").status_code == 409
