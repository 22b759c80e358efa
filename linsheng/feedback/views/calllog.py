"""The phone log: who calls, what is open there, and the case written down while they speak."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.accounts.queries import user_called
from linsheng.audit.actions import record_reading
from linsheng.communities.models import Community, Home
from linsheng.communities.queries import communities_with, homes_visible_to
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import is_htmx, now_of, render_page
from linsheng.core.text import phone_digits
from linsheng.feedback import actions, danger, proposals, proposing
from linsheng.feedback.actions.desk import answer_at_once, log_case
from linsheng.feedback.actor import Actor
from linsheng.feedback.forms.call import ANSWERED, ASSIGN, CallForm
from linsheng.feedback.models import Case, Channel
from linsheng.feedback.phone import call_logged
from linsheng.feedback.queries import similar_reports
from linsheng.feedback.queries.callers import Seat, chosen_seat, likely_seat, seats_of_home, seats_of_number
from linsheng.feedback.queries.places import colleagues
from linsheng.feedback.views.common import go_on, organisation_of, place_of, staff_page
from linsheng.standards.models import Urgency
from linsheng.standards.queries import items_of

PAGE = "feedback/staff/call.html"
MOST_NEAR = 3


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What the address brings along: a telephone exchange its caller, a home's page its home."""
    given = {name: request.GET.get(name, "")[:30] for name in ("number", "call")}
    initial: dict[str, Any] = {"started_at": now_of(request).isoformat(), **given}
    home = _home_asked(request)
    if home is not None:
        initial |= {"home": home.number, "community": home.community.code}
    return initial


def _home_asked(request: HttpRequest) -> Home | None:
    pk = request.GET.get("home", "")
    return homes_visible_to(signed_in(request), Permission.RECEIVE_CASE).filter(pk=int(pk)).first() if pk.isdigit() else None


def _is_unfinished(request: HttpRequest) -> bool:
    """Whether a button that only helps was pressed: 查来电, 帮我选, a proposal."""
    return "lookup" in request.POST or proposals.asks_for_help(request.POST)


def _form(request: HttpRequest) -> CallForm:
    user, place = signed_in(request), place_of(request)
    places = list(communities_with(user, Permission.RECEIVE_CASE))
    unfinished = request.method == "POST" and _is_unfinished(request)
    # Whoever only looks a number up has not finished: nothing is wrong yet, and everything stays.
    initial = {"number": "", **proposals.filled_in(request.POST.dict())} if unfinished else _initial(request)
    if place is not None:
        initial.setdefault("community", place.code)
    return CallForm(
        request.POST if request.method == "POST" and not unfinished else None,
        communities=places,
        items=items_of(organisation_of(request, place)),
        handlers=colleagues(user, place),
        initial=initial,
    )


def _home_typed(request: HttpRequest, form: CallForm) -> Home | None:
    """The home whose number stands in the form."""
    number, code = str(form["home"].value() or "").strip(), form["community"].value()
    homes = homes_visible_to(signed_in(request), Permission.RECEIVE_CASE)
    return homes.filter(number=number, community__code=code, retired_at=None).first() if number else None


def _seats(request: HttpRequest, form: CallForm) -> list[Seat]:
    """The people whom the form offers: by number, else by home. Looking somebody up is logged."""
    user, number = signed_in(request), str(form["number"].value() or "")
    found = seats_of_number(user, number) if number else []
    if not found and (home := _home_typed(request, form)):
        found = seats_of_home(user, home)
    if found:
        first = found[0].resident
        ids = [seat.resident.pk for seat in found]
        record_reading(
            "residents", by=user, now=now_of(request), organisation_id=first.organisation_id, ids=ids, data={"place": "call"}
        )
    return found


def _callers(request: HttpRequest, form: CallForm) -> dict[str, Any]:
    """Names for ``_callers.html`` and ``_caller_cases.html``."""
    number, chosen = str(form["number"].value() or ""), str(form["who"].value() or "")
    seats = _seats(request, form)
    if chosen not in {seat.value for seat in seats}:
        chosen = "" if request.POST.get("who") == "none" else likely_seat(seats, number)
    # Half a number fits many people: whose matters these are is shown once it is nearly clear who calls.
    near = seats if len(seats) <= MOST_NEAR else [seat for seat in seats if seat.value == chosen]
    cases = list({case.pk: case for seat in near for case in seat.cases}.values())
    return {
        "seats": seats,
        "caller_cases": cases,
        "chosen": chosen,
        "asked": len(phone_digits(number)) >= 4 or bool(form["home"].value()),
    }


def _similar(request: HttpRequest, form: CallForm) -> list[Case]:
    """Reports of the same item that say nearly the same."""
    item, place = form.chosen_item, form.places.get(str(form["community"].value()))
    text = str(form["text"].value() or "")
    if item is None or place is None or not text.strip():
        return []
    home = _home_typed(request, form)
    found = similar_reports(
        viewer=signed_in(request),
        community=place,
        item=item,
        text=text,
        at=now_of(request),
        building_id=home.building_id if home else None,
    )
    return [case for case, _score in found]


