"""Slips of paper and what people say at the desk, written down a batch at a time."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Community
from linsheng.feedback.models import Case, Channel


class SlipBatch(models.Model):
    """A handful of slips that came in together: from one box, on one day."""

    CHANNELS = ((Channel.PAPER.value, Channel.PAPER.label), (Channel.DESK.value, Channel.DESK.label))

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="slip_batches", db_index=False)
    channel = models.CharField(_("渠道"), max_length=8, choices=CHANNELS, default=Channel.PAPER.value)
    box = models.CharField(_("从哪里收来"), max_length=60, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["community", "-created_at"], name="slip_batch_by_time")]

    def __str__(self) -> str:
        return f"{self.box} {self.received_at:%Y-%m-%d}".strip()


class Slip(models.Model):
    """One slip and the case that it became; ``key`` is the row's own, so that a row sent twice is one slip.

    A photo of the paper belongs to the case's photos; a PDF is kept here, under a random name.
    """

    batch = models.ForeignKey(SlipBatch, on_delete=models.PROTECT, related_name="slips", db_index=False)
    key = models.CharField(max_length=40)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="slip")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    scan = models.FileField(upload_to="slips/", blank=True)
    scan_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["batch_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "key"], name="one_slip_a_row")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.case_id}"
