"""Errors of the API: each is a problem with a sentence, in the caller's language, wherever it arose."""

import json
import logging

import pytest
from django.test import Client

from linsheng.api import cases, idempotency
from linsheng.feedback.models import Case

DEEP = "[" * 100_000 + "]" * 100_000


def _problem(answer, status: int) -> dict:
    body = json.loads(answer.content)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == status and len(body["detail"]) > 5 and body["code"]
    return body


def _send(caller, path: str, content, kind: str = "application/json"):
    return caller.client.post(f"/api/v1/{path}", content, content_type=kind, headers={"authorization": f"Bearer {caller.secret}"})


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe{}", DEEP.encode(), b'{"a":' + b"9" * 5000 + b"}", b"a=b"])
def test_what_is_no_json_is_refused_with_a_sentence(call, content):
    assert "JSON" in _problem(_send(call("owner"), "cases", content), 400)["detail"]


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"7"])
def test_a_body_must_be_an_object(call, content):
    body = _problem(_send(call("owner"), "cases", content), 422)
    assert {error["field"] for error in body["errors"]} <= {"body", "community", "kind", "item", "text"}


@pytest.mark.parametrize("kind", ["text/xml", "text/plain", "multipart/form-data; boundary=x", "application/octet-stream"])
def test_another_content_type_is_refused_before_it_is_read(call, kind):
    assert "application/json" in _problem(_send(call("owner"), "cases", b"{}", kind), 415)["detail"]


def test_what_curl_sends_without_being_told_is_read_as_json(call, new_case):
    answer = _send(call("owner"), "cases", json.dumps(new_case).encode(), "application/x-www-form-urlencoded")
    assert answer.status_code == 201


def test_a_body_beyond_all_measure_is_refused(call, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    _problem(_send(call("owner"), "cases", b'"' + b"x" * 2000 + b'"'), 413)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "坏\x00了"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"location": "\x00"}, "location"),
        ({"contact": {"name": "\x00"}}, "contact.name"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at"),
        ({"received_at": "9999-12-31T23:59:59-12:00"}, "received_at"),
        ({"received_at": "2099-01-01T00:00:00"}, "received_at"),
        ({"received_at": 1e300}, "received_at"),
        ({"community": 7}, "community"),
        ({"confidential": "perhaps"}, "confidential"),
        ({"text": "长" * 5001}, "text"),
    ],
)
def test_what_no_database_keeps_is_a_named_error(call, new_case, change, field):
    body = _problem(_send(call("frontdesk"), "cases", json.dumps(new_case | change).encode()), 422)
    assert field in {error["field"] for error in body["errors"]}
    assert not Case.objects.exists()


def test_an_instant_without_an_offset_is_local_time(call, new_case, now, monkeypatch):
    from linsheng.core import clock

    monkeypatch.setattr(clock, "now", lambda: now)
    answer = call("frontdesk").post("cases", new_case | {"received_at": "2026-11-23T09:30:00"})
    assert answer.status_code == 201 and answer.json()["received_at"] == "2026-11-23T09:30:00+08:00"


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "W1tbW1tb"},
        {"cursor": "WyJ4IiwieSJd"},  # ["x","y"]
        {"cursor": "WzEsMl0"},  # [1,2]
        {"cursor": "WyIyMDI2LTExLTIzVDAyOjAwOjAwKzAwOjAwIiwgIngiXQ"},  # a moment and "x"
        {"cursor": "WyIyMDI2LTExLTIzVDAyOjAwOjAwKzAwOjAwIiwgMWUzMDBd"},
        {"cursor": "é"},
        {"from": "9999-12-31"},
        {"to": "9999-12-31"},
        {"from": "0001-01-01"},
        {"from": "yesterday"},
        {"limit": "0"},
        {"limit": "1" * 400},
        {"overdue": "maybe"},
        {"order": "sideways"},
        {"kind": "x" * 10_000},
    ],
)
def test_a_strange_parameter_is_a_named_error(call, query):
    body = _problem(call("frontdesk").get("cases", **query), 422)
    assert body["errors"] and all(len(error["message"]) > 3 for error in body["errors"])


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"handler": "a\x00"}, {"community": "\x00"}, {"item": "\x00"}])
def test_a_nul_in_the_address_is_refused(call, query):
    _problem(call("frontdesk").get("cases", **query), 400)


