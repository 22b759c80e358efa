"""The queue of callbacks: what was skipped, by whom and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linsheng.feedback.models import Case


class AskingSkipped(models.Model):
    """Somebody put off a callback that was theirs to make; they do not get it again that day."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    at = models.DateTimeField()
    reason = models.CharField(_("为什么暂时跳过"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "by", "day"], name="asking_skipped_once_a_day")]
        indexes = [models.Index(fields=["by", "day"], name="asking_skipped_by_day")]

    def __str__(self) -> str:
        return f"{self.by_id} skipped {self.case_id}"
