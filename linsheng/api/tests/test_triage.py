"""What a text is about, by API: proposed with reasons, nothing stored, nobody's numbers told."""

from linsheng.feedback.models import Case

LIFT = {"community": "CH", "text": "三号电梯按钮没反应"}


def test_the_likely_item_comes_with_its_reasons(call):
    answer = call("frontdesk").post("triage", LIFT).json()
    first = answer["proposals"][0]
    assert first["item"] == "facility.lift" and first["why"] and 0 < first["probability"] <= 1
    assert (answer["urgency"], answer["danger"], answer["source"]) == ("normal", False, "lexicon")
    assert not Case.objects.exists()


def test_danger_is_flagged_with_the_words_that_said_so(call):
    answer = call("owner").post("triage", {"community": "CH", "text": "楼道有煤气味"}).json()
    assert (answer["urgency"], answer["danger"]) == ("emergency", True)
    assert answer["dangers"][0]["kind"] == "gas"


def test_words_that_say_nothing_propose_nothing(call):
    answer = call("owner").post("triage", {"community": "CH", "text": "嗯嗯"}).json()
    assert answer["proposals"] == [] and answer["duplicates"] == []


def test_likely_duplicates_are_masked_for_everybody(call, new_case):
    words = "三号电梯按钮没反应,请打13900001111"
    call("owner").post("cases", new_case | {"item": "facility.lift", "kind": "repair", "text": words})
    for who in ("neighbour", "frontdesk"):
        answer = call(who).post("triage", LIFT)
        assert len(answer.json()["duplicates"]) == 1
        assert "13900001111" not in answer.content.decode()


def test_it_is_refused_for_foreign_communities_and_empty_texts(call):
    assert call("outsider").post("triage", LIFT).status_code == 404
    assert call("owner").post("triage", {"community": "CH", "text": "  "}).status_code == 422
