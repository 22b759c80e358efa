"""Residents and staff, as far as somebody may see them."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community, Home, Post, Residency, Resident
from linsheng.communities.permissions import Person, Scope, organisations_with, scope
from linsheng.core.text import phone_digits

FEWEST_DIGITS: Final = 4
MOST_CALLERS: Final = 10


@dataclass(frozen=True)
class Caller:
    """Somebody a telephone number may belong to, with their present homes."""

    resident: Resident
    homes: tuple[Home, ...]


def _living_in(covered: Scope) -> Q:
    """Residents who live or lived in the scope's communities; those of whole companies also without any home."""
    lived = Residency.objects.filter(covered.q("home__community"), resident=OuterRef("pk"))
    return Q(Exists(lived)) | Q(organisation__in=covered.organisations)


def residents_visible_to(user: Person, permission: Permission = Permission.SEE_ROSTER) -> QuerySet[Resident]:
    """Residents of the communities in which staff have ``permission``; erased ones are left out."""
    return residents_within(scope(user, permission))


def residents_within(covered: Scope) -> QuerySet[Resident]:
    """``residents_visible_to`` of whoever has this scope."""
    return Resident.objects.filter(_living_in(covered), erased_at=None) if covered else Resident.objects.none()


def residents_in(residents: QuerySet[Resident], community: Community) -> QuerySet[Resident]:
    """Those who live in ``community`` today."""
    lives = Residency.objects.filter(resident=OuterRef("pk"), home__community=community, until=None)
    return residents.filter(Exists(lives))


def with_homes(residents: QuerySet[Resident], covered: Scope | None = None) -> QuerySet[Resident]:
    """Each resident with ``current``: the present residencies with homes, within ``covered`` when it is given."""
    rows = Residency.objects.filter(until=None).select_related("home__building", "home__community").order_by("pk")
    if covered is not None:
        rows = rows.filter(covered.q("home__community"))
    return residents.prefetch_related(Prefetch("residencies", queryset=rows, to_attr="current"))


def search_residents(residents: QuerySet[Resident], text: str) -> QuerySet[Resident]:
    """Residents whose name, number or present home contains every word of the text."""
    for word in text.split():
        condition = Q(name__icontains=word)
        if word.isdigit():
            condition |= Q(phone__contains=word)
        lives = Residency.objects.filter(resident=OuterRef("pk"), until=None, home__number__icontains=word)
        residents = residents.filter(condition | Q(Exists(lives)))
    return residents


def lookup_by_phone(user: Person, digits: str, *, permission: Permission = Permission.RECEIVE_CASE) -> list[Caller]:
    """Who may be calling, while the number is typed: whole numbers first, then beginnings, then parts. At most ten.

    Fewer than four digits find nobody.
    """
    typed = phone_digits(digits)
    covered = scope(user, permission)
    if len(typed) < FEWEST_DIGITS or not covered:
        return []
    known = Resident.objects.filter(_living_in(covered), erased_at=None, phone__contains=typed)
    rows = list(with_homes(known.order_by("name", "pk"), covered)[: MOST_CALLERS * 3])
    rows.sort(key=lambda resident: (resident.phone != typed, not resident.phone.startswith(typed)))
    return [Caller(r, tuple(residency.home for residency in r.current)) for r in rows[:MOST_CALLERS]]  # type: ignore[attr-defined]  # prefetched


def present_residencies(communities: QuerySet[Community]) -> QuerySet[Residency]:
    """Who lives where in these communities today, in walking order."""
    rows = Residency.objects.filter(home__community__in=communities, until=None, resident__erased_at=None)
    floor = F("home__floor").asc(nulls_first=True)
    order = ("home__community__code", "home__building__order", "home__building_id", floor, "home__number", "pk")
    return rows.select_related("resident", "home__building", "home__community").order_by(*order)


def search_residencies(rows: QuerySet[Residency], text: str) -> QuerySet[Residency]:
    """Those whose person or home contains every word of the text."""
    for word in text.split():
        condition = Q(resident__name__icontains=word) | Q(home__number__icontains=word)
        rows = rows.filter(condition | Q(resident__phone__contains=word) if word.isdigit() else condition)
    return rows


def residencies_visible_to(user: Person, permission: Permission = Permission.SEE_ROSTER) -> QuerySet[Residency]:
    """Residencies, present and past, in the communities in which staff have ``permission``."""
    rows = Residency.objects.filter(scope(user, permission).q("home__community"))
    return rows.select_related("resident", "home__building", "home__community")


def residents_of_home(home: Home) -> QuerySet[Residency]:
    """Who lives there today."""
    return Residency.objects.filter(home=home, until=None).select_related("resident").order_by("pk")


def history_of_home(home: Home) -> QuerySet[Residency]:
    """Who lived there before, the last to leave first."""
    return Residency.objects.filter(home=home, until__isnull=False).select_related("resident").order_by("-until", "-pk")


def resident_of(user: Person, community: Community) -> Resident | None:
    """The person as this community's company knows them."""
    if not isinstance(user, User):
        return None
    return Resident.objects.filter(user=user, organisation=community.organisation_id).first()


def current_posts() -> QuerySet[Post]:
    return Post.objects.filter(ended_at=None).select_related("community", "organisation")


def staff_of(community: Community, *, roles: tuple[str, ...] = (), team: str = "") -> QuerySet[User]:
    """Active staff with a post at ``community`` or its whole company, by role and team."""
    here = Q(community=community) | Q(community=None, organisation=community.organisation_id)
    posts = Post.objects.filter(here, ended_at=None)
    if roles:
        posts = posts.filter(role__in=roles)
    if team:
        posts = posts.filter(team=team)
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("name", "pk")


def _posts_within(user: Person) -> Q:
    covered = scope(user, Permission.EDIT_PEOPLE)
    return Q(organisation__in=covered.organisations) | Q(community__in=covered.communities)


def staff_visible_to(user: Person) -> QuerySet[User]:
    """Staff, present and former, with a post where this person may edit people; each with ``current``, their posts there."""
    posts = Post.objects.filter(_posts_within(user))
    shown = current_posts().filter(_posts_within(user)).order_by("organisation_id", "community_id", "role")
    people = User.objects.filter(pk__in=posts.values("user"), erased_at=None)
    return people.prefetch_related(Prefetch("posts", queryset=shown, to_attr="current"))


def manages(user: Person, target: User) -> bool:
    """Whether ``user`` may act on the *account* of ``target``: everything that it opens lies within what they administer.

    An account that also works or lives elsewhere would hand its other side over with a new password.
    """
    posts = Post.objects.filter(user=target)
    if not posts.filter(_posts_within(user)).exists():
        return False
    beyond = posts.exclude(_posts_within(user)).exists()
    homes = Resident.objects.filter(user=target).exclude(organisation__in=organisations_with(user, Permission.EDIT_PEOPLE))
    return not beyond and not homes.exists()


def search_staff(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Staff whose name or user name contains the text."""
    return people.filter(Q(name__icontains=text) | Q(username__icontains=text))


def posts_visible_to(user: Person) -> QuerySet[Post]:
    """Posts that this person may end."""
    return Post.objects.filter(_posts_within(user)).select_related("community", "organisation", "user")


def past_posts(user: Person, target: User) -> QuerySet[Post]:
    """The posts that somebody held before, as far as ``user`` may see them."""
    return posts_visible_to(user).filter(user=target, ended_at__isnull=False).order_by("-ended_at", "-pk")
