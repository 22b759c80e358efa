"""Working calendars: the week's hours, dated overrides, and a look at the days to come."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.core.errors import Invalid
from linsheng.core.http import now_of, render_page
from linsheng.core.workcalendar import statutory_year
from linsheng.standards import actions, queries
from linsheng.standards.calendars import engine
from linsheng.standards.forms import CalendarForm, OverrideForm, hours_text
from linsheng.standards.models import CalendarOverride, ServiceCalendar
from linsheng.standards.views.common import absent, company_of, editing, may_edit

DAYS_SHOWN = 21


@dataclass(frozen=True)
class ShownDay:
    """One coming day, how it is worked, and why."""

    day: date
    hours: str
    why: str


def _why(calendar: ServiceCalendar, day: date, overrides: dict[date, CalendarOverride]) -> str:
    if day in overrides:
        return overrides[day].note or _("公司安排")
    year = statutory_year(day.year) if calendar.observes_holidays else None
    if year and day in year.holidays:
        return _("法定节假日")
    return _("调休上班") if year and day in year.makeup_workdays else ""


def coming_days(calendar: ServiceCalendar, today: date) -> list[ShownDay]:
    """The next three weeks as the clock will count them."""
    week = engine(calendar)
    overrides = {o.date: o for o in calendar.overrides.all()}
    days = [today + timedelta(days=n) for n in range(DAYS_SHOWN)]
    return [
        ShownDay(
            day,
            "、".join(f"{i.start:%H:%M}–{_end(i.end.strftime('%H:%M'))}" for i in week.intervals_on(day)),
            _why(calendar, day, overrides),
        )
        for day in days
    ]


def _end(text: str) -> str:
    return "24:00" if text == "00:00" else text


@login_required
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    organisation = company_of(request)
    today = localdate(now_of(request))
    shown = [(calendar, coming_days(calendar, today)) for calendar in queries.calendars_of(organisation)]
    # Said before it matters: in December next year's plan must be known.
    unpublished = [year for year in (today.year, today.year + 1) if statutory_year(year) is None]
    context = {"calendars": shown, "unpublished": unpublished, "editable": may_edit(signed_in(request), organisation)}
    return render_page(request, "standards/calendars.html", context)


def _calendar(request: HttpRequest, pk: int) -> ServiceCalendar:
    calendar = queries.calendars_of(editing(request)).filter(pk=pk).first()
    if calendar is None:
        raise absent(_("没有这个日历。"))
    return calendar


def _week_of(calendar: ServiceCalendar) -> dict[str, Any]:
    """The calendar as its form shows it."""
    days = {f"day{number}": hours_text(pairs) for number, pairs in enumerate(calendar.weekly)}
    return {**{name: getattr(calendar, name) for name in ("name", "name_en", "observes_holidays")}, **days}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The week's hours."""
    calendar = _calendar(request, pk)
    form = CalendarForm(request.POST or None, initial=_week_of(calendar))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_calendar(
                calendar=calendar,
                name=form.cleaned_data["name"],
                name_en=form.cleaned_data["name_en"],
                weekly=form.weekly(),
                observes_holidays=form.cleaned_data["observes_holidays"],
                by=signed_in(request),
                now=now_of(request),
            )
        except Invalid as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存“%(name)s”。") % {"name": calendar})
            return redirect("standards:calendars")
    return _page(request, calendar, form, OverrideForm())


@login_required
@require_POST
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how one date is worked."""
    calendar = _calendar(request, pk)
    form = OverrideForm(request.POST)
    if form.is_valid():
        try:
            values = {"date": form.cleaned_data["date"], "intervals": form.cleaned_data["hours"], "note": form.cleaned_data["note"]}
            actions.set_override(calendar=calendar, **values, by=signed_in(request), now=now_of(request))
        except Invalid as error:
            form.add_error("hours", str(error.message))
        else:
            messages.success(request, _("已设定 %(date)s 的安排。") % {"date": form.cleaned_data["date"]})
            return redirect("standards:calendar", pk=pk)
    return _page(request, calendar, CalendarForm(initial=_week_of(calendar)), form)


@login_required
@require_POST
def remove_override(request: HttpRequest, pk: int, override_pk: int) -> HttpResponse:
    calendar = _calendar(request, pk)
    row = calendar.overrides.filter(pk=override_pk).first()
    if row is None:
        raise absent(_("这一天没有特别安排。"))
    actions.remove_override(override=row, by=signed_in(request), now=now_of(request))
    messages.success(request, _("已取消这一天的特别安排。"))
    return redirect("standards:calendar", pk=pk)


def _page(request: HttpRequest, calendar: ServiceCalendar, form: CalendarForm, override_form: OverrideForm) -> HttpResponse:
    wrong = (form.is_bound and form.errors) or (override_form.is_bound and override_form.errors)
    overrides = [(row, hours_text(row.intervals)) for row in calendar.overrides.all()]
    context = {"calendar": calendar, "form": form, "override_form": override_form, "overrides": overrides}
    return render_page(request, "standards/calendar_form.html", context, status=422 if wrong else 200)
