"""An append-only record of who did what: each entry's hash covers the one before it, so a change anywhere shows."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AuditChain(models.Model):
    """The head of one chain: how many entries it has and the hash of the last, so that a cut tail shows too."""

    key = models.CharField(max_length=40, unique=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.key


class AuditEntry(models.Model):
    """One thing that was done. Never updated, never deleted (but for a demo company removed as a whole)."""

    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT, related_name="entries", db_index=False)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    # SET_NULL would rewrite history: an account that is erased keeps its row, without its personal data.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    # Which community it concerns; a plain number, for audit knows no communities. Empty: the whole company.
    community_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_one_entry_a_place")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject"),
            # Not by chain: who reads the trail reads several chains at once, in the order of time.
            models.Index(fields=["-at", "-id"], name="audit_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.sequence} {self.action}"
