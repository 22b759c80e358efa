"""What reporters and neighbours say about a case: ratings, callbacks, urges, "me too"."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Community, Resident
from linsheng.feedback.models.case import Case


class Rating(models.Model):
    """1–5 by the reporter, once a resolution cycle."""

    class Reason(models.TextChoices):
        SLOW = "slow", _("太慢")
        ATTITUDE = "attitude", _("态度不好")
        NOT_FIXED = "not_fixed", _("没修好")
        NOT_TOLD = "not_told", _("没人告知")
        CAME_BACK = "came_back", _("又坏了")
        COST = "cost", _("收费问题")
        OTHER = "other", _("其他")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="ratings", db_index=False)
    # Stands again here so that a community's month needs no join.
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    stars = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "cycle"], name="one_rating_a_cycle"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="stars_one_to_five"),
        ]
        indexes = [models.Index(fields=["community", "at"], name="rating_by_month")]


class Callback(models.Model):
    """Somebody independent asked — or a link did. Only answered ones are valid for the three rates."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("已答复")
        NO_ANSWER = "no_answer", _("未接通")
        REFUSED = "refused", _("不愿回答")
        INVALID = "invalid", _("号码无效")

    class Satisfied(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        BASICALLY = "basically", _("基本满意")
        NOT = "not", _("不满意")

    class Method(models.TextChoices):
        LINK = "link", _("反映人自己填写")
        PHONE = "phone", _("电话回访")
        VISIT = "visit", _("上门回访")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="callbacks")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.CharField(max_length=10, choices=Satisfied.choices, blank=True)
    method = models.CharField(max_length=6, choices=Method.choices)
    note = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "cycle"], condition=Q(outcome="answered"), name="one_answered_callback_a_cycle"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="answered") | (Q(contacted__isnull=False, solved__isnull=False) & ~Q(satisfied="")),
                name="answered_has_answers",
            ),
        ]
        indexes = [models.Index(fields=["community", "at"], name="callback_by_month")]


class Urge(models.Model):
    """The reporter asks to hurry: once a day (in the company's time zone)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="urges", db_index=False)
    day = models.DateField()
    at = models.DateTimeField()
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "day"], name="one_urge_a_day")]


class Follower(models.Model):
    """A neighbour who said "me too" and hears of the result."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="followers", db_index=False)
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="followed")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "resident"], name="me_too_once")]
