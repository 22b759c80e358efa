"""One run of a questionnaire: the wave, its frozen frame in strata, and one ballot a home."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Building, Community, Home, Organisation
from linsheng.surveys.models.questionnaires import QuestionnaireVersion, spoken


class WaveMode(models.TextChoices):
    ANONYMOUS = "anonymous", _("匿名")
    LINKED = "linked", _("记名（答案与房屋对应）")


class WaveState(models.TextChoices):
    DRAFT = "draft", _("准备中")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


class Method(models.TextChoices):
    CENSUS = "census", _("全部住户")
    SAMPLE = "sample", _("分层随机抽样")


class BallotState(models.TextChoices):
    OPEN = "open", _("未答")
    HELD = "held", _("已录入，待复核")
    ANSWERED = "answered", _("已答")
    CLOSED = "closed", _("到截止未答")


class EntryMode(models.TextChoices):
    WEB = "web", _("网上")
    PAPER = "paper", _("纸质")
    PHONE = "phone", _("电话")


class Wave(models.Model):
    """A survey from its preparation to its closing. Mode, version and frame are fixed when it opens (a trigger keeps them so)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="waves")
    communities = models.ManyToManyField(Community, related_name="waves", verbose_name=_("小区"))
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="waves", verbose_name=_("问卷"))
    title = models.CharField(_("名称"), max_length=80)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    mode = models.CharField(_("调查方式"), max_length=10, choices=WaveMode.choices, default=WaveMode.ANONYMOUS)
    method = models.CharField(_("调查范围"), max_length=8, choices=Method.choices, default=Method.CENSUS)
    sample_size = models.PositiveIntegerField(_("计划回收份数"), null=True, blank=True)
    expected_rate = models.PositiveSmallIntegerField(_("预计回收率（%）"), default=100)
    include_empty = models.BooleanField(_("包括空置房屋"), default=False)
    double_entry = models.BooleanField(_("纸质问卷由第二人复核录入"), default=True)
    ends_on = models.DateField(_("截止日期"))
    results_on = models.DateField(_("承诺公布结果的日期"), null=True, blank=True)
    reminder_limit = models.PositiveSmallIntegerField(_("最多提醒次数"), default=2)
    target = models.DecimalField(_("平均分目标"), max_digits=3, decimal_places=2, default=4)
    state = models.CharField(max_length=8, choices=WaveState.choices, default=WaveState.DRAFT)
    # Half of the key under which answers lie sealed and codes are made; the other half is SECRET_KEY. Destroyed at closing.
    secret = models.CharField(max_length=64, blank=True)
    secret_check = models.CharField(max_length=64, blank=True)
    # What the frame looked like at opening: {"homes": N, "drawn": n, "tenure": {"owner": …}}.
    frame = models.JSONField(default=dict, blank=True)
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "ends_on"], name="wave_to_close")]
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=WaveMode.values), name="wave_mode_known"),
            models.CheckConstraint(
                condition=(Q(state="draft") & Q(opened_at=None) & Q(closed_at=None))
                | (Q(state="open") & Q(opened_at__isnull=False) & Q(closed_at=None))
                | (Q(state="closed") & Q(opened_at__isnull=False) & Q(closed_at__isnull=False) & Q(secret="")),
                name="wave_state_and_times_agree",
            ),
        ]

    def __str__(self) -> str:
        return spoken(self.title, self.title_en)

    @property
    def anonymous(self) -> bool:
        return self.mode == WaveMode.ANONYMOUS

    @property
    def is_open(self) -> bool:
        return self.state == WaveState.OPEN

    @property
    def is_draft(self) -> bool:
        return self.state == WaveState.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.state == WaveState.CLOSED

    @property
    def homes(self) -> int:
        """How many homes the frame holds."""
        return int(self.frame.get("homes", 0))


class WaveStratum(models.Model):
    """A building, or the small ones of a community together: what answers may say about where they come from."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="strata")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=100)
    order = models.PositiveIntegerField(default=0)
    homes = models.PositiveIntegerField(default=0)
    drawn = models.PositiveIntegerField(default=0)
    # Too few answers at closing: they stand with the other hidden ones, without a stratum.
    merged = models.BooleanField(default=False)

    class Meta:
        ordering = ["wave_id", "order", "id"]

    def __str__(self) -> str:
        return self.label


class Ballot(models.Model):
    """The right of one home to answer once. Knows whether and on which day it was used, never for what."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="ballots", db_index=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="ballots", db_index=False)
    stratum = models.ForeignKey(WaveStratum, on_delete=models.PROTECT, related_name="ballots")
    tenure = models.CharField(max_length=8, blank=True)
    serial = models.PositiveIntegerField()
    # Goes up when a lost letter is replaced: the code of the old one is worth nothing then.
    issue = models.PositiveSmallIntegerField(default=0)
    nonce = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=BallotState.choices, default=BallotState.OPEN)
    answered_on = models.DateField(null=True)
    mode = models.CharField(max_length=6, choices=EntryMode.choices, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Hash of the key of the form that used it: sending the same form again is no second answer and no error.
    receipt = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["wave_id", "serial"]
        indexes = [
            models.Index(fields=["wave", "state"], name="ballot_by_state"),
            models.Index(fields=["home"], name="ballot_by_home"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["wave", "home"], name="one_ballot_a_home"),
            models.UniqueConstraint(fields=["wave", "serial"], name="one_serial_a_wave"),
            models.CheckConstraint(
                condition=(Q(state="answered") & Q(answered_on__isnull=False)) | (~Q(state="answered") & Q(answered_on=None)),
                name="ballot_day_when_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}/{self.serial}"
