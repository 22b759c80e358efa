"""What the pages of this app share."""

from typing import Any, Final, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import require
from linsheng.communities.queries import communities_with
from linsheng.core.errors import NotVisible

M = TypeVar("M", bound=Model)
PAGE_SIZE: Final = 50
# Written by the switcher in the top bar.
COMMUNITY_KEY: Final = "community"


def one(rows: QuerySet[M], **lookup: Any) -> M:
    """The row, or the same 404 for what does not exist and what this person may not see."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


def page_of(request: HttpRequest, rows: QuerySet[M], size: int = PAGE_SIZE) -> Page[M]:
    """The page that ``?page=`` asks for; the nearest one when it is out of range."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def must(request: HttpRequest, permission: Permission) -> None:
    """Raise ``Forbidden`` unless the signed-in person has it somewhere; what they see is scoped besides."""
    require(signed_in(request), permission)


def chosen_communities(request: HttpRequest, permission: Permission) -> QuerySet[Community]:
    """The one chosen in the top bar, else every one in which the person has ``permission``."""
    rows = communities_with(signed_in(request), permission)
    code = request.session.get(COMMUNITY_KEY)
    chosen = rows.filter(code=code) if code else rows
    return chosen if not code or chosen.exists() else rows
