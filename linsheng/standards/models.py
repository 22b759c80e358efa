"""What is served and what is promised: the shared tree of service items, promises by edition, and working calendars."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Grade, Organisation, Team


class Urgency(models.TextChoices):
    EMERGENCY = "emergency", _("紧急")
    URGENT = "urgent", _("较急")
    NORMAL = "normal", _("一般")


def localised(name: str, name_en: str) -> str:
    """The name in the reader's language, where it has one."""
    return name_en if name_en and (get_language() or "").startswith("en") else name


class Named(models.Model):
    """A name in both languages."""

    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return localised(self.name, self.name_en)


class ServiceDimension(Named):
    """The upper level of the tree."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="dimensions", db_index=False)
    code = models.CharField(_("代码"), max_length=40)
    icon = models.CharField(_("图标"), max_length=40, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["organisation_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="dimension_code_once")]


class ServiceItem(Named):
    """The lower level: what cases, promises, questions, courses and measures point at. Retired, never deleted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="service_items", db_index=False)
    dimension = models.ForeignKey(ServiceDimension, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(_("代码"), max_length=60)
    icon = models.CharField(_("图标"), max_length=40, blank=True)
    order = models.PositiveIntegerField(default=0)
    team = models.CharField(_("负责班组"), max_length=12, choices=Team.choices, default=Team.SERVICE)
    # Shown as a picture on the resident's first step.
    common = models.BooleanField(_("居民首屏显示"), default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["dimension__order", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="item_code_once")]


class ItemWording(models.Model):
    """A name that an item had from some time on: figures of earlier years keep the words they were asked with."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="wordings")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["item_id", "-since"]


WHOLE_DAY = 24 * 60


def _minutes(clock: str) -> int:
    """Minutes since midnight: 08:30 → 510."""
    hours, minutes = clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)


class ServiceCalendar(Named):
    """When a clock runs: ``weekly`` holds, Monday first, lists of ["08:30","12:00"]."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="calendars", db_index=False)
    code = models.SlugField(_("代码"), max_length=20)
    weekly = models.JSONField(_("每周时段"), default=list)
    observes_holidays = models.BooleanField(_("遵守法定节假日与调休"), default=True)

    class Meta:
        ordering = ["organisation_id", "code"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="calendar_code_once")]

    @property
    def day_minutes(self) -> int | None:
        """Minutes of a working day, where all are alike and shorter than a whole one; else ``None``."""
        lengths = {sum(_minutes(end) - _minutes(start) for start, end in day) for day in self.weekly if day}
        return next((length for length in lengths if length < WHOLE_DAY), None) if len(lengths) == 1 else None


class CalendarOverride(models.Model):
    """One date on which the company works otherwise; it wins over holidays and make-up days. Empty = closed."""

    calendar = models.ForeignKey(ServiceCalendar, on_delete=models.CASCADE, related_name="overrides", db_index=False)
    date = models.DateField(_("日期"))
    intervals = models.JSONField(_("时段"), default=list, blank=True)
    note = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_override_a_date")]


class StandardVersion(models.Model):
    """One edition of what the company promises. An edition in force is never changed: editing makes the next one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="standard_versions", db_index=False)
    number = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["organisation_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="version_number_once")]


class Promise(models.Model):
    """How soon we respond and resolve: one item, one urgency, one grade, in one edition."""

    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="promises", db_index=False)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="promises")
    grade = models.CharField(max_length=12, choices=Grade.choices)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    response_minutes = models.PositiveIntegerField(_("响应时限（分钟）"))
    resolution_minutes = models.PositiveIntegerField(_("解决时限（分钟）"))
    calendar = models.ForeignKey(ServiceCalendar, on_delete=models.PROTECT, related_name="promises")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "item", "grade", "urgency"], name="one_promise_each"),
            models.CheckConstraint(
                condition=models.Q(response_minutes__lte=models.F("resolution_minutes")), name="respond_before_resolve"
            ),
        ]
