"""Several households, one matter: both histories stay, everybody is told and asked, and it can be taken back."""

from datetime import timedelta

import pytest

from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case, CaseEvent
from linsheng.feedback.queries import BoardFilter, board, legal_actions
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF
from linsheng.messaging.models import Notice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def shown(cast, view, now):
    return list(board(cast.frontdesk, BoardFilter(view=view), now))


@pytest.fixture
def parent(cast, now):
    """The owner's case, being worked on."""
    return make.in_progress(cast, now)


@pytest.fixture
def child(cast, now, parent):
    """The neighbour's case, followed under the owner's."""
    case = make.received(cast, now, who="neighbour", text="电梯按键没有反应")
    return actions.merge_case(case=case, into=parent, by=STAFF(cast.frontdesk), now=now)


def resolve(cast, parent, now, text="已更换按钮板"):
    return actions.resolve_case(case=fresh(parent), text=text, by=STAFF(cast.handler), now=now)


class TestMerging:
    def test_keeps_both_histories(self, parent, child):
        assert [e.action for e in CaseEvent.objects.filter(case=child)] == ["receive", "merge"]
        absorbed = CaseEvent.objects.get(case=parent, action="absorb")
        assert absorbed.internal and absorbed.data == {"child": child.pk, "number": child.number}

    def test_into_itself_is_refused(self, cast, now, parent):
        with pytest.raises(Invalid) as error:
            actions.merge_case(case=parent, into=parent, by=STAFF(cast.frontdesk), now=now)
        assert "into" in error.value.fields

    def test_into_another_community_is_refused(self, cast, now, parent):
        report = actions.Report(community=cast.other_community, item=cast.item, text="电梯坏")
        far = actions.receive_case(report=report, by=Actor.clockwork(), now=now)
        with pytest.raises(Invalid):
            actions.merge_case(case=parent, into=far, by=STAFF(cast.frontdesk), now=now)

    def test_into_what_has_ended_is_refused(self, cast, now, parent):
        ended = make.declined(cast, now)
        with pytest.raises(Conflict, match="不在处理中"):
            actions.merge_case(case=parent, into=ended, by=STAFF(cast.frontdesk), now=now)

    def test_of_what_others_are_merged_into_is_refused(self, cast, now, parent, child):
        other = make.received(cast, now)
        with pytest.raises(Conflict, match="反过来合并"):
            actions.merge_case(case=parent, into=other, by=STAFF(cast.frontdesk), now=now)


class TestEveryHousehold:
    def test_is_told_the_result_separately(self, cast, now, parent, child):
        resolve(cast, parent, now + HOUR)
        told = fresh(child)
        assert (told.state, told.told_at, told.resolved_at) == ("merged", now + HOUR, now + HOUR)
        assert told.resolutions.get().text == "已更换按钮板"
        assert Notice.objects.get(user=cast.neighbour, kind="case_result").body == "已更换按钮板"
        event = CaseEvent.objects.filter(case=child).latest("id")
        assert (event.action, event.text, event.data) == ("resolve", "已更换按钮板", {"parent": parent.number})

    @pytest.mark.parametrize("end", [actions.refer_case, actions.decline_case])
    def test_is_told_the_reason_when_it_is_referred_or_declined(self, cast, now, parent, child, end):
        end(case=fresh(parent), reason="属市政范围", by=STAFF(cast.frontdesk), now=now + HOUR)
        assert fresh(child).told_at == now + HOUR
        assert Notice.objects.get(user=cast.neighbour, kind="case_result").body == "属市政范围"

    def test_rates_and_answers_for_itself(self, cast, now, parent, child):
        resolve(cast, parent, now + HOUR)
        actions.rate_case(case=child, stars=1, by=actor_for(cast.neighbour, child), now=now + HOUR)
        by = STAFF(cast.colleague)
        actions.record_callback(case=child, contacted=True, solved=False, satisfied="not", by=by, now=now + HOUR)
        assert child.ratings.count() == child.callbacks.count() == 1
        assert fresh(parent).ratings.count() == fresh(parent).callbacks.count() == 0

    def test_does_not_rate_before_there_is_a_result(self, cast, now, child):
        with pytest.raises(Conflict, match="还没有处理结果"):
            actions.rate_case(case=child, stars=1, by=actor_for(cast.neighbour, child), now=now)

    def test_that_can_only_be_phoned_waits_to_be_told(self, cast, now, parent):
        case = make.by_phone(cast, now)
        actions.merge_case(case=case, into=parent, by=STAFF(cast.frontdesk), now=now)
        assert shown(cast, "to_tell", now) == []
        resolve(cast, parent, now + HOUR)
        assert shown(cast, "to_tell", now + HOUR) == [case]
        actions.tell_result(case=case, by=STAFF(cast.frontdesk), now=now + HOUR)
        assert shown(cast, "to_tell", now + HOUR) == []

    def test_waits_to_be_asked(self, cast, now, parent, child):
        assert shown(cast, "to_ask", now) == []
        resolve(cast, parent, now + HOUR)
        assert {case.pk for case in shown(cast, "to_ask", now + HOUR)} == {parent.pk, child.pk}

    def test_is_not_asked_by_who_worked_on_the_case_it_was_merged_into(self, cast, now, parent, child):
        actions.contact_reporter(case=parent, by=STAFF(cast.colleague), now=now)
        resolve(cast, parent, now + HOUR)
        answers = {"contacted": True, "solved": True, "satisfied": "satisfied"}
        with pytest.raises(Forbidden, match="没有经手"):
            actions.record_callback(case=child, by=STAFF(cast.colleague), now=now + HOUR, **answers)
        assert actions.record_callback(case=child, by=STAFF(cast.manager), now=now + HOUR, **answers).asked_back_at

    def test_adds_something_and_the_parents_handler_hears_of_it(self, cast, now, child):
        actions.add_words(case=child, text="12 楼也不亮", by=actor_for(cast.neighbour, child), now=now)
        assert Notice.objects.filter(user=cast.handler, body="12 楼也不亮").count() == 1


