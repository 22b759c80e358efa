"""How a company reaches people outside: one row a provider or group, its secrets sealed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linsheng.messaging.models.notices import GROUPS, Channel


class ChannelSetting(models.Model):
    """One way out of a company: its provider, what the provider wants to know, and what may go that way.

    ``config`` holds what can be read, ``secrets`` the rest, sealed; it is shown to nobody again.
    """

    CHOICES: ClassVar = [(c.value, c.label) for c in (Channel.SMS, Channel.WECHAT, Channel.PUSH, *GROUPS)]

    organisation_id = models.BigIntegerField()
    # A group may belong to one community; None: the whole company.
    community_id = models.BigIntegerField(null=True)
    channel = models.CharField(_("渠道"), max_length=10, choices=CHOICES)
    provider = models.CharField(_("服务商"), max_length=20)
    name = models.CharField(_("名称"), max_length=40, blank=True)
    on = models.BooleanField(_("启用"), default=False)
    kinds = models.JSONField(default=list)
    config = models.JSONField(default=dict)
    secrets = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)
    # What the provider said to the last test; empty when it was taken.
    test_error = models.TextField(blank=True)

    class Meta:
        ordering = ["organisation_id", "channel", "pk"]
        constraints = [
            # Several groups, but one provider for what goes to persons.
            models.UniqueConstraint(
                fields=["organisation_id", "channel"],
                condition=models.Q(channel__in=["sms", "wechat", "push"]),
                name="one_setting_a_personal_channel",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.channel} {self.provider}"
