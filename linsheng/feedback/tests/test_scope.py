"""Who sees which cases, and what the lists cost."""

from datetime import timedelta

import pytest

from linsheng.communities.models import Building, Home, Post, Residency
from linsheng.core.errors import Forbidden, NotVisible
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case
from linsheng.feedback.queries import BoardFilter, board, board_counts, legal_actions, story_of, visible_case, visible_to
from linsheng.feedback.queries.board import VIEWS
from linsheng.feedback.queries.page import story_for
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF
from linsheng.feedback.tests.legal import EVERYBODY, FUNCTIONS, do
from linsheng.standards.models import ServiceItem

DAY = timedelta(days=1)


@pytest.fixture
def everywhere(cast, now):
    """A case of the owner, one of the cleaners' trade, one in the other community, one of another company."""
    system = Actor.clockwork()
    elsewhere = actions.Report(community=cast.other_community, item=cast.item, text="电梯异响")
    foreign_item = ServiceItem.objects.get(organisation=cast.foreign_organisation, code="facility.lift")
    abroad = actions.Report(community=cast.foreign_community, item=foreign_item, text="电梯坏", resident=cast.residents["stranger"])
    return {
        "lift": make.received(cast, now),
        "cleaning": make.received(cast, now, who="neighbour", item=make.item(cast, "environment.cleaning"), text="楼道脏"),
        "elsewhere": actions.receive_case(report=elsewhere, by=system, now=now),
        "abroad": actions.receive_case(report=abroad, by=system, now=now),
    }


SEEN = {
    "owner": {"lift"},
    "neighbour": {"cleaning"},
    "stranger": {"abroad"},
    "frontdesk": {"lift", "cleaning"},
    "colleague": {"lift", "cleaning"},
    "handler": {"lift"},
    "cleaner": {"cleaning"},
    "supervisor": {"lift", "cleaning"},
    "manager": {"lift", "cleaning"},
    "director": {"lift", "cleaning", "elsewhere"},
    "auditor": {"lift", "cleaning"},
    "administrator": set(),
    "outsider": {"abroad"},
}


@pytest.mark.parametrize("person", EVERYBODY)
def test_everybody_sees_what_is_theirs_and_nothing_else(cast, everywhere, person):
    seen = set(visible_to(cast.people[person]).values_list("pk", flat=True))
    assert seen == {everywhere[name].pk for name in SEEN[person]}
    for name, case in everywhere.items():
        if name in SEEN[person]:
            assert visible_case(cast.people[person], case.pk) == case
        else:
            with pytest.raises(NotVisible):
                visible_case(cast.people[person], case.pk)


def test_what_does_not_exist_gets_the_same_answer_as_what_is_others(cast, everywhere):
    sentences = set()
    for pk in (everywhere["abroad"].pk, 10**9):
        with pytest.raises(NotVisible) as error:
            visible_case(cast.manager, pk)
        sentences.add(str(error.value))
    assert len(sentences) == 1


def test_nobody_sees_anything_after_they_left(cast, everywhere, now):
    Post.objects.filter(user=cast.manager).update(ended_at=now)
    cast.frontdesk.is_active = False
    cast.frontdesk.save()
    for person in (cast.manager, cast.frontdesk):
        person.__dict__.pop("_grants", None)
        assert not visible_to(person).exists()


def test_a_handler_keeps_seeing_what_they_are_in_charge_of(cast, everywhere, now):
    actions.assign_case(case=everywhere["cleaning"], handler=cast.handler, by=STAFF(cast.supervisor), now=now)
    assert set(visible_to(cast.handler)) == {everywhere["lift"], everywhere["cleaning"]}


def test_a_follower_sees_the_case_and_its_steps_but_not_the_reporters_words(cast, everywhere, now):
    case = make.in_progress(cast, now, case=everywhere["lift"])
    actions.join_case(case=case, by=cast.neighbour, now=now)
    actions.contact_reporter(case=case, text="业主说孩子在家", by=STAFF(cast.handler), now=now)
    make_words = actions.add_words(case=case, text="我家 1201 有老人", by=Actor(user=cast.owner, reporter=True), now=now)
    actions.resolve_case(case=make_words, text="已换按钮", by=STAFF(cast.handler), now=now)
    assert case in visible_to(cast.neighbour)
    story = story_for(visible_case(cast.neighbour, case.pk), cast.neighbour)
    assert [entry.action for entry in story] == ["receive", "assign", "start", "resolve"]
    assert [entry.text for entry in story] == ["", "", "", "已换按钮"]


def test_the_reporter_reads_everything_but_what_is_internal(cast, everywhere, now):
    case = make.in_progress(cast, now, case=everywhere["lift"])
    actions.add_note(case=case, text="内部", by=STAFF(cast.handler), now=now)
    assert "note" not in [entry.action for entry in story_of(case, staff=False)]
    assert "note" in [entry.action for entry in story_of(case, staff=True)]