class TestReopeningTheParent:
    def test_opens_the_matter_for_the_merged_households_too(self, cast, now, parent, child):
        resolve(cast, parent, now + HOUR)
        by = actor_for(cast.owner, fresh(parent))
        actions.reopen_case(case=parent, reason="又坏了", by=by, now=now + DAY)
        again = fresh(child)
        assert (again.state, again.resolved_at) == ("merged", None)
        assert CaseEvent.objects.filter(case=child).latest("id").action == "reopen"
        assert CaseEvent.objects.filter(case=child).latest("id").actor is None
        assert Notice.objects.filter(user=cast.neighbour, title__startswith="继续处理").count() == 1

    def test_the_next_result_is_told_and_asked_anew(self, cast, now, parent, child):
        resolve(cast, parent, now + HOUR)
        actions.rate_case(case=child, stars=1, by=actor_for(cast.neighbour, child), now=now + HOUR)
        actions.reopen_case(case=parent, reason="又坏了", by=actor_for(cast.owner, fresh(parent)), now=now + DAY)
        resolve(cast, parent, now + 2 * DAY, "更换了控制器")
        told = fresh(child)
        assert (told.cycle, told.told_at) == (2, now + 2 * DAY)
        actions.rate_case(case=child, stars=5, by=actor_for(cast.neighbour, child), now=now + 2 * DAY)
        assert sorted(child.ratings.values_list("cycle", "stars")) == [(1, 1), (2, 5)]

    def test_the_result_already_told_can_still_be_rated(self, cast, now, parent, child):
        resolve(cast, parent, now + HOUR)
        actions.reopen_case(case=parent, reason="又坏了", by=actor_for(cast.owner, fresh(parent)), now=now + DAY)
        actions.rate_case(case=child, stars=3, by=actor_for(cast.neighbour, child), now=now + DAY)
        assert child.ratings.get().cycle == 1


