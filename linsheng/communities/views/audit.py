"""The trail of who did what. The page is here since what one may see of it follows from posts."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.models import AuditEntry
from linsheng.audit.queries import Filters, filtered
from linsheng.audit.words import action_words, known_actions, part_words, subject_words, value_words
from linsheng.communities.forms.lists import AuditFilter
from linsheng.communities.queries import audit_visible_to
from linsheng.communities.queries.trail import Names, names_in_trail
from linsheng.communities.views.common import must
from linsheng.core import tabular
from linsheng.core.http import now_of, render_page
from linsheng.core.pagination import cursor_page
from linsheng.core.ui.looks import value_and_word

SIZE = 50
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _midnight(day: date | None, later: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=later), time(), SHANGHAI) if day else None


def _rows(request: HttpRequest) -> tuple[QuerySet[AuditEntry], AuditFilter]:
    form = AuditFilter(request.GET or None, actions=known_actions())
    chosen = form.chosen() if form.is_bound else {}
    filters = Filters(
        since=_midnight(chosen.get("since")),
        until=_midnight(chosen.get("until"), later=1),
        actor=chosen.get("actor", ""),
        action=chosen.get("action", ""),
    )
    entries = filtered(audit_visible_to(signed_in(request)), filters)
    return names_in_trail(signed_in(request)).within(entries, filters.actor), form


@login_required
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    """What was done, the newest first."""
    must(request, Permission.SEE_AUDIT)
    rows, form = _rows(request)
    page = cursor_page(rows, order=("-at", "-pk"), cursor=request.GET.get("cursor"), size=SIZE)
    names = names_in_trail(signed_in(request))
    shown = [
        (entry, names.of(entry), action_words(entry.action), subject_words(entry.subject_type), _words(entry.data))
        for entry in page.items
    ]
    return render_page(request, "communities/audit.html", {"page": page, "entries": shown, "form": form})


STATES = ("from", "to")


def _words(data: dict[str, Any]) -> str:
    """The data of an entry as people read it: empty parts are left out."""
    return " · ".join(f"{part_words(key)} {_word(key, value)}" for key, value in data.items() if value not in ("", None, [], {}))


def _word(key: str, value: object) -> str:
    if key in STATES and isinstance(value, str):
        return value_and_word("state", value)[1]
    return _plain(value) if isinstance(value, list | dict) else value_words(value)


def _details(data: dict[str, Any]) -> str:
    """The data of an entry in one line, by the names of its parts; long lists are counted."""
    return " · ".join(f"{key}: {_plain(value)}" for key, value in data.items())


def _plain(value: object) -> str:
    if isinstance(value, list):
        return _("%(n)s 项") % {"n": len(value)}
    if isinstance(value, dict):
        return ", ".join(f"{key}={inner}" for key, inner in value.items())
    return str(value)


@login_required
@require_safe
def export_audit(request: HttpRequest) -> HttpResponseBase:
    """The same as a CSV file, with each entry's hash."""
    must(request, Permission.SEE_AUDIT)
    rows, _form = _rows(request)
    header = [_("时间"), _("操作人"), _("操作"), _("对象"), _("对象编号"), _("内容"), _("链"), _("序号"), _("校验值")]
    name = _("操作记录-%(day)s") % {"day": tabular.today_in_name(now_of(request))}
    names = names_in_trail(signed_in(request))
    return tabular.table_response(name, "csv", header, _lines(rows.order_by("at", "pk"), names))


def _lines(rows: QuerySet[AuditEntry], names: Names) -> Iterator[list[Any]]:
    for entry in rows.iterator(chunk_size=1000):
        what = [entry.at, names.of(entry), entry.action, entry.subject_type, entry.subject_id]
        yield [*what, _details(entry.data), entry.chain.key, entry.sequence, entry.hash]
