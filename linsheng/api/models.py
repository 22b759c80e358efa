"""What was answered to a request with an ``Idempotency-Key``: a repeat gets the same answer, and nothing happens twice."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class KeptAnswer(models.Model):
    """One answered request of one user. Removed after a week."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    # Of method, path and body: the same key with other content is an error, not a repeat.
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key")]
        indexes = [models.Index(fields=["created_at"], name="answers_by_age")]
