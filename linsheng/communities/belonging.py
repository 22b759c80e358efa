"""Who belongs to which company: what messaging asks, which lies below."""

from django.conf import settings

from linsheng.accounts.models import User
from linsheng.accounts.permissions import ROLE_PERMISSIONS, Permission
from linsheng.communities.models import Organisation, Post, Resident
from linsheng.messaging.houses import Houses


def of_user(user: User) -> frozenset[int]:
    """Where they work or live."""
    works = Post.objects.filter(user=user, ended_at=None).values_list("organisation_id", flat=True)
    lives = Resident.objects.filter(user=user).values_list("organisation_id", flat=True)
    return frozenset(works) | frozenset(lives)


def administrators(organisation_id: int) -> list[User]:
    """Whoever may edit the settings of the whole company."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.EDIT_SETTINGS in permissions]
    posts = Post.objects.filter(organisation=organisation_id, community=None, role__in=roles, ended_at=None, user__is_active=True)
    return sorted({post.user for post in posts.select_related("user")}, key=lambda user: user.pk)


def for_codes() -> int | None:
    """The company that the settings name, or the only one there is."""
    rows = Organisation.objects.order_by("pk")
    if settings.SMS_CODES_COMPANY:
        rows = rows.filter(code=settings.SMS_CODES_COMPANY)
    found = list(rows.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


HOUSES = Houses(of_user, for_codes, administrators)
