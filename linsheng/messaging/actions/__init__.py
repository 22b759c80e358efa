"""Everything that writes."""

from linsheng.messaging.actions.channels import remove_channel, save_channel, test_channel, test_inbox, test_mail
from linsheng.messaging.actions.hooks import publish_event, remove_webhook, save_webhook, tell_again, test_webhook
from linsheng.messaging.actions.notices import (
    TITLE_LENGTH,
    mark_all_read,
    mark_bounced,
    mark_read,
    message_id,
    notify,
    retry_delivery,
    set_preferences,
    shortened,
)
from linsheng.messaging.actions.personal import link_wechat, send_digests, set_times, unlink_wechat, wechat_code
from linsheng.messaging.actions.push import subscribe_push, unsubscribe_push
from linsheng.messaging.actions.receipts import take_receipt

__all__ = [
    "TITLE_LENGTH",
    "link_wechat",
    "mark_all_read",
    "mark_bounced",
    "mark_read",
    "message_id",
    "notify",
    "publish_event",
    "remove_channel",
    "remove_webhook",
    "retry_delivery",
    "save_channel",
    "save_webhook",
    "send_digests",
    "set_preferences",
    "set_times",
    "shortened",
    "subscribe_push",
    "take_receipt",
    "tell_again",
    "test_channel",
    "test_inbox",
    "test_mail",
    "test_webhook",
    "unlink_wechat",
    "unsubscribe_push",
    "wechat_code",
]
