"""Who may edit questionnaires, run waves and enter answers. A wave is somebody's whose permission covers all of its communities."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community, Organisation
from linsheng.communities.permissions import Person, organisations_with, require, scope
from linsheng.core.errors import Forbidden
from linsheng.surveys.models import Wave


def may_edit_questionnaires(user: Person, organisation_id: int) -> bool:
    """Questionnaires are asked in all communities: only a post at the company may change them."""
    return organisation_id in organisations_with(user, Permission.EDIT_QUESTIONNAIRES)


def require_editor(by: User | None, organisation: Organisation) -> None:
    """Raise ``Forbidden`` unless ``by`` may edit; ``None`` is the system itself."""
    if by is not None and not may_edit_questionnaires(by, organisation.pk):
        raise Forbidden(_("问卷对全公司有效，只有公司层面的岗位可以修改。"))


def require_everywhere(by: User | None, permission: Permission, communities: Iterable[Community]) -> None:
    """Raise ``Forbidden`` unless the permission covers every community; ``None`` is the system itself."""
    if by is not None:
        for community in communities:
            require(by, permission, community)


def waves_visible_to(user: Person, permission: Permission) -> QuerySet[Wave]:
    """Waves all of whose communities the permission covers."""
    covered = scope(user, permission)
    if not covered:
        return Wave.objects.none()
    beyond = Wave.communities.through.objects.filter(wave_id=OuterRef("pk")).exclude(
        Q(community__in=covered.communities) | Q(community__organisation__in=covered.organisations)
    )
    companies = Community.objects.filter(covered.q("")).values("organisation")
    own = Q(organisation__in=companies) | Q(organisation__in=covered.organisations)
    return Wave.objects.filter(own).exclude(Exists(beyond))
