"""Mail: the boxes it comes from, every mail that came in, and who writes about which case."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linsheng.communities.models import Community, Organisation
from linsheng.feedback.models import Case
from linsheng.jobs.models import Leased


class Mailbox(models.Model):
    """One address that residents write to, and how its mails are fetched."""

    class Security(models.TextChoices):
        SSL = "ssl", _("SSL / TLS")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("不加密（只用于内网）")

    class ReplyStyle(models.TextChoices):
        PLUS = "plus", _("加号地址：service+标记@…")
        CATCH_ALL = "catch_all", _("全域收信：标记@…（邮箱须收下本域名的所有地址）")
        NONE = "none", _("不用标记（只靠邮件往来和主题编号）")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mailboxes")
    # Where mail of unknown senders belongs; residents of the other communities are recognised and filed there.
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="mailboxes", verbose_name=_("小区"))
    others = models.ManyToManyField(Community, blank=True, related_name="+", verbose_name=_("也服务于"))
    address = models.EmailField(_("邮箱地址"), unique=True)
    name = models.CharField(_("发件人名称"), max_length=60, blank=True)
    reply_style = models.CharField(_("回复地址"), max_length=10, choices=ReplyStyle.choices, default=ReplyStyle.PLUS)

    # Empty host: mails come by the pipe command alone.
    host = models.CharField(_("IMAP 服务器"), max_length=120, blank=True)
    port = models.PositiveIntegerField(_("端口"), default=993)
    security = models.CharField(_("加密"), max_length=8, choices=Security.choices, default=Security.SSL)
    username = models.CharField(_("登录名"), max_length=120, blank=True)
    secret = models.TextField(blank=True)  # sealed with the installation's key; never shown
    folder = models.CharField(_("收件文件夹"), max_length=120, default="INBOX")
    done_folder = models.CharField(_("取走后移到"), max_length=120, blank=True)

    # Empty host: answers leave by the installation's own server.
    smtp_host = models.CharField(_("SMTP 服务器"), max_length=120, blank=True)
    smtp_port = models.PositiveIntegerField(_("发信端口"), default=465)
    smtp_security = models.CharField(_("发信加密"), max_length=8, choices=Security.choices, default=Security.SSL)
    smtp_username = models.CharField(_("发信登录名"), max_length=120, blank=True)
    smtp_secret = models.TextField(blank=True)  # sealed as the other one
    smtp_from = models.EmailField(_("发件地址"), blank=True)

    trusted_server = models.CharField(_("可信的验证服务器"), max_length=200, blank=True)
    require_authentication = models.BooleanField(_("没有验证结果的也隔离"), default=False)
    active = models.BooleanField(_("启用"), default=True)

    # Where fetching stands: UIDs count only within one UIDVALIDITY.
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    error_at = models.DateTimeField(null=True)
    # One fetcher at a time.
    lease_until = models.DateTimeField(null=True)
    fetcher = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["organisation_id", "address"]

    def __str__(self) -> str:
        return self.address

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()

    @property
    def sender_address(self) -> str:
        """What its mails are from: an address of its own only where they leave by a server of its own."""
        return (self.smtp_host and self.smtp_from) or self.address

    @property
    def trusted_servers(self) -> tuple[str, ...]:
        return tuple(word.strip().lower() for word in self.trusted_server.replace(",", " ").split())


class Outcome(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", pgettext_lazy("mail", "待处理")
    CREATED = "created", _("已立件")
    APPENDED = "appended", _("已补充")
    RECORDED = "recorded", _("仅记录")
    QUARANTINED = "quarantined", _("已隔离")
    PARKED = "parked", _("待人工")
    DUPLICATE = "duplicate", _("重复")
    DISCARDED = "discarded", _("已丢弃")


class Reason(models.TextChoices):
    """Why it became that, in words for staff."""

    NEW = "new", _("新来信，已登记为反映。")
    UNKNOWN_SENDER = "unknown_sender", _("发件人不在住户名册中，已登记为反映，请关联到住户。")
    NOT_TAKING_PART = "not_taking_part", _("信里提到已有的反映，但发件人不是那件事的联系人，另立一件。")
    RELEASED = "released", _("人工放行。")
    SIGNED_REPLY = "signed_reply", _("回复了我们的邮件，已补充到这件反映。")
    CONVERSATION = "conversation", _("接着先前的往来邮件，已补充到这件反映。")
    NUMBER = "number", _("主题里有反映编号，已补充到这件反映。")
    AUTO_REPLY = "auto_reply", _("自动回复，只记录，不答复。")
    BOUNCE = "bounce", _("退信：我们的邮件没有送到收件人。")
    BOUNCE_UNKNOWN = "bounce_unknown", _("退信，但对不上我们发出的邮件，只记录。")
    DELAYED = "delayed", _("投递延迟的通知，对方服务器还在尝试。")
    LIST = "list", _("群发邮件，只记录。")
    OWN = "own", _("我们自己发出的邮件又回来了，只记录。")
    OVERSIZE = "oversize", _("邮件太大，已存档，并告知发件人改用其他方式。")
    FORGED = "forged", _("发件人身份验证没有通过，可能是冒名。")
    UNVERIFIED = "unverified", _("没有身份验证结果，这个邮箱要求验证。")
    NO_SENDER = "no_sender", _("没有发件人地址。")
    TOO_MANY = "too_many", _("同一发件人一小时内来信太多，可能是程序在发。")
    CASE_TOO_MANY = "case_too_many", _("同一件反映一天内来信太多，可能是程序在互相回复。")
    SAME_MAIL = "same_mail", _("同一封邮件已经收到过。")
    NO_MAILBOX = "no_mailbox", _("没有邮箱设置认得收件地址，请管理员检查邮箱设置后重试。")
    FAILED = "failed", _("处理时出错，邮件已保存，请重试或转人工。")
    BY_HAND = "by_hand", _("人工丢弃。")


class Mail(Leased):
    """One mail as it came in. The raw bytes are stored before anything is made of them, and can be replayed.

    ``state`` (of ``Leased``) says whether a worker still has something to do; ``outcome`` what became of it.
    """

    MAX_ATTEMPTS: ClassVar[int] = 4

    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    community = models.ForeignKey(Community, null=True, on_delete=models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="mails")
    raw = models.CharField(max_length=120, blank=True)  # the file's random name; empty once it was removed
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    # Where it came in: the same bytes count once there.
    scope = models.CharField(max_length=20)
    # Message-ID and sender within the scope; empty for repetitions.
    identity = models.CharField(max_length=64, null=True)  # noqa: DJ001  # unique, and repetitions have none

    outcome = models.CharField(_("状态"), max_length=12, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    note = models.TextField(blank=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="mails", db_index=False)
    # Set by who let it out of quarantine: it is not stopped a second time.
    released = models.BooleanField(default=False)
    after_end = models.BooleanField(default=False)

    message_id = models.CharField(max_length=260, blank=True)
    from_address = models.CharField(max_length=254, blank=True)
    from_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    kind = models.CharField(max_length=12, blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    faults = models.JSONField(default=list)
    # Whether there is a formatted version to look at; unknown until the mail was read.
    has_html = models.BooleanField(null=True)
    # [{"index", "name", "type", "size", "photo", "dangerous"}]: the bytes stay in the raw mail.
    attachments = models.JSONField(default=list)
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "run_at"], name="mail_queue"),
            models.Index(fields=["organisation", "-received_at", "-id"], name="mail_by_time"),
            models.Index(fields=["organisation", "outcome", "-received_at"], name="mail_by_outcome"),
            models.Index(fields=["case", "received_at"], name="mail_by_case"),
            models.Index(fields=["message_id"], name="mail_by_message_id"),
            models.Index(fields=["from_address", "received_at"], name="mail_by_sender"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["scope", "sha256"], name="same_bytes_once"),
            models.UniqueConstraint(fields=["scope", "identity"], name="same_mail_once", condition=Q(identity__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} {self.outcome}"


class Correspondent(models.Model):
    """An address that took part in a case by mail: whom we wrote to, and who wrote."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="correspondents", db_index=False)
    address = models.CharField(max_length=254)  # lower case
    since = models.DateTimeField()
    # When a mail to it came back for good.
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "address"], name="correspondent_once_a_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.address}"
