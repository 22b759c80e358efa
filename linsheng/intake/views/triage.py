"""How often proposed items are right, and learning anew."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Organisation
from linsheng.core.errors import Forbidden, NotVisible
from linsheng.core.http import now_of, render_page
from linsheng.intake.queries.triage import closed_cases, companies_seen_by, may_train, models_of, use_of
from linsheng.intake.triage.examples import FEWEST_CASES, FEWEST_PEOPLE
from linsheng.intake.views.common import staff_page
from linsheng.jobs.actions import enqueue
from linsheng.standards.models import ServiceItem

JOB = "intake.train_triage"


def _company(request: HttpRequest) -> Organisation:
    """The one asked for, else the first that the person reads figures of."""
    seen = companies_seen_by(signed_in(request))
    wanted = request.GET.get("company", "")
    found = next((one for one in seen if one.code == wanted), None) if wanted else next(iter(seen), None)
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


def _items(company: Organisation, report: dict[str, Any]) -> list[dict[str, Any]]:
    """A row an item: the rarely right first, for there the words or the items need care."""
    names = {item.code: str(item) for item in ServiceItem.objects.filter(organisation=company)}
    lexicon = {row["code"]: row for row in report["lexicon"]["items"]}
    rows = [
        {**row, "name": names.get(row["code"], row["code"]), "lexicon": lexicon[row["code"]]} for row in report["blend"]["items"]
    ]
    return sorted(rows, key=lambda row: (row["right"] / row["n"], -row["n"], row["code"]))


@staff_page(Permission.SEE_FIGURES)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Held-out accuracy of the newest model, and what people chose."""
    company = _company(request)
    model, closed = models_of(company).first(), closed_cases(company).count()
    context = {
        "company": company,
        "model": model,
        "rows": _items(company, model.report) if model else [],
        "use": [(source, one, one.shares) for source, one in sorted(use_of(company).items())],
        "closed": closed,
        "missing": max(0, FEWEST_CASES - closed),
        "least": FEWEST_CASES,
        "people": FEWEST_PEOPLE,
        "may_train": may_train(signed_in(request), company),
    }
    return render_page(request, "intake/triage.html", context)


@staff_page(Permission.SEE_FIGURES)
@require_POST
def train(request: HttpRequest) -> HttpResponse:
    """Have the worker learn from the closed cases, and show how far it is."""
    user, company, now = signed_in(request), _company(request), now_of(request)
    if not may_train(user, company):
        raise Forbidden(_("重新学习由项目经理或公司负责人启动。"))
    back = f"{reverse('intake:triage')}?company={company.code}"
    payload = {"organisation": company.pk, "back": back}
    # Pressed twice within a minute it is learned once.
    key = f"{JOB}:{company.pk}:{now:%Y%m%d%H%M}"
    job = enqueue(kind=JOB, payload=payload, now=now, key=key, by_id=user.pk, organisation_id=company.pk)
    return redirect("jobs:progress", job.pk)