class TestUnmerging:
    @pytest.mark.parametrize("state", ["received", "assigned", "in_progress", "waiting"])
    def test_brings_back_the_state_it_had(self, cast, now, state):
        until = now + 3 * DAY
        case = make.waiting(cast, now, until=until) if state == "waiting" else make.in_state(cast, now, state)
        before = fresh(case)
        merged = make.merged(cast, now, case=case)
        after = actions.unmerge_case(case=merged, by=STAFF(cast.frontdesk), now=now + HOUR)
        kept = ("state", "handler_id", "cycle", "waiting_for", "waiting_until", "respond_by", "resolve_by", "due_at")
        assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
        assert (after.parent, after.is_open) == (None, True)

    def test_takes_up_the_ladder_again(self, cast, now, parent, child):
        assert fresh(child).next_escalation_at is None
        assert actions.unmerge_case(case=child, by=STAFF(cast.frontdesk), now=now + HOUR).next_escalation_at is not None

    def test_after_a_shared_result_begins_a_new_cycle(self, cast, now, parent, child):
        resolve(cast, parent, now + HOUR)
        actions.rate_case(case=child, stars=1, by=actor_for(cast.neighbour, child), now=now + HOUR)
        case = actions.unmerge_case(case=child, by=STAFF(cast.frontdesk), now=now + DAY)
        assert (case.state, case.cycle, case.told_at, case.resolved_at) == ("received", 2, None, None)
        case = make.resolved(cast, now + DAY, case=case)
        actions.rate_case(case=case, stars=5, by=actor_for(cast.neighbour, case), now=now + DAY)
        assert case.ratings.count() == case.resolutions.count() == 2

    def test_and_merging_again_is_possible(self, cast, now, parent, child):
        actions.unmerge_case(case=child, by=STAFF(cast.frontdesk), now=now)
        other = make.received(cast, now)
        assert actions.merge_case(case=child, into=other, by=STAFF(cast.frontdesk), now=now).parent == other
        assert actions.unmerge_case(case=child, by=STAFF(cast.frontdesk), now=now).state == "received"


class TestWithdrawingTheParent:
    def test_lets_each_household_go_on_by_itself(self, cast, now, parent, child):
        actions.withdraw_case(case=parent, by=actor_for(cast.owner, fresh(parent)), now=now + HOUR)
        free = fresh(child)
        assert (free.state, free.parent, free.is_open) == ("received", None, True)
        event = CaseEvent.objects.filter(case=child).latest("id")
        assert (event.action, event.actor, event.by_reporter) == ("unmerge", None, False)

    def test_tells_the_staff_who_have_to_take_it_up(self, cast, now, parent, child):
        actions.withdraw_case(case=parent, by=actor_for(cast.owner, fresh(parent)), now=now + HOUR)
        assert Notice.objects.filter(user=cast.supervisor, title__startswith="改为单独处理").count() == 1


class TestAHouseholdForWhomItIsNotSolved:
    """Everybody who shares a result says for themselves whether it helped."""

    def test_parts_from_the_others_and_goes_on_by_itself(self, cast, now, parent, child):
        resolve(cast, parent, now)
        done = actions.reopen_case(case=child, reason="我家还不行", by=actor_for(cast.neighbour, fresh(child)), now=now + HOUR)
        assert (done.state, done.parent, done.cycle, done.is_open) == ("in_progress", None, 2, True)
        assert done.handler == cast.handler
        assert fresh(parent).state == "resolved"
        assert Notice.objects.filter(user=cast.handler, title__startswith="重新打开").count() == 1

    def test_hears_the_next_result_and_rates_it(self, cast, now, parent, child):
        resolve(cast, parent, now)
        again = actions.reopen_case(case=child, reason="我家还不行", by=actor_for(cast.neighbour, fresh(child)), now=now + HOUR)
        done = actions.resolve_case(case=again, text="单独修好了", by=STAFF(cast.handler), now=now + DAY)
        assert done.told_at is not None
        rated = actions.rate_case(case=done, stars=5, by=actor_for(cast.neighbour, fresh(child)), now=now + DAY)
        assert rated.ratings.filter(cycle=2).count() == 1

    def test_waits_for_the_shared_result(self, cast, now, parent, child):
        by = actor_for(cast.neighbour, fresh(child))
        assert "reopen" not in legal_actions(fresh(child), by)
        with pytest.raises(Conflict):
            actions.reopen_case(case=child, reason="我家还不行", by=by, now=now)
        resolve(cast, parent, now)
        assert "reopen" in legal_actions(fresh(child), by)


def test_a_merged_case_can_be_unmerged(cast, now, parent, child):
    resolve(cast, parent, now)
    assert actions.unmerge_case(case=child, by=STAFF(cast.frontdesk), now=now).is_open


def test_followers_of_a_merged_case_hear_of_the_result(cast, now, parent):
    case = make.received(cast, now)
    actions.join_case(case=case, by=cast.neighbour, now=now)
    actions.merge_case(case=case, into=parent, by=STAFF(cast.frontdesk), now=now)
    resolve(cast, parent, now + HOUR)
    assert Notice.objects.filter(user=cast.neighbour, title__startswith="您关注的事有结果了").count() == 1
