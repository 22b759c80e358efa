"""The case itself: what somebody brought up, and where it stands."""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Building, Community, Home, Organisation, Resident, Team
from linsheng.core.ids import unguessable
from linsheng.standards.models import Promise, ServiceCalendar, ServiceItem, Urgency


class CaseState(models.TextChoices):
    RECEIVED = "received", _("待指派")
    ASSIGNED = "assigned", _("已指派")
    IN_PROGRESS = "in_progress", _("处理中")
    WAITING = "waiting", _("等待中")
    RESOLVED = "resolved", _("已处理")
    CLOSED = "closed", _("已办结")
    REFERRED = "referred", _("已转出")
    DECLINED = "declined", _("未受理")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已合并")


# Later than anything: what has no deadline stands last, and cursors never meet a null.
FAR = datetime(2999, 1, 1, tzinfo=UTC)

# A letter's first line: 尊敬的物业经理：, 您好！
SALUTATION = re.compile(r"^.{0,14}[：:]$|^.{0,8}您?好[！!，,。]?$")

# In these the handler's clock matters; in the others nobody works on the case any more.
OPEN = (CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.IN_PROGRESS, CaseState.WAITING)
ENDED = (CaseState.CLOSED, CaseState.REFERRED, CaseState.DECLINED, CaseState.WITHDRAWN, CaseState.MERGED)


class Kind(models.TextChoices):
    REPAIR = "repair", _("报修")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    ENQUIRY = "enquiry", _("咨询")
    PRAISE = "praise", _("表扬")
    HELP = "help", _("求助")


class Channel(models.TextChoices):
    APP = "app", _("业主端")
    QR = "qr", _("扫码")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮件")
    DESK = "desk", _("前台")
    PAPER = "paper", _("纸质")
    FORUM = "forum", _("座谈会")
    PATROL = "patrol", _("巡查")


class FeedbackSettings(models.Model):
    """One company's rules for its cases; the defaults are those of ``domain.md``."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="feedback_settings")
    reopen_days = models.PositiveSmallIntegerField(_("可重新打开的天数"), default=14)
    auto_close_days = models.PositiveSmallIntegerField(_("告知后自动办结的天数"), default=7)
    tell_attempts = models.PositiveSmallIntegerField(_("联系不上时至少尝试次数"), default=3)
    attempt_gap_minutes = models.PositiveSmallIntegerField(_("两次尝试的最短间隔（分钟）"), default=120)
    basically_weight = models.DecimalField(_("“基本满意”的折算"), max_digits=3, decimal_places=2, default="0.90")
    weight_contacted = models.PositiveSmallIntegerField(_("响应率权重"), default=10)
    weight_solved = models.PositiveSmallIntegerField(_("解决率权重"), default=50)
    weight_satisfied = models.PositiveSmallIntegerField(_("满意率权重"), default=40)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(basically_weight__gte=0, basically_weight__lte=1), name="basically_is_a_share"),
        ]


class CaseNumber(models.Model):
    """The last number given in one community and month."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.CharField(max_length=4)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "month"], name="one_counter_a_month")]


