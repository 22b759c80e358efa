"""A resident's own cases and those they follow: the list, one case, and what they do with it."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.core.http import now_of, render_page
from linsheng.core.pagination import cursor_page
from linsheng.feedback.forms.resident import ListFilter
from linsheng.feedback.models import Case
from linsheng.feedback.progress import progress_of
from linsheng.feedback.queries.neighbours import shown
from linsheng.feedback.queries.resident import containing, followed_list, own_list, tab_counts
from linsheng.feedback.views.resident_pages import resident_page
from linsheng.feedback.views.seats import seat_of_resident
from linsheng.feedback.views.voice import show_case, take_step

PAGE_SIZE = 20
FEW = 5
TABS = {"open": gettext_lazy("处理中"), "done": gettext_lazy("已结束"), "followed": gettext_lazy("我跟进的")}


def _cases(user: User, tab: str, words: str, kind: str) -> QuerySet[Case]:
    cases = followed_list(user) if tab == "followed" else own_list(user, finished=tab == "done")
    cases = containing(cases, words)
    return cases.filter(kind=kind) if kind else cases


@resident_page
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Under way, over, or followed; searched and narrowed; twenty at a time."""
    user, now = signed_in(request), now_of(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "open"
    counts = tab_counts(user)
    form = ListFilter(request.GET)
    form.is_valid()
    words, kind = form.cleaned_data.get("q", ""), form.cleaned_data.get("kind", "")
    found = cursor_page(
        _cases(user, tab, words, kind), order=("-received_at", "-id"), cursor=request.GET.get("cursor"), size=PAGE_SIZE
    )
    context = {
        "form": form,
        "tab": tab,
        "tabs": [(label, f"?tab={name}", counts[name], name == tab) for name, label in TABS.items()],
        "page": found,
        "rows": [
            (case, progress_of(case, now, rated=getattr(case, "rated", False)), shown(case) if tab == "followed" else None)
            for case in found.items
        ],
        "narrowed": bool(words or kind),
        # A handful needs no search.
        "searchable": counts[tab] > FEW or bool(words or kind),
    }
    return render_page(request, "feedback/resident/mine.html", context, partial="cases", target="cases")


@resident_page
@never_cache
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case as its reporter or a follower sees it."""
    return show_case(request, seat_of_resident(request, pk))


@resident_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Answer, rate, reopen, urge, withdraw or add."""
    return take_step(request, seat_of_resident(request, pk), step)
