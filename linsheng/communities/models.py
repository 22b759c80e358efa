"""Who is served and by whom: organisation → community → building → home, residents in homes, staff in posts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.permissions import Role
from linsheng.core.text import masked_phone


class Organisation(models.Model):
    """The property company: the boundary that no data crosses."""

    code = models.SlugField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Grade(models.TextChoices):
    """What a property promises: a high-end community more than affordable housing."""

    PREMIUM = "premium", _("高档住宅")
    STANDARD = "standard", _("普通商品房")
    AFFORDABLE = "affordable", _("保障性住房")


class Community(models.Model):
    """One managed property (小区)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="communities")
    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    grade = models.CharField(_("物业类型"), max_length=12, choices=Grade.choices, default=Grade.STANDARD)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("客服电话"), max_length=30, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["organisation_id", "code"]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="buildings", db_index=False)
    name = models.CharField(_("楼栋"), max_length=30)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["community_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="building_name_once_a_community")]

    def __str__(self) -> str:
        return self.name


class Home(models.Model):
    """A dwelling; its number is how everybody calls it (``3-2-1201``)."""

    class Tenure(models.TextChoices):
        OWNER = "owner", _("自住")
        LET = "let", _("出租")
        EMPTY = "empty", _("空置")
        UNKNOWN = "unknown", _("未知")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="homes", db_index=False)
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="homes", db_index=False)
    number = models.CharField(_("房号"), max_length=30)
    floor = models.IntegerField(_("楼层"), null=True, blank=True)
    area = models.DecimalField(_("建筑面积（㎡）"), max_digits=8, decimal_places=2, null=True, blank=True)
    tenure = models.CharField(_("居住状态"), max_length=8, choices=Tenure.choices, default=Tenure.UNKNOWN)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["community_id", "building_id", "number"]
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="home_number_once_a_community")]
        indexes = [models.Index(fields=["building", "number"], name="home_by_building")]

    def __str__(self) -> str:
        return self.number


class ClaimCode(models.Model):
    """A printed code with which one household connects its account to its home; only the hash is kept."""

    home = models.ForeignKey(Home, on_delete=models.CASCADE, related_name="claim_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.home_id} {self.created_at}"


class Resident(models.Model):
    """A person as one company knows them. Two companies never share the record, even of the same person."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="residents", db_index=False)
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("手机号"), max_length=20, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="residents")
    # False once a mail bounced or a number proved wrong.
    reachable = models.BooleanField(default=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["organisation", "name"], name="resident_by_name"),
            models.Index(fields=["phone"], name="resident_phone_anywhere"),
            # Mail comes from an address, whatever its capitals.
            models.Index(Lower("email"), name="resident_by_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(user__isnull=False), name="one_resident_a_user_and_company"
            ),
            # The number is how a person signs in and is recognised when calling: it is one person's.
            models.UniqueConstraint(
                fields=["organisation", "phone"], condition=~Q(phone=""), name="one_resident_a_phone_and_company"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """The number as lists show it: enough to tell people apart."""
        return masked_phone(self.phone) if self.phone else ""


class Residency(models.Model):
    """That a resident lives in or owns a home, and since when."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("业主")
        TENANT = "tenant", _("租户")
        FAMILY = "family", _("家属")

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="residencies")
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="residencies")
    kind = models.CharField(_("身份"), max_length=8, choices=Kind.choices, default=Kind.OWNER)
    since = models.DateField(_("入住日期"), null=True, blank=True)
    until = models.DateField(_("迁出日期"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home", "resident"], condition=Q(until=None), name="one_current_residency_a_home"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=models.F("since")), name="residency_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} @ {self.home_id}"


class Team(models.TextChoices):
    """The trade that usually looks after a service item: 客服 answers, 工程 repairs, 秩序 guards, 环境 cleans and plants."""

    SERVICE = "service", _("客服组")
    ENGINEERING = "engineering", _("工程组")
    ORDER = "order", _("秩序组")
    ENVIRONMENT = "environment", _("环境组")


class Post(models.Model):
    """A staff member's role at one community, or (community empty) at the whole company."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("角色"), max_length=14, choices=Role.choices)
    team = models.CharField(_("班组"), max_length=12, choices=Team.choices, blank=True)
    title = models.CharField(_("岗位名称"), max_length=40, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "ended_at"], name="post_by_user")]
        constraints = [
            # Two, for SQLite cannot treat empty communities as alike.
            models.UniqueConstraint(
                fields=["user", "community", "role"],
                condition=Q(ended_at=None, community__isnull=False),
                name="one_current_post_a_role",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at=None, community=None),
                name="one_current_company_post_a_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class RosterImport(models.Model):
    """One uploaded roster on its way: checked first, written only when somebody says so."""

    class State(models.TextChoices):
        CHECKING = "checking", _("正在检查")
        CHECKED = "checked", _("待确认")
        WRITING = "writing", _("正在写入")
        DONE = "done", _("已导入")
        FAILED = "failed", _("未导入")
        DISCARDED = "discarded", _("已放弃")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="roster_imports", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    file_name = models.CharField(_("文件"), max_length=120)
    # The name in ``HOME/imports``; empty once the file is gone.
    stored = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.CHECKING)
    skip_bad = models.BooleanField(default=False)
    job_id = models.BigIntegerField(null=True)
    # What the check, then the import, found: counts, errors by row and column, notes, people who are absent.
    report = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["community", "-created_at"], name="roster_import_by_time")]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.community_id}"

    @property
    def is_working(self) -> bool:
        """Whether the worker has it now."""
        return self.state in {self.State.CHECKING, self.State.WRITING}
