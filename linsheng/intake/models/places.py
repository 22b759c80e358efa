"""Places with a code of their own: whoever scans it reports without saying where they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Building, Community
from linsheng.core.ids import paper_code
from linsheng.feedback.models import Case


class Place(models.Model):
    """A community, a building, or a spot of either (a lift, the waste room); ``code`` stands on its label.

    A place is never deleted: a label may still hang somewhere, and its code then leads to a page that says what to do.
    """

    code = models.CharField(_("编码"), max_length=12, unique=True, default=paper_code)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="places")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="places")
    spot = models.CharField(_("点位"), max_length=40, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["community_id", "building_id", "spot", "id"]
        constraints = [
            # Two, for SQLite cannot treat empty buildings as alike.
            models.UniqueConstraint(
                fields=["building", "spot"], condition=Q(retired_at=None, building__isnull=False), name="one_code_a_building_spot"
            ),
            models.UniqueConstraint(
                fields=["community", "spot"], condition=Q(retired_at=None, building=None), name="one_code_a_community_spot"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """翠湖苑 3栋 电梯"""
        return f"{self.community.name} {self.within}".strip()

    @property
    def within(self) -> str:
        """The place as somebody in the community would say it: 3栋 电梯; empty for the community itself."""
        return " ".join(part for part in (self.building.name if self.building else "", self.spot) if part)

    @property
    def whole_community(self) -> bool:
        """Whether it is the community's general entry."""
        return self.building_id is None and not self.spot

    @property
    def spaced_code(self) -> str:
        """The code in two halves, as it is easier to read and to type."""
        half = len(self.code) // 2
        return f"{self.code[:half]} {self.code[half:]}"


class PublicReport(models.Model):
    """That a case came in by the public form: at which place, and which privacy text stood there."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="public_report")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="reports", db_index=False)
    privacy_version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "at"], name="public_report_by_place")]

    def __str__(self) -> str:
        return f"{self.case_id} @ {self.place_id}"