class Case(models.Model):
    """Anything that was brought up, followed to its result. Only ``feedback.actions`` write it."""

    number = models.CharField(_("编号"), max_length=30, unique=True)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="cases", db_index=False)
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="cases")
    home = models.ForeignKey(Home, null=True, on_delete=models.PROTECT, related_name="cases", db_index=False)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="cases", verbose_name=_("服务项目"))
    team = models.CharField(_("班组"), max_length=12, choices=Team.choices)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    urgency = models.CharField(_("紧急程度"), max_length=10, choices=Urgency.choices)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices)
    text = models.TextField(_("内容"))
    location = models.CharField(_("位置"), max_length=120, blank=True)

    # Who brought it up: a resident, or a contact without a record; confidential hides either from all staff.
    resident = models.ForeignKey(Resident, null=True, on_delete=models.SET_NULL, related_name="cases", db_index=False)
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    contact_email = models.EmailField(_("联系邮箱"), blank=True)
    # False once a mail to it came back.
    contact_reachable = models.BooleanField(default=True, db_default=True)
    confidential = models.BooleanField(_("对工作人员保密"), default=False)
    track_token = models.CharField(max_length=30, unique=True, default=unguessable)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    call = models.JSONField(null=True)  # phone log: {"number", "started_at", "seconds"}

    state = models.CharField(_("状态"), max_length=12, choices=CaseState.choices, default=CaseState.RECEIVED)
    is_open = models.BooleanField(default=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="cases_handled", db_index=False
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    # The promise of the edition in force when the case came in; null minutes = the company promised nothing here.
    promise = models.ForeignKey(Promise, null=True, on_delete=models.PROTECT, related_name="cases")
    calendar = models.ForeignKey(ServiceCalendar, null=True, on_delete=models.PROTECT, related_name="+")
    response_minutes = models.PositiveIntegerField(null=True)
    resolution_minutes = models.PositiveIntegerField(null=True)

    received_at = models.DateTimeField()
    respond_by = models.DateTimeField(null=True)
    resolve_by = models.DateTimeField(null=True)
    # The workboard's order: the running deadline; while waiting the day it should end; else the far future.
    due_at = models.DateTimeField(default=FAR)
    next_escalation_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # the reporter said that it is solved
    closed_at = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=12, blank=True)
    waiting_until = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    asked_back_at = models.DateTimeField(null=True)
    # What one filled-in form carries: sent again after a failed network it finds the case that it made.
    submission_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  # unique, and most have none
    # Goes up with every write: whoever writes on an older reading is refused.
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["community", "is_open", "due_at", "id"], name="case_workboard"),
            models.Index(fields=["handler", "is_open", "due_at", "id"], name="case_mine"),
            models.Index(fields=["community", "-received_at", "-id"], name="case_by_arrival"),
            models.Index(fields=["community", "state", "resolved_at"], name="case_by_state"),
            models.Index(fields=["community", "resolved_at"], name="case_by_resolution"),
            models.Index(fields=["home", "-received_at"], name="case_by_home"),
            models.Index(fields=["resident", "-received_at"], name="case_by_resident"),
            models.Index(fields=["community", "item", "-received_at"], name="case_duplicates"),
            models.Index(fields=["next_escalation_at"], condition=Q(next_escalation_at__isnull=False), name="case_to_escalate"),
            models.Index(fields=["told_at"], condition=Q(state="resolved"), name="case_to_close"),
            models.Index(
                fields=["community", "resolved_at"], condition=Q(told_at=None, resolved_at__isnull=False), name="case_to_tell"
            ),
            models.Index(fields=["waiting_until"], condition=Q(state="waiting"), name="case_waiting"),
            # Monthly figures: what fell due in a month, and the few that were reopened.
            models.Index(fields=["community", "resolve_by"], name="case_by_result_due"),
            models.Index(fields=["community", "respond_by"], name="case_by_answer_due"),
            models.Index(fields=["community", "cycle", "received_at"], name="case_by_cycle"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", parent__isnull=False) | (~Q(state="merged") & Q(parent=None)), name="merged_has_parent"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "in_progress", "waiting"]) | Q(handler__isnull=False),
                name="worked_on_has_handler",
            ),
            models.CheckConstraint(condition=~Q(state="closed") | Q(closed_at__isnull=False), name="closed_has_time"),
            models.CheckConstraint(
                condition=~Q(state__in=["resolved", "closed"]) | Q(resolved_at__isnull=False), name="resolved_has_time"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, state__in=["received", "assigned", "in_progress", "waiting"])
                | Q(is_open=False, state__in=["resolved", "closed", "referred", "declined", "withdrawn", "merged"]),
                name="open_follows_state",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def headline(self) -> str:
        """The first words of the text, for lists; a salutation on a line of its own is no headline."""
        lines = [line.strip() for line in self.text.strip().split("\n") if line.strip()]
        first = next((line for line in lines if not SALUTATION.search(line)), lines[0] if lines else "")
        return first if len(first) <= 40 else first[:39] + "…"
