"""A company's webhooks: set up, tried, told. The caller checks that ``by`` may."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.limits import take
from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.core import outward
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.ids import unguessable
from linsheng.core.questions import Question
from linsheng.jobs import leases
from linsheng.jobs.models import LeaseState
from linsheng.messaging import hooks
from linsheng.messaging.actions.channels import TESTS
from linsheng.messaging.models import HookDelivery, HookEvent, Webhook
from linsheng.messaging.models.hooks import CHOSEN

SHORTEST_SECRET = 16


def save_webhook(
    *, webhook: Webhook, name: str, url: str, secret: str, events: Iterable[str], on: bool, by: User, now: datetime
) -> Webhook:
    """Keep a webhook; an empty secret stays as it was. Raises ``Invalid`` with a sentence a field."""
    url, name = url.strip(), name.strip()
    wanted = [event.value for event in CHOSEN if event.value in set(events)]
    _check(name, url, secret or hooks.secret_of(webhook), wanted)
    webhook.name, webhook.url, webhook.events = name[:40], url[:500], wanted
    webhook.secret = hooks.sealed_secret(secret) if secret else webhook.secret
    if on and not webhook.on:
        webhook.failing_since = webhook.disabled_at = None
    webhook.on = on
    webhook.created_at, webhook.changed_at = webhook.created_at or now, now
    with transaction.atomic():
        webhook.save()
        _record("save_webhook", webhook, by, now, on=on, events=wanted)
    return webhook


def _check(name: str, url: str, secret: str, events: list[str]) -> None:
    wrong: dict[str, object] = {}
    if not name:
        wrong["name"] = _("请填写名称。")
    if not events:
        wrong["events"] = _("请至少选择一种事件。")
    if len(secret) < SHORTEST_SECRET:
        wrong["secret"] = _("签名密钥至少 %(n)d 个字符。") % {"n": SHORTEST_SECRET}
    try:
        outward.checked(outward.parsed(url))
    except outward.Refused as error:
        wrong["url"] = str(error)
    except outward.Unreachable:
        # The name may be known tomorrow; whatever it leads to is judged again at every sending.
        pass
    if wrong:
        raise Invalid(_("请核对标出的几项。"), fields=wrong)


def _record(action: str, webhook: Webhook, by: User | None, now: datetime, **data: object) -> None:
    record(f"messaging.{action}", by=by, now=now, subject=webhook, organisation_id=webhook.organisation_id, data=data)


@transaction.atomic
def remove_webhook(*, webhook: Webhook, by: User, now: datetime) -> None:
    """Take a webhook away, with its secret and its log."""
    _record("remove_webhook", webhook, by, now, name=webhook.name)
    webhook.delete()


def _webhooks_on(*, organisation: int) -> QuerySet[Webhook]:
    return Webhook.objects.filter(organisation_id=organisation, on=True)


_listening = Question(_webhooks_on, organisation=int)


def publish_event(*, key: str, event: str, organisation_id: int, data: Mapping[str, object], now: datetime) -> None:
    """Tell every webhook of the company that wants to hear of it, in the caller's transaction; a repeated ``key`` once."""
    rows = [
        HookDelivery(
            webhook=webhook,
            key=key,
            event=event,
            payload={"id": key, "type": event, "created_at": now.isoformat(), **data},
            run_at=now,
            created_at=now,
        )
        for webhook in _listening.rows(organisation=organisation_id)
        if event in webhook.events
    ]
    if rows:
        HookDelivery.objects.bulk_create(rows, ignore_conflicts=True)


def test_webhook(*, webhook: Webhook, by: User, now: datetime) -> HookDelivery:
    """Send a ping now, also while it is off; it stands in the log with its answer."""
    take(TESTS, str(webhook.organisation_id), now=now)
    key = f"ping-{unguessable()}"
    payload = {"id": key, "type": HookEvent.PING, "created_at": now.isoformat()}
    row = HookDelivery(webhook=webhook, key=key, event=HookEvent.PING, payload=payload, run_at=now, created_at=now, attempts=1)
    said = hooks.post(row)
    row.state, row.finished_at = (LeaseState.FAILED if said.error else LeaseState.DONE), now
    row.status, row.error, row.sent_at = said.status, said.error, None if said.error else now
    with transaction.atomic():
        row.save(force_insert=True)
        _record("test_webhook", webhook, by, now, taken=not said.error)
    return row


@transaction.atomic
def tell_again(*, delivery: HookDelivery, by: User, now: datetime) -> HookDelivery:
    """Send an event once more, with the identity it had. The caller checks that ``by`` may."""
    if not delivery.webhook.on:
        raise Conflict(_("这个 Webhook 已停用，请先启用。"))
    if not leases.requeue(HookDelivery.objects.filter(pk=delivery.pk), now=now):
        raise Conflict(_("还在发送，请稍后刷新页面。"))
    delivery.refresh_from_db()
    company = delivery.webhook.organisation_id
    record("messaging.tell_again", by=by, now=now, subject=delivery, organisation_id=company, data={"key": delivery.key})
    return delivery
