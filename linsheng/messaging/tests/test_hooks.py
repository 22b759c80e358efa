"""Outgoing webhooks, against a receiver on loopback that checks as the manual says."""

from datetime import timedelta

import pytest

from linsheng.core.errors import Conflict, Invalid
from linsheng.jobs.models import LeaseState
from linsheng.messaging import actions
from linsheng.messaging.hooks import tell_next
from linsheng.messaging.models import HookDelivery, HookEvent, Notice, Webhook
from linsheng.messaging.tests.fakes import Receiver

pytestmark = pytest.mark.django_db
CREATED = HookEvent.CASE_CREATED


@pytest.fixture
def receiver(settings):
    made = Receiver()
    # The one way by which an address inside is meant.
    settings.OUTGOING_PRIVATE_HOSTS = [made.host]
    yield made
    made.close()


@pytest.fixture
def save(cast, now):
    def make(webhook=None, **said):
        given = {
            "name": "工单系统",
            "url": "https://203.0.113.9/",
            "secret": Receiver.secret,
            "events": [CREATED],
            "on": True,
            **said,
        }
        webhook = webhook or Webhook(organisation_id=cast.organisation.pk)
        return actions.save_webhook(webhook=webhook, by=cast.administrator, now=now, **{"on": True, **given})

    return make


@pytest.fixture
def hook(receiver, save):
    return save(url=f"{receiver.url}/hook?x=1")


@pytest.fixture
def publish(cast, now):
    def make(key="e1", event=CREATED, organisation=None, **data):
        company = (organisation or cast.organisation).pk
        actions.publish_event(key=key, event=event, organisation_id=company, data=data or {"case": {"id": 1}}, now=now)

    return make


def run(turn):
    while tell_next(turn()):
        pass


def test_an_event_arrives_signed_once(hook, receiver, publish, turn):
    publish()
    publish()
    run(turn)
    assert [said["id"] for said in receiver.accepted] == ["e1"]
    (request,) = receiver.requests
    assert (request.path, request.headers["x-linsheng-event"]) == ("/hook", "case.created")
    row = HookDelivery.objects.get()
    assert (row.state, row.status, row.error) == (LeaseState.DONE, 204, "")


def test_only_what_was_asked_for_and_only_of_ones_own_company(cast, hook, publish):
    publish(event=HookEvent.CASE_CLOSED)
    publish(organisation=cast.foreign_organisation)
    assert not HookDelivery.objects.exists()


def test_what_is_off_hears_nothing(hook, publish):
    Webhook.objects.update(on=False)
    publish()
    assert not HookDelivery.objects.exists()


def test_who_does_not_answer_is_asked_again_later_and_later(hook, receiver, publish, turn, clock):
    receiver.answers += [(500, {"error": "busy"}), (503, b"<html>down</html>")]
    publish()
    run(turn)
    row = HookDelivery.objects.get()
    assert (row.state, row.status, row.attempts) == (LeaseState.QUEUED, 500, 1)
    assert "HTTP 500" in row.error
    assert Webhook.objects.get().failing_since == clock()
    first = row.run_at - clock()
    clock.at = row.run_at
    run(turn)
    assert HookDelivery.objects.get().run_at - clock() > first
    clock.move(hours=1)
    run(turn)
    assert HookDelivery.objects.get().state == LeaseState.DONE
    assert Webhook.objects.get().failing_since is None


def test_redirects_are_not_followed(hook, receiver, publish, turn):
    receiver.answers.append((302, b""))
    publish()
    run(turn)
    assert len(receiver.requests) == 1
    assert "不跟随" in HookDelivery.objects.get().error


def test_gone_is_gone(hook, receiver, publish, turn):
    receiver.answers.append((410, b""))
    publish()
    run(turn)
    assert HookDelivery.objects.get().state == LeaseState.FAILED


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://100.100.100.200/",
        "http://203.0.113.9/",
        "https://user:pw@203.0.113.9/",
        "ftp://203.0.113.9/",
        "",
    ],
)
def test_addresses_inside_are_refused_when_they_are_set(save, url):
    with pytest.raises(Invalid) as error:
        save(url=url)
    assert "url" in error.value.fields


def test_a_name_that_leads_inside_later_is_refused_at_sending(save, publish, turn, monkeypatch):
    monkeypatch.setattr("linsheng.core.outward.resolve", lambda host, port: ["8.8.8.8"])
    save(url="https://hooks.example.com/")
    monkeypatch.setattr("linsheng.core.outward.resolve", lambda host, port: ["8.8.8.8", "192.168.1.1"])
    publish()
    run(turn)
    row = HookDelivery.objects.get()
    assert row.state == LeaseState.FAILED
    assert "内部网络" in row.error


@pytest.mark.parametrize("said", [{"name": " "}, {"events": []}, {"events": ["ping"]}, {"secret": "short"}])
def test_what_is_missing_is_said_beside_its_field(save, monkeypatch, said):
    monkeypatch.setattr("linsheng.core.outward.resolve", lambda host, port: ["8.8.8.8"])
    with pytest.raises(Invalid) as error:
        save(**said)
    assert set(error.value.fields) == set(said)


def test_the_secret_is_sealed_and_stays_when_none_is_typed(hook, save, receiver, publish, turn):
    assert Receiver.secret not in Webhook.objects.get().secret
    save(hook, url=hook.url, secret="", name="改名")
    publish()
    run(turn)
    assert len(receiver.accepted) == 1


def test_after_a_day_of_failing_it_is_switched_off_and_the_administrator_hears_of_it(cast, hook, receiver, publish, turn, clock):
    receiver.answers += [(500, b"")] * 20
    for number in range(3):
        publish(f"e{number}")
    run(turn)
    clock.move(hours=25)
    run(turn)
    webhook = Webhook.objects.get()
    assert (webhook.on, webhook.disabled_at) == (False, clock())
    told = Notice.objects.get(user=cast.administrator)
    assert "已停用" in told.title
    assert told.url == f"/settings/webhooks/{webhook.pk}/"
    # What waited stands as failed, and is not lost: it can be sent again.
    clock.move(hours=1)
    run(turn)
    assert set(HookDelivery.objects.values_list("state", flat=True)) == {LeaseState.FAILED}


def test_it_is_sent_again_with_the_same_identity(cast, hook, receiver, publish, turn, now):
    publish()
    run(turn)
    row = HookDelivery.objects.select_related("webhook").get()
    actions.tell_again(delivery=row, by=cast.administrator, now=now)
    run(turn)
    assert len(receiver.requests) == 2
    assert len(receiver.accepted) == 1
    Webhook.objects.update(on=False)
    row = HookDelivery.objects.select_related("webhook").get()
    with pytest.raises(Conflict):
        actions.tell_again(delivery=row, by=cast.administrator, now=now)


def test_a_test_says_what_came_back_and_stands_in_the_log(cast, hook, receiver, now):
    assert actions.test_webhook(webhook=hook, by=cast.administrator, now=now).error == ""
    assert receiver.accepted[0]["type"] == "ping"
    receiver.answers.append((404, {"error": "no such hook"}))
    row = actions.test_webhook(webhook=hook, by=cast.administrator, now=now + timedelta(minutes=1))
    assert "no such hook" in row.error
    assert [row.state for row in HookDelivery.objects.order_by("pk")] == [LeaseState.DONE, LeaseState.FAILED]
