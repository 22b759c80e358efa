"""What somebody has to have before their eyes while taking a step: the result to read out, tries so far, snippets."""

from typing import Any

from django.db.models import Exists, OuterRef

from linsheng.accounts.models import User
from linsheng.feedback.models import Case, CaseEvent, Resolution, ResultNotice
from linsheng.feedback.queries.scope import visible_to
from linsheng.feedback.reporters import reporter_of
from linsheng.feedback.settings import settings_of
from linsheng.feedback.snippets import snippets_for
from linsheng.feedback.telling import BY_HAND

MOST_RESULTS = 3


def recent_results(case: Case, user: User) -> list[str]:
    """How the last cases of this item were resolved here, without repetitions: a start for one's own words."""
    cases = visible_to(user).filter(community=case.community, item=case.item).exclude(pk=case.pk).order_by().values("pk")
    # The reason of a refusal is kept as a result, too; it is no beginning of "what was done".
    resolving = CaseEvent.objects.filter(case=OuterRef("case"), cycle=OuterRef("cycle"), action="resolve")
    results = Resolution.objects.filter(Exists(resolving), case__in=cases)
    texts = results.order_by("-at").values_list("text", flat=True)[:20]
    return list(dict.fromkeys(texts))[:MOST_RESULTS]


def _result(case: Case) -> Resolution | None:
    return Resolution.objects.filter(case=case, cycle=case.cycle).first()


def _tell(case: Case, user: User) -> dict[str, Any]:
    tries = ResultNotice.objects.filter(case=case, cycle=case.cycle, method__in=BY_HAND).select_related("by")
    return {"result": _result(case), "tries": list(tries), "rules": settings_of(case.community.organisation_id)}


def step_background(case: Case, action: str, user: User) -> dict[str, Any]:
    """Names for the step's template; empty for most."""
    if action == "resolve":
        return {"snippets": snippets_for(case), "recent": recent_results(case, user)}
    if action == "tell":
        return {"reporter": reporter_of(case, user), **_tell(case, user)}
    if action in {"callback", "contact"}:
        return {"reporter": reporter_of(case, user), "result": _result(case) if action == "callback" else None}
    return {}
