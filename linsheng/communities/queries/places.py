"""Communities, buildings and homes, as far as somebody may see them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q, QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Building, Community, Home, Organisation, Residency
from linsheng.communities.permissions import Person, Scope, organisations_with, scope
from linsheng.core.prepared import rows_of


def communities_with(user: Person, permission: Permission) -> QuerySet[Community]:
    """The communities in use in which this person has ``permission``."""
    return Community.objects.filter(scope(user, permission).q(""), retired_at=None)


@dataclass(frozen=True)
class Place:
    """A community as a choice shows it."""

    code: str
    name: str

    def __str__(self) -> str:
        return self.name


def _named(covered: Scope) -> QuerySet[Community, tuple[str, str]]:
    return Community.objects.filter(covered.q(""), retired_at=None).values_list("code", "name")


def places_with(user: Person, permission: Permission) -> tuple[Place, ...]:
    """``communities_with`` as plain choices, for what stands on every page."""
    return tuple(Place(*row) for row in rows_of(_named, scope(user, permission)))


def communities_visible_to(user: Person) -> QuerySet[Community]:
    """Where the person works or lives."""
    works = scope(user, Permission.SEE_WORKBOARD).q("")
    lives = Q(homes__in=homes_of(user).values("pk")) if isinstance(user, User) else Q(pk__in=[])
    return Community.objects.filter(works | lives, retired_at=None).distinct()


def organisations_administered_by(user: Person, permission: Permission) -> QuerySet[Organisation]:
    """Companies in which the person has ``permission`` for the whole company."""
    return Organisation.objects.filter(pk__in=organisations_with(user, permission)).order_by("name")


def homes_of(user: Person) -> QuerySet[Home]:
    """The homes in which this person lives, or which they own, today."""
    # Asked with None, the filter below would find everybody without an account.
    if not isinstance(user, User):
        return Home.objects.none()
    current = Residency.objects.filter(resident__user=user, until=None)
    return Home.objects.filter(pk__in=current.values("home"), retired_at=None).select_related("community", "building")


def homes_visible_to(user: Person, permission: Permission = Permission.SEE_ROSTER) -> QuerySet[Home]:
    """Homes of the communities in which staff have ``permission``; for residents see ``homes_of``."""
    return Home.objects.filter(scope(user, permission).q()).select_related("community", "building")


def in_walking_order(homes: QuerySet[Home]) -> QuerySet[Home]:
    """Building by building, floor by floor."""
    floor = F("floor").asc(nulls_first=True)
    return homes.order_by("community__code", "building__order", "building_id", floor, "number", "pk")


def with_people(homes: QuerySet[Home]) -> QuerySet[Home]:
    """Each home with ``current``: its present residencies with their residents, owners first."""
    rows = Residency.objects.filter(until=None).select_related("resident").order_by("home_id", "pk")
    return homes.prefetch_related(Prefetch("residencies", queryset=rows, to_attr="current"))


def search_homes(homes: QuerySet[Home], text: str) -> QuerySet[Home]:
    """Homes whose number, or one of whose people's names or numbers, contains the text."""
    for word in text.split():
        people = Residency.objects.filter(until=None).filter(
            Q(resident__name__icontains=word) | (Q(resident__phone__contains=word) if word.isdigit() else Q(pk=None))
        )
        homes = homes.filter(Q(number__icontains=word) | Q(pk__in=people.values("home")))
    return homes


def buildings_visible_to(user: Person, permission: Permission = Permission.SEE_ROSTER) -> QuerySet[Building]:
    return Building.objects.filter(scope(user, permission).q()).select_related("community")


def buildings_of(communities: Iterable[Community]) -> QuerySet[Building]:
    """Buildings in their order."""
    return Building.objects.filter(community__in=list(communities)).select_related("community")


def front_desks() -> QuerySet[Community]:
    """The communities whose front desk can be called, for somebody whom no company knows yet."""
    return Community.objects.filter(retired_at=None).exclude(phone="").order_by("name")[:30]
