"""One plain table with one index."""

from django.db import models


class FloorRow(models.Model):
    """A row to be written, or to be read by its index."""

    board = models.IntegerField()
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=12)
    text = models.TextField()

    class Meta:
        app_label = "floor"
        indexes = [models.Index(fields=["board", "at", "id"], name="floor_by_board")]

    def __str__(self) -> str:
        return self.name
