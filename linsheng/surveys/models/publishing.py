"""What residents are shown of a closed wave, and what was done because of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linsheng.surveys.models.questionnaires import spoken
from linsheng.surveys.models.waves import Wave


class Publication(models.Model):
    """What is chosen of one wave's result. ``content`` is what residents see, as it was published; empty: nothing is public."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="publication")
    questions = models.JSONField(default=list, blank=True)
    # Chosen comments, masked: [{"question": key, "text": …}].
    quotes = models.JSONField(default=list, blank=True)
    buildings = models.BooleanField(_("按楼栋列出"), default=False)
    changes = models.BooleanField(_("写明和上次相比"), default=True)
    foreword = models.TextField(_("开头的话"), max_length=600, blank=True)
    foreword_en = models.TextField(_("开头的话（英文）"), max_length=900, blank=True)
    content = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at=None, content={}) | (models.Q(published_at__isnull=False) & ~models.Q(content={})),
                name="publication_has_content",
            )
        ]

    def __str__(self) -> str:
        return str(self.wave_id)


class Reply(models.Model):
    """你说了，我们做了: one thing that residents said, and what was done."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="replies")
    order = models.PositiveIntegerField(default=0)
    said = models.CharField(_("您说"), max_length=200)
    done = models.CharField(_("我们做了"), max_length=400)
    said_en = models.CharField(_("您说（英文）"), max_length=300, blank=True)
    done_en = models.CharField(_("我们做了（英文）"), max_length=600, blank=True)

    class Meta:
        ordering = ["publication_id", "order", "id"]

    def __str__(self) -> str:
        return self.said_words

    @property
    def said_words(self) -> str:
        return spoken(self.said, self.said_en)

    @property
    def done_words(self) -> str:
        return spoken(self.done, self.done_en)
