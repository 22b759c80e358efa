"""``/today/``: the first page of whoever answers for a community or a company."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Grade
from linsheng.communities.permissions import has
from linsheng.core.http import now_of, render_page
from linsheng.feedback import figures
from linsheng.feedback.figures import words
from linsheng.reports.charts import control_chart
from linsheng.reports.places import Place
from linsheng.reports.queries import today
from linsheng.reports.views.common import choices, figures_page


def _works(user: User, place: Place) -> bool:
    """Auditors read figures; those who answer for deadlines get the lists too."""
    return any(has(user, Permission.ACKNOWLEDGE_ESCALATION, community) for community in place.communities)


@figures_page()
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The sentence, the lists behind it, weak items, and two charts; several communities stand side by side."""
    user, now = signed_in(request), now_of(request)
    places, place = choices(request)
    month = figures.Month.of(now)
    satisfied = figures.satisfied_trend(place.ids, month, now)
    volume = figures.volume_trend(place.ids, month, now)
    change = today.satisfied_change(satisfied, month)
    weak = figures.weak_items(place.ids, place.organisation_id, month, now)
    context: dict[str, Any] = {
        "place": place,
        "places": places,
        "month": month,
        "weak": weak,
        "weak_words": words.weak_words(weak),
        "charts": [control_chart(satisfied), control_chart(volume)],
        "sentence": today.satisfied_words(change),
        "glances": _by_grade(place, request) if not place.single else None,
    }
    if _works(user, place):
        counts = today.counts_of(user, place, now)
        context |= {
            "counts": counts,
            "lists": today.lists_of(user, place, now),
            "sentence": today.sentence(counts, change),
            "may_tell": has(user, Permission.TELL_RESULT),
            "may_ask": has(user, Permission.ASK_BACK),
            "urls": {view: today.board_url(view) for view in ("late", "today", "unassigned", "to_tell", "to_ask")},
            "came_in_url": today.came_in_url(now),
        }
    return render_page(request, "reports/today.html", context)


def _by_grade(place: Place, request: HttpRequest) -> list[tuple[str, list[figures.Glance]]]:
    """All communities side by side, those of one grade together."""
    found = figures.glances(place.ids, now_of(request))
    by_grade = [(grade, [glance for glance in found if glance.grade == grade]) for grade in Grade.values]
    return [(str(Grade(grade).label), members) for grade, members in by_grade if members]
