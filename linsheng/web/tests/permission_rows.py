"""Who may call the addresses of this app."""

from linsheng.core.testing import SIGNED_IN, PermissionRow
from linsheng.jobs.actions import enqueue
from linsheng.jobs.models import Job
from linsheng.messaging.actions import notify
from linsheng.messaging.models import ChannelSetting, Delivery, HookDelivery, NoticeKind, Webhook


def failed_job(cast):
    given = {"payload": {}, "now": cast.organisation.created_at, "by_id": cast.manager.pk}
    job = enqueue(kind="roster", key="failed", organisation_id=cast.organisation.pk, **given)
    Job.objects.update(state="failed")
    return {"job_id": job.pk}


def failed_delivery(cast):
    given = {"kind": NoticeKind.CASE_RESULT, "title": "结果", "body": "", "url": "", "now": cast.organisation.created_at}
    notice = notify(key="failed", email="owner@example.com", organisation_id=cast.organisation.pk, **given)
    Delivery.objects.update(state="failed")
    return {"delivery_id": notice.deliveries.get().pk}


def channel(cast):
    given = {"organisation_id": cast.organisation.pk, "channel": "wecom", "provider": "wecom", "name": "工程群"}
    at = cast.organisation.created_at
    return {"pk": ChannelSetting.objects.create(**given, created_at=at, changed_at=at).pk}


def webhook(cast):
    at = cast.organisation.created_at
    given = {
        "organisation_id": cast.organisation.pk,
        "name": "工单",
        "url": "https://127.0.0.1/",
        "events": ["case.created"],
        "secret": "",
    }
    return {"pk": Webhook.objects.create(**given, created_at=at, changed_at=at).pk}


def told_event(cast):
    at = cast.organisation.created_at
    found = webhook(cast)
    row = HookDelivery.objects.create(
        webhook_id=found["pk"], key="k", event="case.created", state="failed", run_at=at, created_at=at
    )
    return {**found, "delivery_id": row.pk}


SETS_UP = frozenset({"administrator"})
ANY_COMPANYS = SETS_UP | {"outsider"}
ROWS = [
    PermissionRow("web:channels", allowed=ANY_COMPANYS),
    PermissionRow("web:new_channel", allowed=ANY_COMPANYS, args=lambda cast: {"provider": "wecom"}),
    PermissionRow("web:new_channel", ANY_COMPANYS, "POST", args=lambda cast: {"provider": "wecom"}, accepted=frozenset({422})),
    PermissionRow("web:channel", allowed=SETS_UP, args=channel),
    PermissionRow("web:channel", SETS_UP, "POST", args=channel, accepted=frozenset({422})),
    PermissionRow("web:test_channel", method="POST", allowed=SETS_UP, args=channel),
    PermissionRow("web:remove_channel", method="POST", allowed=SETS_UP, args=channel),
    PermissionRow("web:test_mail", method="POST", allowed=ANY_COMPANYS, data=lambda cast: {"to": "me@example.com"}),
    PermissionRow("web:test_inbox", method="POST", allowed=ANY_COMPANYS),
    PermissionRow("web:webhooks", allowed=ANY_COMPANYS),
    PermissionRow("web:new_webhook", allowed=ANY_COMPANYS),
    PermissionRow("web:new_webhook", ANY_COMPANYS, "POST", accepted=frozenset({422})),
    PermissionRow("web:webhook", allowed=SETS_UP, args=webhook),
    PermissionRow("web:webhook", SETS_UP, "POST", args=webhook, accepted=frozenset({422})),
    PermissionRow("web:test_webhook", method="POST", allowed=SETS_UP, args=webhook),
    PermissionRow("web:remove_webhook", method="POST", allowed=SETS_UP, args=webhook),
    PermissionRow("web:tell_again", method="POST", allowed=SETS_UP, args=told_event),
    # A manager sees the jobs they started; whoever has the whole company's settings all of the company's, and its deliveries.
    PermissionRow("web:operations", allowed=frozenset({"manager", "administrator", "outsider"})),
    PermissionRow("web:retry_job", method="POST", allowed=frozenset({"manager", "administrator"}), args=failed_job),
    PermissionRow("web:export_deliveries", allowed=ANY_COMPANYS),
    PermissionRow("web:retry_delivery", method="POST", allowed=frozenset({"administrator"}), args=failed_delivery),
    PermissionRow("web:home", allowed=SIGNED_IN),
    # Off unless a setting asks for it.
    PermissionRow("web:gallery", allowed=frozenset()),
]
