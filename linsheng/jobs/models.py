"""Work to be done outside a request: rows that a worker claims by lease, so that a killed worker's work is picked up."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import pgettext_lazy


class LeaseState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("background work", "等待中")
    RUNNING = "running", pgettext_lazy("background work", "进行中")
    DONE = "done", pgettext_lazy("background work", "已完成")
    FAILED = "failed", pgettext_lazy("background work", "失败")


class Leased(models.Model):
    """A row that one worker at a time holds, for a limited time. Only ``jobs.leases`` changes these columns."""

    # Six tries take about five minutes.
    MAX_ATTEMPTS: ClassVar[int] = 6

    state = models.CharField(max_length=8, choices=LeaseState.choices, default=LeaseState.QUEUED)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=60, blank=True)
    # How often it was claimed; with ``worker`` it tells one holding of the row from every other.
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Job(Leased):
    """One piece of work. ``key`` makes a repeated request the same job; ``progress`` of ``total`` is shown to people."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - many jobs without a key, none twice with the same
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # What the person who waits for it reads: a step while it runs, the reason when it was refused.
    message = models.CharField(max_length=200, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "run_at"], name="job_queue"),
            models.Index(fields=["organisation_id", "-created_at", "-id"], name="job_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"


class Schedule(models.Model):
    """When a repeated piece of work is due next; the row decides, so that two workers never run it twice."""

    name = models.CharField(max_length=60, unique=True)
    next_run_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """The last sign of life of a worker."""

    worker = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
