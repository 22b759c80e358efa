"""Telling webhooks: claim, post, note. The worker runs this as its loop ``webhooks``.

At least once: a worker killed between the other side's answer and our note tells again, with the same ``id``, which the other side
must know (``Idempotency-Key`` carries it too). Addresses inside are refused at every sending, whatever the name led to before;
redirects are not followed.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from linsheng.audit.actions import record
from linsheng.core import outward
from linsheng.core.sealing import opened, sealed
from linsheng.jobs import leases
from linsheng.jobs.faults import fault
from linsheng.jobs.registry import Turn
from linsheng.messaging import houses
from linsheng.messaging.adapters.http import as_json
from linsheng.messaging.adapters.sms_http import signed_headers
from linsheng.messaging.models import HookDelivery, NoticeKind, Webhook

PURPOSE = "messaging.webhook"
LIMITS = outward.Limits(connect=5, read=10, total=15, size=2048)
# So long nothing was taken: it is switched off, and somebody hears of it.
LONGEST_FAILING = timedelta(hours=24)
SILENT_DEATH = "the worker ended without a word at every attempt"
GONE = 410


class Said(NamedTuple):
    """What came back; ``error`` is empty when it was taken. ``final``: no use trying again."""

    status: int | None = None
    error: str = ""
    final: bool = False


def secret_of(webhook: Webhook) -> str:
    return opened(webhook.secret, purpose=PURPOSE)


def sealed_secret(secret: str) -> str:
    return sealed(secret, purpose=PURPOSE)


def post(delivery: HookDelivery) -> Said:
    """One request."""
    webhook = delivery.webhook
    secret = secret_of(webhook)
    if not secret:
        return Said(None, _("密钥已不能读出（SECRET_KEY 换过），请重新填写。"), final=True)
    body = as_json(delivery.payload)
    headers = {**signed_headers(secret, body, delivery.key), "X-Linsheng-Event": delivery.event}
    try:
        answer = outward.request("POST", webhook.url, body=body, headers=headers, limits=LIMITS)
    except outward.Refused as error:
        return Said(None, str(error), final=True)
    except outward.Unreachable as error:
        return Said(None, str(error))
    return _judged(answer)


def _judged(answer: outward.Answer) -> Said:
    status = answer.status
    if 200 <= status < 300:
        return Said(status)
    if 300 <= status < 400:
        return Said(status, _("对方要求转到别的网址（HTTP %(status)s），不跟随；请填写最后的网址。") % {"status": status})
    words = " ".join(answer.body.decode(errors="replace").split())[:200]
    return Said(status, _("对方没有收下（HTTP %(status)s）。%(words)s") % {"status": status, "words": words}, status == GONE)


def tell_next(turn: Turn) -> bool:
    """Take one due event as far as it goes; False when there is none."""
    fault("webhooks.before_claim")
    rows = HookDelivery.objects.select_related("webhook")
    delivery = leases.claim(rows, worker=turn.worker, now=turn.now, lease=turn.lease)
    if delivery is None:
        return False
    fault("webhooks.claimed")
    if leases.exhausted(delivery):
        leases.fail(delivery, now=turn.clock(), error=delivery.error or SILENT_DEATH)
    elif not delivery.webhook.on:
        leases.fail(delivery, now=turn.clock(), error=_("这个 Webhook 已停用，请先启用。"))
    else:
        _tell(delivery, turn)
    fault("webhooks.marked")
    return True


def _tell(delivery: HookDelivery, turn: Turn) -> None:
    said = post(delivery)
    fault("webhooks.sent")
    now = turn.clock()
    if not said.error:
        if leases.finish(delivery, now=now, status=said.status, sent_at=now):
            Webhook.objects.filter(pk=delivery.webhook_id).exclude(failing_since=None).update(failing_since=None)
        return
    HookDelivery.objects.filter(pk=delivery.pk, worker=delivery.worker).update(status=said.status)
    if said.final or leases.last_try(delivery):
        leases.fail(delivery, now=now, error=said.error)
    else:
        leases.try_later(delivery, now=now, error=said.error, jitter=turn.jitter())
    _note_failing(delivery.webhook, turn)


def _note_failing(webhook: Webhook, turn: Turn) -> None:
    """Since when it fails; after long enough it is switched off, once, and its company's administrators hear of it."""
    now = turn.clock()
    same = Webhook.objects.filter(pk=webhook.pk, on=True)
    if same.filter(failing_since=None).update(failing_since=now):
        return
    with transaction.atomic():
        if same.filter(failing_since__lte=now - LONGEST_FAILING).update(on=False, disabled_at=now):
            record("messaging.disable_webhook", by=None, now=now, subject=webhook, organisation_id=webhook.organisation_id)
            _tell_administrators(webhook, turn)


def _tell_administrators(webhook: Webhook, turn: Turn) -> None:
    # It lies above: actions use what is here.
    from linsheng.messaging.actions.notices import notify  # noqa: PLC0415

    now = turn.clock()
    for user in houses.administrators(webhook.organisation_id):
        with translation.override(user.language):
            title = _("Webhook“%(name)s”已停用") % {"name": webhook.name}
            body = _("它连续 24 小时没有收下任何事件。请修好对方系统，在“Webhook”页测试后重新启用；没送到的可以在记录里重发。")
        notify(
            key=f"webhook-{webhook.pk}-off-{now.isoformat()}-{user.pk}",
            kind=NoticeKind.SYSTEM,
            user=user,
            title=title,
            body=body,
            url=f"/settings/webhooks/{webhook.pk}/",
            organisation_id=webhook.organisation_id,
            now=now,
        )
