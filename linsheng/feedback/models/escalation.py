"""The ladder: who is told when a deadline nears or has passed, and who took note."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.permissions import Role
from linsheng.communities.models import Organisation
from linsheng.feedback.models.case import Case


class EscalationStep(models.Model):
    """One rung: at a share of the time, or so many hours after the deadline, this role is told."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="escalation_steps", db_index=False)
    order = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(_("用时比例（%）"), null=True, blank=True)
    hours_after = models.PositiveSmallIntegerField(_("超时后（小时）"), null=True, blank=True)
    role = models.CharField(_("告知"), max_length=14, choices=Role.choices)
    # Without somebody taking note within this time the next rung is told at once; 0 = no such haste.
    acknowledge_minutes = models.PositiveIntegerField(_("多久无人确认即升级（分钟）"), default=0)

    class Meta:
        ordering = ["organisation_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "order"], name="one_step_a_rung"),
            models.CheckConstraint(
                condition=Q(percent__isnull=False, hours_after=None) | Q(percent=None, hours_after__isnull=False),
                name="step_has_one_trigger",
            ),
        ]


class Escalation(models.Model):
    """One rung reached by one case in one cycle, for one of its two deadlines."""

    class Clock(models.TextChoices):
        RESPONSE = "response", _("响应")
        RESOLUTION = "resolution", _("解决")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="escalations", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    clock = models.CharField(max_length=10, choices=Clock.choices)
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=14, choices=Role.choices)
    raised_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["raised_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "cycle", "clock", "order"], name="each_step_once_a_cycle")]
