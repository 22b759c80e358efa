"""Calls: what rings, the list, one call and what came of it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.communities.permissions import has, scope
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, render_page, safe_next
from linsheng.core.ids import digest
from linsheng.core.tabular import requested_format, table_response, today_in_name
from linsheng.feedback.models import Case
from linsheng.feedback.queries import visible_to
from linsheng.intake.actions import calls as actions
from linsheng.intake.forms.calls import CallFilterForm, LinkForm, NoteForm
from linsheng.intake.models import Call, CallSeen, Line
from linsheng.intake.queries import calls as queries
from linsheng.intake.views.common import staff_page

PAGE_SIZE = 50
RECEIVE = Permission.RECEIVE_CASE
MOST_CASES = 12


def _filter(request: HttpRequest) -> CallFilterForm:
    user = signed_in(request)
    lines = Line.objects.filter(scope(user, RECEIVE).q(), retired_at=None)
    agents = queries.calls_of(user).exclude(answered_by=None).order_by("answered_by__name")
    names = agents.values_list("answered_by__username", "answered_by__name").distinct()
    return CallFilterForm(request.GET, lines=lines, agents=list(names))


@staff_page(RECEIVE)
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Recent calls; without JavaScript also the place where new ones are found."""
    user, form = signed_in(request), _filter(request)
    wanted = form.wanted()
    shown = Paginator(queries.filtered_calls(user, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(call, queries.shown_number(call, user)) for call in shown]
    if wanted.q and rows:
        _note_reading(request, [call for call, _number in rows])
    context = {
        "form": form,
        "page": shown,
        "rows": rows,
        "narrowed": any(vars(wanted).values()),
        "query": urlencode({name: value for name, value in vars(wanted).items() if value}),
        "on_duty": queries.is_on_duty(user),
        "lines": queries.has_lines(user),
        "missed": queries.calls_of(user).filter(outcome=Call.Outcome.MISSED).count(),
    }
    return render_page(request, "intake/calls/list.html", context)


def _note_reading(request: HttpRequest, calls: list[Call], *, exported: bool = False) -> None:
    ids = [call.pk for call in calls]
    company = calls[0].organisation_id if calls else None
    record_reading("calls", by=signed_in(request), now=now_of(request), organisation_id=company, ids=ids, exported=exported)


@staff_page(RECEIVE)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a file; taking numbers away is logged."""
    user = signed_in(request)
    rows = list(queries.filtered_calls(user, _filter(request).wanted())[:20_000])
    _note_reading(request, rows, exported=True)
    header = [_("来电时间"), _("小区"), _("线路"), _("来电号码"), _("接听人"), _("秒数"), _("来电结果"), _("编号"), _("备注")]
    name, form = f"{_('来电记录')}-{today_in_name(now_of(request))}", requested_format(request.GET.get("format", ""))
    return table_response(name, form, header, (_line(call, user) for call in rows))


def _line(call: Call, user: Any) -> tuple[object, ...]:
    agent = call.answered_by.name if call.answered_by else call.answered_name
    number, case = queries.shown_number(call, user), call.case.number if call.case else ""
    line = str(call.line) if call.line else ""
    return (
        *(call.started_at, call.community.name, line, number, agent, call.seconds),
        *(call.get_outcome_display(), case, call.note),
    )


@staff_page(RECEIVE)
@never_cache
@require_safe
def ringing(request: HttpRequest) -> HttpResponse:
    """Asked every second or so by each page of the desk: 204 while what is shown is still true (see ADR 0009)."""
    user, now = signed_in(request), now_of(request)
    if "first" in request.GET and not (queries.is_on_duty(user) and queries.has_lines(user)):
        return HttpResponse(status=204, headers={"X-Ringing-Stop": "1"})
    calls = queries.ringing(user, now)
    state = _state(calls)
    if state == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    _first_seen(request, calls)
    cards = [queries.card_of(call, user) for call in calls]
    response = render_page(request, "intake/calls/_cards.html", {"cards": cards})
    response["X-Ringing"] = state
    return response


def _state(calls: list[Call]) -> str:
    """A short word for what stands on the screen; empty for nothing."""
    text = ".".join(f"{call.pk}-{call.answered_by_id}-{call.answered_name}-{call.number_id}" for call in calls)
    return digest(text)[:16] if calls else ""


def _first_seen(request: HttpRequest, calls: list[Call]) -> None:
    """Whose card came up on whose screen is logged once."""
    user, now = signed_in(request), now_of(request)
    known = set(CallSeen.objects.filter(user=user, call__in=calls).values_list("call_id", flat=True))
    new = [call for call in calls if call.pk not in known]
    if new:
        CallSeen.objects.bulk_create([CallSeen(call=call, user=user, at=now) for call in new], ignore_conflicts=True)
        _note_reading(request, new)


@staff_page(RECEIVE)
@require_POST
def duty(request: HttpRequest) -> HttpResponse:
    """The switch 接听中."""
    on = request.POST.get("on") == "1"
    actions.switch_duty(on=on, by=signed_in(request), now=now_of(request))
    messages.success(request, _("来电会弹到您的屏幕上。") if on else _("来电不再弹到您的屏幕上。"))
    return redirect("intake:calls")


@staff_page(RECEIVE)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the call, and on to the form with the caller filled in — or to one's open cases."""
    call = queries.call_of(signed_in(request), pk)
    try:
        call = actions.take_call(call=call, by=signed_in(request), now=now_of(request))
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect("intake:call_page", pk=pk)
    if request.POST.get("then") == "link":
        return redirect("intake:call_page", pk=pk)
    return redirect(_form_address(call))


def _form_address(call: Call) -> str:
    number = call.number.digits if call.number else ""
    return f"{reverse('feedback:call')}?{urlencode({'call': call.pk, 'number': number})}"


@staff_page(RECEIVE)
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the card away on one's own screens."""
    actions.dismiss_call(call=queries.call_of(signed_in(request), pk), by=signed_in(request), now=now_of(request))
    return redirect(safe_next(request, reverse("intake:calls")))


def _cases(request: HttpRequest, call: Call, card: queries.Card) -> list[Case]:
    """Open cases that it may be about: the caller's and their home's first, else what was typed into the search."""
    found = {case.pk: case for seat in card.seats for case in seat.cases if case.community_id == call.community_id}
    words = request.GET.get("case", "").replace("\x00", "").strip()
    if words:
        rows = visible_to(signed_in(request)).filter(community=call.community, is_open=True, confidential=False)
        found |= {case.pk: case for case in rows.filter(number__icontains=words).select_related("item")[:MOST_CASES]}
    return list(found.values())


@staff_page(RECEIVE)
@never_cache
@require_http_methods(["GET", "POST"])
def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: who it was, and what came of it."""
    user = signed_in(request)
    call = queries.call_of(user, pk)
    card = queries.card_of(call, user)
    posted = request.POST if request.method == "POST" else None
    linking = posted is not None and posted.get("action") == "link"
    link = LinkForm(posted if linking else None, cases=_cases(request, call, card))
    note = NoteForm(posted if posted is not None and not linking else None)
    if posted is None:
        _first_seen(request, [call])
    elif _decided(request, call, link if linking else note):
        messages.success(request, _("已登记。"))
        return redirect(safe_next(request, reverse("intake:calls")))
    context = {
        "card": card,
        "call": call,
        "link": link,
        "note": note,
        "form_address": _form_address(call),
        "undecided": call.outcome in actions.UNDECIDED,
        "sees_people": has(user, Permission.SEE_PERSONAL_DATA, call.community),
    }
    return render_page(request, "intake/calls/call.html", context, status=422 if posted is not None else 200)


def _decided(request: HttpRequest, call: Call, form: LinkForm | NoteForm) -> bool:
    """Whether the form was right and is done; else it says what is wrong."""
    if not form.is_valid():
        return False
    by, now, values = signed_in(request), now_of(request), form.cleaned_data
    try:
        if isinstance(form, LinkForm):
            case = form.cases[values["case"]]
            actions.link_call(call=call, case=case, text=values["text"], urge=values["urge"], by=by, now=now)
        elif request.POST.get("action") == "returned":
            actions.return_call(call=call, note=values["note"], by=by, now=now)
        else:
            actions.close_call(call=call, note=values["note"], by=by, now=now)
    except (Conflict, Invalid) as error:
        show_errors(form, error)
        return False
    return True
