"""What became of a message after its provider had taken it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linsheng.jobs.models import LeaseState
from linsheng.messaging.adapters.email import mail_domain
from linsheng.messaging.models import ChannelSetting, Delivery
from linsheng.messaging.receipts import Receipt


@transaction.atomic
def take_receipt(*, setting: ChannelSetting, receipt: Receipt, now: datetime) -> bool:
    """Note that a message arrived, or did not: then it failed, with the provider's words. Whether it was news.

    A number that is not ours is nobody's: providers report on everything that an account sends. What arrived stays arrived.
    """
    named = Q(pk__in=())
    if receipt.number:
        named |= Q(provider_id=receipt.number)
    if receipt.identity:
        identity = receipt.identity.strip("<>")
        named |= Q(message_id__in=[f"<{identity}>", f"<{identity}@{mail_domain()}>"])
    rows = Delivery.objects.filter(named, setting=setting).exclude(arrived=True)
    # What is queued was given a fresh start by a person: the report is about the time before.
    rows = rows.exclude(state=LeaseState.QUEUED).exclude(arrived=receipt.arrived)
    said = {"arrived": receipt.arrived, "receipt": receipt.words[:200], "receipt_at": now}
    if receipt.arrived:
        return bool(rows.filter(sent_at__isnull=False).update(**said, state=LeaseState.DONE, error="", lease_until=None))
    error = _("服务商回执：没有送达（%(words)s）。") % {"words": receipt.words or "—"}
    ended = {"state": LeaseState.FAILED, "error": error, "lease_until": None}
    return bool(rows.update(**said, **ended))
