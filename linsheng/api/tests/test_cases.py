"""Reporting, listing and reading cases by API."""

import pytest

from linsheng.feedback.models import Case


def test_a_resident_reports_and_gets_deadlines_and_their_own_page(call, new_case):
    answer = call("owner").post("cases", new_case)
    assert answer.status_code == 201
    body = answer.json()
    assert body["state"] == "received" and body["number"].startswith("CH")
    assert body["respond_by"] and body["resolve_by"] and "/t/" in body["track_url"]
    assert body["channel"] == "app" and body["home"] == "3-2-1201"


def test_no_token_is_401_as_a_problem(client):
    answer = client.get("/api/v1/cases")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json" and answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"item": "no.such"}, "item"),
        ({"community": "WR"}, "community"),
        ({"community": "nowhere"}, "community"),
        ({"kind": "ticket"}, "kind"),
        ({"home": "9-9-9999"}, "home"),
        ({"colour": "red"}, "colour"),
        ({"contact": {"phone": "1" * 99}}, "contact.phone"),
        ({"contact": {"phone": "abc"}}, "contact.phone"),
        ({"contact": {"email": "nobody"}}, "contact.email"),
    ],
)
def test_each_wrong_field_is_named(call, new_case, change, field):
    answer = call("frontdesk").post("cases", new_case | change)
    assert answer.status_code == 422, answer.content
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert not Case.objects.exists()


def test_a_body_that_is_not_json_is_a_problem_too(call, cast):
    caller = call("owner")
    answer = caller.client.post(
        "/api/v1/cases", "{", content_type="application/json", headers={"authorization": f"Bearer {caller.secret}"}
    )
    assert answer.status_code in {400, 422} and answer["Content-Type"] == "application/problem+json"


def test_a_resident_cannot_report_for_a_community_they_do_not_live_in(call, new_case):
    assert call("owner").post("cases", new_case | {"community": "LY"}).status_code == 422


def test_the_same_key_makes_one_case(call, new_case):
    caller = call("owner")
    first, second = caller.post("cases", new_case, key="k1"), caller.post("cases", new_case, key="k1")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Case.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(call, new_case):
    caller = call("owner")
    caller.post("cases", new_case, key="k1")
    assert caller.post("cases", new_case | {"text": "别的事"}, key="k1").status_code == 409


def test_a_refused_request_does_not_use_up_its_key(call, new_case):
    caller = call("owner")
    assert caller.post("cases", new_case | {"text": ""}, key="k1").status_code == 422
    assert caller.post("cases", new_case, key="k1").status_code == 201


def test_lists_page_by_cursor_without_gap_or_repetition(call, new_case):
    caller = call("owner")
    for number in range(7):
        caller.post("cases", new_case | {"text": f"第{number}件"})
    seen, cursor = [], None
    while True:
        page = call("frontdesk").get("cases", limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_a_broken_cursor_is_a_named_error(call):
    answer = call("frontdesk").get("cases", cursor="zzz")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "cursor"


def test_filters_narrow_the_list(call, new_case):
    call("owner").post("cases", new_case)
    desk = call("frontdesk")
    assert (
        len(desk.get("cases", q="按钮", state="received", item="facility.lift", kind="repair", channel="app").json()["items"]) == 1
    )
    assert desk.get("cases", q="漏水").json()["items"] == []
    assert desk.get("cases", **{"from": "2020-01-01", "to": "2020-01-02"}).json()["items"] == []
    assert desk.get("cases", overdue="true").json()["items"] == []
    assert desk.get("cases", state="bogus").status_code == 422


def test_another_company_sees_nothing(call, new_case):
    pk = call("owner").post("cases", new_case).json()["id"]
    assert call("outsider").get(f"cases/{pk}").status_code == 404
    assert call("outsider").get("cases").json()["items"] == []
    assert call("neighbour").get(f"cases/{pk}").status_code == 404


def test_a_list_costs_the_same_number_of_queries_at_any_length(call, new_case, django_assert_max_num_queries):
    owner = call("owner")
    for number in range(12):
        owner.post("cases", new_case | {"text": f"第{number}件"})
    desk = call("frontdesk")
    with django_assert_max_num_queries(6):
        assert len(desk.get("cases").json()["items"]) == 12


def test_history_tells_staff_more_than_the_reporter(call, new_case):
    pk = call("owner").post("cases", new_case).json()["id"]
    call("frontdesk").post(f"cases/{pk}/note", {"text": "内部:先查合同"})
    assert any(e["internal"] for e in call("frontdesk").get(f"cases/{pk}").json()["history"])
    assert not any(e["internal"] for e in call("owner").get(f"cases/{pk}").json()["history"])


def test_a_confidential_reporter_stays_hidden_from_staff(call, new_case):
    pk = call("owner").post("cases", new_case | {"confidential": True}).json()["id"]
    for name in ("frontdesk", "manager", "director", "auditor"):
        text = call(name).get(f"cases/{pk}").content.decode()
        assert "业主甲" not in text and "10000000001" not in text and "3-2-1201" not in text
        assert call(name).get(f"cases/{pk}").json()["reporter"]["hidden"]
    assert call("owner").get(f"cases/{pk}").json()["reporter"]["name"] == "业主甲"
