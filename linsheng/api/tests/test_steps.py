"""The loop by API, and what is refused."""

import pytest


@pytest.fixture
def case_id(call, new_case) -> int:
    return call("owner").post("cases", new_case).json()["id"]


def test_the_whole_loop_runs_by_api(call, case_id):
    desk, handler, owner = call("frontdesk"), call("handler"), call("owner")
    assert desk.post(f"cases/{case_id}/assign", {"handler": "handler"}).json()["state"] == "assigned"
    assert handler.post(f"cases/{case_id}/contact").json()["responded_at"]
    assert handler.post(f"cases/{case_id}/start").json()["state"] == "in_progress"
    waiting = handler.post(f"cases/{case_id}/wait", {"for": "parts", "reason": "等按钮板"}).json()
    assert waiting["state"] == "waiting" and waiting["waiting"]["for"] == "parts"
    assert handler.post(f"cases/{case_id}/resume").json()["state"] == "in_progress"
    resolved = handler.post(f"cases/{case_id}/resolve", {"text": "已更换按钮板"}).json()
    assert resolved["state"] == "resolved" and resolved["told_at"] and resolved["result"] == "已更换按钮板"
    assert owner.post(f"cases/{case_id}/rate", {"stars": 2, "reasons": ["came_back"]}).status_code == 200
    assert owner.post(f"cases/{case_id}/reopen", {"reason": "又坏了"}).json()["cycle"] == 2
    handler.post(f"cases/{case_id}/resolve", {"text": "换了控制器"})
    assert (
        call("colleague")
        .post(f"cases/{case_id}/callback", {"contacted": True, "solved": True, "satisfied": "satisfied"})
        .status_code
        == 200
    )
    assert owner.post(f"cases/{case_id}/rate", {"stars": 5}).status_code == 200
    closed = desk.post(f"cases/{case_id}/close").json()
    assert closed["state"] == "closed" and [e["action"] for e in closed["history"]].count("resolve") == 2


@pytest.mark.parametrize(
    ("who", "action", "body", "status"),
    [
        ("frontdesk", "resolve", {"text": "好了"}, 409),
        ("frontdesk", "close", None, 409),
        ("frontdesk", "unmerge", None, 409),
        ("auditor", "assign", {"handler": "handler"}, 403),
        ("frontdesk", "withdraw", None, 403),
        ("frontdesk", "rate", {"stars": 5}, 403),
        ("owner", "assign", {"handler": "handler"}, 403),
        # A refusal tells nobody who works here, or which cases there are.
        ("owner", "assign", {"handler": "nobody"}, 403),
        ("auditor", "assign", {"handler": "nobody"}, 403),
        ("owner", "merge", {"into": 999999}, 403),
        ("owner", "reclassify", {"item": "no.such"}, 403),
        ("owner", "rate", {"stars": 5}, 409),
        ("owner", "rate", {"stars": 6}, 422),
        ("owner", "rate", {"stars": True}, 422),
        ("owner", "rate", {"stars": "5"}, 422),
        ("owner", "rate", {}, 422),
        ("frontdesk", "assign", {"handler": "nobody"}, 422),
        ("frontdesk", "assign", {"handler": "outsider"}, 422),
        ("frontdesk", "merge", {"into": 999999}, 422),
        ("outsider", "assign", {"handler": "outsider"}, 404),
        ("stranger", "urge", None, 404),
        ("neighbour", "urge", None, 404),
        ("cleaner", "start", None, 404),
    ],
)
def test_what_is_refused_says_why(call, case_id, who, action, body, status):
    answer = call(who).post(f"cases/{case_id}/{action}", body)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json" and len(answer.json()["detail"]) > 5


def test_a_neighbour_says_me_too_and_then_sees_the_case_without_its_reporter(call, case_id):
    neighbour = call("neighbour")
    answer = neighbour.post(f"cases/{case_id}/me_too")
    assert answer.status_code == 200 and "业主甲" not in answer.content.decode()
    assert neighbour.get(f"cases/{case_id}").status_code == 200
    assert neighbour.post(f"cases/{case_id}/me_too").status_code == 409
    assert call("stranger").post(f"cases/{case_id}/me_too").status_code == 404


def test_an_urge_is_heard_once_a_day(call, case_id):
    owner = call("owner")
    assert owner.post(f"cases/{case_id}/urge").status_code == 200
    assert owner.post(f"cases/{case_id}/urge").status_code == 409


def test_a_repeated_action_with_the_same_key_happens_once(call, case_id):
    owner = call("owner")
    answers = [owner.post(f"cases/{case_id}/urge", {"text": "快点"}, key="u1") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert [e["action"] for e in owner.get(f"cases/{case_id}").json()["history"]].count("urge") == 1
