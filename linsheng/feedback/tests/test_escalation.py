"""The ladder: each rung once a cycle, heard by somebody, acknowledged by a person, and moving on when nobody does."""

from datetime import datetime, timedelta

import pytest

from linsheng.accounts.permissions import Role
from linsheng.communities.models import Post
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.core.workcalendar import SHANGHAI
from linsheng.feedback import actions
from linsheng.feedback.actions.settings import DEFAULT_LADDER, Rung
from linsheng.feedback.models import Case, Escalation, EscalationStep
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, reporter
from linsheng.messaging.models import Notice

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def climb(case, now):
    """Everything that the clockwork raises by then, as (clock, order)."""
    found = []
    while raised := actions.escalate_case(case=case, now=now):
        found.append((raised.clock, raised.order))
    return found


def next_time(case):
    return Case.objects.get(pk=case.pk).next_escalation_at


def ladder(cast, *rungs):
    return actions.change_ladder(organisation=cast.organisation, rungs=rungs, by=cast.administrator, now=at("03-01 09:00"))


@pytest.fixture
def urgent(cast):
    """An urgent lift, in charge of the handler: 60 minutes to respond, a day to resolve, around the clock; from 10:00."""
    return make.in_progress(cast, at("03-03 10:00"), urgency="urgent")


class TestTheDefaultLadder:
    def test_stands_for_every_company(self, cast):
        for organisation in (cast.organisation, cast.foreign_organisation):
            steps = EscalationStep.objects.filter(organisation=organisation)
            assert [(s.role, s.percent, s.hours_after) for s in steps] == [
                ("handler", 75, None),
                ("supervisor", 100, None),
                ("manager", None, 24),
                ("director", None, 72),
            ]

    def test_is_climbed_by_the_deadline_for_the_contact(self, urgent):
        assert next_time(urgent) == at("03-03 10:45")
        assert climb(urgent, at("03-03 10:44")) == []
        assert climb(urgent, at("03-03 10:45")) == [("response", 1)]
        assert next_time(urgent) == at("03-03 11:00")
        assert climb(urgent, at("03-03 11:00")) == [("response", 2)]

    def test_is_climbed_by_the_deadline_for_the_result_after_the_contact(self, cast, urgent):
        actions.contact_reporter(case=urgent, by=STAFF(cast.handler), now=at("03-03 10:30"))
        assert next_time(urgent) == at("03-04 04:00")
        assert climb(urgent, at("03-04 04:00")) == [("resolution", 1)]

    def test_is_climbed_by_both_while_nobody_made_contact(self, urgent):
        assert climb(urgent, at("03-04 09:59")) == [("response", 1), ("response", 2), ("resolution", 1)]
        assert climb(urgent, at("03-04 10:00")) == [("resolution", 2)]

    def test_goes_up_after_plain_hours_when_it_was_acknowledged(self, cast, urgent):
        actions.contact_reporter(case=urgent, by=STAFF(cast.handler), now=at("03-03 10:30"))
        climb(urgent, at("03-04 10:00"))
        actions.acknowledge_escalation(case=urgent, by=STAFF(cast.supervisor), now=at("03-04 10:30"))
        assert next_time(urgent) == at("03-05 10:00")
        assert climb(urgent, at("03-05 10:00")) == [("resolution", 3)]
        actions.acknowledge_escalation(case=urgent, by=STAFF(cast.manager), now=at("03-05 11:00"))
        assert climb(urgent, at("03-07 09:59")) == []
        assert climb(urgent, at("03-07 10:00")) == [("resolution", 4)]
        assert next_time(urgent) is None

    def test_moves_on_early_when_nobody_acknowledges(self, cast, urgent):
        actions.contact_reporter(case=urgent, by=STAFF(cast.handler), now=at("03-03 10:30"))
        climb(urgent, at("03-04 10:00"))
        # The supervisor has eight hours to take note.
        assert next_time(urgent) == at("03-04 18:00")
        assert climb(urgent, at("03-04 18:00")) == [("resolution", 3)]

    def test_keeps_working_hours_for_shares_of_the_time(self, cast):
        case = make.in_progress(cast, at("03-06 16:00"), item=make.item(cast, "environment.cleaning"))
        # Three quarters of 240 working minutes: 120 on Friday, 60 on Monday.
        assert next_time(case) == at("03-09 09:30")


