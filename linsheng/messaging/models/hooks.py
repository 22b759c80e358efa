"""Outgoing webhooks: where a company wants to hear of what happens, and what it was told."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linsheng.jobs.models import Leased


class HookEvent(models.TextChoices):
    """What can be told."""

    CASE_CREATED = "case.created", _("有新反映")
    CASE_ASSIGNED = "case.assigned", _("已指派")
    CASE_RESOLVED = "case.resolved", _("有结果")
    CASE_TOLD = "case.told", _("已告知反映人")
    CASE_CLOSED = "case.closed", _("已办结")
    CASE_REOPENED = "case.reopened", _("已重新打开")
    CASE_RATED = "case.rated", _("已评价")
    CASE_REFERRED = "case.referred", _("已转出")
    CASE_DECLINED = "case.declined", _("未受理")
    CASE_WITHDRAWN = "case.withdrawn", _("已撤回")
    CASE_MERGED = "case.merged", _("已合并")
    CASE_ESCALATED = "case.escalated", _("时限升级")
    PING = "ping", _("测试")


CHOSEN = tuple(event for event in HookEvent if event != HookEvent.PING)


class Webhook(models.Model):
    """One address of a company's own systems. The secret is sealed, and shown to nobody again."""

    organisation_id = models.BigIntegerField()
    name = models.CharField(_("名称"), max_length=40)
    url = models.CharField(_("接口地址"), max_length=500)
    secret = models.TextField()
    events = models.JSONField(default=list)
    on = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Since when nothing has been taken there; None: the last one was.
    failing_since = models.DateTimeField(null=True)
    # When we gave up by ourselves.
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["organisation_id", "pk"]
        indexes = [models.Index(fields=["organisation_id"], condition=models.Q(on=True), name="webhook_on")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.name}"


class HookDelivery(Leased):
    """One event on its way to one webhook; ``key`` is the event's identity over all retries."""

    MAX_ATTEMPTS: ClassVar[int] = 16

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    key = models.CharField(max_length=80)
    event = models.CharField(max_length=20, choices=HookEvent.choices)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    # The other side's last answer.
    status = models.PositiveSmallIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "run_at"], name="hook_queue"),
            models.Index(fields=["webhook", "-created_at", "-id"], name="hook_log"),
        ]
        constraints = [models.UniqueConstraint(fields=["webhook", "key"], name="one_telling_a_webhook")]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"