def _suggestions(request: HttpRequest, form: CallForm) -> dict[str, Any]:
    """What the words suggest: names for ``_while_typing.html``."""
    text = str(form["text"].value() or "")
    return {
        "similar": _similar(request, form),
        "proposed": proposals.proposed_for(form.places.get(str(form["community"].value())), text),
        "item_chosen": form["item"].value(),
        "asked": proposals.HELP in request.POST,
        "dangers": danger.dangers(text),
        "hurried": form["urgency"].value() == Urgency.EMERGENCY,
    }


def _report(request: HttpRequest, form: CallForm) -> actions.Report:
    """The form as a report; raises ``Invalid`` for a home that does not exist."""
    user, values, now = signed_in(request), form.cleaned_data, now_of(request)
    place: Community = form.places[values["community"]]
    resident, home = chosen_seat(user, values["who"]) or (None, None)
    if home is None and values["home"].strip():
        home = _home_typed(request, form)
        if home is None:
            sentence = _("%(place)s没有这个房号，请核对；不确定时可以不填。") % {"place": place}
            raise Invalid(sentence, fields={"home": sentence})
    item = next(item for item in form.items if item.code == values["item"])
    began = form.began(now)
    return actions.Report(
        community=home.community if home else place,
        item=item,
        text=values["text"],
        kind=values["kind"] or proposing.propose_kind(item, values["text"]),
        urgency=values["urgency"],
        channel=values["channel"],
        location=values["location"],
        home=home,
        resident=resident,
        contact_name=values["contact_name"],
        contact_phone="" if resident and phone_digits(resident.phone) == phone_digits(values["number"]) else values["number"],
        confidential=values["confidential"],
        received_at=began or values["received_at"],
        call=_call(values, began),
        submission_key=f"{user.pk}:{values['key']}",
    )


def _call(values: dict[str, Any], began: datetime | None) -> dict[str, Any] | None:
    """The call itself, for the log; nothing for what came by another way."""
    if values["channel"] != Channel.PHONE:
        return None
    return {
        "number": values["number"],
        "started_at": began.isoformat() if began else None,
        "seconds": values["seconds"] if began else None,
    }


@transaction.atomic
def _save(request: HttpRequest, form: CallForm) -> Case:
    """Write it down, and tell who keeps calls."""
    case = _written(request, form)
    call_logged(case, form.cleaned_data["call"], signed_in(request), now_of(request))
    return case


def _written(request: HttpRequest, form: CallForm) -> Case:
    """The case, assigned or answered as was asked for."""
    values, by, now = form.cleaned_data, Actor.staff(signed_in(request)), now_of(request)
    report = _report(request, form)
    if values["then"] == ANSWERED:
        case = answer_at_once(report=report, answer=values["answer"], by=by, now=now)
    else:
        handler = user_called(values["handler"]) if values["then"] == ASSIGN else None
        case = log_case(report=report, handler=handler, by=by, now=now)
    proposals.keep_choice(case=case, data=request.POST, now=now)
    return case


@staff_page(Permission.RECEIVE_CASE)
@never_cache
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """The form; without JavaScript its button 查来电 looks the number up and keeps everything else."""
    form, status = _form(request), 200
    if request.method == "POST" and not _is_unfinished(request):
        status = 422
        if form.is_valid():
            try:
                case = _save(request, form)
            except (Invalid, Conflict) as error:
                show_errors(form, error)
                status = 422 if is_htmx(request) else error.status
            else:
                messages.success(request, _("已登记，编号 %(number)s。") % {"number": case.number})
                return go_on(request, reverse("feedback:case", args=[case.pk]))
    context = {"form": form, **_callers(request, form), **_suggestions(request, form), "elapsed": _elapsed(request, form)}
    return render_page(request, PAGE, context, partial="call", target="call", status=status)


def _elapsed(request: HttpRequest, form: CallForm) -> int:
    """Seconds since the call began, from which the page's timer goes on."""
    started = form["started_at"].value()
    parsed = parse_datetime(started) if isinstance(started, str) else started
    return max(0, int((now_of(request) - parsed).total_seconds())) if isinstance(parsed, datetime) else 0


@staff_page(Permission.RECEIVE_CASE)
@require_POST
def callers(request: HttpRequest) -> HttpResponse:
    """Who may be calling, while the number is typed. A POST: numbers do not belong into logged addresses."""
    form = _form(request)
    return render_page(request, "feedback/staff/_lookup.html", {"form": form, **_callers(request, form)})


@staff_page(Permission.RECEIVE_CASE)
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """While it is written down: reports that may be about the same thing, likely items, and whether it sounds dangerous."""
    return render_page(request, "feedback/staff/_while_typing.html", _suggestions(request, _form(request)))