class TestAnotherCompany:
    """The tenant swap: everybody of one company, on the cases of the other."""

    @pytest.mark.parametrize("action", sorted(FUNCTIONS))
    def test_nobody_takes_any_action_there(self, cast, everywhere, now, action):
        for person, name in [
            ("outsider", "lift"),
            ("director", "abroad"),
            ("manager", "abroad"),
            ("frontdesk", "abroad"),
            ("owner", "abroad"),
        ]:
            case = everywhere[name]
            with pytest.raises(Forbidden):
                do(action, cast, case, person, now, other=everywhere["lift"])
        assert Case.objects.filter(version=0).count() == 4

    def test_nobody_receives_there(self, cast, now):
        report = actions.Report(community=cast.foreign_community, item=cast.item, text="x")
        for person in ("director", "manager", "frontdesk", "owner"):
            with pytest.raises((Forbidden, Exception)) as error:
                actions.receive_case(report=report, by=Actor(user=cast.people[person]), now=now)
            assert type(error.value).__name__ in {"Forbidden", "Invalid"}
        assert Case.objects.count() == 0

    def test_nothing_is_merged_across(self, cast, everywhere, now):
        with pytest.raises(Exception) as error:
            actions.merge_case(case=everywhere["lift"], into=everywhere["abroad"], by=STAFF(cast.frontdesk), now=now)
        assert type(error.value).__name__ == "Invalid"

    def test_settings_are_the_companys_own(self, cast, now):
        for function, values in [(actions.change_settings, {"values": {"reopen_days": 1}}), (actions.change_ladder, {"rungs": []})]:
            with pytest.raises(Forbidden):
                function(organisation=cast.foreign_organisation, by=cast.administrator, now=now, **values)

    def test_a_resident_of_two_companies_is_the_reporter_in_each_of_their_own(self, cast, everywhere, now):
        building = Building.objects.create(community=cast.foreign_community, name="2栋")
        home = Home.objects.create(community=cast.foreign_community, building=building, number="2-201")
        resident = cast.residents["stranger"]
        resident.user = cast.owner
        resident.save()
        Residency.objects.create(home=home, resident=resident)
        assert set(visible_to(cast.owner)) == {everywhere["lift"], everywhere["abroad"]}


class TestTheBoard:
    @pytest.fixture
    def many(self, cast, now):
        """Something for every tab."""
        found = {
            "unassigned": make.received(cast, now),
            "today": make.in_progress(cast, now, urgency="urgent"),
            "late": make.assigned(cast, now - DAY, urgency="emergency"),
            "waiting": make.waiting(cast, now),
            "to_tell": make.resolved(cast, now, case=make.by_phone(cast, now)),
            "to_ask": make.resolved(cast, now),
        }
        found["referred"] = make.referred(cast, now, case=make.by_phone(cast, now))
        return found

    @pytest.mark.parametrize("view", ["waiting", "to_ask"])
    def test_each_tab_holds_what_it_says(self, cast, now, many, view):
        assert [case.pk for case in board(cast.frontdesk, BoardFilter(view=view), now)] == [many[view].pk]

    def test_what_is_late_and_what_is_due_today(self, cast, now, many):
        late = set(board(cast.frontdesk, BoardFilter(view="late"), now))
        assert late == {many["late"]}
        assert many["today"] in set(board(cast.frontdesk, BoardFilter(view="today"), now))
        assert set(board(cast.frontdesk, BoardFilter(overdue=True), now)) == late

    def test_what_has_to_be_told_includes_what_was_referred(self, cast, now, many):
        assert set(board(cast.frontdesk, BoardFilter(view="to_tell"), now)) == {many["to_tell"], many["referred"]}

    def test_counts_are_those_of_the_lists(self, cast, now, many):
        for person in ("frontdesk", "handler", "director"):
            for scope in ("mine", "team", "all"):
                wanted = BoardFilter(scope=scope)
                counts = board_counts(cast.people[person], wanted, now)
                for view in VIEWS:
                    assert counts[view] == board(cast.people[person], BoardFilter(scope=scope, view=view), now).count()

    def test_open_lists_stand_in_the_order_of_their_deadlines(self, cast, now, many):
        due = [case.due_at for case in board(cast.frontdesk, BoardFilter(view="open"), now)]
        assert due == sorted(due)

    @pytest.mark.parametrize("person", ["frontdesk", "handler", "director"])
    def test_cost_the_same_however_many_rows_there_are(self, cast, now, person, django_assert_max_num_queries):
        def cost():
            user = type(cast.frontdesk).objects.get(pk=cast.people[person].pk)
            with django_assert_max_num_queries(5) as context:
                for case in board(user, BoardFilter(view="open"), now):
                    str(case.item), str(case.handler), str(case.home), str(case.community), str(case.building)
                board_counts(user, BoardFilter(), now)
            return len(context)

        make.in_progress(cast, now)
        few = cost()
        for _n in range(15):
            make.in_progress(cast, now)
        assert cost() == few


def test_the_actions_of_a_page_cost_a_fixed_number_of_queries(cast, now, django_assert_max_num_queries):
    case = make.resolved(cast, now)
    for _n in range(3):
        case = actions.reopen_case(case=case, reason="没好", by=Actor(user=cast.owner, reporter=True), now=now)
        case = actions.resolve_case(case=case, text="好了", by=STAFF(cast.handler), now=now)
    shown = visible_case(cast.colleague, case.pk)
    with django_assert_max_num_queries(4):
        legal_actions(shown, STAFF(cast.colleague), now)
    with django_assert_max_num_queries(2):
        story_of(shown, staff=True)
