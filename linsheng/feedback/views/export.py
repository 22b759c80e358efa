"""The workboard's list as a file."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.core.http import now_of
from linsheng.core.tabular import requested_format, table_response, today_in_name
from linsheng.feedback.queries import export as table
from linsheng.feedback.queries.board import filtered
from linsheng.feedback.queries.places import choice_of_colleagues
from linsheng.feedback.views.board import filter_of
from linsheng.feedback.views.common import organisation_of, place_of, staff_page


def _without_words(request: HttpRequest) -> str:
    """The filter for the audit trail; what was searched for may itself be somebody's name or number."""
    parameters = request.GET.copy()
    parameters.pop("q", None)
    return parameters.urlencode()[:500]


@staff_page(Permission.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Exactly the filtered list, sent as it is read; who took what away stands in the audit trail first."""
    user, now, place = signed_in(request), now_of(request), place_of(request)
    _form, wanted, _view = filter_of(request, place, choice_of_colleagues(user, place))
    form = requested_format(request.GET.get("format", ""))
    record_reading(
        "cases",
        by=user,
        now=now,
        organisation_id=organisation_of(request, place),
        community_id=place.pk if place else None,
        exported=True,
        data={"count": filtered(user, wanted, now).count(), "format": form, "filter": _without_words(request)},
    )
    name = f"{_('反馈件')}-{today_in_name(now)}"
    return table_response(name, form, [str(title) for title in table.HEADER], table.rows(user, wanted, now))
