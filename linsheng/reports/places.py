"""What the reader of a report looks at: one community, or all of a company's that they may see."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.queries import communities_with
from linsheng.core.errors import NotVisible

WHOLE = "org:"


@dataclass(frozen=True)
class Place:
    """A choice of the reader: ``value`` stands in the address."""

    value: str
    label: str
    communities: tuple[Community, ...]

    @property
    def ids(self) -> list[int]:
        return [community.pk for community in self.communities]

    @property
    def organisation_id(self) -> int:
        return self.communities[0].organisation_id

    @property
    def single(self) -> Community | None:
        """The community, where it is only one."""
        return self.communities[0] if len(self.communities) == 1 else None


def places_of(user: User) -> list[Place]:
    """Everything the user may see figures of: companies first (where they see several communities), then each community."""
    found = list(communities_with(user, Permission.SEE_FIGURES).select_related("organisation").order_by("organisation_id", "code"))
    companies: dict[int, list[Community]] = {}
    for community in found:
        companies.setdefault(community.organisation_id, []).append(community)
    whole = [_company(members) for members in companies.values() if len(members) > 1]
    return [*whole, *(Place(community.code, community.name, (community,)) for community in found)]


def _company(members: list[Community]) -> Place:
    organisation = members[0].organisation
    label = _("%(name)s（%(n)d 个小区）") % {"name": organisation.name, "n": len(members)}
    return Place(f"{WHOLE}{organisation.code}", label, tuple(members))


def chosen_place(places: list[Place], asked: str, usual: str = "") -> Place:
    """The place asked for in the address; else the community chosen in the top bar; else the widest.

    Raises ``NotVisible`` for what is not theirs.
    """
    by_value = {place.value: place for place in places}
    if asked and asked not in by_value:
        raise NotVisible(_("没有这个小区的数据，或不在您的范围内。"))
    if not places:
        raise NotVisible(_("您的范围内还没有小区。"))
    return by_value.get(asked) or by_value.get(usual) or places[0]