class TestEachRung:
    def test_is_raised_once_a_cycle_however_often_the_clockwork_runs(self, urgent):
        late = at("03-20 10:00")
        assert len(climb(urgent, late)) == 8
        assert climb(urgent, late + DAY) == []
        assert Escalation.objects.count() == 8

    def test_is_raised_again_in_the_next_cycle_but_not_all_at_once(self, cast, urgent):
        case = actions.contact_reporter(case=urgent, by=STAFF(cast.handler), now=at("03-03 10:30"))
        climb(case, at("03-04 12:00"))
        case = actions.resolve_case(case=case, text="好了", by=STAFF(cast.handler), now=at("03-04 12:00"))
        case = actions.reopen_case(case=case, reason="没好", by=reporter(case, cast), now=at("03-12 12:00"))
        # Two hours late when it was resolved: the manager's day goes on from there.
        assert climb(case, at("03-12 12:01")) == [("resolution", 1), ("resolution", 2)]
        actions.acknowledge_escalation(case=case, by=STAFF(cast.supervisor), now=at("03-12 12:02"))
        assert next_time(case) == at("03-13 10:00")
        assert set(Escalation.objects.values_list("cycle", flat=True)) == {1, 2}

    def test_waits_while_the_case_waits(self, cast, urgent):
        case = actions.contact_reporter(case=urgent, by=STAFF(cast.handler), now=at("03-03 10:30"))
        case = actions.wait_case(case=case, waiting_for="parts", reason="等", by=STAFF(cast.handler), now=at("03-03 12:00"))
        assert next_time(case) is None and climb(case, at("03-20 10:00")) == []
        case = actions.resume_case(case=case, by=STAFF(cast.handler), now=at("03-05 12:00"))
        assert next_time(case) == at("03-06 04:00")

    @pytest.mark.parametrize("state", ["resolved", "closed", "referred", "declined", "withdrawn", "merged"])
    def test_is_not_raised_for_what_has_ended(self, cast, now, state):
        case = make.in_state(cast, now, state)
        assert next_time(case) is None and climb(case, now + 90 * DAY) == []

    def test_stands_in_the_history_for_staff_alone(self, urgent):
        climb(urgent, at("03-03 11:00"))
        events = urgent.events.filter(action="escalate")
        assert [(e.internal, e.actor, e.data["role"]) for e in events] == [(True, None, "handler"), (True, None, "supervisor")]


class TestWhoHears:
    def heard(self, order):
        raised = Escalation.objects.filter(order=order).latest("pk")
        return set(Notice.objects.filter(key__startswith=f"escalation-{raised.pk}-").values_list("user__username", flat=True))

    def test_the_handler_then_the_supervisor_then_the_manager_then_the_director(self, urgent):
        climb(urgent, at("03-20 10:00"))
        assert [self.heard(order) for order in (1, 2, 3, 4)] == [{"handler"}, {"supervisor"}, {"manager"}, {"director"}]

    def test_the_supervisor_where_nobody_has_the_case(self, cast):
        climb(make.received(cast, at("03-03 10:00"), urgency="urgent"), at("03-03 10:45"))
        assert self.heard(1) == {"supervisor"}

    @pytest.mark.parametrize("gone", ["account", "post"])
    def test_the_supervisor_where_the_handler_has_left(self, cast, urgent, gone):
        if gone == "account":
            cast.handler.is_active = False
            cast.handler.save()
        else:
            Post.objects.filter(user=cast.handler).update(ended_at=at("03-03 10:10"))
        climb(urgent, at("03-03 10:45"))
        assert self.heard(1) == {"supervisor"}

    def test_the_next_higher_one_where_nobody_holds_the_role(self, cast, urgent):
        Post.objects.filter(role__in=["supervisor", "manager"]).update(ended_at=at("03-03 10:10"))
        climb(urgent, at("03-03 11:00"))
        assert self.heard(2) == {"director"}

    def test_the_administrator_where_nobody_else_is_left(self, cast, urgent):
        Post.objects.exclude(role="administrator").update(ended_at=at("03-03 10:10"))
        climb(urgent, at("03-03 11:00"))
        assert self.heard(2) == {"administrator"}

    def test_the_supervisors_of_the_team_where_it_has_any(self, cast, urgent):
        Post.objects.create(
            user=cast.cleaner,
            organisation=cast.organisation,
            community=cast.community,
            role=Role.SUPERVISOR,
            team="environment",
            started_at=at("03-01 10:00"),
        )
        climb(urgent, at("03-03 11:00"))
        assert self.heard(2) == {"supervisor"}

    def test_in_words_that_say_whether_it_is_late(self, urgent):
        climb(urgent, at("03-03 10:45"))
        climb(urgent, at("03-03 11:00"))
        titles = Notice.objects.filter(kind="escalation").order_by("pk").values_list("title", flat=True)
        assert [title.split("：")[0] for title in titles] == ["即将超时", "已超时"]


