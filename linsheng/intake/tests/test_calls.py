"""Calls: reported by signature, found by any part of a number, taken once, and what comes of them."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from conftest import NOW
from linsheng.accounts.actions import create_token
from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict, Invalid
from linsheng.feedback.tests.factories import received
from linsheng.intake.actions import calls as actions
from linsheng.intake.actions.lines import retire_exchange, rotate_secret
from linsheng.intake.callprivacy import calls_by, forget_before, forget_residents
from linsheng.intake.models import Call, CallNumber
from linsheng.intake.queries.calls import CallFilter, filtered_calls, ringing
from linsheng.intake.signing import secret_of
from linsheng.intake.tests.calling import a_call, a_line, signed

pytestmark = pytest.mark.django_db
URL = "/api/v1/calls"


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock stands at NOW."""
    monkeypatch.setattr("linsheng.core.clock.now", lambda: NOW)


def send(client, exchange, now=NOW, secret=None, **body):
    content, headers = signed(exchange, {"line": "0755 8001", "call_id": "c-1", **body}, now=now, secret=secret)
    return client.post(URL, content, content_type="application/json", headers=headers)


def test_a_signed_report_makes_one_call_however_often_it_comes(client, cast, clock):
    exchange = a_line(cast).exchange
    first = send(client, exchange, number="100 0000 0001", started_at=NOW.isoformat())
    assert (first.status_code, first.json()["new"], first.json()["community"]) == (201, True, "CH")
    again = send(client, exchange, number="100 0000 0001", started_at=NOW.isoformat())
    assert (again.status_code, again.json()["id"], again.json()["new"]) == (200, first.json()["id"], False)
    assert Call.objects.get().number.digits == "10000000001"


def test_later_news_of_a_call_is_added_and_nobody_answering_makes_it_missed(client, cast, clock):
    exchange = a_line(cast).exchange
    started = (NOW - timedelta(seconds=40)).isoformat()
    send(client, exchange, number="10000000001", started_at=started)
    send(client, exchange, ended_at=NOW.isoformat())
    call = Call.objects.get()
    assert (call.seconds, call.outcome) == (40, "missed")
    send(client, exchange, call_id="c-2", number="10000000001", started_at=started, answered_by="frontdesk")
    send(client, exchange, call_id="c-2", ended_at=NOW.isoformat())
    answered = Call.objects.get(call_id="c-2")
    assert (answered.answered_by, answered.outcome) == (cast.frontdesk, "open")


