"""A voice comes in, by any channel, through one action."""

from datetime import UTC, datetime, timedelta

import pytest

from linsheng.communities.models import Building, Home, Residency
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseEvent
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, report
from linsheng.feedback.tests.snapshots import snapshot
from linsheng.messaging.models import Notice
from linsheng.standards.models import ServiceItem

DAY = timedelta(days=1)


def receive(cast, now, by=None, **changes):
    by = by or Actor(user=cast.owner, reporter=True)
    return actions.receive_case(report=report(cast, **changes), by=by, now=now)


class TestNumbers:
    def test_run_by_community_and_month_of_arrival(self, cast, now):
        first, second = receive(cast, now), receive(cast, now)
        next_month = receive(cast, now + 10 * DAY)
        assert [case.number for case in (first, second, next_month)] == ["CH2611-0001", "CH2611-0002", "CH2612-0001"]

    def test_follow_the_local_month(self, cast):
        # Half past midnight on 1 December in Shanghai is still November in UTC.
        assert receive(cast, datetime(2026, 11, 30, 16, 30, tzinfo=UTC)).number == "CH2612-0001"

    def test_are_not_used_up_by_what_was_refused(self, cast, now):
        with pytest.raises(Invalid):
            receive(cast, now, text=" ")
        assert receive(cast, now).number.endswith("-0001")


class TestWhoMay:
    def test_staff_write_down_what_others_say(self, cast, now):
        case = receive(cast, now, by=STAFF(cast.frontdesk), channel="phone")
        event = CaseEvent.objects.get(case=case)
        assert (case.entered_by, event.actor, event.by_reporter) == (cast.frontdesk, cast.frontdesk, False)

    def test_residents_speak_for_themselves(self, cast, now):
        case = receive(cast, now)
        event = CaseEvent.objects.get(case=case)
        assert (case.entered_by, event.actor, event.by_reporter) == (None, None, True)

    def test_a_public_form_is_the_systems_own_doing(self, cast, now):
        case = receive(cast, now, by=Actor.clockwork(), resident=None, channel="qr")
        assert CaseEvent.objects.get(case=case).by_reporter and case.entered_by is None

    @pytest.mark.parametrize(
        "person", ["handler", "cleaner", "director", "auditor", "administrator", "outsider", "neighbour", "stranger"]
    )
    def test_nobody_else_reports_in_the_owners_name(self, cast, now, person):
        before = snapshot()
        with pytest.raises(Forbidden):
            receive(cast, now, by=Actor(user=cast.people[person]))
        assert snapshot() == before

    def test_a_resident_reports_where_they_live(self, cast, now):
        Residency.objects.filter(resident=cast.residents["owner"]).update(until="2026-10-31")
        with pytest.raises(Forbidden, match="自己居住的小区"):
            receive(cast, now)

    def test_a_resident_names_no_home_of_others(self, cast, now):
        with pytest.raises(Invalid) as error:
            receive(cast, now, home=cast.neighbour_home)
        assert "home" in error.value.fields

    def test_a_resident_does_not_say_when_it_came_in(self, cast, now):
        with pytest.raises(Invalid) as error:
            receive(cast, now, received_at=now - DAY)
        assert "received_at" in error.value.fields

    def test_a_member_of_staff_who_lives_there_speaks_as_a_resident(self, cast, now):
        resident = cast.residents["owner"]
        resident.user = cast.handler
        resident.save()
        case = receive(cast, now, by=Actor(user=cast.handler))
        assert case.entered_by is None and CaseEvent.objects.get(case=case).actor is None


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("text", {"text": ""}),
            ("text", {"text": " \n\x00 "}),
            ("text", {"text": "长" * 5001}),
            ("kind", {"kind": "gossip"}),
            ("urgency", {"urgency": "very"}),
            ("channel", {"channel": "pigeon"}),
            ("location", {"location": "远" * 121}),
            ("contact_name", {"contact_name": "王" * 61}),
            ("contact_phone", {"contact_phone": "1" * 31}),
            ("contact_email", {"contact_email": "not an address"}),
            ("contact_email", {"contact_email": "a@example.com\nBcc: b@example.com"}),
        ],
    )
    def test_is_named_by_its_field(self, cast, now, field, values):
        with pytest.raises(Invalid) as error:
            receive(cast, now, by=STAFF(cast.frontdesk), **values)
        assert list(error.value.fields) == [field] and Case.objects.count() == 0

    def test_everything_that_is_wrong_is_named_at_once(self, cast, now):
        with pytest.raises(Invalid) as error:
            receive(cast, now, by=STAFF(cast.frontdesk), kind="gossip", urgency="very", location="远" * 121)
        assert set(error.value.fields) == {"kind", "urgency", "location"}

    @pytest.mark.parametrize("when", [timedelta(minutes=1), -timedelta(days=400)])
    def test_it_came_in_neither_in_the_future_nor_long_ago(self, cast, now, when):
        with pytest.raises(Invalid) as error:
            receive(cast, now, by=STAFF(cast.frontdesk), received_at=now + when)
        assert list(error.value.fields) == ["received_at"]

    def test_what_belongs_to_another_company_or_community(self, cast, now):
        item = ServiceItem.objects.get(organisation=cast.foreign_organisation, code="facility.lift")
        building = Building.objects.create(community=cast.other_community, name="1栋")
        home = Home.objects.create(community=cast.other_community, building=building, number="1-101")
        values = {"item": item, "building": building, "home": home, "resident": cast.residents["stranger"]}
        with pytest.raises(Invalid) as error:
            receive(cast, now, by=STAFF(cast.frontdesk), **values)
        assert set(error.value.fields) == set(values)

    def test_an_item_out_of_use(self, cast, now):
        cast.item.retired_at = now
        with pytest.raises(Invalid) as error:
            receive(cast, now)
        assert list(error.value.fields) == ["item"]

    def test_a_community_out_of_use(self, cast, now):
        cast.community.retired_at = now
        with pytest.raises(Invalid) as error:
            receive(cast, now)
        assert list(error.value.fields) == ["community"]


