"""The two clocks in bulk: they agree with the engine that sets deadlines, and with the history."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linsheng.core.workcalendar import ALWAYS, OFFICE, working_minutes_between
from linsheng.feedback import actions, figures
from linsheng.feedback.actor import Actor
from linsheng.feedback.figures.tallies import Span
from linsheng.feedback.figures.times import clocks_of, read_history
from linsheng.feedback.figures.worktime import Ruler
from linsheng.feedback.models import Case
from linsheng.feedback.tests.november import at, receive, resolve, take

STAFF = Actor.staff
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - made aware by hypothesis


@given(MOMENTS, MOMENTS, st.sampled_from([OFFICE, ALWAYS]))
def test_the_bulk_ruler_agrees_with_the_engine_over_the_holidays_of_a_year(one, other, calendar):
    start, end = sorted([one, other])
    ruler = Ruler.of(calendar, start.timestamp(), end.timestamp())
    found = ruler.minutes(np.array([start.timestamp()]), np.array([end.timestamp()]))[0]
    assert found == pytest.approx(working_minutes_between(start, end, calendar), abs=1e-4)


def month_clocks(cast, now):
    month = figures.Month(2026, 11)
    return clocks_of(Span([cast.community.pk], month.start, month.cut(now)))


def wait(cast, case, begin, end):
    actions.wait_case(case=case, waiting_for="parts", reason="等配件", by=STAFF(cast.handler), now=at(begin))
    return actions.resume_case(case=case, by=STAFF(cast.handler), now=at(end))


@pytest.mark.django_db
def test_a_result_in_time_after_a_pause_took_what_was_worked(cast):
    case = take(cast, receive(cast, "11-02 10:00"), "11-02 10:30")
    wait(cast, case, "11-03 09:00", "11-05 09:00")
    resolve(cast, case, "11-05 11:00")
    clocks = month_clocks(cast, at("11-20 09:00"))
    # Monday 360, Tuesday 8:30-9:00, Thursday 9:00-11:00.
    assert clocks.handler.tolist() == [360 + 30 + 120]
    assert clocks.handler_ended.tolist() == [True]


@pytest.mark.django_db
def test_deadline_and_history_tell_the_same_time(cast, monkeypatch):
    """The shortcut for results in time, against the long way round over the history."""
    for day, (begin, end, done) in enumerate(
        [("10:00", "16:00", "17:30"), ("09:10", "09:20", "11:59"), ("14:30", "17:00", "17:59")]
    ):
        case = take(cast, receive(cast, f"11-{9 + day:02d} 08:45"), f"11-{9 + day:02d} 08:50")
        wait(cast, case, f"11-{9 + day:02d} {begin}", f"11-{9 + day:02d} {end}")
        resolve(cast, case, f"11-{9 + day:02d} {done}")
    short = month_clocks(cast, at("11-20 09:00"))
    # A deadline in the past makes every case a late one, and the history is asked.
    Case.objects.update(resolve_by=at("11-01 09:00"))
    long = month_clocks(cast, at("11-20 09:00"))
    assert sorted(short.handler) == pytest.approx(sorted(long.handler))
    assert short.handler_ended.all() and long.handler_ended.all()


@pytest.mark.django_db
def test_a_case_nobody_promised_anything_for_has_no_handler_s_clock(cast):
    case = receive(cast, "11-02 10:00")
    Case.objects.filter(pk=case.pk).update(resolution_minutes=None, calendar=None, resolve_by=None)
    time = figures.monthly([cast.community.pk], "2026-11", now=at("11-03 09:00")).total.handler_minutes
    assert (time.n, time.unmeasured, time.median) == (0, 1, None)


@pytest.mark.django_db
def test_a_case_declined_while_it_waited_is_not_charged_for_the_waiting(cast):
    case = take(cast, receive(cast, "11-02 10:00"), "11-02 10:00")
    actions.wait_case(case=case, waiting_for="third_party", reason="等厂家", by=STAFF(cast.handler), now=at("11-02 11:00"))
    actions.decline_case(case=case, reason="厂家不保修", by=STAFF(cast.frontdesk), now=at("11-06 11:00"))
    clocks = month_clocks(cast, at("11-20 09:00"))
    assert (clocks.handler.tolist(), clocks.handler_ended.tolist()) == ([60], [True])


def seconds(*states):
    return [(index * 100.0, state) for index, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("received", "assigned", "in_progress"), (1000.0, False, [])),
        (("received", "in_progress", "waiting"), (200.0, False, [])),
        (("received", "in_progress", "waiting", "in_progress"), (1000.0, False, [(200.0, 300.0)])),
        (("received", "in_progress", "resolved", "closed"), (200.0, True, [])),
        (("received", "in_progress", "resolved", "in_progress"), (1000.0, False, [(200.0, 300.0)])),
        (("received", "in_progress", "resolved", "in_progress", "resolved"), (400.0, True, [(200.0, 300.0)])),
        (("received", "withdrawn"), (100.0, False, [])),
        (("received", "merged", "received"), (1000.0, False, [])),
    ],
)
def test_histories_are_read(states, expected):
    assert read_history(seconds(*states), 1000.0) == expected


def test_a_calendar_without_hours_measures_nothing():
    nothing = np.array([0.0])
    assert Ruler.of(ALWAYS, 5.0, 1.0).minutes(nothing, nothing + 60).tolist() == [1.0]
    closed = Ruler.of(OFFICE, at("10-01 00:00").timestamp(), at("10-01 01:00").timestamp())
    start = np.array([at("10-01 09:00").timestamp()])
    assert closed.minutes(start, start + timedelta(hours=3).total_seconds()).tolist() == [0.0]
