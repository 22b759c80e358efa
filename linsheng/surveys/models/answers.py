"""What was answered. Until a wave closes answers lie sealed in an urn; then they are opened all at once, in random order."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Home
from linsheng.surveys.models.waves import Ballot, EntryMode, Wave, WaveStratum


class SealedAnswer(models.Model):
    """One answer in the urn: a ciphertext as long as every other of its wave. Gone when the wave is closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="sealed_answers")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class PaperEntry(models.Model):
    """A form that one person keyed and a second has yet to check; sealed like an answer, gone once it is cast."""

    ballot = models.OneToOneField(Ballot, on_delete=models.CASCADE, related_name="entry")
    mode = models.CharField(_("答卷方式"), max_length=6, choices=EntryMode.choices)
    sealed = models.BinaryField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.ballot_id)


class Answer(models.Model):
    """One answered questionnaire of a closed wave: ``values`` maps question keys to what was chosen.

    Of an anonymous wave it holds no home, no person, no day; stratum, tenure and mode only where at least five share them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="answers")
    stratum = models.ForeignKey(WaveStratum, null=True, on_delete=models.PROTECT, related_name="answers")
    home = models.ForeignKey(Home, null=True, on_delete=models.PROTECT, related_name="survey_answers")
    tenure = models.CharField(max_length=8, blank=True)
    mode = models.CharField(max_length=6, choices=EntryMode.choices, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "home"], condition=models.Q(home__isnull=False), name="one_linked_answer_a_home"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Comment(models.Model):
    """What somebody wrote. Of an anonymous wave it stands apart from the rest of the answer, so that words betray no marks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="comments")
    question = models.CharField(max_length=70)
    stratum = models.ForeignKey(WaveStratum, null=True, on_delete=models.PROTECT, related_name="comments")
    # Linked waves only.
    answer = models.ForeignKey(Answer, null=True, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.pk)


class KeptResult(models.Model):
    """The result of a closed wave, reckoned once (`surveys.results`): what is in it may be shown, what is not must not."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="kept_result")
    format = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()
    data = models.JSONField()

    def __str__(self) -> str:
        return str(self.wave_id)
