"""Asking for figures that take longer than a page may."""

from datetime import datetime

from django.db import transaction

from linsheng.accounts.models import User
from linsheng.feedback import figures
from linsheng.jobs import actions as jobs
from linsheng.jobs.models import Job
from linsheng.reports.models import KeptFigures
from linsheng.reports.places import Place
from linsheng.reports.queries.monthly import key_of

KIND = "reports.monthly"
STEPS = 5


def request_figures(*, place: Place, month: figures.Month, by: figures.By | None, back: str, user: User, now: datetime) -> Job:
    """Let the worker compute the figures; ``back`` is the page that shows them. The caller has checked what the user may see."""
    payload = {"communities": place.ids, "month": str(month), "by": by, "back": back}
    return jobs.enqueue(kind=KIND, payload=payload, now=now, by_id=user.pk, organisation_id=place.organisation_id, total=STEPS)


@transaction.atomic
def keep_figures(*, found: figures.MonthlyFigures, community_ids: list[int], organisation_id: int, now: datetime) -> KeptFigures:
    """Keep computed figures in place of older ones. No audit entry: nothing of the company changes by counting it."""
    values = {"organisation_id": organisation_id, "month": str(found.month), "computed_at": now, "data": found.as_dict()}
    kept, _new = KeptFigures.objects.update_or_create(key=key_of(community_ids, found.month, found.by), defaults=values)
    return kept
