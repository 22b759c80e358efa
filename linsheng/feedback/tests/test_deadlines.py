"""Deadlines of cases, worked out by hand over the holidays and make-up workdays of 2026.

Office hours are 08:30-12:00 and 14:00-18:00: 450 minutes a day. Promised at the standard grade (response / result):
cleaning emergency 30 / 240, urgent 120 / 450, normal 240 / 1350 office minutes; attitude emergency 30 / 450, normal 240 / 2250
office minutes; lift emergency 10 / 45, urgent 60 / 1440 plain minutes.
"""

from datetime import date, datetime, timedelta

import pytest

from linsheng.core.workcalendar import SHANGHAI
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.clocks import unpublished_years
from linsheng.feedback.models import FAR, Case
from linsheng.feedback.tests.factories import STAFF, item, received, reporter
from linsheng.standards.actions import PromiseChange, publish_promises, set_override
from linsheng.standards.models import ServiceCalendar

CLEANING, LIFT, ATTITUDE = "environment.cleaning", "facility.lift", "staff.attitude"


def at(text):
    """``03-03 08:30`` in 2026, Shanghai; with a year where it is another one."""
    text = text if text.startswith("20") else f"2026-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Story:
    """A case that is worked on at given times; every step is an action."""

    def __init__(self, cast, code, urgency, begun):
        self.cast, self.handler = cast, STAFF(cast.handler)
        self.case = received(cast, at(begun), item=item(cast, code), urgency=urgency)
        self.case = actions.assign_case(case=self.case, handler=cast.handler, by=STAFF(cast.frontdesk), now=at(begun))
        self.case = actions.start_case(case=self.case, by=self.handler, now=at(begun))

    def take(self, when, step, *values):
        self.case = getattr(self, step)(at(when), *values)

    def contact(self, now):
        return actions.contact_reporter(case=self.case, by=self.handler, now=now)

    def wait(self, now):
        return actions.wait_case(case=self.case, waiting_for="parts", reason="等配件", by=self.handler, now=now)

    def resume(self, now):
        return actions.resume_case(case=self.case, by=self.handler, now=now)

    def resolve(self, now):
        return actions.resolve_case(case=self.case, text="已处理", by=self.handler, now=now)

    def close(self, now):
        return actions.close_case(case=self.case, by=STAFF(self.cast.frontdesk), now=now)

    def reopen(self, now):
        return actions.reopen_case(case=self.case, reason="没好", by=reporter(self.case, self.cast), now=now)

    def urgency(self, now, urgency):
        return actions.reclassify_case(case=self.case, urgency=urgency, by=STAFF(self.cast.supervisor), now=now)

    def item(self, now, code):
        return actions.reclassify_case(case=self.case, item=item(self.cast, code), by=STAFF(self.cast.supervisor), now=now)

    def merge(self, now):
        self.parent = Story(self.cast, CLEANING, "normal", now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))
        return actions.merge_case(case=self.case, into=self.parent.case, by=STAFF(self.cast.frontdesk), now=now)

    def parent_resolves(self, now):
        self.parent.case = self.parent.resolve(now)
        return Case.objects.get(pk=self.case.pk)

    def parent_reopens(self, now):
        self.parent.case = self.parent.reopen(now)
        return Case.objects.get(pk=self.case.pk)

    def unmerge(self, now):
        return actions.unmerge_case(case=self.case, by=STAFF(self.cast.frontdesk), now=now)


def row(name, code, urgency, begun, respond_by, resolve_by, *steps):
    return pytest.param(code, urgency, begun, respond_by, resolve_by, steps, id=name)