@pytest.mark.parametrize("pk", [10**18, 10**30, -1, 0])
def test_a_number_that_no_case_has_is_404_or_a_named_error(call, pk):
    assert call("frontdesk").get(f"cases/{pk}").status_code in {404, 422}
    assert call("frontdesk").post(f"cases/{pk}/start").status_code in {404, 422}


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v2/cases", "/api/v1/cases/", "/api/v1/cases/1/explode"])
def test_an_unknown_address_is_a_problem(client, db, path):
    assert "docs" in _problem(client.get(path), 404)["detail"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("delete", "/api/v1/cases", "GET, HEAD, OPTIONS, POST"),
        ("put", "/api/v1/cases/1/assign", "OPTIONS, POST"),
        ("get", "/api/v1/cases/1/assign", "OPTIONS, POST"),
        ("post", "/api/v1/communities", "GET, HEAD, OPTIONS"),
    ],
)
def test_another_method_is_a_problem_that_names_the_right_ones(client, db, method, path, allowed):
    answer = getattr(client, method)(path, content_type="application/json") if method != "get" else client.get(path)
    _problem(answer, 405)
    assert answer["Allow"] == allowed


def test_options_lists_the_methods_and_head_is_get_without_a_body(client, call):
    asked = client.options("/api/v1/cases")
    assert (asked.status_code, asked["Allow"], asked.content) == (204, "GET, HEAD, OPTIONS, POST", b"")
    caller = call("owner")
    head = caller.client.head("/api/v1/cases", headers={"authorization": f"Bearer {caller.secret}"})
    assert (head.status_code, head.content) == (200, b"")
    assert client.head("/api/v1/cases").status_code == 401


def test_the_schema_and_its_page_are_only_read(client, db):
    for path in ("openapi.json", "docs"):
        _problem(client.post(f"/api/v1/{path}", {}, content_type="application/json"), 405)


def test_a_mistake_of_ours_is_logged_in_full_and_told_in_one_sentence(call, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("the secret plan")

    monkeypatch.setattr(cases.queries, "board", broken)
    with caplog.at_level(logging.ERROR):
        body = _problem(call("frontdesk").get("cases"), 500)
    assert "secret" not in json.dumps(body) and "the secret plan" in caplog.text


def test_a_mistake_before_any_operation_is_a_problem_too(monkeypatch, db):
    def broken(request):
        raise RuntimeError("the secret plan")

    monkeypatch.setattr("linsheng.api.views.schema_text", lambda: broken(None))
    client = Client(raise_request_exception=False)
    assert "secret" not in json.dumps(_problem(client.get("/api/v1/openapi.json"), 500))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", {"Please fill this in.", "There is no such field. Check its name."}),
        ("zh-hans", {"请填写这一项。", "没有这个字段，请核对名称。"}),
    ],
)
def test_fields_are_named_in_the_caller_s_language(call, new_case, language, words):
    caller = call("owner")
    headers = {"authorization": f"Bearer {caller.secret}", "accept-language": language}
    without = {name: value for name, value in new_case.items() if name != "text"}
    answer = caller.client.post("/api/v1/cases", without | {"colour": 1}, content_type="application/json", headers=headers)
    assert {error["message"] for error in answer.json()["errors"]} == words


def test_a_choice_is_told_with_what_it_may_be(call, new_case):
    answer = call("owner").post("cases", new_case | {"urgency": "soon"})
    assert answer.json()["errors"] == [{"field": "urgency", "message": "只能是其中之一：emergency, urgent, normal。"}]


def test_answers_are_kept_by_no_cache(call, client):
    assert call("owner").get("cases")["Cache-Control"] == "no-store"
    assert client.get("/api/v1/cases")["Cache-Control"] == "no-store"
    assert "public" in client.get("/api/v1/openapi.json")["Cache-Control"]


@pytest.mark.parametrize("key", ["k" * 201, "a\x00b", "\x7f"])
def test_a_key_is_a_short_line_that_can_be_seen(call, new_case, key):
    body = _problem(call("owner").post("cases", new_case, key=key), 422)
    assert body["errors"][0]["field"] == "Idempotency-Key" and idempotency.LONGEST_KEY == 200
