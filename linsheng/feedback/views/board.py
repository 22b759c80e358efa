"""The workboard: one queue for all channels, in the order of what is due."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import has
from linsheng.core.http import now_of, render_page
from linsheng.core.ui.markup import joined, markup
from linsheng.core.widgets import people_input, plain_select
from linsheng.feedback.forms.filter import FilterForm
from linsheng.feedback.queries import BoardFilter, board_counts, may_see_all
from linsheng.feedback.queries.board import MOST_COUNTED
from linsheng.feedback.queries.lines import lines
from linsheng.feedback.queries.places import Choice, Handler, choice_of_colleagues, colleagues_like
from linsheng.feedback.rows import HEADS, Rows
from linsheng.feedback.views.bulk import take_outcome
from linsheng.feedback.views.common import organisation_of, place_of, staff_page
from linsheng.standards.queries import item_names

# Each tab's word, and what its empty list says.
TABS: dict[str, tuple[LazyText, LazyText, LazyText]] = {
    "open": (_("全部处理中"), _("没有处理中的反映"), _("新的反映会按时限排在这里。")),
    "unassigned": (_("待指派"), _("都有人负责了"), _("新来的反映会先在这里，等待指派。")),
    "today": (_("今日到期"), _("今天没有要到期的了"), _("今天之内到时限的反映会在这里。")),
    "late": (_("已超时"), _("没有超时的反映"), _("超过承诺时限的会在这里，最急的在最上面。")),
    "waiting": (_("等待"), _("没有在等待的"), _("等反映人、第三方或配件的反映会在这里，到预计日期时提醒。")),
    "to_tell": (_("待告知"), _("结果都告知了"), _("已有结果、还没有告知反映人的会在这里。")),
    "to_ask": (_("待回访"), _("没有待回访的"), _("已告知结果、还没有回访的会在这里，由没有经手的同事回访。")),
    "urged": (_("催办"), _("没有催办"), _("反映人催过的会在这里。")),
    "ended": (_("已结束"), _("还没有结束的反映"), _("有结果、转出或撤回的会在这里，最新的在最上面。")),
    "all": (_("全部"), _("没有符合条件的反映"), _("换一个词或去掉一些条件再试。")),
}
TONES = {"late": "late", "today": "soon"}
SCOPES = {"mine": pgettext_lazy("范围", "我的"), "team": _("本组"), "all": _("全部")}
# An empty list would say that nothing is to be done.
NO_CASES = (_("您的岗位不办理反映"), _("所以看不到反映的内容。要办理反映，请加一个客服、处理人或主管的岗位。"))
ONLY_WHEN_CHOSEN = ("urged",)


@dataclass(frozen=True)
class Tab:
    """One tab as the page shows it; ``count`` is empty where none is made."""

    name: str
    label: LazyText
    count: str
    tone: str
    active: bool
    href: str


def scope_of(request: HttpRequest, user: User) -> str:
    """The part of the cases asked for; handlers begin with their own, the desk with everything."""
    asked = request.GET.get("scope", "")
    if asked in SCOPES:
        return asked
    return "all" if may_see_all(user) else "mine"


def view_of(request: HttpRequest) -> str:
    """The tab asked for; a search without one goes through everything."""
    asked = request.GET.get("view", "")
    if asked in TABS:
        return asked
    return "all" if request.GET.get("q", "").strip() or request.GET.get("state") else "open"


def filter_of(request: HttpRequest, place: Community | None, handlers: Choice) -> tuple[FilterForm, BoardFilter, str]:
    """The filter form, what it asks for, and the tab."""
    user, view = signed_in(request), view_of(request)
    form = FilterForm(request.GET, items=item_names(organisation_of(request, place)), handlers=handlers)
    wanted = form.wanted(view="" if view == "all" else view, scope=scope_of(request, user), community=place.pk if place else None)
    return form, wanted, view


def address(request: HttpRequest, **changes: str) -> str:
    """This list's address with other parameters, from its first page."""
    parameters = request.GET.copy()
    parameters.pop("cursor", None)
    for name, value in changes.items():
        parameters[name] = value
    return f"?{parameters.urlencode()}"


def _count_words(count: int | None) -> str:
    return "" if count is None else f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def tabs(request: HttpRequest, chosen: str, counts: dict[str, int]) -> list[Tab]:
    shown = []
    for name, (label, _title, _text) in TABS.items():
        if name in ONLY_WHEN_CHOSEN and name != chosen:
            continue
        tone = TONES.get(name, "") if counts.get(name) else ""
        shown.append(Tab(name, label, _count_words(counts.get(name)), tone, name == chosen, address(request, view=name)))
    return shown


def scopes(request: HttpRequest, user: User) -> list[tuple[str, LazyText, str]]:
    """The switch between one's own, the team's and all; handlers see no more than their team's anyway."""
    if not has(user, Permission.HANDLE_CASE):
        return []
    names = SCOPES if may_see_all(user) else [name for name in SCOPES if name != "all"]
    return [(name, SCOPES[name], address(request, scope=name)) for name in names]


def _with_team(handler: Handler) -> str:
    return f"{handler.name} · {handler.team_name}" if handler.team else handler.name


def assignees(handlers: Choice) -> SafeString:
    """The choice of the bar for many at once."""
    if handlers.typed:
        look = {"id": "bulk-handler", "class": "form-control bulk-handler"}
        return people_input("handler", None, source=reverse("feedback:people"), attrs=look)
    choices = [("", gettext("指派给…")), *((handler.username, _with_team(handler)) for handler in handlers.listed)]
    return plain_select("handler", choices, id="bulk-handler", classes="form-select bulk-handler")


@staff_page(Permission.SEE_WORKBOARD)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Options for a field in which somebody's name is typed: sign-in names, told apart by name and team."""
    user = signed_in(request)
    found = colleagues_like(user, place_of(request), request.GET.get("handler", "")) if may_see_all(user) else []
    return HttpResponse(joined(markup('<option value="{}">{}</option>', h.username, _with_team(h)) for h in found))


@staff_page(Permission.SEE_WORKBOARD)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The list with its tabs, filter and bulk actions; htmx asks for the part ``board`` alone."""
    user, now, place = signed_in(request), now_of(request), place_of(request)
    handlers = choice_of_colleagues(user, place) if may_see_all(user) else Choice([])
    form, wanted, view = filter_of(request, place, handlers)
    found, shown = lines(user, wanted, now, request.GET.get("cursor"))
    may_act = has(user, Permission.HANDLE_CASE) or has(user, Permission.ACKNOWLEDGE_ESCALATION)
    context = {
        "form": form,
        "page": found,
        "rows": Rows(shown, now=now, here=request.get_full_path(), checks=may_act),
        "heads": HEADS,
        "view": view,
        "tabs": tabs(request, view, board_counts(user, wanted, now)),
        "scopes": scopes(request, user),
        "scope": wanted.scope,
        "empty": TABS[view][1:] if may_act or may_see_all(user) else NO_CASES,
        "here": request.get_full_path(),
        "handlers": handlers,
        "assignees": assignees(handlers),
        "may_close": has(user, Permission.CLOSE_CASE),
        "may_assign": has(user, Permission.ASSIGN_CASE),
        "may_act": may_act,
        "may_tell": has(user, Permission.TELL_RESULT),
        "may_ask": has(user, Permission.ASK_BACK),
        "may_receive": has(user, Permission.RECEIVE_CASE),
        "export_query": request.GET.urlencode() if has(user, Permission.EXPORT) else None,
        "outcome": take_outcome(request),
    }
    return render_page(request, "feedback/staff/board.html", context, partial="board", target="board")
