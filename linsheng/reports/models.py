"""Figures that took long to compute, kept until somebody asks for them anew."""

from django.db import models

from linsheng.communities.models import Organisation


class KeptFigures(models.Model):
    """The monthly figures of many communities together; ``key`` says which, in which month, broken down by what."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    month = models.CharField(max_length=7)
    computed_at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["computed_at"], name="kept_figures_by_age")]