class TestTheSameFormTwice:
    KEY = "form-7f3a"

    def test_makes_one_case(self, cast, now):
        first = receive(cast, now, submission_key=self.KEY)
        assert receive(cast, now + DAY, submission_key=self.KEY).pk == first.pk
        assert Case.objects.count() == CaseEvent.objects.count() == 1

    def test_of_somebody_else_shows_nothing_of_the_first(self, cast, now):
        receive(cast, now, submission_key=self.KEY)
        other = report(cast, "neighbour", submission_key=self.KEY)
        with pytest.raises(Conflict):
            actions.receive_case(report=other, by=Actor(user=cast.neighbour, reporter=True), now=now)


def test_blanks_and_what_no_database_keeps_are_taken_off(cast, now):
    case = receive(cast, now, text="  三号梯\x00坏了 \n", location=" 大堂 ")
    assert (case.text, case.location) == ("三号梯坏了", "大堂")


def test_the_receipt_goes_to_the_reporter_once(cast, now):
    case = receive(cast, now)
    notice = Notice.objects.get(user=cast.owner)
    assert case.number in notice.body and notice.url == f"/t/{case.track_token}/"


def test_the_reporters_own_page_has_an_address_that_nobody_guesses(cast, now):
    tokens = {receive(cast, now).track_token for _n in range(20)}
    assert len(tokens) == 20 and min(map(len, tokens)) >= 22


def test_receiving_takes_a_fixed_number_of_queries(cast, now, django_assert_max_num_queries):
    receive(cast, now)
    with django_assert_max_num_queries(45):
        receive(cast, now)


def test_the_building_of_the_home_is_where_it_happened_unless_another_is_named(cast, now):
    other = Building.objects.create(community=cast.community, name="5栋")
    assert receive(cast, now).building == cast.building
    assert receive(cast, now, building=other).building == other


def test_a_handler_is_put_in_charge_only_if_they_handle_there(cast, now):
    case = make.received(cast, now)
    inactive = cast.cleaner
    inactive.is_active = False
    inactive.save()
    for person in ("auditor", "administrator", "director", "outsider", "owner", "cleaner"):
        with pytest.raises(Invalid) as error:
            actions.assign_case(case=case, handler=cast.people[person], by=STAFF(cast.frontdesk), now=now)
        assert "handler" in error.value.fields
    assert Case.objects.get(pk=case.pk).state == "received"


