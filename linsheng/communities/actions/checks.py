"""What every action of this app asks first."""

from django.db import IntegrityError
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import organisations_with, require
from linsheng.core.errors import Forbidden, Invalid


def may(by: User | None, permission: Permission, community: Community) -> None:
    """Raise ``Forbidden`` unless ``by`` may; None is the system itself (the command line)."""
    if by is not None:
        require(by, permission, community)


def may_in_company(by: User | None, permission: Permission, organisation_id: int) -> None:
    """As ``may``, for what concerns the whole company."""
    if by is not None and organisation_id not in organisations_with(by, permission):
        raise Forbidden(_("这项操作涉及整个公司，您的岗位没有这项权限。请联系公司管理员。"))


def needed(text: str, field: str, sentence: str) -> str:
    """The trimmed text; raises ``Invalid`` on ``field`` when nothing is left."""
    trimmed = text.strip()
    if not trimmed:
        raise Invalid(sentence, fields={field: sentence})
    return trimmed


def wrong(field: str, sentence: str) -> Invalid:
    """An error about one field."""
    return Invalid(sentence, fields={field: sentence})


def taken(error: IntegrityError, field: str, sentence: str) -> Invalid:
    """A uniqueness that the database refused, as an error about a field."""
    invalid = wrong(field, sentence)
    invalid.__cause__ = error
    return invalid
