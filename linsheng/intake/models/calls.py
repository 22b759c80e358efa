"""Calls: the telephone exchange that reports them, its lines, every call, and the numbers they come from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Community, Organisation
from linsheng.core.ids import unguessable
from linsheng.feedback.models import Case


class Exchange(models.Model):
    """One telephone exchange. Its secret is derived from ``salt`` with the installation's key: no row holds it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="exchanges")
    name = models.CharField(_("名称"), max_length=60)
    key = models.CharField(max_length=40, unique=True, default=unguessable)
    salt = models.CharField(max_length=40, default=unguessable)
    # After a rotation the secret before it still holds until then.
    previous_salt = models.CharField(max_length=40, blank=True)
    previous_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["organisation_id", "name", "id"]

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """A number that residents call, and the community it belongs to."""

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="lines")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="lines", verbose_name=_("小区"))
    number = models.CharField(_("线路号码"), max_length=30)
    digits = models.CharField(max_length=30)
    label = models.CharField(_("线路说明"), max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["community_id", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["exchange", "digits"], condition=Q(retired_at=None), name="line_once_an_exchange")
        ]

    def __str__(self) -> str:
        return self.label or self.number


class CallNumber(models.Model):
    """A number that called a company, once; its parts make it findable. Forgetting it leaves its calls without a number."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    digits = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "digits"], name="number_once_a_company")]

    def __str__(self) -> str:
        return f"number {self.pk}"


class CallNumberPart(models.Model):
    """Every ending of a number: whatever somebody remembers of it is the beginning of one of them, and found by the index."""

    number = models.ForeignKey(CallNumber, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    ending = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["organisation", "ending"], name="call_number_part")]

    def __str__(self) -> str:
        return f"part of {self.number_id}"


class Call(models.Model):
    """One call, reported by the exchange or written down with a case."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("待登记")
        LOGGED = "logged", _("已登记新件")
        LINKED = "linked", _("已记入原件")
        NONE = "none", _("无需登记")
        MISSED = "missed", _("未接，待回电")
        RETURNED = "returned", _("未接，已回电")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="calls", db_index=False)
    line = models.ForeignKey(Line, null=True, on_delete=models.PROTECT, related_name="calls", db_index=False)
    call_id = models.CharField(max_length=80, null=True)  # noqa: DJ001  # unique, and calls written down by hand have none
    # None: the caller kept it to themselves, or it was forgotten.
    number = models.ForeignKey(CallNumber, null=True, on_delete=models.SET_NULL, related_name="calls")
    started_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_name = models.CharField(max_length=60, blank=True)  # as the exchange calls them: an extension
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    outcome = models.CharField(_("来电结果"), max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="calls", db_index=False)
    note = models.CharField(_("备注"), max_length=300, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["line", "call_id"], name="call_once_a_line")]
        indexes = [
            models.Index(fields=["community", "-started_at", "-id"], name="call_by_time"),
            models.Index(fields=["community", "outcome", "-started_at"], name="call_by_outcome"),
            models.Index(fields=["case", "started_at"], name="call_by_case"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class CallSeen(models.Model):
    """That a call's card stood on somebody's screen, and since when they put it away."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="seen", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="call_seen_once")]

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.call_id}"


class PhoneDuty(models.Model):
    """Whether somebody's screen shows incoming calls; without a row it does."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="phone_duty")
    on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.on}"
