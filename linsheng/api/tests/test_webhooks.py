"""Webhooks by token."""

import pytest

from linsheng.messaging.models import HookDelivery, Webhook

pytestmark = pytest.mark.django_db
NEW = {"name": "工单", "url": "https://hooks.example.com/x", "secret": "0123456789abcdef", "events": ["case.created"]}


@pytest.fixture(autouse=True)
def names(monkeypatch):
    monkeypatch.setattr("linsheng.core.outward.resolve", lambda host, port: ["8.8.8.8"])


def test_they_are_set_up_changed_and_removed_and_the_secret_never_comes_back(call, cast):
    admin = call("administrator")
    made = admin.post("webhooks", NEW, key="once")
    assert made.status_code == 201, made.content
    assert admin.post("webhooks", NEW, key="once").json() == made.json()
    assert "0123456789abcdef" not in made.content.decode() + admin.get("webhooks").content.decode()
    pk = made.json()["id"]
    headers = {"authorization": f"Bearer {admin.secret}"}
    changed = {**NEW, "secret": "", "on": False}
    answer = admin.client.put(f"/api/v1/webhooks/{pk}", changed, content_type="application/json", headers=headers)
    assert answer.json()["on"] is False
    assert admin.get(f"webhooks/{pk}").json()["events"] == ["case.created"]
    assert admin.client.delete(f"/api/v1/webhooks/{pk}", headers=headers).status_code == 200
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("change", [{"url": "http://x.example.com/"}, {"secret": "short"}, {"events": ["nonsense"]}])
def test_what_is_wrong_is_a_problem(call, change):
    assert call("administrator").post("webhooks", NEW | change).status_code == 422


def test_the_log_is_read_and_an_event_sent_again(call, now):
    admin = call("administrator")
    pk = admin.post("webhooks", NEW).json()["id"]
    row = HookDelivery.objects.create(webhook_id=pk, key="e1", event="case.created", state="failed", run_at=now, created_at=now)
    (item,) = admin.get(f"webhooks/{pk}/deliveries").json()["items"]
    assert (item["key"], item["state"]) == ("e1", "failed")
    assert admin.post(f"webhooks/{pk}/deliveries/{row.pk}/again").json()["state"] == "queued"
    assert admin.post(f"webhooks/{pk}/deliveries/{row.pk}/again").status_code == 409


@pytest.mark.parametrize(("who", "status"), [("frontdesk", 403), ("manager", 403), ("owner", 403), ("outsider", 404)])
def test_they_are_the_administrators(call, who, status):
    pk = call("administrator").post("webhooks", NEW).json()["id"]
    assert call(who).get(f"webhooks/{pk}").status_code == status
    assert call(who).post(f"webhooks/{pk}/test").status_code == status