EXAMPLES = [
    # An ordinary week: Monday 2 to Friday 6 March.
    row("from-opening", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-05 18:00"),
    row("from-ten-o-clock", CLEANING, "normal", "03-03 10:00", "03-03 16:00", "03-06 10:00"),
    row("over-the-weekend", CLEANING, "urgent", "03-06 16:00", "03-06 18:00", "03-09 16:00"),
    row("on-a-saturday", CLEANING, "emergency", "03-07 10:00", "03-09 09:00", "03-09 14:30"),
    # New Year: 1 to 3 January off, Sunday the 4th worked.
    row("new-years-day", CLEANING, "normal", "01-01 10:00", "01-04 14:30", "01-06 18:00"),
    row("make-up-sunday-in-january", CLEANING, "urgent", "01-04 15:00", "01-04 17:00", "01-05 15:00"),
    # Spring Festival: 15 to 23 February off, Saturdays 14 and 28 worked.
    row("before-spring-festival", CLEANING, "normal", "02-13 17:00", "02-14 11:30", "02-25 17:00"),
    row("new-years-eve", CLEANING, "normal", "02-16 20:00", "02-24 14:30", "02-26 18:00"),
    row("end-of-the-make-up-saturday", ATTITUDE, "emergency", "02-14 17:45", "02-24 08:45", "02-24 17:45"),
    row("lift-stuck-on-new-years-day", LIFT, "emergency", "02-17 02:00", "02-17 02:10", "02-17 02:45"),
    row("urgent-lift-on-new-years-eve", LIFT, "urgent", "02-16 23:30", "02-17 00:30", "02-17 23:30"),
    row("a-week-with-a-make-up-saturday", ATTITUDE, "normal", "02-27 14:00", "02-27 18:00", "03-05 12:00"),
    # Qingming 4 to 6 April; Labour Day 1 to 5 May, Saturday 9 worked; Dragon Boat 19 to 21 June.
    row("qingming", CLEANING, "urgent", "04-03 17:00", "04-07 09:30", "04-07 17:00"),
    row("labour-day", CLEANING, "normal", "04-30 16:00", "05-06 10:30", "05-08 16:00"),
    row("make-up-saturday-in-may", CLEANING, "normal", "05-08 10:00", "05-08 16:00", "05-12 10:00"),
    row("the-day-before-dragon-boat", CLEANING, "urgent", "06-18 08:30", "06-18 10:30", "06-18 18:00"),
    row("dragon-boat", CLEANING, "urgent", "06-18 14:00", "06-18 16:00", "06-22 12:00"),
    # Mid-Autumn 25 to 27 September, National Day 1 to 7 October; Sunday 20 September and Saturday 10 October worked.
    row("make-up-sunday-in-september", CLEANING, "emergency", "09-19 09:00", "09-20 09:00", "09-20 14:30"),
    row("mid-autumn", CLEANING, "normal", "09-24 16:30", "09-28 11:00", "09-30 16:30"),
    row("national-day", CLEANING, "normal", "09-30 17:00", "10-08 11:30", "10-10 17:00"),
    row("into-an-unpublished-year", CLEANING, "normal", "12-31 17:00", "2027-01-01 11:30", "2027-01-05 17:00"),
    # Pauses: the clock stands while the case waits.
    row(
        "waited-a-day-after-the-contact", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-06 18:00",
        ("03-03 09:00", "contact"), ("03-03 10:00", "wait"), ("03-04 10:00", "resume"),
    ),
    row(
        "waited-a-day-before-the-contact", CLEANING, "normal", "03-03 08:30", "03-04 14:30", "03-06 18:00",
        ("03-03 10:00", "wait"), ("03-04 10:00", "resume"),
    ),
    row(
        "waited-over-national-day", CLEANING, "normal", "09-30 08:30", "09-30 14:30", "10-10 18:00",
        ("09-30 08:40", "contact"), ("09-30 14:00", "wait"), ("10-08 14:00", "resume"),
    ),
    row(
        "waited-over-midday-only", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-05 18:00",
        ("03-03 08:40", "contact"), ("03-03 12:00", "wait"), ("03-03 14:00", "resume"),
    ),
    row(
        "waited-twice", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-06 11:30",
        ("03-03 08:35", "contact"), ("03-03 09:00", "wait"), ("03-03 10:00", "resume"),
        ("03-03 15:00", "wait"), ("03-03 17:00", "resume"),
    ),
    row(
        "waited-two-days-on-the-clock-that-never-stops", LIFT, "urgent", "02-17 10:00", "02-17 11:00", "02-20 10:00",
        ("02-17 10:05", "contact"), ("02-17 12:00", "wait"), ("02-19 12:00", "resume"),
    ),
    row(
        "still-waiting", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-05 18:00",
        ("03-03 08:40", "contact"), ("03-03 10:00", "wait"),
    ),
    # Reopening: the clock goes on where it stood.
    row(
        "reopened-after-a-weekend", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-10 14:30",
        ("03-03 09:00", "contact"), ("03-04 12:00", "resolve"), ("03-09 08:30", "reopen"),
    ),
    row(
        "reopened-after-national-day", CLEANING, "urgent", "09-30 08:30", "09-30 10:30", "10-08 18:00",
        ("09-30 08:40", "contact"), ("09-30 12:00", "resolve"), ("10-08 14:00", "reopen"),
    ),
    row(
        "reopened-after-closing", LIFT, "urgent", "03-03 10:00", "03-03 11:00", "03-06 22:00",
        ("03-03 10:01", "contact"), ("03-03 20:00", "resolve"), ("03-04 09:00", "close"), ("03-06 08:00", "reopen"),
    ),
    row(
        "waited-then-reopened", CLEANING, "urgent", "03-02 08:30", "03-02 10:30", "03-04 16:00",
        ("03-02 08:40", "contact"), ("03-02 10:00", "wait"), ("03-03 10:00", "resume"), ("03-03 11:00", "resolve"),
        ("03-04 09:00", "reopen"),
    ),
    row(
        "late-before-and-after-reopening", CLEANING, "emergency", "03-02 08:30", "03-02 09:00", "03-02 14:30",
        ("03-02 08:40", "contact"), ("03-02 17:00", "resolve"), ("03-03 09:00", "reopen"),
    ),
    row(
        "reopened-twice", CLEANING, "urgent", "03-02 08:30", "03-02 10:30", "03-04 15:30",
        ("03-02 08:40", "contact"), ("03-02 10:30", "resolve"), ("03-03 08:30", "reopen"), ("03-03 10:30", "resolve"),
        ("03-04 10:00", "reopen"),
    ),
    # Another urgency or item: both deadlines anew, from the arrival.
    row("more-urgent", CLEANING, "normal", "03-03 10:00", "03-03 12:00", "03-04 10:00", ("03-03 11:00", "urgency", "urgent")),
    row(
        "an-emergency-too-late", CLEANING, "normal", "03-03 10:00", "03-03 10:30", "03-03 16:00",
        ("03-04 09:00", "urgency", "emergency"),
    ),
    row("less-urgent", CLEANING, "urgent", "03-06 16:00", "03-09 10:30", "03-11 16:00", ("03-06 16:30", "urgency", "normal")),
    row(
        "another-item-and-calendar", CLEANING, "normal", "03-03 10:00", "03-03 11:00", "03-04 10:00",
        ("03-03 10:30", "item", LIFT), ("03-03 10:31", "urgency", "urgent"),
    ),
    row(
        "more-urgent-after-waiting", CLEANING, "normal", "03-03 08:30", "03-03 10:30", "03-04 10:30",
        ("03-03 08:40", "contact"), ("03-03 09:00", "wait"), ("03-03 11:00", "resume"), ("03-03 11:30", "urgency", "urgent"),
    ),
    row(
        "more-urgent-while-waiting", CLEANING, "normal", "03-03 08:30", "03-03 10:30", "03-03 18:00",
        ("03-03 08:40", "contact"), ("03-03 10:00", "wait"), ("03-03 11:00", "urgency", "urgent"),
    ),
    row(
        "more-urgent-while-waiting-then-resumed", CLEANING, "normal", "03-03 08:30", "03-03 10:30", "03-04 18:00",
        ("03-03 08:40", "contact"), ("03-03 10:00", "wait"), ("03-03 11:00", "urgency", "urgent"), ("03-04 10:00", "resume"),
    ),
    # Merged: the clock goes on as it stood, until the shared result.
    row(
        "merged-and-unmerged", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-05 18:00",
        ("03-03 10:00", "merge"), ("03-05 10:00", "unmerge"),
    ),
    row(
        "merged-while-waiting", CLEANING, "normal", "03-03 08:30", "03-04 14:30", "03-06 18:00",
        ("03-03 10:00", "wait"), ("03-03 11:00", "merge"), ("03-04 09:00", "unmerge"), ("03-04 10:00", "resume"),
    ),
    row(
        "unmerged-after-the-shared-result", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-09 14:30",
        ("03-03 09:00", "contact"), ("03-03 10:00", "merge"), ("03-04 12:00", "parent_resolves"), ("03-06 08:30", "unmerge"),
    ),
    row(
        "unmerged-after-the-shared-result-was-reopened", CLEANING, "normal", "03-03 08:30", "03-03 14:30", "03-09 14:30",
        ("03-03 09:00", "contact"), ("03-03 10:00", "merge"), ("03-04 12:00", "parent_resolves"), ("03-06 08:30", "parent_reopens"),
        ("03-06 16:00", "unmerge"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "urgency", "begun", "respond_by", "resolve_by", "steps"), EXAMPLES)
def test_a_worked_example(cast, code, urgency, begun, respond_by, resolve_by, steps):
    story = Story(cast, code, urgency, begun)
    for step in steps:
        story.take(*step)
    kept = Case.objects.get(pk=story.case.pk)
    assert (kept.respond_by.astimezone(SHANGHAI), kept.resolve_by.astimezone(SHANGHAI)) == (at(respond_by), at(resolve_by))


def test_there_are_enough_worked_examples():
    assert len(EXAMPLES) >= 40


def test_a_date_that_the_company_closes_does_not_count(cast):
    office = ServiceCalendar.objects.get(organisation=cast.organisation, code="office")
    set_override(calendar=office, date=date(2026, 3, 4), intervals=[], by=cast.director, now=at("03-01 09:00"))
    story = Story(cast, CLEANING, "urgent", "03-03 16:00")
    assert (story.case.respond_by, story.case.resolve_by) == (at("03-03 18:00"), at("03-05 16:00"))


class TestTheEditionInForceAtArrival:
    def publish(self, cast, when, resolution):
        office = ServiceCalendar.objects.get(organisation=cast.organisation, code="office")
        wanted = [
            PromiseChange(item(cast, CLEANING), "standard", urgency, 60, resolution, office)
            for urgency in ("emergency", "urgent", "normal")
        ]
        return publish_promises(organisation=cast.organisation, changes=wanted, by=cast.director, now=at(when))

    def test_an_edition_published_later_moves_no_deadline(self, cast):
        story = Story(cast, CLEANING, "normal", "03-03 08:30")
        self.publish(cast, "03-03 09:00", 120)
        story.take("03-03 10:00", "wait")
        story.take("03-04 10:00", "resume")
        assert story.case.resolve_by == at("03-06 18:00")

    def test_another_urgency_is_looked_up_in_the_edition_that_was_in_force(self, cast):
        story = Story(cast, CLEANING, "normal", "03-03 08:30")
        self.publish(cast, "03-03 09:00", 120)
        story.take("03-03 10:00", "urgency", "urgent")
        assert story.case.resolve_by == at("03-03 18:00")
        assert story.case.promise.version.number == 1

    def test_what_comes_in_later_has_the_new_promise(self, cast):
        self.publish(cast, "03-02 09:00", 120)
        story = Story(cast, CLEANING, "normal", "03-03 08:30")
        assert (story.case.respond_by, story.case.resolve_by) == (at("03-03 09:30"), at("03-03 10:30"))

    def test_a_slip_of_paper_written_down_later_counts_from_the_day_it_was_written(self, cast):
        self.publish(cast, "03-03 12:00", 120)
        case = actions.receive_case(
            report=actions.Report(
                community=cast.community, item=item(cast, CLEANING), text="楼道脏", channel="paper", received_at=at("03-03 08:30")
            ),
            by=STAFF(cast.frontdesk),
            now=at("03-04 09:00"),
        )
        assert case.resolve_by == at("03-05 18:00")
        assert case.number == "CH2603-0001"


class TestThePlaceOnTheWorkboard:
    def test_until_the_contact_it_is_the_response_deadline_then_the_one_for_the_result(self, cast):
        story = Story(cast, CLEANING, "normal", "03-03 08:30")
        assert story.case.due_at == at("03-03 14:30")
        story.take("03-03 09:00", "contact")
        assert story.case.due_at == at("03-05 18:00")

    def test_a_try_in_vain_is_no_contact(self, cast):
        story = Story(cast, CLEANING, "normal", "03-03 08:30")
        story.case = actions.contact_reporter(case=story.case, reached=False, by=story.handler, now=at("03-03 09:00"))
        assert story.case.responded_at is None and story.case.due_at == at("03-03 14:30")

    def test_starting_is_no_contact(self, cast):
        assert Story(cast, CLEANING, "normal", "03-03 08:30").case.responded_at is None

    def test_while_waiting_it_is_the_expected_date(self, cast):
        story = Story(cast, CLEANING, "normal", "03-03 08:30")
        until = at("03-20 09:00")
        case = actions.wait_case(
            case=story.case, waiting_for="third_party", reason="等厂家", until=until, by=story.handler, now=at("03-03 10:00")
        )
        assert case.due_at == until
        assert actions.resume_case(case=case, by=story.handler, now=at("03-04 10:00")).due_at == at("03-04 14:30")

    def test_with_a_result_there_is_none(self, cast):
        story = Story(cast, CLEANING, "normal", "03-03 08:30")
        story.take("03-03 10:00", "resolve")
        assert story.case.due_at == FAR

    def test_where_nothing_was_promised_there_is_no_deadline(self, cast, now):
        case = received(cast, at("03-03 08:30"), item=item(cast, CLEANING))
        # An item that no edition of that time knows.
        from linsheng.standards.actions import add_item

        new = add_item(
            dimension=case.item.dimension,
            code="environment.snow",
            name="扫雪",
            team="environment",
            by=cast.director,
            now=at("03-03 09:00"),
        )
        case = actions.reclassify_case(case=case, item=new, by=STAFF(cast.supervisor), now=at("03-03 10:00"))
        assert (case.promise, case.respond_by, case.resolve_by, case.due_at) == (None, None, None, FAR)
        assert case.next_escalation_at is None


def test_a_deadline_in_a_year_without_published_holidays_says_so(cast):
    assert unpublished_years(Story(cast, CLEANING, "normal", "12-31 17:00").case) == [2027]
    assert unpublished_years(Story(cast, CLEANING, "normal", "03-03 08:30").case) == []
    assert unpublished_years(Story(cast, LIFT, "urgent", "12-31 17:00").case) == []


def test_a_history_written_by_servers_whose_clocks_differ_pauses_nothing_for_ever(cast):
    story = Story(cast, CLEANING, "normal", "03-03 08:30")
    story.case = actions.wait_case(case=story.case, waiting_for="parts", reason="等", by=story.handler, now=at("03-03 10:00"))
    story.case = actions.resume_case(case=story.case, by=story.handler, now=at("03-03 10:00") - timedelta(seconds=2))
    assert story.case.resolve_by == at("03-05 18:00")


def test_the_residents_clock_never_pauses(cast):
    story = Story(cast, CLEANING, "normal", "03-03 08:30")
    for step in [("03-03 10:00", "wait"), ("03-04 10:00", "resume"), ("03-04 11:00", "resolve"), ("03-05 09:00", "reopen")]:
        story.take(*step)
    assert story.case.received_at == at("03-03 08:30") and story.case.confirmed_at is None
    story.take("03-05 11:00", "resolve")
    case = actions.rate_case(case=story.case, stars=5, by=Actor(user=cast.owner, reporter=True), now=at("03-06 20:00"))
    assert case.confirmed_at == at("03-06 20:00")
