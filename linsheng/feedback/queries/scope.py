"""Which cases a user sees."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import Grant, grants, is_staff, scope
from linsheng.core.errors import NotVisible
from linsheng.feedback.models import Case


def _community_ids(user: User, permission: Permission) -> list[int]:
    """The communities a permission covers, as ids: a plain list keeps the lists' indexes in use.

    Kept on the user object like its grants: a page asks several times.
    """
    covered = scope(user, permission)
    if not covered.organisations:
        return sorted(covered.communities)
    kept: dict[Permission, list[int]] = user.__dict__.setdefault("_covered_communities", {})
    if permission not in kept:
        kept[permission] = list(Community.objects.filter(covered.q("")).values_list("pk", flat=True))
    return kept[permission]


def _of_handler(user: User) -> Q:
    """A handler sees what they are in charge of, and what falls to their team."""
    condition = Q(handler=user)
    for grant in grants(user):
        if not grant.team or not grant.gives(Permission.HANDLE_CASE):
            continue
        place = {"community": grant.community_id} if grant.community_id else {"community__organisation": grant.organisation_id}
        condition |= Q(**place, team=grant.team)
    return condition


def searched_communities(user: User) -> list[int]:
    """The communities whose cases a member of staff may find; none for everybody else."""
    return sorted({*_community_ids(user, Permission.SEE_ALL_CASES), *_community_ids(user, Permission.HANDLE_CASE)})


def may_handle_elsewhere(user: User) -> bool:
    """Whether somebody handles cases in a place where they do not see all of them."""
    handled = scope(user, Permission.HANDLE_CASE).communities - scope(user, Permission.SEE_ALL_CASES).communities
    return bool(handled) and not handled <= set(_community_ids(user, Permission.SEE_ALL_CASES))


def may_search_people(user: User) -> bool:
    """Whether names and numbers may be found: only by who may see them in every place whose cases they see."""
    seen = [grant for grant in grants(user) if grant.gives(Permission.SEE_WORKBOARD)]
    return bool(seen) and all(grant.gives(Permission.SEE_PERSONAL_DATA) or _covered_otherwise(user, grant) for grant in seen)


def _covered_otherwise(user: User, grant: Grant) -> bool:
    """Whether another post of theirs lets them see personal data wherever this one holds."""
    covered = scope(user, Permission.SEE_PERSONAL_DATA)
    return grant.organisation_id in covered.organisations or (
        grant.community_id is not None and grant.community_id in covered.communities
    )


def may_see_all(user: User) -> bool:
    return bool(scope(user, Permission.SEE_ALL_CASES))


def visible_to(user: User, *, single: bool = False) -> QuerySet[Case]:
    """Cases this user may open: staff by post, residents their own and those they follow; ``single``: to look for one of them."""
    if not user.is_authenticated or not user.is_active:
        return Case.objects.none()
    if not is_staff(user):
        return Case.objects.filter(Q(resident__user=user) | Q(followers__user=user)).distinct()
    covered = scope(user, Permission.SEE_ALL_CASES)
    if not covered:
        return Case.objects.filter(_of_handler(user)) if scope(user, Permission.HANDLE_CASE) else Case.objects.none()
    # One case is found by its number: only lists need the communities one by one, for their indexes.
    seen = covered.q("community") if single else Q(community__in=_community_ids(user, Permission.SEE_ALL_CASES))
    return Case.objects.filter(seen | _of_handler(user) if may_handle_elsewhere(user) else seen)


def own_cases(user: User) -> QuerySet[Case]:
    """What the resident brought up, newest first."""
    return Case.objects.filter(resident__user=user).select_related("item", "handler", "community").order_by("-received_at", "-id")


SHOWN = (
    "community",
    "item__dimension",
    "handler",
    "home__building",
    "building",
    "resident",
    "promise__version",
    "calendar",
    "parent",
)


def visible_case(user: User, pk: int) -> Case:
    """One case, or ``NotVisible``: the same answer for what does not exist and what is others'."""
    seen = visible_to(user, single=True).filter(pk=pk).select_related(*SHOWN).first()
    # Staff members live somewhere, too: their own reports stay theirs.
    case = seen or (Case.objects.filter(pk=pk, resident__user=user).select_related(*SHOWN).first() if is_staff(user) else None)
    if case is None:
        raise NotVisible(_("没有找到这件反映，可能已被删除，或不在您的范围内。"))
    return case
