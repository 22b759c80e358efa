"""What holds for every calendar, start and set of pauses."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linsheng.core.workcalendar import (
    ALWAYS,
    CLOSED,
    OFFICE,
    SHANGHAI,
    Interval,
    add_working_minutes,
    working_minutes_between,
)

COMPANY = replace(OFFICE, overrides={date(2026, 2, 17): (Interval(time(20), time(0)),), date(2026, 3, 4): CLOSED})
BEGIN = datetime(2025, 12, 20, tzinfo=SHANGHAI)
SPAN = 400 * 24 * 60

published_workday = cache(chinese_calendar.is_workday)


def holds_for(*strategies):
    """Like `given`, without a time limit for each example: a busy machine is no failure."""
    return lambda test: settings(deadline=None)(given(*strategies)(test))


calendars = st.sampled_from([OFFICE, ALWAYS, COMPANY])
minutes = st.integers(0, 5000)
starts = st.integers(0, SPAN * 60).map(lambda seconds: BEGIN + timedelta(seconds=seconds))
whole_minutes = st.integers(0, SPAN).map(lambda count: BEGIN + timedelta(minutes=count))


@st.composite
def pauses_near(draw, start, open_ones=True):
    """Up to four pauses around a start, in any order, in whole minutes from it."""
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + timedelta(minutes=draw(st.integers(-3000, 8000)))
        length = draw(st.integers(0, 6000) | st.none() if open_ones else st.integers(0, 6000))
        pauses.append((begin, None if length is None else begin + timedelta(minutes=length)))
    return pauses


@st.composite
def situations(draw, moments=starts, open_ones=True):
    start = draw(moments)
    return start, draw(pauses_near(start, open_ones))


def never_last(due):
    """A deadline for comparing: none at all is later than any."""
    return due or datetime.max.replace(tzinfo=SHANGHAI)


@holds_for(calendars, situations(), minutes)
def test_the_time_to_the_deadline_is_the_minutes_asked_for(calendar, situation, count):
    start, pauses = situation
    due = add_working_minutes(start, count, calendar, pauses)
    assert due is None or working_minutes_between(start, due, calendar, pauses) == count


@holds_for(calendars, situations(), minutes.filter(bool))
def test_a_deadline_is_the_earliest_such_moment(calendar, situation, count):
    start, pauses = situation
    due = add_working_minutes(start, count, calendar, pauses)
    if due is not None:
        just_before = due - timedelta(microseconds=1)
        assert working_minutes_between(start, just_before, calendar, pauses) < count


@holds_for(calendars, situations(), minutes)
def test_there_is_no_deadline_only_when_an_open_pause_leaves_too_little_time(calendar, situation, count):
    start, pauses = situation
    if add_working_minutes(start, count, calendar, pauses) is None:
        assert any(end is None for _, end in pauses)
        assert working_minutes_between(start, start + timedelta(days=60), calendar, pauses) < count


@holds_for(calendars, situations(), minutes, minutes)
def test_more_minutes_are_never_due_earlier(calendar, situation, count, more):
    start, pauses = situation
    sooner, later = (add_working_minutes(start, n, calendar, pauses) for n in (count, count + more))
    assert never_last(sooner) <= never_last(later)


@holds_for(calendars, situations(), st.integers(0, 10_000), minutes.filter(bool))
def test_a_later_start_is_never_due_earlier(calendar, situation, delay, count):
    start, pauses = situation
    begins = (start, start + timedelta(minutes=delay))
    sooner, later = (add_working_minutes(begin, count, calendar, pauses) for begin in begins)
    assert never_last(sooner) <= never_last(later)


@holds_for(calendars, situations(), minutes, st.data())
def test_one_more_pause_never_brings_the_deadline_nearer(calendar, situation, count, data):
    start, pauses = situation
    more = pauses + data.draw(pauses_near(start))
    assert never_last(add_working_minutes(start, count, calendar, pauses)) <= never_last(
        add_working_minutes(start, count, calendar, more)
    )


@holds_for(calendars, situations(), minutes, st.randoms(use_true_random=False))
def test_the_order_of_pauses_is_irrelevant(calendar, situation, count, random):
    start, pauses = situation
    shuffled = random.sample(pauses, len(pauses))
    assert add_working_minutes(start, count, calendar, pauses) == add_working_minutes(start, count, calendar, shuffled)


@holds_for(calendars, situations(), minutes)
def test_pauses_told_twice_count_once(calendar, situation, count):
    start, pauses = situation
    assert add_working_minutes(start, count, calendar, pauses) == add_working_minutes(start, count, calendar, pauses * 2)


@holds_for(calendars, situations(open_ones=False), minutes, minutes)
def test_minutes_may_be_used_up_in_two_goes(calendar, situation, first, second):
    start, pauses = situation
    halfway = add_working_minutes(start, first, calendar, pauses)
    assert add_working_minutes(halfway, second or 1, calendar, pauses) == add_working_minutes(
        start, first + (second or 1), calendar, pauses
    )


@holds_for(calendars, situations(), st.integers(0, 10_000), st.integers(0, 10_000))
def test_working_time_adds_up(calendar, situation, first, second):
    start, pauses = situation
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    parts = working_minutes_between(start, middle, calendar, pauses) + working_minutes_between(middle, end, calendar, pauses)
    assert abs(parts - working_minutes_between(start, end, calendar, pauses)) < 1e-6


@holds_for(situations(), minutes)
def test_the_short_cut_for_round_the_clock_agrees_with_the_table(situation, count):
    start, pauses = situation
    by_table = replace(ALWAYS, overrides={date(1999, 1, 1): CLOSED})
    assert add_working_minutes(start, count, by_table, pauses) == add_working_minutes(start, count, ALWAYS, pauses)


def office_is_open(moment):
    """A second opinion, written without the engine: the published list up to 2026, plain weeks afterwards."""
    works = published_workday(moment.date()) if moment.year < 2027 else moment.weekday() < 5
    return works and (time(8, 30) <= moment.time() < time(12) or time(14) <= moment.time() < time(18))


def minute_by_minute(start, count, is_open, pauses):
    """The deadline found by living through every minute; None once an open pause is met."""
    moment = start
    while count:
        held = [end for begin, end in pauses if begin <= moment and (end is None or moment < end)]
        if None in held:
            return None
        if not held and is_open(moment):
            count -= 1
        moment += timedelta(minutes=1)
    return moment


@holds_for(situations(moments=whole_minutes), st.integers(0, 600))
@example((datetime(2026, 2, 14, 17, 30, tzinfo=SHANGHAI), []), 31)
@example((datetime(2026, 9, 30, 11, 0, tzinfo=SHANGHAI), []), 301)
@example((datetime(2026, 12, 31, 17, 0, tzinfo=SHANGHAI), []), 61)
def test_the_engine_agrees_with_living_through_every_minute_of_office_hours(situation, count):
    start, pauses = situation
    assert add_working_minutes(start, count, OFFICE, pauses) == minute_by_minute(start, count, office_is_open, pauses)


@holds_for(situations(moments=whole_minutes), st.integers(0, 600))
def test_the_engine_agrees_with_living_through_every_minute_of_the_clock(situation, count):
    start, pauses = situation
    assert add_working_minutes(start, count, ALWAYS, pauses) == minute_by_minute(start, count, lambda moment: True, pauses)
