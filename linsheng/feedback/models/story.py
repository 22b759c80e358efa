"""What happened to a case, in time order: the append-only history, results, the proof of telling, photos."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linsheng.feedback.models.case import Case, CaseState


class CaseEvent(models.Model):
    """One entry of the history. Never changed. ``internal`` ones are for staff alone."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    # Empty for the system, and for reporters (their identity stays with the case, where confidentiality is kept).
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_reporter = models.BooleanField(default=False)
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, choices=CaseState.choices, blank=True)
    to_state = models.CharField(max_length=12, choices=CaseState.choices)
    cycle = models.PositiveSmallIntegerField()
    internal = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "at", "id"], name="event_by_case")]


class Resolution(models.Model):
    """What was done, in words for the reporter: one a cycle."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="resolutions", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["cycle"]
        constraints = [models.UniqueConstraint(fields=["case", "cycle"], name="one_resolution_a_cycle")]


class ResultNotice(models.Model):
    """One attempt to tell the reporter the result: the proof without which a case cannot close."""

    class Method(models.TextChoices):
        INBOX = "inbox", _("站内通知")
        EMAIL = "email", _("邮件")
        PAGE = "page", _("专属进展页")
        PHONE = "phone", _("电话")
        VISIT = "visit", _("上门 / 当面")
        POSTED = "posted", _("现场张贴")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="result_notices", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=6, choices=Method.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # True: told. False: tried and not reached. Null: on its way (a mail that the worker has not delivered yet).
    reached = models.BooleanField(null=True)
    note = models.CharField(max_length=200, blank=True)
    notice = models.ForeignKey("messaging.Notice", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["case", "cycle"], name="told_by_case"),
            models.Index(fields=["notice"], condition=Q(reached=None), name="told_on_its_way"),
        ]


class Photo(models.Model):
    """A picture, re-encoded by us, without its metadata, under a random name."""

    class Stage(models.TextChoices):
        REPORT = "report", _("反映时")
        BEFORE = "before", _("处理前")
        AFTER = "after", _("处理后")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="photos", db_index=False)
    stage = models.CharField(max_length=6, choices=Stage.choices)
    file = models.FileField(upload_to="photos/%Y/%m")
    thumbnail = models.FileField(upload_to="photos/%Y/%m")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    internal = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "digest", "stage"], name="same_photo_once")]
