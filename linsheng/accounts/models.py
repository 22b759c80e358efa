"""People who sign in: users, one-time codes, API tokens, consent, and requests about their own data."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who can sign in. What they may do follows from their posts and residencies, not from flags here."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    # Residents sign in with it; staff may have none.
    phone = models.CharField(_("手机号"), max_length=20, null=True, blank=True, unique=True)
    email = models.EmailField(_("邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    large_text = models.BooleanField(_("大字版"), default=False)
    # Goes up to end every session at once; part of what a session is checked against.
    session_generation = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's own covers the password only; the generation lets a person end sessions without changing it.
        content = f"{self.password}:{self.session_generation}"
        return salted_hmac("linsheng.accounts.session", content, secret=secret, algorithm="sha256").hexdigest()


class Attempt(models.Model):
    """That something limited was done once: what, by whom (a keyed hash), and when. Kept for two days."""

    scope = models.CharField(max_length=30)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["scope", "key", "at"], name="attempt_window"),
            models.Index(fields=["at"], name="attempt_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.at}"


class OneTimeCode(models.Model):
    """A code sent to a phone; only its keyed hash is kept, it works once, for a few minutes and a few tries."""

    phone = models.CharField(max_length=20)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone", "-created_at"], name="code_by_phone")]

    def __str__(self) -> str:
        return f"{self.pk} {self.created_at}"


class ApiToken(models.Model):
    """A bearer token for programmes acting as this user; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("用途"), max_length=80)
    prefix = models.CharField(max_length=8)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"


class Consent(models.Model):
    """That a person agreed to one version of a text, and when; withdrawing keeps the row."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "document", "version"], condition=models.Q(withdrawn_at=None), name="consent_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"


class DataRequest(models.Model):
    """A person asks one company for their own data to be corrected or deleted; somebody there answers it."""

    class Kind(models.TextChoices):
        CORRECT = "correct", _("更正")
        DELETE = "delete", _("删除")

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        DONE = "done", _("已完成")
        REFUSED = "refused", _("已说明不能办理")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="data_requests")
    # A plain number: companies are known further up.
    organisation_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "state", "created_at"], name="data_request_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation_id", "kind"], condition=models.Q(state="open"), name="one_open_data_request_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
