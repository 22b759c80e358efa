"""Where a person may do what: posts turn the roles of ``accounts`` into scopes."""

from dataclasses import dataclass, field
from typing import TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import ROLE_PERMISSIONS, Permission
from linsheng.communities.models import Community, Post
from linsheng.core.errors import Forbidden
from linsheng.core.prepared import rows_of


@dataclass(frozen=True)
class Grant:
    """One post, reduced to what permission checks need."""

    role: str
    organisation_id: int
    community_id: int | None
    team: str = ""

    def gives(self, permission: Permission) -> bool:
        return permission in ROLE_PERMISSIONS[self.role]

    def covers(self, community: Community) -> bool:
        if self.organisation_id != community.organisation_id:
            return False
        return self.community_id is None or self.community_id == community.pk


@dataclass(frozen=True)
class Scope:
    """The part of the world a permission covers: whole companies and single communities."""

    organisations: frozenset[int] = field(default_factory=frozenset)
    communities: frozenset[int] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.organisations or self.communities)

    def covers(self, community: Community) -> bool:
        return community.pk in self.communities or community.organisation_id in self.organisations

    def q(self, path: str = "community") -> Q:
        """A filter on rows whose community stands at ``path`` (``""`` for communities themselves)."""
        prefix = f"{path}__" if path else ""
        own = f"{path}__in" if path else "pk__in"
        condition: Q = Q(pk__in=[])
        if self.communities:
            condition = Q(**{own: self.communities})
        if self.organisations:
            condition |= Q(**{f"{prefix}organisation__in": self.organisations})
        return condition


Person: TypeAlias = AbstractBaseUser | AnonymousUser | None


def _posts_of(user: int) -> QuerySet[Post, tuple[str, int, int | None, str]]:
    return Post.objects.filter(user_id=user, ended_at=None).values_list("role", "organisation_id", "community_id", "team")


def grants(user: Person) -> tuple[Grant, ...]:
    """The user's current posts; one query a request, kept on the user object."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    kept: tuple[Grant, ...] | None = getattr(user, "_grants", None)
    if kept is None:
        kept = tuple(Grant(*row) for row in rows_of(_posts_of, user.pk))
        user._grants = kept  # type: ignore[attr-defined]  # lives as long as the request's user object
    return kept


def is_staff(user: Person) -> bool:
    """Whether the person works here at all."""
    return bool(grants(user))


def has(user: Person, permission: Permission, community: Community | None = None) -> bool:
    """Whether the user may do this in ``community``, or anywhere when none is given."""
    return any(g.gives(permission) and (community is None or g.covers(community)) for g in grants(user))


def require(user: Person, permission: Permission, community: Community | None = None) -> None:
    """Raise ``Forbidden`` unless ``has``."""
    if not has(user, permission, community):
        raise Forbidden(_("您的岗位没有这项权限。如需办理，请联系项目经理或管理员。"))


def organisations_with(user: Person, permission: Permission) -> frozenset[int]:
    """Companies in which the permission holds for the whole company."""
    return frozenset(g.organisation_id for g in grants(user) if g.gives(permission) and g.community_id is None)


def scope(user: Person, permission: Permission) -> Scope:
    """Everything that the permission covers for this user."""
    found = [g for g in grants(user) if g.gives(permission)]
    whole = frozenset(g.organisation_id for g in found if g.community_id is None)
    single = frozenset(g.community_id for g in found if g.community_id is not None)
    return Scope(whole, single)
