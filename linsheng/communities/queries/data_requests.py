"""Requests about personal data, as far as somebody may answer them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from linsheng.accounts.models import DataRequest, User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Residency
from linsheng.communities.permissions import Person, scope


def data_requests_visible_to(user: Person) -> QuerySet[DataRequest]:
    """Requests to whole companies, and those of people who live or lived in single communities, the oldest first."""
    covered = scope(user, Permission.ANSWER_DATA_REQUESTS)
    lived = Residency.objects.filter(
        resident__user=OuterRef("user"), resident__organisation=OuterRef("organisation_id"), home__community__in=covered.communities
    )
    # Who answered sees the answer even after the person, and with them where they lived, is erased.
    mine = Q(answered_by=user.pk) if covered and isinstance(user, User) else Q(pk__in=[])
    rows = DataRequest.objects.filter(Q(organisation_id__in=covered.organisations) | Q(Exists(lived)) | mine)
    return rows.select_related("user", "answered_by").order_by("created_at", "pk")


def may_answer(user: Person, request: DataRequest) -> bool:
    """Whether everything that an erasure would touch lies within this person's communities."""
    covered = scope(user, Permission.ANSWER_DATA_REQUESTS)
    if request.organisation_id in covered.organisations:
        return True
    homes = Residency.objects.filter(resident__user=request.user_id, resident__organisation=request.organisation_id, until=None)
    beyond = homes.exclude(home__community__in=covered.communities).exists()
    return not beyond and data_requests_visible_to(user).filter(pk=request.pk).exists()


def data_requests_of(user: User) -> QuerySet[DataRequest]:
    """What the person asked for, the newest first."""
    return DataRequest.objects.filter(user=user).order_by("-created_at", "-pk")
