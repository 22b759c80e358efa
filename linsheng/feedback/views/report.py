"""A resident reports something: the form, the hints while it is filled in, and the page that says what happens next."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, render_page
from linsheng.feedback import actions, danger, proposals, proposing
from linsheng.feedback.actor import Actor
from linsheng.feedback.forms.resident import LONGEST_TEXT, NEAR_HOME, HintsForm, ReportForm, place_words
from linsheng.feedback.models import Case
from linsheng.feedback.queries.neighbours import NeighbourReport, joinable_case, neighbours_reports
from linsheng.feedback.queries.resident import Household, households_of, own_case
from linsheng.feedback.views.resident_pages import homes_here, resident_page
from linsheng.standards.models import Urgency
from linsheng.standards.queries import items_of

PAGE = "feedback/resident/report.html"


def _form(request: HttpRequest, homes: list[Household], kind: type[ReportForm] = ReportForm) -> ReportForm:
    items = list(items_of(homes[0].community.organisation_id))
    # What an address may bring along: the item of a picture on the home page, the place of a scanned code.
    initial: dict[str, Any] = {name: request.GET.get(name, "")[:80] for name in ("item", "place", "location")}
    data = request.POST if request.method == "POST" else None
    if helping := proposals.asks_for_help(request.POST):
        data, initial = None, proposals.filled_in(request.POST.dict())
    form = kind(data, request.FILES if data is not None else None, items=items, households=homes, initial=initial)
    form.photos_dropped = helping and bool(request.FILES)
    return form


def _page(
    request: HttpRequest, form: ReportForm, *, similar: list[NeighbourReport] | None = None, status: int = 200
) -> HttpResponse:
    community = form.households[0].community
    context = {"form": form, "community": community, "similar": similar or [], **_suggestions(request, form)}
    return render_page(request, PAGE, context, status=status)


def _suggestions(request: HttpRequest, form: ReportForm) -> dict[str, Any]:
    """Likely items for a form that comes back, or for the words typed so far."""
    text = request.POST.get("say") or str(form["text"].value() or "")
    community = form.households[0].community if request.method == "POST" else None
    return {
        "proposed": proposals.proposed_for(community, text[:LONGEST_TEXT]),
        "item_chosen": form["item"].value(),
        "asked": proposals.HELP in request.POST,
    }


def _similar(user: User, form: ReportForm, now: datetime) -> list[NeighbourReport]:
    """Neighbours' reports of the same matter; what happens inside a home is nobody else's."""
    values = form.cleaned_data
    item, place, household = values.get("item"), values.get("place"), values.get("home")
    if not item or not place or place == "home" or household is None:
        return []
    building = household.home.building if place in NEAR_HOME else None
    location = values.get("location", "")
    return neighbours_reports(
        user=user,
        community=household.community,
        item=item,
        text=values.get("text", ""),
        now=now,
        location=location,
        building=building,
    )


def _as_report(values: dict[str, Any], user: User) -> actions.Report:
    household: Household = values["home"]
    return actions.Report(
        community=household.community,
        item=values["item"],
        text=values["text"],
        kind=values["kind"] or proposing.propose_kind(values["item"], values["text"]),
        urgency=values["urgency"],
        location=place_words(values["place"], values["location"]),
        home=household.home,
        resident=household.resident,
        confidential=values["confidential"],
        submission_key=f"{user.pk}:{values['key']}",
    )


def _add_photos(request: HttpRequest, case: Case, form: ReportForm, by: Actor) -> None:
    for upload in form.cleaned_data["photos"]:
        try:
            actions.add_photo(case=case, upload=upload, size=upload.size, by=by, now=now_of(request))
        except DomainError as error:
            messages.warning(request, _("照片“%(name)s”没有传上：%(why)s") % {"name": upload.name, "why": error.message})


def _submit(request: HttpRequest, form: ReportForm) -> HttpResponse:
    user, now, values = signed_in(request), now_of(request), form.cleaned_data
    # In danger nobody is held up by what neighbours said.
    hurry = values["seen"] or values["urgency"] == Urgency.EMERGENCY
    if not hurry and (similar := _similar(user, form, now)):
        return _page(request, form, similar=similar, status=409)
    by = Actor(user=user, reporter=True)
    try:
        case = actions.receive_case(report=_as_report(values, user), by=by, now=now)
    except DomainError as error:
        show_errors(form, error)
        return _page(request, form, status=error.status)
    if case.received_at < now:
        actions.keep_changed_words(case=case, text=values["text"], by=by, now=now)
    _add_photos(request, case, form, by)
    proposals.keep_choice(case=case, data=request.POST, now=now)
    return redirect("feedback:reported", pk=case.pk)


@resident_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Which item, where, what: three steps with JavaScript, one page without."""
    homes = homes_here(request)
    if not homes:
        return render_page(request, "feedback/resident/no_home.html", {})
    form = _form(request, homes)
    if request.method != "POST" or proposals.asks_for_help(request.POST):
        return _page(request, form)
    return _submit(request, form) if form.is_valid() else _page(request, form, status=422)


@resident_page
@require_POST
def hints(request: HttpRequest) -> HttpResponse:
    """While the form is filled in: what neighbours reported already, the likely kind, and whether it sounds dangerous.

    A POST although it changes nothing: what people write does not belong into addresses, which are logged.
    """
    homes = homes_here(request)
    if not homes:
        return HttpResponse(status=204)
    form = _form(request, homes, HintsForm)
    if "say" in request.POST:
        return render_page(request, "feedback/_proposals.html", _suggestions(request, form))
    form.is_valid()
    values, user = form.cleaned_data, signed_in(request)
    text = values.get("text", "")
    context = {
        "similar": _similar(user, form, now_of(request)),
        "kind": proposing.propose_kind(values.get("item"), text) if values.get("item") or text else "",
        "dangerous": danger.sounds_dangerous(text),
        "community": homes[0].community,
        **_suggestions(request, form),
    }
    return render_page(request, "feedback/resident/_hints.html", context)


@resident_page
@require_safe
def reported(request: HttpRequest, pk: int) -> HttpResponse:
    """The number, what happens by when, and where to look."""
    return render_page(request, "feedback/resident/reported.html", {"case": own_case(signed_in(request), pk)})


@resident_page
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Say "me too" on a neighbour's report; from then on the person follows it."""
    user = signed_in(request)
    case = joinable_case(user, [h.community.pk for h in households_of(user)], pk)
    if not case.followers.filter(user=user).exists():
        actions.join_case(case=case, by=user, now=now_of(request))
    messages.success(request, _("已记下您也遇到了这件事，有结果会通知您。"))
    return redirect("feedback:my_case", pk=pk)
