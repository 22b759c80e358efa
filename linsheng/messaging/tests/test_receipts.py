"""Receipts of text messages, in the providers' own words: what arrived, and what did not."""

import json
import time

import pytest

from linsheng.jobs.models import LeaseState
from linsheng.messaging import actions, receipts
from linsheng.messaging.adapters.sms_http import signature
from linsheng.messaging.configuring import seal
from linsheng.messaging.deliveries import deliver_next
from linsheng.messaging.models import ChannelSetting, Delivery

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-the-gateway"


@pytest.fixture
def setting(cast, now):
    def make(provider="aliyun"):
        given = {"on": True, "created_at": now, "changed_at": now, "kinds": ["case_result"], "secrets": seal({"secret": SECRET})}
        return ChannelSetting.objects.create(organisation_id=cast.organisation.pk, channel="sms", provider=provider, **given)

    return make


@pytest.fixture
def sent(cast, tell, now):
    """A text message that its provider has taken."""

    def make(number="900619746936498440^0"):
        tell(cast.owner, subject=cast.home)
        Delivery.objects.update(state=LeaseState.DONE, sent_at=now, provider_id=number)
        return Delivery.objects.get()

    return make


def report(client, setting, body, token=None, **headers):
    token = receipts.token_of(setting) if token is None else token
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(f"/receipts/sms/{setting.pk}/{token}/", raw, content_type="application/json", headers=headers)


def aliyun(success=True, biz_id="900619746936498440^0", code="DELIVERED"):
    row = {"phone_number": "13800000001", "send_time": "2026-11-23 10:00:00", "report_time": "2026-11-23 10:00:05", "sms_size": "1"}
    return [{**row, "success": success, "err_code": code, "err_msg": "用户接收成功" if success else "空号", "biz_id": biz_id}]


def fared():
    row = Delivery.objects.get()
    return row.state, row.arrived


def test_aliyun_says_that_it_arrived(client, setting, sent):
    company = setting()
    sent()
    response = report(client, company, aliyun())
    assert response.json()["code"] == 0
    assert fared() == (LeaseState.DONE, True)
    assert Delivery.objects.get().receipt == "DELIVERED 用户接收成功"


def test_aliyun_says_that_there_is_no_such_number(client, setting, sent):
    company = setting()
    sent()
    report(client, company, aliyun(success=False, code="MOBILE_NOT_ON_SERVICE"))
    assert fared() == (LeaseState.FAILED, False)
    assert "空号" in Delivery.objects.get().error


def test_tencent_reports_in_its_own_words(client, setting, sent):
    company = setting("tencent")
    sent("5000:1045710669157053657849499619")
    row = {"user_receive_time": "2026-11-23 10:00:05", "nationcode": "86", "mobile": "13800000001", "report_status": "SUCCESS"}
    row |= {"errmsg": "DELIVRD", "description": "用户短信送达成功", "sid": "5000:1045710669157053657849499619"}
    assert report(client, company, [row]).json() == {"result": 0, "errmsg": "OK"}
    assert fared() == (LeaseState.DONE, True)


def test_a_gateway_signs_its_reports(client, setting, sent, monkeypatch, now):
    company = setting("http")
    delivery = sent("g-1")
    body = json.dumps({"id": delivery.message_id.strip("<>"), "state": "failed", "words": "关机"}).encode()
    stamp = str(int(time.time()))
    assert report(client, company, body).status_code == 403
    wrong = {"x-linsheng-timestamp": stamp, "x-linsheng-signature": signature("another-secret-of-them", stamp, body)}
    assert report(client, company, body, **wrong).status_code == 403
    old = {"x-linsheng-timestamp": "1000000000", "x-linsheng-signature": signature(SECRET, "1000000000", body)}
    assert report(client, company, body, **old).status_code == 403
    assert fared() == (LeaseState.DONE, None)
    right = {"x-linsheng-timestamp": stamp, "x-linsheng-signature": signature(SECRET, stamp, body)}
    assert report(client, company, body, **right).status_code == 200
    assert fared() == (LeaseState.FAILED, False)


def test_whoever_does_not_know_the_address_reports_nothing(client, setting, sent):
    company = setting()
    sent()
    assert report(client, company, aliyun(), token="0" * 32).status_code == 403
    assert fared() == (LeaseState.DONE, None)


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1]", b"9" * 5000])
def test_what_is_no_report_changes_nothing(client, setting, sent, body):
    company = setting()
    sent()
    assert report(client, company, body).status_code == 422
    assert fared() == (LeaseState.DONE, None)


def test_numbers_that_are_not_ours_are_nobodys(client, setting, sent):
    company = setting()
    sent()
    assert report(client, company, [*aliyun(biz_id="another"), {"success": "yes"}, {}]).status_code == 200
    assert fared() == (LeaseState.DONE, None)


def test_another_companys_provider_reports_on_its_own_messages_alone(client, cast, setting, sent, now):
    setting()
    sent()
    theirs = ChannelSetting.objects.create(
        organisation_id=cast.foreign_organisation.pk, channel="sms", provider="aliyun", created_at=now, changed_at=now
    )
    report(client, theirs, aliyun(success=False))
    assert fared() == (LeaseState.DONE, None)


def test_what_arrived_stays_arrived_and_a_repetition_is_no_news(client, setting, sent, now):
    company = setting()
    sent()
    report(client, company, aliyun())
    report(client, company, aliyun(success=False))
    assert fared() == (LeaseState.DONE, True)
    again = receipts.read("aliyun", json.dumps(aliyun()).encode())[0]
    assert actions.take_receipt(setting=company, receipt=again, now=now) is False


def test_what_did_not_arrive_can_be_sent_again_for_real(client, cast, setting, sent, turn, monkeypatch, now):
    company = setting()
    sent()
    report(client, company, aliyun(success=False))
    delivery = actions.retry_delivery(delivery=Delivery.objects.get(), by=cast.administrator, now=now)
    assert (delivery.sent_at, delivery.provider_id) == (None, "")
    given = []
    monkeypatch.setattr("linsheng.messaging.adapters.aliyun.AliyunSms.send", lambda *a: given.append(1) or "second")
    assert deliver_next(turn())
    assert (given, Delivery.objects.get().provider_id) == ([1], "second")
    # The provider repeats its report on the first one.
    report(client, company, aliyun(success=False))
    assert fared() == (LeaseState.DONE, None)


def test_a_mail_that_came_back_is_sent_again_too(cast, tell, now):
    delivery = tell(cast.owner, email="owner@example.com").deliveries.get()
    Delivery.objects.update(state=LeaseState.DONE, sent_at=now)
    actions.mark_bounced(delivery=delivery, reason="550 no such user")
    assert actions.retry_delivery(delivery=delivery, by=None, now=now).sent_at is None
