from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "linsheng.messaging"
    label = "messaging"

    def ready(self) -> None:
        """Join the page 我的, "my data" and the erasure of a person."""
        # Models are not loaded before.
        from linsheng.accounts import panels as account_panels  # noqa: PLC0415
        from linsheng.audit import words  # noqa: PLC0415
        from linsheng.messaging import panels, privacy  # noqa: PLC0415

        account_panels.register(panels.notices_panel)
        privacy.register()
        words.register(
            {
                "messaging.retry_delivery": _("重试发送通知"),
                "messaging.set_preferences": _("修改通知设置"),
                "messaging.set_times": _("修改通知时间"),
                "messaging.link_wechat": _("绑定微信"),
                "messaging.unlink_wechat": _("解除微信绑定"),
                "messaging.subscribe_push": _("打开浏览器推送"),
                "messaging.unsubscribe_push": _("关闭浏览器推送"),
                "messaging.save_webhook": _("修改 Webhook"),
                "messaging.remove_webhook": _("删除 Webhook"),
                "messaging.test_webhook": _("测试 Webhook"),
                "messaging.tell_again": _("重发 Webhook"),
                "messaging.disable_webhook": _("停用 Webhook"),
                "messaging.save_channel": _("修改发送渠道"),
                "messaging.remove_channel": _("删除发送渠道"),
                "messaging.test_channel": _("测试发送渠道"),
                "messaging.test_mail": _("测试邮件发送"),
            }
        )
