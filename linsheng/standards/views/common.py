"""Which company's standards a page is about, and whether the person may change them."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Organisation
from linsheng.communities.permissions import grants, organisations_with
from linsheng.core.errors import Forbidden, NotVisible


def company_of(request: HttpRequest) -> Organisation:
    """The company the person works for; raises ``Forbidden`` for anybody who has no post."""
    mine = sorted({grant.organisation_id for grant in grants(signed_in(request))})
    if not mine:
        raise Forbidden(_("这是工作人员的页面。"))
    return Organisation.objects.get(pk=mine[0])


def may_edit(user: User, organisation: Organisation) -> bool:
    return organisation.pk in organisations_with(user, Permission.EDIT_STANDARDS)


def editing(request: HttpRequest) -> Organisation:
    """The company whose standards the person may change; raises ``Forbidden`` otherwise."""
    organisation = company_of(request)
    if not may_edit(signed_in(request), organisation):
        raise Forbidden(_("只有公司层面的岗位可以修改服务标准。"))
    return organisation


def absent(sentence: str) -> NotVisible:
    return NotVisible(sentence)
