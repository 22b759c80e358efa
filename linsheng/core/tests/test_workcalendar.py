"""Worked examples, computed by hand from the published holidays of 2026; `08:30-12:00, 14:00-18:00` is 450 minutes a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from linsheng.core.workcalendar import (
    ALWAYS,
    CLOSED,
    FULL_DAY,
    OFFICE,
    SHANGHAI,
    Interval,
    NoWorkingTimeError,
    WorkingCalendar,
    add_working_minutes,
    statutory_year,
    working_minutes_between,
)

MORNING = (Interval(time(9), time(11)),)
STOCKTAKING = replace(OFFICE, overrides={date(2026, 3, 4): CLOSED})
ON_DUTY = replace(OFFICE, overrides={date(2026, 10, 1): MORNING, date(2026, 10, 10): CLOSED})
SATURDAYS = replace(OFFICE, weekly=(*OFFICE.weekly[:5], MORNING, CLOSED))
NIGHT = WorkingCalendar("night", ((Interval(time(0), time(6)), Interval(time(22), time(0))),) * 7, observes_holidays=False)
NO_POWER = replace(ALWAYS, overrides={date(2026, 3, 4): (Interval(time(12), time(0)),)})


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def between(*pairs):
    return tuple((at(start), at(end) if end else None) for start, end in pairs)


def row(name, start, minutes, due, *pauses, calendar=OFFICE):
    return pytest.param(calendar, at(start), minutes, between(*pauses), due and at(due), id=name)


EXAMPLES = [
    # An ordinary week: Monday 2 to Sunday 8 March.
    row("within-a-morning", "2026-03-03 09:00", 60, "2026-03-03 10:00"),
    row("across-the-midday-break", "2026-03-03 11:30", 60, "2026-03-03 14:30"),
    row("used-up-at-noon-stays-at-noon", "2026-03-03 11:00", 60, "2026-03-03 12:00"),
    row("used-up-at-closing-stays-at-closing", "2026-03-03 17:00", 60, "2026-03-03 18:00"),
    row("one-minute-past-noon-is-after-the-break", "2026-03-03 11:00", 61, "2026-03-03 14:01"),
    row("starts-at-noon-sharp", "2026-03-03 12:00", 1, "2026-03-03 14:01"),
    row("starts-during-the-break", "2026-03-03 13:10", 30, "2026-03-03 14:30"),
    row("starts-before-opening", "2026-03-03 06:00", 15, "2026-03-03 08:45"),
    row("starts-after-closing", "2026-03-03 21:00", 15, "2026-03-04 08:45"),
    row("a-whole-day-from-opening", "2026-03-03 08:30", 450, "2026-03-03 18:00"),
    row("a-day-and-a-minute", "2026-03-03 08:30", 451, "2026-03-04 08:31"),
    row("overnight", "2026-03-03 17:30", 60, "2026-03-04 09:00"),
    row("over-the-weekend", "2026-03-06 17:30", 60, "2026-03-09 09:00"),
    row("a-week-of-hours-from-saturday", "2026-03-07 10:00", 2250, "2026-03-13 18:00"),
    row("seconds-are-kept", "2026-03-03 11:59:30", 1, "2026-03-03 14:00:30"),
    row("zero-minutes-are-due-at-once", "2026-03-03 10:00", 0, "2026-03-03 10:00"),
    row("zero-minutes-outside-hours-are-due-at-once", "2026-03-07 23:00", 0, "2026-03-07 23:00"),
    row("zero-minutes-inside-an-open-pause-are-due-at-once", "2026-03-03 10:00", 0, "2026-03-03 10:00", ("2026-03-03 09:00", None)),
    # New Year: 1 to 3 January off, Sunday the 4th worked.
    row("new-year-to-the-make-up-sunday", "2025-12-31 17:00", 90, "2026-01-04 09:00"),
    row("on-new-years-day", "2026-01-01 10:00", 30, "2026-01-04 09:00"),
    row("make-up-sunday-then-monday", "2026-01-04 17:00", 120, "2026-01-05 09:30"),
    # Spring Festival: 15 to 23 February off, Saturdays the 14th and 28th worked.
    row("friday-to-the-make-up-saturday", "2026-02-13 17:00", 90, "2026-02-14 09:00"),
    row("make-up-saturday-to-the-end-of-spring-festival", "2026-02-14 17:00", 90, "2026-02-24 09:00"),
    row("reported-on-new-years-eve", "2026-02-16 20:00", 450, "2026-02-24 18:00"),
    row("second-make-up-saturday", "2026-02-27 17:00", 120, "2026-02-28 09:30"),
    row("nine-days-around-spring-festival", "2026-02-13 08:30", 9 * 450, "2026-03-03 18:00"),
    # Qingming 4 to 6 April; Labour Day 1 to 5 May, Saturday the 9th worked; Dragon Boat 19 to 21 June.
    row("qingming-monday-is-off", "2026-04-03 17:00", 120, "2026-04-07 09:30"),
    row("labour-day", "2026-04-30 17:45", 30, "2026-05-06 08:45"),
    row("make-up-saturday-after-labour-day", "2026-05-08 17:45", 30, "2026-05-09 08:45"),
    row("sunday-after-the-make-up-saturday-is-off", "2026-05-09 17:45", 30, "2026-05-11 08:45"),
    row("dragon-boat-friday-is-off", "2026-06-18 17:00", 61, "2026-06-22 08:31"),
    # Mid-Autumn 25 to 27 September; National Day 1 to 7 October; Sunday 20 September and Saturday 10 October worked.
    row("saturday-off-before-the-make-up-sunday", "2026-09-18 17:30", 60, "2026-09-20 09:00"),
    row("make-up-sunday-in-september", "2026-09-20 17:30", 60, "2026-09-21 09:00"),
    row("mid-autumn", "2026-09-24 17:30", 60, "2026-09-28 09:00"),
    row("national-day", "2026-09-30 16:00", 180, "2026-10-08 09:30"),
    row("make-up-saturday-after-national-day", "2026-10-09 16:00", 180, "2026-10-10 09:30"),
    row("five-days-across-national-day", "2026-09-28 14:00", 5 * 450, "2026-10-10 12:00"),
    # 2027 is not published: its New Year's Day, a Friday, counts as a plain Friday.
    row("unpublished-new-years-day-is-a-plain-friday", "2026-12-31 17:30", 60, "2027-01-01 09:00"),
    row("unpublished-year-keeps-weekends", "2027-01-01 17:30", 60, "2027-01-04 09:00"),
    # Pauses.
    row("pause-inside-working-time", "2026-03-03 09:00", 60, "2026-03-03 10:30", ("2026-03-03 09:30", "2026-03-03 10:00")),
    row(
        "pause-outside-working-time-moves-nothing",
        "2026-03-03 11:30",
        60,
        "2026-03-03 14:30",
        ("2026-03-03 12:00", "2026-03-03 14:00"),
    ),
    row("pause-half-inside", "2026-03-03 11:30", 60, "2026-03-03 14:45", ("2026-03-03 11:45", "2026-03-03 13:00")),
    row("pause-over-night", "2026-03-03 17:00", 60, "2026-03-04 09:30", ("2026-03-03 17:30", "2026-03-04 09:00")),
    row("pause-over-the-weekend", "2026-03-06 10:00", 300, "2026-03-09 11:00", ("2026-03-06 15:00", "2026-03-09 09:00")),
    row("pause-over-national-day", "2026-09-30 17:00", 60, "2026-10-08 10:30", ("2026-09-30 17:00", "2026-10-08 09:30")),
    row("pause-before-the-start", "2026-03-03 09:00", 60, "2026-03-03 10:00", ("2026-03-02 09:00", "2026-03-02 17:00")),
    row("pause-running-at-the-start", "2026-03-03 09:00", 60, "2026-03-03 11:00", ("2026-03-02 09:00", "2026-03-03 10:00")),
    row("pause-after-the-deadline", "2026-03-03 09:00", 60, "2026-03-03 10:00", ("2026-03-03 11:00", "2026-03-03 12:00")),
    row("pause-begins-at-the-deadline", "2026-03-03 09:00", 60, "2026-03-03 10:00", ("2026-03-03 10:00", "2026-03-03 11:00")),
    row("empty-pause", "2026-03-03 09:00", 60, "2026-03-03 10:00", ("2026-03-03 09:30", "2026-03-03 09:30")),
    row(
        "two-pauses-touch",
        "2026-03-03 09:00",
        60,
        "2026-03-03 11:00",
        ("2026-03-03 09:30", "2026-03-03 10:00"),
        ("2026-03-03 10:00", "2026-03-03 10:30"),
    ),
    row(
        "two-pauses-overlap",
        "2026-03-03 09:00",
        60,
        "2026-03-03 11:00",
        ("2026-03-03 09:30", "2026-03-03 10:15"),
        ("2026-03-03 10:00", "2026-03-03 10:30"),
    ),
    row(
        "one-pause-inside-another",
        "2026-03-03 09:00",
        60,
        "2026-03-03 11:00",
        ("2026-03-03 09:30", "2026-03-03 10:30"),
        ("2026-03-03 09:45", "2026-03-03 10:00"),
    ),
    row(
        "pauses-out-of-order",
        "2026-03-03 09:00",
        60,
        "2026-03-03 10:40",
        ("2026-03-03 10:00", "2026-03-03 10:10"),
        ("2026-03-03 09:10", "2026-03-03 09:40"),
    ),
    row(
        "second-pause-is-met-only-because-of-the-first",
        "2026-03-03 09:00",
        60,
        "2026-03-03 14:45",
        ("2026-03-03 09:30", "2026-03-03 10:00"),
        ("2026-03-03 10:15", "2026-03-03 14:30"),
    ),
    row("open-pause", "2026-03-03 09:00", 60, None, ("2026-03-03 09:30", None)),
    row("open-pause-before-the-start", "2026-03-03 09:00", 60, None, ("2026-03-02 09:30", None)),
    row("open-pause-after-the-deadline", "2026-03-03 09:00", 60, "2026-03-03 10:00", ("2026-03-03 10:00", None)),
    row("open-pause-in-the-break-after-the-deadline", "2026-03-03 11:00", 60, "2026-03-03 12:00", ("2026-03-03 13:00", None)),
    row(
        "open-pause-swallows-a-later-one",
        "2026-03-03 09:00",
        60,
        None,
        ("2026-03-03 09:30", None),
        ("2026-03-03 09:40", "2026-03-03 09:50"),
    ),
    # Round the clock.
    row("always", "2026-03-03 23:30", 60, "2026-03-04 00:30", calendar=ALWAYS),
    row("always-through-spring-festival", "2026-02-14 10:00", 3 * 1440, "2026-02-17 10:00", calendar=ALWAYS),
    row(
        "always-with-a-pause", "2026-03-03 23:30", 60, "2026-03-04 02:30", ("2026-03-03 23:45", "2026-03-04 01:45"), calendar=ALWAYS
    ),
    row("always-with-an-open-pause", "2026-03-03 23:30", 60, None, ("2026-03-03 23:45", None), calendar=ALWAYS),
    row("always-but-for-a-closed-morning", "2026-03-03 23:30", 60, "2026-03-04 12:30", calendar=NO_POWER),
    row("always-but-for-a-closed-morning-used-up-at-midnight", "2026-03-03 23:00", 60, "2026-03-04 00:00", calendar=NO_POWER),
    # Other calendars and the company's own dates.
    row("override-closes-a-workday", "2026-03-03 17:30", 60, "2026-03-05 09:00", calendar=STOCKTAKING),
    row("override-opens-a-holiday", "2026-09-30 17:30", 90, "2026-10-01 10:00", calendar=ON_DUTY),
    row("override-opens-a-holiday-for-its-hours-only", "2026-10-01 10:30", 60, "2026-10-08 09:00", calendar=ON_DUTY),
    row("override-closes-a-make-up-saturday", "2026-10-09 17:30", 60, "2026-10-12 09:00", calendar=ON_DUTY),
    row("saturday-hours", "2026-03-06 17:30", 60, "2026-03-07 09:30", calendar=SATURDAYS),
    row("make-up-saturday-has-mondays-hours", "2026-05-08 17:30", 60, "2026-05-09 09:00", calendar=SATURDAYS),
    row("saturday-hours-in-a-holiday-are-off", "2026-02-20 10:00", 30, "2026-02-24 09:00", calendar=SATURDAYS),
    row("night-shift-across-midnight", "2026-03-03 20:00", 180, "2026-03-04 01:00", calendar=NIGHT),
]


@pytest.mark.parametrize(("calendar", "start", "minutes", "pauses", "due"), EXAMPLES)
def test_a_worked_example_falls_due_as_computed_by_hand(calendar, start, minutes, pauses, due):
    assert add_working_minutes(start, minutes, calendar, pauses) == due


@pytest.mark.parametrize(("calendar", "start", "minutes", "pauses", "due"), [e for e in EXAMPLES if e.values[4]])
def test_the_time_to_a_worked_deadline_measures_its_minutes(calendar, start, minutes, pauses, due):
    assert working_minutes_between(start, due, calendar, pauses) == minutes


PUBLISHED_2026 = [
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]


def test_the_holidays_of_2026_are_those_published():
    days = set()
    for first, last in PUBLISHED_2026:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
        days |= {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
    assert statutory_year(2026).holidays == days


def test_the_make_up_workdays_of_2026_are_those_published():
    published = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert statutory_year(2026).makeup_workdays == {date.fromisoformat(day) for day in published}


def test_an_unpublished_year_is_named():
    assert OFFICE.unpublished_years(date(2025, 6, 1), date(2028, 1, 1)) == {2027, 2028}


def test_a_published_year_needs_no_notice():
    assert OFFICE.unpublished_years(at("2026-01-01 00:00"), at("2026-12-31 23:59")) == frozenset()


def test_years_of_moments_are_years_in_the_calendars_zone():
    new_year_in_shanghai = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert OFFICE.unpublished_years(new_year_in_shanghai, new_year_in_shanghai) == {2027}


def test_a_calendar_without_holidays_has_no_unpublished_years():
    assert ALWAYS.unpublished_years(date(2027, 1, 1), date(2030, 1, 1)) == frozenset()


def test_the_deadline_has_the_zone_of_the_start():
    start = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    due = add_working_minutes(start, 60, OFFICE)
    assert (due, due.tzinfo) == (datetime(2026, 3, 3, 2, 0, tzinfo=UTC), UTC)


def test_starts_in_any_offset_mean_the_same_moment():
    start = at("2026-03-03 09:00")
    elsewhere = start.astimezone(timezone(timedelta(hours=-3)))
    assert add_working_minutes(elsewhere, 600, OFFICE) == add_working_minutes(start, 600, OFFICE)


def test_microseconds_are_kept():
    start = at("2026-03-03 11:59").replace(microsecond=1)
    assert add_working_minutes(start, 1, OFFICE) == at("2026-03-03 14:00").replace(microsecond=1)


def test_no_working_time_passes_backwards():
    assert working_minutes_between(at("2026-03-03 10:00"), at("2026-03-03 09:00"), OFFICE) == 0.0


def test_part_of_a_minute_is_measured():
    assert working_minutes_between(at("2026-03-03 09:00"), at("2026-03-03 09:00:45"), OFFICE) == 0.75


def test_an_open_pause_stops_the_clock_until_the_end():
    pauses = between(("2026-03-03 09:30", None))
    assert working_minutes_between(at("2026-03-03 09:00"), at("2026-03-05 09:00"), OFFICE, pauses) == 30.0


def test_working_time_spans_years():
    assert working_minutes_between(at("2025-12-31 17:00"), at("2026-01-05 09:00"), OFFICE) == 60 + 450 + 30


def test_an_earlier_question_after_a_later_one_is_answered_alike():
    calendar = replace(OFFICE)
    add_working_minutes(at("2026-03-03 09:00"), 60, calendar)
    assert add_working_minutes(at("2024-09-30 16:00"), 180, calendar) == at("2024-10-08 09:30")


def test_questions_far_apart_are_answered_alike():
    calendar = replace(OFFICE)
    add_working_minutes(at("2026-03-03 09:00"), 60, calendar)
    assert add_working_minutes(at("1950-03-03 09:00"), 60, calendar) == at("1950-03-03 10:00")
    assert add_working_minutes(at("2026-03-03 09:00"), 60, calendar) == at("2026-03-03 10:00")


def test_elapsed_time_counts_where_clocks_are_changed():
    berlin = replace(NIGHT, zone=ZoneInfo("Europe/Berlin"))
    start = datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert working_minutes_between(start, start.replace(hour=6), berlin) == 5 * 60


def test_a_calendar_that_never_opens_says_so():
    closed = replace(OFFICE, weekly=(CLOSED,) * 7)
    with pytest.raises(NoWorkingTimeError):
        add_working_minutes(at("2026-03-03 09:00"), 1, closed)


@pytest.mark.parametrize("calendar", [OFFICE, ALWAYS], ids=["office", "always"])
def test_a_deadline_beyond_all_years_says_so(calendar):
    with pytest.raises(NoWorkingTimeError):
        add_working_minutes(at("2026-03-03 09:00"), 10**12, calendar)


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=SHANGHAI)], ids=["last", "first"])
def test_a_start_at_the_edge_of_all_years_says_so(moment):
    with pytest.raises(NoWorkingTimeError):
        add_working_minutes(moment, 10, OFFICE)


def test_moments_a_century_apart_are_refused():
    with pytest.raises(NoWorkingTimeError):
        working_minutes_between(at("1926-03-03 09:00"), at("2026-03-03 09:00"), OFFICE)


def test_a_naive_start_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        add_working_minutes(datetime(2026, 3, 3, 9, 0), 60, OFFICE)  # noqa: DTZ001 naive is the point


def test_negative_minutes_are_refused():
    with pytest.raises(ValueError, match="negative"):
        add_working_minutes(at("2026-03-03 09:00"), -1, OFFICE)


@pytest.mark.parametrize("minutes", [0, 60])
def test_a_pause_that_ends_before_it_begins_is_refused(minutes):
    with pytest.raises(ValueError, match="before it begins"):
        add_working_minutes(at("2026-03-03 09:00"), minutes, OFFICE, between(("2026-03-03 10:00", "2026-03-03 09:00")))


def test_an_interval_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="end after"):
        Interval(time(12), time(9))


def test_an_interval_with_a_zone_is_refused():
    with pytest.raises(ValueError, match="wall time"):
        Interval(time(9, tzinfo=UTC), time(12, tzinfo=UTC))


@pytest.mark.parametrize("later", [Interval(time(11), time(14)), Interval(time(9), time(0))], ids=["crossing", "to-midnight"])
def test_overlapping_intervals_of_a_day_are_refused(later):
    with pytest.raises(ValueError, match="overlap"):
        replace(OFFICE, overrides={date(2026, 3, 3): (Interval(time(9), time(12)), later)})


def test_a_week_has_seven_days():
    with pytest.raises(ValueError, match="seven"):
        WorkingCalendar("short", (FULL_DAY,) * 6)


def test_intervals_are_put_in_order():
    late, early = Interval(time(14), time(18)), Interval(time(9), time(12))
    assert replace(OFFICE, overrides={date(2026, 3, 3): (late, early)}).intervals_on(date(2026, 3, 3)) == (early, late)


def test_a_calendar_does_not_follow_later_changes_of_the_mapping_it_was_given():
    overrides = {date(2026, 3, 3): CLOSED}
    calendar = replace(OFFICE, overrides=overrides)
    overrides.clear()
    assert calendar.intervals_on(date(2026, 3, 3)) == CLOSED


def test_equal_calendars_are_interchangeable():
    assert replace(OFFICE) == OFFICE
    assert hash(replace(OFFICE)) == hash(OFFICE)


def test_only_the_plain_round_the_clock_calendar_is_continuous():
    assert ALWAYS.is_continuous
    assert not NO_POWER.is_continuous
    assert not replace(ALWAYS, observes_holidays=True).is_continuous
