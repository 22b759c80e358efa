"""What is told to whom, through which channel, and how that fared."""

from linsheng.messaging.models.channels import ChannelSetting
from linsheng.messaging.models.hooks import HookDelivery, HookEvent, Webhook
from linsheng.messaging.models.notices import GROUPS, PERSONAL, Channel, Delivery, Notice, NoticeKind, Preference
from linsheng.messaging.models.personal import Gathered, NoticeTimes, PushIdentity, PushSubscription, WechatCode, WechatLink

__all__ = [
    "GROUPS",
    "PERSONAL",
    "Channel",
    "ChannelSetting",
    "Delivery",
    "Gathered",
    "HookDelivery",
    "HookEvent",
    "Notice",
    "NoticeKind",
    "NoticeTimes",
    "Preference",
    "PushIdentity",
    "PushSubscription",
    "Webhook",
    "WechatCode",
    "WechatLink",
]
