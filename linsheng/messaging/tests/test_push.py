"""Push to browsers: against the example of the standard, and against a push service that opens what it gets."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from linsheng.core.errors import Invalid
from linsheng.jobs.models import LeaseState
from linsheng.messaging import actions, push
from linsheng.messaging.deliveries import deliver_next
from linsheng.messaging.models import ChannelSetting, Delivery, PushIdentity, PushSubscription
from linsheng.messaging.tests.fakes import PushService

pytestmark = pytest.mark.django_db


def test_the_example_of_rfc_8291_comes_out_byte_for_byte():
    number = int.from_bytes(push.decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    made = push.encrypted(
        b"When I grow up, I want to be a watermelon",
        p256dh=push.decoded("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        auth=push.decoded("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=push.decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        own=ec.derive_private_key(number, push.CURVE),
    )
    assert push.encoded(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
        "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.fixture
def service(settings):
    made = PushService()
    settings.OUTGOING_PRIVATE_HOSTS = [made.host]
    yield made
    made.close()


@pytest.fixture
def company(cast, now):
    given = {"channel": "push", "provider": "webpush", "on": True, "config": {"contact": "ops@example.com"}}
    return ChannelSetting.objects.create(organisation_id=cast.organisation.pk, **given, created_at=now, changed_at=now)


@pytest.fixture
def browser(cast, service, company, now):
    return actions.subscribe_push(user=cast.owner, endpoint=f"{service.url}/send/1", **service.keys(), label="Chrome", now=now)


def run(turn):
    while deliver_next(turn()):
        pass


def test_a_browser_is_woken_and_told_no_word_of_anybody(cast, browser, service, tell, turn):
    tell(cast.owner, subject=cast.home, title="王某家的电梯修好了", body="3-2-1201")
    run(turn)
    assert Delivery.objects.get().state == LeaseState.DONE
    (said,) = service.accepted
    assert (said["title"], said["url"]) == ("处理结果", "/notices/")
    assert "王某" not in str(said)
    assert "王某".encode() not in service.requests[0].body


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(cast, browser, service, tell, turn, status):
    service.answers.append((status, b""))
    tell(cast.owner, subject=cast.home)
    run(turn)
    assert Delivery.objects.get().state == LeaseState.FAILED
    assert not PushSubscription.objects.exists()


def test_a_busy_service_is_asked_again(cast, browser, service, tell, turn):
    service.answers.append((429, b""))
    tell(cast.owner, subject=cast.home)
    run(turn)
    assert Delivery.objects.get().state == LeaseState.QUEUED
    assert PushSubscription.objects.exists()


def test_who_opened_no_browser_gets_no_push(cast, company, tell):
    tell(cast.owner, subject=cast.home)
    assert not Delivery.objects.exists()


def test_the_same_browser_changes_hands_and_the_oldest_beyond_ten_goes(cast, browser, service, now):
    again = actions.subscribe_push(user=cast.neighbour, endpoint=browser.endpoint, **service.keys(), label="", now=now)
    assert (again.pk, PushSubscription.objects.count()) == (browser.pk, 1)
    for number in range(12):
        actions.subscribe_push(user=cast.owner, endpoint=f"{service.url}/send/x{number}", **service.keys(), label="", now=now)
    assert PushSubscription.objects.filter(user=cast.owner).count() == 10


WRONG = [
    {"endpoint": "http://203.0.113.9/"},
    {"endpoint": ""},
    {"p256dh": "x"},
    {"p256dh": "AAAA"},
    {"auth": "AAAA"},
    {"auth": "é"},
]


@pytest.mark.parametrize("change", WRONG)
def test_what_no_browser_would_give_is_refused(cast, service, now, change):
    given = {"endpoint": f"{service.url}/send/1", **service.keys(), **change}
    with pytest.raises(Invalid):
        actions.subscribe_push(user=cast.owner, **given, label="", now=now)


def test_an_address_inside_is_not_spoken_to(cast, company, service, tell, turn, now, monkeypatch):
    keys = service.keys()
    actions.subscribe_push(user=cast.owner, endpoint="https://push.example.com/1", **keys, label="", now=now)
    monkeypatch.setattr("linsheng.core.outward.resolve", lambda host, port: ["127.0.0.1"])
    tell(cast.owner, subject=cast.home)
    run(turn)
    assert "内部网络" in Delivery.objects.get().error


def test_the_installation_keeps_one_key_and_keeps_it_sealed(now):
    first = push.identity(now)
    assert push.identity(now).public == first.public
    assert PushIdentity.objects.count() == 1
    assert len(push.decoded(first.public)) == 65
    PushIdentity.objects.update(private="sealed with another key")
    assert push.identity(now).public != first.public


def test_the_page_opens_and_closes_a_browser(client, cast, company, service):
    client.force_login(cast.owner)
    page = client.get("/me/notices/").content.decode()
    assert f'data-push="{PushIdentity.objects.get().public}"' in page
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
    client.post("/me/notices/push/", {"endpoint": f"{service.url}/1", **service.keys()}, headers={"user-agent": agent})
    found = PushSubscription.objects.get()
    assert (found.user, found.label) == (cast.owner, "Chrome · Android")
    client.post(f"/me/notices/push/{found.pk}/remove/")
    assert not PushSubscription.objects.exists()


def test_the_worker_comes_from_the_root_as_javascript(client):
    response = client.get("/push-worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in response.content
