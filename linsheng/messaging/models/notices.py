"""Notices: what is told to whom. The in-app inbox is the notice itself; other channels are deliveries of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linsheng.jobs.models import Leased


class Channel(models.TextChoices):
    INBOX = "inbox", _("站内通知")
    EMAIL = "email", _("邮件")
    SMS = "sms", _("短信")
    WECHAT = "wechat", _("微信")
    PUSH = "push", _("浏览器推送")
    WECOM = "wecom", _("企业微信群")
    DINGTALK = "dingtalk", _("钉钉群")


# What a person can choose for themselves; groups are set up by the company.
PERSONAL = (Channel.INBOX, Channel.EMAIL, Channel.SMS, Channel.WECHAT, Channel.PUSH)
GROUPS = (Channel.WECOM, Channel.DINGTALK)


class NoticeKind(models.TextChoices):
    """What it is about; preferences are kept by kind."""

    CASE_RECEIVED = "case_received", _("反映已收到")
    CASE_PROGRESS = "case_progress", _("处理进展")
    CASE_RESULT = "case_result", _("处理结果")
    CASE_WORK = "case_work", _("工作任务")
    ESCALATION = "escalation", _("时限升级")
    SURVEY = "survey", _("满意度调查")
    ACCOUNT = "account", _("账号与安全")
    SYSTEM = "system", _("系统运行")
    DIGEST = "digest", _("每日汇总")


class Notice(models.Model):
    """One thing told to one recipient, once: ``key`` is unique."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    # Without a user the recipient is known by an address only (a contact who has no account).
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="notices", db_index=False)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    # Whose administrator sees how its deliveries fare.
    organisation_id = models.BigIntegerField(null=True)
    # Outside channels other than mail say only that there is something: it is about somebody who asked to stay unknown.
    private = models.BooleanField(default=False)
    # Does not wait for the morning.
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_inbox"),
            # Both columns, or SQLite takes the key's own index and reads everything that a person was ever told.
            models.Index(fields=["user", "read_at"], condition=models.Q(read_at=None), name="notice_unread_by_user"),
            models.Index(fields=["subject_type", "subject_id"], name="notice_by_subject"),
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(Leased):
    """A notice on its way through one outside channel. ``message_id`` stays the same over retries: receivers can tell a repeat."""

    # Sixteen tries take about nine hours: a mail server that is down overnight loses nothing.
    MAX_ATTEMPTS: ClassVar[int] = 16

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    # Through which of the company's channels; mail has none.
    setting = models.ForeignKey(
        "messaging.ChannelSetting", null=True, on_delete=models.SET_NULL, related_name="deliveries", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = models.CharField(max_length=254)
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    # Begun, and no end known: channels that cannot tell a repeat are not tried again by themselves.
    begun_at = models.DateTimeField(null=True)
    # The provider's own number for it, to ask them about.
    provider_id = models.CharField(max_length=100, blank=True)
    # When the other side took it over; from then on it is never sent again, whatever happens to the rest.
    sent_at = models.DateTimeField(null=True)
    # What was heard of it afterwards (a receipt, a mail that came back): None: nothing.
    arrived = models.BooleanField(null=True)
    receipt_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "run_at"], name="delivery_queue"),
            models.Index(fields=["setting", "provider_id"], name="delivery_by_number"),
            models.Index(fields=["setting", "sent_at"], name="delivery_by_setting"),
        ]
        constraints = [models.UniqueConstraint(fields=["notice", "channel", "address"], name="one_delivery_a_channel")]

    def __str__(self) -> str:
        return f"{self.channel} {self.message_id}"


class Preference(models.Model):
    """Whether a person wants one kind of notice through one channel; without a row the default holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences", db_index=False)
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    on = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="one_preference_each")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.channel} {self.on}"