@pytest.mark.parametrize("change", ["secret", "late", "early", "key", "body"])
def test_what_is_not_signed_now_by_a_known_exchange_is_refused(client, cast, clock, change):
    exchange = a_line(cast).exchange
    moved = {"late": timedelta(minutes=6), "early": -timedelta(minutes=6)}.get(change, timedelta())
    content, headers = signed(
        exchange, {"line": "8001", "call_id": "c"}, now=NOW + moved, secret="wrong" if change == "secret" else None
    )
    headers |= {"X-Linsheng-Exchange": "nobody"} if change == "key" else {}
    content += b" " if change == "body" else b""
    answer = client.post(URL, content, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert not Call.objects.exists()


def test_an_unknown_line_is_refused_in_words(client, cast, clock):
    answer = send(client, a_line(cast).exchange, line="9999")
    assert answer.status_code == 422
    assert "9999" in answer.json()["detail"]


def test_after_a_rotation_the_old_secret_holds_for_a_day(client, cast, clock):
    exchange = a_line(cast).exchange
    old = secret_of(exchange)
    rotate_secret(exchange=exchange, by=cast.administrator, now=NOW)
    assert send(client, exchange, secret=old).status_code == 201
    assert send(client, exchange, call_id="c-2").status_code == 201
    exchange.previous_until = NOW
    exchange.save()
    assert send(client, exchange, secret=old, call_id="c-3").status_code == 401


@pytest.mark.parametrize(("who", "status"), [("administrator", 201), ("handler", 403), ("outsider", 403)])
def test_a_token_needs_its_own_permission(client, cast, clock, who, status):
    a_line(cast)
    secret = create_token(user=cast.people[who], name="电话系统", by=None, now=NOW).secret
    body = json.dumps({"line": "0755-8001", "call_id": "c"})
    answer = client.post(URL, body, content_type="application/json", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == status


@pytest.mark.parametrize("typed", ["0001", "10000000001", "000 000", "138", "1380"])
def test_a_call_is_found_by_any_part_of_its_number(cast, typed):
    call = a_call(cast, "10000000001")
    other = a_call(cast, "13800009999")
    found = list(filtered_calls(cast.frontdesk, CallFilter(q=typed)))
    assert found == ([other] if typed.startswith("138") else [call])


def test_two_digits_find_nobody_and_a_hidden_number_is_found_as_unknown(cast):
    hidden = a_call(cast, "")
    a_call(cast, "10000000001")
    assert not filtered_calls(cast.frontdesk, CallFilter(q="10"))
    assert list(filtered_calls(cast.frontdesk, CallFilter(outcome="unknown"))) == [hidden]


def test_the_first_to_click_takes_the_call(cast):
    call = a_call(cast)
    actions.take_call(call=call, by=cast.frontdesk, now=NOW)
    with pytest.raises(Conflict, match="客服小林"):
        actions.take_call(call=call, by=cast.colleague, now=NOW)


def test_a_call_rings_at_its_community_alone_until_it_is_written_down(cast):
    call = a_call(cast)
    assert ringing(cast.frontdesk, NOW) == [call]
    assert ringing(cast.outsider, NOW) == []
    assert ringing(cast.frontdesk, NOW + timedelta(minutes=4)) == []
    actions.close_call(call=call, note="打错了", by=cast.frontdesk, now=NOW)
    assert ringing(cast.colleague, NOW) == []


def test_calling_again_goes_into_the_open_case_and_may_urge(cast):
    case = received(cast, NOW)
    call = a_call(cast)
    actions.link_call(call=call, case=case, text="还没人来", urge=True, by=cast.frontdesk, now=NOW)
    call.refresh_from_db()
    assert (call.outcome, call.case) == ("linked", case)
    events = list(case.events.order_by("pk").values_list("action", "by_reporter"))
    assert events[-2:] == [("add", False), ("urge", True)]
    with pytest.raises(Conflict):
        actions.close_call(call=call, note="x", by=cast.colleague, now=NOW)


def test_urged_twice_a_day_the_call_still_stands_in_the_history(cast):
    case = received(cast, NOW)
    for _ in range(2):
        actions.link_call(call=a_call(cast), case=case, text="", urge=True, by=cast.frontdesk, now=NOW)
    assert case.events.filter(action="add").count() == 2
    assert case.urges.count() == 1


def test_a_confidential_case_is_linked_with_no_call(cast):
    with pytest.raises(Invalid):
        actions.link_call(call=a_call(cast), case=received(cast, NOW, confidential=True), text="", by=cast.frontdesk, now=NOW)


def call_form(cast, **more):
    fields = {"key": "k1", "channel": "phone", "community": "CH", "item": "facility.lift", "urgency": "normal", "then": "later"}
    return {**fields, "text": "电梯异响", "number": "10000000001", **more}


def test_the_form_opened_from_a_call_writes_it_down(client, cast, clock):
    call = a_call(cast)
    client.force_login(cast.frontdesk)
    taken = client.post(reverse("intake:take_call", args=[call.pk]))
    assert f"call={call.pk}" in taken.url
    assert client.post(reverse("feedback:call"), call_form(cast, call=str(call.pk))).status_code == 302
    call.refresh_from_db()
    assert (call.outcome, call.answered_by, call.case.text) == ("logged", cast.frontdesk, "电梯异响")


def test_a_confidential_caller_leaves_no_number(client, cast, clock):
    call = a_call(cast)
    client.force_login(cast.frontdesk)
    client.post(reverse("feedback:call"), call_form(cast, call=str(call.pk), confidential="on"))
    call.refresh_from_db()
    assert (call.outcome, call.number, call.case) == ("logged", None, None)


def test_a_call_that_no_exchange_reported_is_kept_too(client, cast, clock):
    client.force_login(cast.frontdesk)
    client.post(reverse("feedback:call"), call_form(cast, started_at=NOW.isoformat(), seconds="60"))
    call = Call.objects.get()
    assert (call.line, call.outcome, call.number.digits) == (None, "logged", "10000000001")


def test_the_card_comes_once_is_logged_once_and_goes_when_put_away(client, cast, clock):
    call = a_call(cast)
    client.force_login(cast.frontdesk)
    url = reverse("intake:ringing")
    first = client.get(url, {"seen": "", "first": "1"})
    assert "业主甲" in first.content.decode()
    state = first["X-Ringing"]
    assert client.get(url, {"seen": state}).status_code == 204
    client.get(url)
    assert AuditEntry.objects.filter(action="personal_data.read", data__what="calls").count() == 1
    client.post(reverse("intake:dismiss_call", args=[call.pk]))
    gone = client.get(url, {"seen": state})
    assert (gone.status_code, gone["X-Ringing"], gone.content.strip()) == (200, "", b"")


def test_pages_stop_asking_where_nothing_can_ring(client, cast, clock):
    client.force_login(cast.frontdesk)
    assert client.get(reverse("intake:ringing"), {"first": "1"})["X-Ringing-Stop"] == "1"
    a_line(cast)
    assert "X-Ringing-Stop" not in client.get(reverse("intake:ringing"), {"first": "1"})
    client.post(reverse("intake:duty"), {"on": "0"})
    assert client.get(reverse("intake:ringing"), {"first": "1"})["X-Ringing-Stop"] == "1"


def test_an_idle_page_costs_three_questions(client, cast, clock, django_assert_max_num_queries):
    a_line(cast)
    client.force_login(cast.frontdesk)
    url = reverse("intake:ringing")
    client.get(url)
    # Session, user, posts, calls.
    with django_assert_max_num_queries(4):
        assert client.get(url, {"seen": ""}).status_code == 204


def test_a_missed_caller_is_called_back(client, cast, clock):
    call = a_call(cast, ended_at=NOW)
    client.force_login(cast.frontdesk)
    client.post(reverse("intake:call_page", args=[call.pk]), {"action": "returned", "note": "已说清"})
    call.refresh_from_db()
    assert (call.outcome, call.note) == ("returned", "已说清")


def test_a_forgotten_person_leaves_calls_without_a_number(cast):
    call = a_call(cast)
    assert calls_by(cast.owner)[0]["number"] == "10000000001"
    forget_residents([cast.residents["owner"].pk])
    call.refresh_from_db()
    assert call.number is None
    assert not CallNumber.objects.exists()


def test_old_calls_lose_their_number_and_note_and_stay_counted(cast):
    old, new = a_call(cast, now=NOW), a_call(cast, now=NOW + timedelta(days=10))
    a_call(cast, "10000000002", now=NOW)
    assert forget_before(NOW + timedelta(days=5)) == 2
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.number, new.number.digits, Call.objects.count()) == (None, "10000000001", 3)
    assert list(CallNumber.objects.values_list("digits", flat=True)) == ["10000000001"]
    assert forget_before(NOW + timedelta(days=5)) == 0


def test_an_exchange_out_of_use_reports_nothing_more(client, cast, clock):
    exchange = a_line(cast).exchange
    retire_exchange(exchange=exchange, by=cast.administrator, now=NOW)
    assert send(client, exchange).status_code in {401, 422}
    assert not Call.objects.exists()
    assert not exchange.lines.filter(retired_at=None).exists()