class TestAcknowledging:
    def acknowledge(self, cast, case, person, now=None):
        return actions.acknowledge_escalation(case=case, by=STAFF(cast.people[person]), now=now or at("03-03 11:30"))

    def test_is_for_who_was_told_or_stands_above(self, cast, urgent):
        climb(urgent, at("03-03 11:00"))
        self.acknowledge(cast, urgent, "handler")
        kept = {e.order: e.acknowledged_by for e in Escalation.objects.all()}
        assert kept == {1: cast.handler, 2: None}
        self.acknowledge(cast, urgent, "manager")
        assert Escalation.objects.get(order=2).acknowledged_by == cast.manager

    def test_is_not_for_who_stands_below(self, cast, urgent):
        climb(urgent, at("03-03 11:00"))
        self.acknowledge(cast, urgent, "handler")
        with pytest.raises(Forbidden, match="上级岗位"):
            self.acknowledge(cast, urgent, "handler")

    @pytest.mark.parametrize("person", ["auditor", "outsider", "cleaner", "frontdesk"])
    def test_is_not_for_others(self, cast, urgent, person):
        climb(urgent, at("03-03 11:00"))
        with pytest.raises(Forbidden):
            self.acknowledge(cast, urgent, person)

    def test_without_a_rung_raised_is_refused(self, cast, urgent):
        with pytest.raises(Conflict, match="没有需要确认"):
            self.acknowledge(cast, urgent, "supervisor")

    def test_of_an_earlier_cycle_is_no_longer_asked_for(self, cast, urgent):
        climb(urgent, at("03-03 11:00"))
        case = actions.resolve_case(case=urgent, text="好了", by=STAFF(cast.handler), now=at("03-03 12:00"))
        case = actions.reopen_case(case=case, reason="没好", by=reporter(case, cast), now=at("03-03 12:10"))
        with pytest.raises(Conflict):
            self.acknowledge(cast, case, "supervisor")


class TestChangingTheLadder:
    def test_is_met_by_cases_under_way_at_their_next_look(self, cast, urgent):
        ladder(cast, Rung(Role.MANAGER, percent=50))
        assert next_time(urgent) == at("03-01 09:00")
        assert climb(urgent, at("03-03 10:30")) == [("response", 1)]
        assert Notice.objects.get(kind="escalation").user == cast.manager

    def test_reaches_cases_that_had_climbed_to_the_top(self, cast, urgent):
        ladder(cast, Rung(Role.SUPERVISOR, percent=50))
        climb(urgent, at("03-20 10:00"))
        assert next_time(urgent) is None
        ladder(cast, Rung(Role.SUPERVISOR, percent=50), Rung(Role.DIRECTOR, hours_after=1))
        assert len(climb(urgent, at("03-20 10:00"))) == 2

    def test_to_none_at_all_raises_nothing(self, cast, urgent):
        ladder(cast)
        assert climb(urgent, at("03-20 10:00")) == [] and next_time(urgent) is None
        assert make.received(cast, at("03-20 10:00")).next_escalation_at is None

    def test_touches_no_other_company(self, cast):
        ladder(cast)
        assert EscalationStep.objects.filter(organisation=cast.foreign_organisation).count() == len(DEFAULT_LADDER)

    @pytest.mark.parametrize(
        "rungs",
        [
            [Rung(Role.HANDLER)],
            [Rung(Role.HANDLER, percent=75, hours_after=1)],
            [Rung(Role.AUDITOR, percent=75)],
            [Rung(Role.ADMINISTRATOR, percent=75)],
            [Rung("king", percent=75)],
            [Rung(Role.HANDLER, percent=0)],
            [Rung(Role.HANDLER, percent=120)],
            [Rung(Role.SUPERVISOR, percent=100), Rung(Role.HANDLER, percent=75)],
            [Rung(Role.MANAGER, hours_after=24), Rung(Role.HANDLER, percent=75)],
            [Rung(Role.MANAGER, hours_after=24), Rung(Role.DIRECTOR, hours_after=24)],
        ],
    )
    def test_that_makes_no_sense_is_refused(self, cast, rungs):
        with pytest.raises(Invalid):
            ladder(cast, *rungs)
        assert EscalationStep.objects.filter(organisation=cast.organisation).count() == len(DEFAULT_LADDER)

    @pytest.mark.parametrize("person", ["manager", "director", "outsider", "frontdesk"])
    def test_is_for_the_companys_administrator(self, cast, person):
        with pytest.raises(Forbidden):
            actions.change_ladder(organisation=cast.organisation, rungs=[], by=cast.people[person], now=at("03-01 09:00"))


class TestWaitingTooLong:
    def test_is_said_to_the_handler_once_when_the_date_has_come(self, cast):
        until = at("03-05 09:00")
        case = make.waiting(cast, at("03-03 10:00"), until=until)
        assert not actions.remind_of_waiting(case=case, now=until - MINUTE)
        for minutes in (0, 15, 30):
            assert actions.remind_of_waiting(case=case, now=until + minutes * MINUTE)
        assert Notice.objects.get(title__startswith="等待到期").user == cast.handler

    def test_is_not_said_of_what_goes_on_again(self, cast):
        case = make.waiting(cast, at("03-03 10:00"), until=at("03-05 09:00"))
        actions.resume_case(case=case, by=STAFF(cast.handler), now=at("03-04 10:00"))
        assert not actions.remind_of_waiting(case=case, now=at("03-05 10:00"))
