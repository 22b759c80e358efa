"""What the staff's pages share: who may open them, and which objects are theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Organisation
from linsheng.communities.permissions import grants, has, organisations_with
from linsheng.core.errors import Forbidden, NotVisible
from linsheng.surveys.models import Questionnaire, QuestionnaireVersion, Wave
from linsheng.surveys.permissions import waves_visible_to

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(*permissions: Permission) -> Callable[[View[P]], View[P]]:
    """Only for signed-in people who hold one of ``permissions`` somewhere; what they see there is up to the queries."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(has(signed_in(request), permission) for permission in permissions):
                raise Forbidden(_("您的岗位没有这项权限。如需办理，请联系项目经理或管理员。"))
            return view(request, *args, **kwargs)

        return login_required(checked)

    return wrap


def company_of(request: HttpRequest) -> Organisation:
    """The company this person works for."""
    return Organisation.objects.get(pk=grants(signed_in(request))[0].organisation_id)


def editing_company(request: HttpRequest) -> Organisation:
    """The company whose questionnaires this person may change."""
    allowed = sorted(organisations_with(signed_in(request), Permission.EDIT_QUESTIONNAIRES))
    if not allowed:
        raise Forbidden(_("问卷对全公司有效，只有公司层面的岗位可以修改。"))
    return Organisation.objects.get(pk=allowed[0])


def companies(request: HttpRequest) -> set[int]:
    return {grant.organisation_id for grant in grants(signed_in(request))}


def one_questionnaire(request: HttpRequest, pk: int) -> Questionnaire:
    found = Questionnaire.objects.filter(pk=pk, organisation__in=companies(request)).first()
    if found is None:
        raise NotVisible(_("没有这份问卷。"))
    return found


def one_version(request: HttpRequest, pk: int) -> QuestionnaireVersion:
    rows = QuestionnaireVersion.objects.filter(pk=pk, questionnaire__organisation__in=companies(request))
    found = rows.select_related("questionnaire__organisation").first()
    if found is None:
        raise NotVisible(_("没有这份问卷。"))
    return found


def one_of(request: HttpRequest, pk: int, *permissions: Permission) -> Wave:
    """The wave, if any of the permissions covers all of its communities."""
    held = [one for one in permissions if waves_visible_to(signed_in(request), one).filter(pk=pk).exists()]
    return one_wave(request, pk, held[0] if held else permissions[0])


def one_wave(request: HttpRequest, pk: int, permission: Permission) -> Wave:
    rows = waves_visible_to(signed_in(request), permission).select_related("version__questionnaire", "organisation")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("没有这次调查，或不在您的范围内。"))
    return found
