"""How a delivery is shown: enough of its address to tell it from others, and no more; how it fared, in words."""

from django.utils.translation import gettext as _

from linsheng.jobs.models import LeaseState
from linsheng.messaging.models import GROUPS, Delivery

TONES = {LeaseState.QUEUED: "waiting", LeaseState.RUNNING: "primary", LeaseState.DONE: "done", LeaseState.FAILED: "late"}


def masked_address(delivery: Delivery) -> str:
    """``owner@example.com`` → ``o***@example.com``; of a number or an openid its end: ``***0001``; a group's name as it is."""
    address = delivery.address
    if delivery.channel in GROUPS:
        return address
    if "@" not in address:
        return f"***{address[-4:]}"
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***{at}{domain}"


def error_words(delivery: Delivery) -> str:
    """The provider's words; they often quote the address."""
    return (delivery.error or delivery.receipt).replace(delivery.address, masked_address(delivery))


def state_words(delivery: Delivery) -> str:
    """Taken by a provider is not arrived: only a receipt says that."""
    if delivery.state == LeaseState.DONE:
        return _("已送达") if delivery.arrived else _("对方已收下")
    if delivery.state == LeaseState.FAILED:
        return _("没有送达")
    return _("等待发送") if delivery.sent_at is None else _("正在发送")