class TestTakingAFreeCase:
    def test_is_for_handlers_of_the_community(self, cast, now):
        case = actions.assign_case(case=make.received(cast, now), handler=cast.handler, by=STAFF(cast.handler), now=now)
        assert (case.handler, case.state) == (cast.handler, "assigned")
        assert not Notice.objects.filter(user=cast.handler).exists()

    def test_is_for_oneself_only(self, cast, now):
        with pytest.raises(Forbidden):
            actions.assign_case(case=make.received(cast, now), handler=cast.cleaner, by=STAFF(cast.handler), now=now)

    def test_is_over_once_somebody_has_it(self, cast, now):
        with pytest.raises(Forbidden):
            actions.assign_case(case=make.assigned(cast, now), handler=cast.cleaner, by=STAFF(cast.cleaner), now=now)

    def test_is_not_for_other_companies(self, cast, now):
        with pytest.raises(Forbidden):
            actions.assign_case(case=make.received(cast, now), handler=cast.outsider, by=STAFF(cast.outsider), now=now)


class TestWaiting:
    def wait(self, cast, now, **values):
        plain = {"waiting_for": "parts", "reason": "等配件"}
        return actions.wait_case(case=make.in_progress(cast, now), by=STAFF(cast.handler), now=now, **(plain | values))

    @pytest.mark.parametrize(
        ("field", "values"),
        [("for", {"waiting_for": "godot"}), ("reason", {"reason": " "}), ("until", {"until": datetime(2026, 11, 23, tzinfo=UTC)})],
    )
    def test_needs_for_what_and_why_and_no_date_that_is_past(self, cast, now, field, values):
        with pytest.raises(Invalid) as error:
            self.wait(cast, now, **values)
        assert list(error.value.fields) == [field]

    def test_is_told_to_the_reporter_with_its_reason(self, cast, now):
        case = self.wait(cast, now, until=now + DAY)
        assert Notice.objects.get(user=cast.owner, kind="case_progress").body == "等配件"
        assert (case.waiting_for, case.waiting_until) == ("parts", now + DAY)

    def test_ends_with_resuming(self, cast, now):
        case = actions.resume_case(case=self.wait(cast, now, until=now + DAY), by=STAFF(cast.handler), now=now)
        assert (case.waiting_for, case.waiting_until) == ("", None)


class TestReclassifying:
    def change(self, cast, case, now, **values):
        return actions.reclassify_case(case=case, by=STAFF(cast.supervisor), now=now, **values)

    def test_moves_the_case_to_the_items_team_and_says_so_in_the_history(self, cast, now):
        case = self.change(cast, make.received(cast, now), now, item=make.item(cast, "environment.cleaning"), reason="其实是保洁")
        assert case.team == "environment"
        event = CaseEvent.objects.filter(case=case).latest("id")
        assert event.internal and event.text == "其实是保洁"
        assert (event.data["before"]["item"], event.data["after"]["item"]) == ("facility.lift", "environment.cleaning")

    def test_to_the_same_is_refused(self, cast, now):
        with pytest.raises(Conflict):
            self.change(cast, make.received(cast, now), now, urgency="normal", kind="repair", item=cast.item)

    @pytest.mark.parametrize(("field", "values"), [("urgency", {"urgency": "very"}), ("kind", {"kind": "gossip"})])
    def test_to_what_does_not_exist_is_refused(self, cast, now, field, values):
        with pytest.raises(Invalid) as error:
            self.change(cast, make.received(cast, now), now, **values)
        assert list(error.value.fields) == [field]

    def test_to_another_companys_item_or_one_out_of_use_is_refused(self, cast, now):
        foreign = ServiceItem.objects.get(organisation=cast.foreign_organisation, code="safety.gate")
        retired = make.item(cast, "safety.gate")
        retired.retired_at = now
        for item in (foreign, retired):
            with pytest.raises(Invalid):
                self.change(cast, make.received(cast, now), now, item=item)
