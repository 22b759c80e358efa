"""What proposes service items: one trained model a company and version, and what was chosen when something was proposed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Organisation
from linsheng.feedback.models import Case


class TriageModel(models.Model):
    """Numbers learned from a company's own closed cases, never changed; no pickle: ``weights`` is npz, the rest JSON.

    ``vocabulary`` holds frequent words only (no names, no digits), ``classes`` the codes of items, ``report`` what it got right of
    cases that it had not seen. ``digest`` covers all that proposes.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    trained_at = models.DateTimeField(_("训练时间"))
    cases = models.PositiveIntegerField(_("学习的件数"))
    vocabulary = models.JSONField()
    classes = models.JSONField()
    weights = models.BinaryField()
    by_model = models.FloatField()  # exponents of the blend with the lexicon
    by_lexicon = models.FloatField()
    digest = models.CharField(max_length=64)
    report = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="one_triage_model_a_version")]

    def __str__(self) -> str:
        return f"{self.organisation_id} v{self.version}"


class ProposalChoice(models.Model):
    """What a form had proposed for a case, and what the person chose. Says nothing of the person."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="proposal_choice")
    proposed = models.JSONField()  # codes, the likeliest first
    first = models.BooleanField()  # the likeliest was chosen
    among = models.BooleanField()  # one of those shown was chosen
    clicked = models.BooleanField()  # by its button, and it stayed
    source = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="proposal_choice_by_time")]
        constraints = [models.CheckConstraint(condition=Q(first=False) | Q(among=True), name="first_is_among")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.proposed}"
