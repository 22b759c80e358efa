"""Where somebody works: their communities, and the people there who can take a case."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from django.db.models import Count, Q, QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from linsheng.communities.models import Community, Post, Team
from linsheng.communities.permissions import grants, scope
from linsheng.communities.queries import communities_with
from linsheng.core.prepared import rows_of
from linsheng.feedback.models import Case

# More than these nobody looks through in a list: they are found by typing.
MOST_LISTED = 200
MOST_FOUND = 20
HANDLING_ROLES = tuple(role for role, allowed in ROLE_PERMISSIONS.items() if Permission.HANDLE_CASE in allowed)


@dataclass(frozen=True)
class Handler:
    """Somebody who can take a case, with their team and how many open cases they have."""

    pk: int
    username: str
    name: str
    team: str
    role: str = Role.HANDLER
    load: int = 0

    @property
    def team_name(self) -> str:
        return str(Team(self.team).label) if self.team else ""


def chosen_community(user: User, code: str) -> Community | None:
    """The community with this code, if the user works there."""
    return communities_with(user, Permission.SEE_WORKBOARD).filter(code=code).first() if code else None


Names = tuple[int, str, str, str, str]


def _handling_posts(organisations: frozenset[int], communities: frozenset[int] | None, most: int | None) -> QuerySet[Post, Names]:
    posts = Post.objects.filter(organisation__in=organisations, role__in=HANDLING_ROLES, ended_at=None, user__is_active=True)
    if communities is not None:
        posts = posts.filter(Q(community=None) | Q(community__in=communities))
    # Plain values: a company has hundreds of handlers, and every page with a choice among them asks.
    return posts.order_by().values_list("user_id", "user__username", "user__name", "team", "role")[:most]


def _persons(organisations: Iterable[int], communities: Iterable[int] | None, most: int | None = None) -> list[Handler]:
    """Who handles cases in these companies, in all of their communities (``None``) or in some, by name; of ``most`` posts."""
    posts = rows_of(_handling_posts, frozenset(organisations), None if communities is None else frozenset(communities), most)
    found: dict[int, Handler] = {}
    for pk, username, name, team, role in posts:
        known = found.get(pk)
        if known is None or (team and not known.team):
            found[pk] = Handler(pk, username, name, team, role)
    return sorted(found.values(), key=lambda handler: (handler.name, handler.pk))


def colleagues(user: User, community: Community | None, most: int | None = None) -> list[Handler]:
    """Everybody who can take cases where the user works, or in one community, by name (one query); out of ``most`` posts."""
    covered = scope(user, Permission.SEE_WORKBOARD)
    organisations = {g.organisation_id for g in grants(user)}
    if community is not None:
        return _persons({community.organisation_id}, {community.pk}, most)
    return _persons(organisations, None if covered.organisations else covered.communities, most)


@dataclass(frozen=True)
class Choice:
    """Among whom somebody chooses: from a list, or by typing where a list would be too long."""

    listed: list[Handler]
    typed: bool = False

    def __bool__(self) -> bool:
        return self.typed or bool(self.listed)


def choice_of_colleagues(user: User, community: Community | None) -> Choice:
    """The colleagues, as a list if it is one that a person can look through (one query)."""
    found = colleagues(user, community, MOST_LISTED + 1)
    return Choice([], typed=True) if len(found) > MOST_LISTED else Choice(found)


def colleagues_like(user: User, community: Community | None, words: str) -> list[Handler]:
    """The first whose name or sign-in name holds the words (one query)."""
    wanted = words.strip().lower()
    found = (h for h in colleagues(user, community) if wanted in h.name.lower() or wanted in h.username.lower())
    return list(islice(found, MOST_FOUND))


def colleagues_called(user: User, words: str) -> list[Handler]:
    """Whom a sign-in name means, else all who have that name (one query)."""
    everybody = colleagues(user, None)
    return [h for h in everybody if h.username == words] or [h for h in everybody if h.name == words.strip()]


def handlers_for(case: Case) -> list[Handler]:
    """Who could take this case: the team of its item first, in it those whose post this is, the least busy first (two queries)."""
    found = _persons({case.community.organisation_id}, {case.community_id})
    ids = [handler.pk for handler in found]
    counts = Case.objects.filter(handler__in=ids, is_open=True).order_by().values_list("handler").annotate(n=Count("pk"))
    loads: dict[int | None, int] = dict(counts)
    loaded = [replace(h, load=loads.get(h.pk, 0)) for h in found]
    return sorted(loaded, key=lambda h: (h.team != case.team, h.role != Role.HANDLER, h.load, h.name))
