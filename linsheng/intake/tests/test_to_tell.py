"""Whom to ring today with a result."""

from datetime import timedelta

import pytest
from django.urls import reverse

from conftest import NOW
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.tests.staff_cases import phoned_in, resolved, sign_in
from linsheng.intake.queries.telling import TellFilter, lines_of, to_tell

pytestmark = pytest.mark.django_db
URL = "/calls/to-tell/"


@pytest.fixture
def later(monkeypatch):
    at = NOW + timedelta(hours=1)
    monkeypatch.setattr("linsheng.core.clock.now", lambda: at)
    return at


def caller(cast, now=NOW, **changes):
    return resolved(cast, now, lambda cast, now: phoned_in(cast, now, **changes))


def test_only_those_stand_there_whom_nothing_else_tells(cast):
    by_phone = caller(cast)
    resolved(cast, NOW)
    caller(cast, confidential=True)
    found = to_tell(cast.frontdesk, TellFilter(), NOW)
    assert [row.pk for row in found.today] == [by_phone.pk]
    assert found.now == 1


def test_who_was_just_tried_comes_after_those_who_may_be_rung_and_says_from_when(cast):
    first, second = caller(cast), caller(cast, NOW + timedelta(minutes=1))
    at = NOW + timedelta(minutes=5)
    actions.tell_result(case=first, reached=False, by=Actor.staff(cast.frontdesk), now=at)
    found = to_tell(cast.frontdesk, TellFilter(), at + timedelta(minutes=1))
    assert [row.pk for row in found.today] == [second.pk, first.pk]
    assert (found.now, found.today[1].next_at) == (1, at + timedelta(minutes=120))
    again = to_tell(cast.frontdesk, TellFilter(), at + timedelta(minutes=120))
    assert [row.pk for row in again.today] == [first.pk, second.pk]
    line = lines_of(again.today, cast.frontdesk, at + timedelta(minutes=120))[0]
    assert (line.counted, line.next_at, line.result) == (1, None, "已更换按钮板")


def test_a_try_late_in_the_day_waits_for_tomorrow(cast):
    case = caller(cast)
    evening = NOW.replace(hour=15)  # 23:00 in the company's zone
    actions.tell_result(case=case, reached=False, by=Actor.staff(cast.frontdesk), now=evening)
    found = to_tell(cast.frontdesk, TellFilter(), evening)
    assert (found.today, found.tomorrow) == ([], 1)


def test_the_list_is_narrowed_by_words_team_and_place(cast):
    case = caller(cast)
    for wanted, count in ((TellFilter(team=case.team), 1), (TellFilter(team="none"), 0), (TellFilter(q="路灯杆"), 0)):
        assert len(to_tell(cast.frontdesk, wanted, NOW).today) == count
    assert len(to_tell(cast.frontdesk, TellFilter(q=case.number, community=case.community_id), NOW).today) == 1


def test_the_page_reads_out_the_result_and_logs_what_came_of_it(cast, later):
    case, client = caller(cast), sign_in(cast.frontdesk)
    page = client.get(URL).content.decode()
    assert 'href="tel:10000009999"' in page
    assert "已更换按钮板" in page
    address = reverse("intake:tell", args=[case.pk])
    client.post(address, {"reached": "no", "method": "phone", "note": "无人接"})
    case.refresh_from_db()
    assert case.told_at is None
    assert "无人接" in client.get(URL).content.decode()
    client.post(address, {"reached": "yes", "method": "phone"})
    case.refresh_from_db()
    assert case.told_at == later
    assert "今天没有要打电话告知的了" in client.get(URL).content.decode()


def test_what_is_refused_keeps_its_words(cast, later):
    case = caller(cast)
    answer = sign_in(cast.frontdesk).post(reverse("intake:tell", args=[case.pk]), {"method": "phone", "note": "占线两次"})
    assert answer.status_code == 422
    assert "占线两次" in answer.content.decode()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_list_can_be_taken_along_by_who_may_export(cast, later, form):
    case = caller(cast)
    answer = sign_in(cast.supervisor).get(f"{URL}export/?format={form}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert form == "xlsx" or case.number in content.decode("utf-8-sig")
    assert sign_in(cast.frontdesk).get(f"{URL}export/").status_code == 403


def test_who_left_no_way_to_reach_them_is_told_by_a_posting_and_nobody_is_sent_to_ring(cast, later):
    case = caller(cast, contact_phone="", home=None)
    client = sign_in(cast.frontdesk)
    page = client.get(URL).content.decode()
    assert "请在现场张贴" in page and "现在可以打</" not in page and "没有联系上" not in page
    refused = client.post(reverse("intake:tell", args=[case.pk]), {"method": "posted", "reached": "yes", "note": ""})
    assert refused.status_code == 422 and "请写明张贴在哪里" in refused.content.decode()
    client.post(reverse("intake:tell", args=[case.pk]), {"method": "posted", "reached": "yes", "note": "1栋大堂"})
    assert case.result_notices.values_list("method", "reached", "note").get() == ("posted", True, "1栋大堂")
    assert to_tell(cast.frontdesk, TellFilter(), later).today == []
