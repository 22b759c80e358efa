"""What the worker does for this app."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from linsheng.jobs import registry
from linsheng.jobs.models import LeaseState
from linsheng.jobs.running import RunningJob
from linsheng.messaging.actions import send_digests
from linsheng.messaging.deliveries import deliver_next
from linsheng.messaging.hooks import tell_next
from linsheng.messaging.models import Delivery, HookDelivery

KEEP = timedelta(days=180)

registry.loop("deliveries")(deliver_next)
registry.loop("webhooks")(tell_next)


@registry.every("messaging.digests", minutes=5, label=_("每日汇总"))
def digests_due(job: RunningJob) -> dict[str, Any]:
    """Send the digests whose hour has come."""
    return {"digests": send_digests(now=job.now)}


@registry.every("messaging.retention", minutes=24 * 60, label=_("清理旧的发送记录"))
def remove_old(job: RunningJob) -> dict[str, Any]:
    """Remove deliveries that ended more than 180 days ago, with the addresses in them; the notices stay."""
    ended = Delivery.objects.filter(state__in=[LeaseState.DONE, LeaseState.FAILED], finished_at__lt=job.now - KEEP)
    told = HookDelivery.objects.filter(state__in=[LeaseState.DONE, LeaseState.FAILED], finished_at__lt=job.now - KEEP)
    return {"deliveries": ended.delete()[0], "webhooks": told.delete()[0]}
