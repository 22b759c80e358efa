"""The resident's first page: what waits for them, reporting, how their matters stand, and what became of others'."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.core.http import now_of, render_page
from linsheng.feedback import public, todo
from linsheng.feedback.progress import progress_of
from linsheng.feedback.queries.resident import community_month, own_list, recent_results, to_rate, waiting_for_reporter
from linsheng.feedback.views.resident_pages import homes_here, resident_page

MOST_SHOWN = 3
# Nobody has so many at once; who has is told of these.
MOST_COUNTED = 99


@todo.register
def cases_waiting(user: User, now: datetime) -> Iterator[todo.Todo]:
    """Handlers who wait for an answer, and results that nobody rated yet."""
    for case in waiting_for_reporter(user)[:MOST_SHOWN]:
        yield todo.Todo(
            _("请回复：%(text)s") % {"text": case.headline},
            reverse("feedback:my_case", args=[case.pk]),
            "message-circle",
            _("处理人在等您的消息"),
        )
    for case in to_rate(user, now)[:MOST_SHOWN]:
        yield todo.Todo(
            _("请评价：%(text)s") % {"text": case.headline}, reverse("feedback:my_case", args=[case.pk]), "star", _("约 10 秒")
        )


@resident_page
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """First what waits, then everything else."""
    user, now = signed_in(request), now_of(request)
    homes = homes_here(request)
    running = list(own_list(user, finished=False).order_by("-received_at", "-id")[:MOST_COUNTED])
    context = {
        "community": homes[0].community if homes else None,
        "todos": todo.todos_for(user, now),
        "running": [(case, progress_of(case, now)) for case in running[:MOST_SHOWN]],
        "running_count": len(running),
        "results": recent_results(user, now)[:MOST_SHOWN],
        "posted": public.posted_for(user, homes[0].community, now) if homes else [],
        "month": community_month(homes[0].community, now) if homes else None,
    }
    return render_page(request, "feedback/resident/home.html", context)
