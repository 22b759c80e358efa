"""When and where one person wants to be told: quiet hours, the daily digest, the WeChat that is theirs."""

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linsheng.messaging.models.notices import Notice

QUIET_FROM, QUIET_UNTIL = time(22), time(8)


class NoticeTimes(models.Model):
    """A person's hours; without a row the defaults hold."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_times")
    quiet_on = models.BooleanField(_("夜间免打扰"), default=True)
    quiet_from = models.TimeField(_("免打扰开始"), default=QUIET_FROM)
    quiet_until = models.TimeField(_("免打扰结束"), default=QUIET_UNTIL)
    # The hour of the one message a day; None: each notice by itself, at once.
    digest_hour = models.PositiveSmallIntegerField(_("每天几点"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(digest_hour=None) | models.Q(digest_hour__lt=24), name="digest_hour")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.quiet_from} {self.quiet_until} {self.digest_hour}"


class Gathered(models.Model):
    """A notice that waits for its person's digest, or went out with one: with exactly one, ever."""

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="gathered")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation_id = models.BigIntegerField(null=True)
    # The ways that it would have taken by itself, and the mail address it would have gone to.
    channels = models.JSONField(default=list)
    email = models.CharField(max_length=254, blank=True)
    due_at = models.DateTimeField()
    digest = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="gathers")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(sent_at=None), name="gathered_waiting")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.due_at}"


class WechatLink(models.Model):
    """Who reads a company's WeChat Official Account under which openid."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wechat_links")
    organisation_id = models.BigIntegerField()
    openid = models.CharField(max_length=64)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "openid"], name="one_person_an_openid"),
            models.UniqueConstraint(fields=["organisation_id", "user"], name="one_wechat_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.organisation_id}"


class WechatCode(models.Model):
    """What a person sends to the account to prove that both are theirs; only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation_id = models.BigIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.organisation_id}"


class PushIdentity(models.Model):
    """The installation's own key, by which push services know whose messages these are (RFC 8292). One row."""

    private = models.TextField()
    public = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public


class PushSubscription(models.Model):
    """A browser that a person lets us wake: where its push service is, and the keys that only that browser can open."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.TextField()
    mark = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.label}"
