"""The residents' voice: rating, urging, "me too"; and the callback by somebody independent."""

from datetime import UTC, datetime, timedelta

import pytest

from linsheng.accounts.permissions import Role
from linsheng.communities.models import Post, Residency, Resident
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_by_link, actor_for
from linsheng.feedback.models import Callback, Case, CaseEvent, Rating, Urge
from linsheng.feedback.queries import BoardFilter, board
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, reporter
from linsheng.messaging.models import Notice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestRating:
    def rate(self, cast, case, now, stars=5, **values):
        return actions.rate_case(case=case, stars=stars, by=reporter(case, cast), now=now, **values)

    @pytest.mark.parametrize("stars", [0, 6, -1, 4.5, True, None, "5"])
    def test_is_one_to_five(self, cast, now, stars):
        with pytest.raises(Invalid) as error:
            self.rate(cast, make.resolved(cast, now), now, stars)
        assert "stars" in error.value.fields and Rating.objects.count() == 0

    @pytest.mark.parametrize(("stars", "kept"), [(1, ["slow", "attitude"]), (3, ["slow", "attitude"]), (4, []), (5, [])])
    def test_keeps_reasons_up_to_three_stars(self, cast, now, stars, kept):
        self.rate(cast, make.resolved(cast, now), now, stars, reasons=["slow", "attitude", "slow"])
        assert Rating.objects.get().reasons == kept

    def test_knows_its_reasons(self, cast, now):
        with pytest.raises(Invalid) as error:
            self.rate(cast, make.resolved(cast, now), now, 2, reasons=["weather"])
        assert "reasons" in error.value.fields

    def test_is_given_once_a_cycle_and_is_final(self, cast, now):
        case = make.resolved(cast, now)
        self.rate(cast, case, now, 1)
        with pytest.raises(Conflict, match="已经评价过"):
            self.rate(cast, case, now, 5)
        assert Rating.objects.get().stars == 1

    def test_is_given_again_for_the_next_result(self, cast, now):
        case = make.resolved(cast, now)
        self.rate(cast, case, now, 1)
        case = actions.reopen_case(case=case, reason="没好", by=reporter(case, cast), now=now)
        with pytest.raises(Conflict):
            self.rate(cast, case, now)
        case = actions.resolve_case(case=case, text="再修", by=STAFF(cast.handler), now=now)
        self.rate(cast, case, now, 4)
        assert list(Rating.objects.order_by("cycle").values_list("cycle", "stars")) == [(1, 1), (2, 4)]

    @pytest.mark.parametrize(("stars", "confirmed"), [(2, False), (3, True), (5, True)])
    def test_of_three_or_more_confirms_the_result(self, cast, now, stars, confirmed):
        case = self.rate(cast, make.resolved(cast, now), now + HOUR, stars)
        assert case.confirmed_at == (now + HOUR if confirmed else None)

    @pytest.mark.parametrize("person", ["frontdesk", "handler", "supervisor", "manager", "director", "auditor", "administrator"])
    def test_is_never_given_by_staff_not_even_by_link(self, cast, now, person):
        case, user = make.resolved(cast, now), cast.people[person]
        for by in (STAFF(user), Actor(user=user, reporter=True), actor_for(user, case), actor_by_link(user)):
            with pytest.raises(Forbidden):
                actions.rate_case(case=case, stars=5, by=by, now=now)

    def test_of_a_member_of_staff_who_lives_there_does_not_exist(self, cast, now):
        Post.objects.create(
            user=cast.owner, organisation=cast.organisation, community=cast.community, role=Role.HANDLER, started_at=now
        )
        case = make.resolved(cast, now)
        with pytest.raises(Forbidden):
            actions.rate_case(case=case, stars=5, by=actor_for(cast.owner, case), now=now)

    def test_is_given_by_whoever_holds_the_link(self, cast, now):
        case = make.resolved(cast, now, case=make.by_phone(cast, now))
        actions.rate_case(case=case, stars=4, by=actor_by_link(None), now=now)
        assert actor_by_link(cast.neighbour).reporter and Rating.objects.count() == 1

    def test_stands_in_the_history_without_a_name(self, cast, now):
        self.rate(cast, make.resolved(cast, now), now, 4)
        event = CaseEvent.objects.get(action="rate")
        assert (event.actor, event.by_reporter, event.data) == (None, True, {"stars": 4})


class TestUrging:
    def urge(self, cast, case, now, text=""):
        return actions.urge_case(case=case, text=text, by=reporter(case, cast), now=now)

    def test_once_a_local_day(self, cast):
        # 23:50 in Shanghai, then ten minutes past midnight there: the same day in UTC.
        late = datetime(2026, 11, 23, 15, 50, tzinfo=UTC)
        case = make.received(cast, late)
        self.urge(cast, case, late)
        with pytest.raises(Conflict, match="明天可以再催"):
            self.urge(cast, case, late + timedelta(minutes=9))
        self.urge(cast, case, late + timedelta(minutes=10))
        assert [urge.day.isoformat() for urge in Urge.objects.order_by("day")] == ["2026-11-23", "2026-11-24"]

    def test_is_heard_by_handler_and_supervisor(self, cast, now):
        self.urge(cast, make.assigned(cast, now), now, "老人下不了楼")
        heard = Notice.objects.filter(title__startswith="催办", body="老人下不了楼").values_list("user__username", flat=True)
        assert set(heard) == {"handler", "supervisor"}

    def test_is_heard_by_the_supervisor_where_nobody_has_the_case(self, cast, now):
        self.urge(cast, make.received(cast, now), now)
        assert Notice.objects.get(title__startswith="催办").user == cast.supervisor

    def test_shows_on_the_workboard_until_it_is_done(self, cast, now):
        case = make.in_progress(cast, now)
        self.urge(cast, case, now)
        assert list(board(cast.supervisor, BoardFilter(view="urged"), now)) == [case]
        case = actions.resolve_case(case=case, text="好了", by=STAFF(cast.handler), now=now)
        assert list(board(cast.supervisor, BoardFilter(view="urged"), now)) == []
        actions.reopen_case(case=case, reason="没好", by=reporter(case, cast), now=now)
        assert list(board(cast.supervisor, BoardFilter(view="urged"), now)) == []


class TestMeToo:
    def join(self, cast, case, now, who="neighbour"):
        return actions.join_case(case=case, by=cast.people[who], now=now)

    def test_lets_the_neighbour_hear_the_result(self, cast, now):
        case = make.in_progress(cast, now)
        self.join(cast, case, now)
        actions.resolve_case(case=case, text="已修好", by=STAFF(cast.handler), now=now)
        notice = Notice.objects.get(user=cast.neighbour)
        assert notice.kind == "case_result" and notice.body == "已修好" and notice.url.endswith(f"/my/cases/{case.pk}/")

    def test_tells_the_neighbour_when_the_reporter_withdraws(self, cast, now):
        case = make.received(cast, now)
        self.join(cast, case, now)
        actions.withdraw_case(case=case, by=reporter(case, cast), now=now)
        assert Notice.objects.get(user=cast.neighbour).title.startswith("反映人已撤回")

    def test_once(self, cast, now):
        case = make.received(cast, now)
        self.join(cast, case, now)
        with pytest.raises(Conflict, match="已经在跟进"):
            self.join(cast, case, now)
        assert case.followers.count() == 1

    def test_not_on_ones_own(self, cast, now):
        with pytest.raises(Conflict, match="您自己的反映"):
            self.join(cast, make.received(cast, now), now, "owner")

    @pytest.mark.parametrize("who", ["stranger", "frontdesk", "outsider"])
    def test_only_for_residents_of_the_community(self, cast, now, who):
        with pytest.raises(Forbidden):
            self.join(cast, make.received(cast, now), now, who)

    def test_not_for_who_has_moved_out(self, cast, now):
        Residency.objects.filter(resident=cast.residents["neighbour"]).update(until="2026-11-01")
        with pytest.raises(Forbidden):
            self.join(cast, make.received(cast, now), now)

    def test_never_on_a_confidential_case(self, cast, now):
        with pytest.raises(Forbidden):
            self.join(cast, make.received(cast, now, confidential=True), now)

    def test_leaves_the_neighbours_name_out_of_the_history(self, cast, now):
        self.join(cast, make.received(cast, now), now)
        event = CaseEvent.objects.get(action="me_too")
        assert (event.actor, event.by_reporter, event.internal) == (None, False, True)

    def test_gives_no_say_in_the_case(self, cast, now):
        case = make.resolved(cast, now)
        actions.reopen_case(case=case, reason="x", by=reporter(case, cast), now=now)
        self.join(cast, case, now)
        by = actor_for(cast.neighbour, Case.objects.get(pk=case.pk))
        assert not by.reporter
        for action, values in [(actions.urge_case, {}), (actions.withdraw_case, {}), (actions.add_words, {"text": "x"})]:
            with pytest.raises(Forbidden):
                action(case=case, by=by, now=now, **values)


ANSWERS = {"contacted": True, "solved": True, "satisfied": "satisfied"}


class TestTheCallback:
    def ask(self, case, user, now, **values):
        return actions.record_callback(case=case, by=STAFF(user), now=now, **({**ANSWERS} | values))

    def test_says_who_asked_and_how(self, cast, now):
        self.ask(make.resolved(cast, now), cast.colleague, now + DAY, method="visit", note="在家")
        row = Callback.objects.get()
        assert (row.asked_by, row.method, row.at, row.note, row.cycle) == (cast.colleague, "visit", now + DAY, "在家", 1)

    def test_by_link_is_the_reporters_own(self, cast, now):
        case = make.resolved(cast, now)
        actions.record_callback(case=case, by=Actor.by_link(), now=now, **ANSWERS)
        row = Callback.objects.get()
        assert (row.asked_by, row.method) == (None, "link")

    def test_by_staff_is_never_taken_for_the_reporters_own(self, cast, now):
        with pytest.raises(Invalid) as error:
            self.ask(make.resolved(cast, now), cast.colleague, now, method="link")
        assert "method" in error.value.fields

    @pytest.mark.parametrize(
        ("step", "values"),
        [("contact_reporter", {}), ("wait_case", {"waiting_for": "parts", "reason": "等"}), ("resolve_case", {"text": "好了"})],
    )
    def test_is_not_for_who_took_a_step(self, cast, now, step, values):
        case = make.in_progress(cast, now)
        case = getattr(actions, step)(case=case, by=STAFF(cast.supervisor), now=now, **values)
        if step == "wait_case":
            case = actions.resume_case(case=case, by=STAFF(cast.handler), now=now)
        if step != "resolve_case":
            case = actions.resolve_case(case=case, text="好了", by=STAFF(cast.handler), now=now)
        with pytest.raises(Forbidden, match="没有经手"):
            self.ask(case, cast.supervisor, now)

    def test_is_not_for_who_was_in_charge_before(self, cast, now):
        case = actions.assign_case(case=make.received(cast, now), handler=cast.colleague, by=STAFF(cast.supervisor), now=now)
        case = make.resolved(cast, now, case=case)
        with pytest.raises(Forbidden, match="没有经手"):
            self.ask(case, cast.colleague, now)

    def test_is_not_for_who_told_the_result(self, cast, now):
        case = make.resolved(cast, now, case=make.by_phone(cast, now))
        actions.tell_result(case=case, by=STAFF(cast.colleague), now=now)
        with pytest.raises(Forbidden):
            self.ask(case, cast.colleague, now)

    def test_is_not_for_who_worked_in_an_earlier_cycle(self, cast, now):
        case = make.resolved(cast, now)
        actions.contact_reporter(
            case=actions.reopen_case(case=case, reason="x", by=reporter(case, cast), now=now), by=STAFF(cast.manager), now=now
        )
        case = actions.resolve_case(case=case, text="好了", by=STAFF(cast.handler), now=now)
        with pytest.raises(Forbidden):
            self.ask(case, cast.manager, now)

    def test_of_a_confidential_reporter_is_by_their_own_page_only(self, cast, now):
        case = make.resolved(cast, now, confidential=True)
        with pytest.raises(Forbidden, match="要求保密"):
            self.ask(case, cast.colleague, now)
        assert actions.record_callback(case=case, by=Actor.by_link(), now=now, **ANSWERS).asked_back_at == now

    @pytest.mark.parametrize("missing", ["contacted", "solved", "satisfied"])
    def test_needs_all_three_answers(self, cast, now, missing):
        with pytest.raises(Invalid) as error:
            self.ask(make.resolved(cast, now), cast.colleague, now, **{missing: "" if missing == "satisfied" else None})
        assert list(error.value.fields) == [missing]

    @pytest.mark.parametrize("outcome", ["no_answer", "refused", "invalid"])
    def test_that_nobody_answered_is_kept_and_can_be_tried_again(self, cast, now, outcome):
        case = self.ask(make.resolved(cast, now), cast.colleague, now, outcome=outcome)
        row = Callback.objects.get()
        assert (row.contacted, row.solved, row.satisfied, case.asked_back_at) == (None, None, "", None)
        assert self.ask(case, cast.colleague, now + DAY).asked_back_at == now + DAY

    def test_answered_once_a_cycle(self, cast, now):
        case = self.ask(make.resolved(cast, now), cast.colleague, now)
        for by in (STAFF(cast.colleague), Actor.by_link()):
            with pytest.raises(Conflict, match="已经回访过"):
                actions.record_callback(case=case, by=by, now=now, **ANSWERS)

    def test_is_no_choice_of_the_reporter_not_to_answer(self, cast, now):
        with pytest.raises(Invalid):
            actions.record_callback(case=make.resolved(cast, now), outcome="refused", by=Actor.by_link(), now=now)

    @pytest.mark.parametrize(("solved", "confirmed"), [(True, True), (False, False)])
    def test_confirms_the_result_when_it_is_solved(self, cast, now, solved, confirmed):
        case = self.ask(make.resolved(cast, now), cast.colleague, now + HOUR, solved=solved)
        assert case.confirmed_at == (now + HOUR if confirmed else None)

    def test_by_staff_is_nothing_for_the_reporters_page(self, cast, now):
        self.ask(make.resolved(cast, now), cast.colleague, now)
        assert CaseEvent.objects.get(action="callback").internal

    def test_waiting_ones_stand_on_the_workboard_until_answered(self, cast, now):
        cases = [make.resolved(cast, now), make.declined(cast, now), make.closed(cast, now)]
        make.resolved(cast, now, confidential=True)
        assert {c.pk for c in board(cast.colleague, BoardFilter(view="to_ask"), now)} == {c.pk for c in cases}
        for case in cases:
            self.ask(case, cast.colleague, now)
        assert list(board(cast.colleague, BoardFilter(view="to_ask"), now)) == []


class TestReopening:
    def reopen(self, cast, case, now, reason="还是坏的"):
        return actions.reopen_case(case=case, reason=reason, by=reporter(case, cast), now=now)

    def test_begins_a_new_cycle_with_the_same_handler(self, cast, now):
        case = self.reopen(cast, make.closed(cast, now), now + DAY)
        assert (case.state, case.cycle, case.handler) == ("in_progress", 2, cast.handler)
        assert (case.told_at, case.resolved_at, case.closed_at, case.asked_back_at) == (None, None, None, None)
        assert Notice.objects.get(title__startswith="重新打开").user == cast.handler

    @pytest.mark.parametrize(("days", "possible"), [(0, True), (14, True), (14.01, False), (30, False)])
    def test_is_possible_for_fourteen_days(self, cast, now, days, possible):
        case, when = make.closed(cast, now), now + timedelta(days=days)
        if possible:
            assert self.reopen(cast, case, when).cycle == 2
            return
        with pytest.raises(Conflict, match="超过 14 天"):
            self.reopen(cast, case, when)

    def test_is_possible_as_long_as_the_company_says(self, cast, now):
        actions.change_settings(organisation=cast.organisation, values={"reopen_days": 3}, by=cast.administrator, now=now)
        with pytest.raises(Conflict, match="超过 3 天"):
            self.reopen(cast, make.closed(cast, now), now + 4 * DAY)

    def test_counts_from_when_the_reporter_was_told(self, cast, now):
        case = make.resolved(cast, now, case=make.by_phone(cast, now))
        actions.tell_result(case=case, by=STAFF(cast.frontdesk), now=now + 20 * DAY)
        assert actions.reopen_case(case=case, reason="没好", by=Actor.by_link(), now=now + 33 * DAY).cycle == 2

    def test_needs_a_reason(self, cast, now):
        with pytest.raises(Invalid):
            self.reopen(cast, make.resolved(cast, now), now, " ")

    def test_is_heard_by_the_supervisor_when_the_handler_has_left(self, cast, now):
        case = make.closed(cast, now)
        cast.handler.is_active = False
        cast.handler.save()
        self.reopen(cast, case, now)
        assert Notice.objects.get(title__startswith="重新打开").user == cast.supervisor


def test_two_residents_of_one_home_are_two_reporters(cast, now):
    case = make.resolved(cast, now)
    Resident.objects.filter(pk=cast.residents["neighbour"].pk).update(name="家属")
    Residency.objects.create(home=cast.home, resident=cast.residents["neighbour"], kind="family")
    with pytest.raises(Forbidden):
        actions.rate_case(case=case, stars=5, by=actor_for(cast.neighbour, case), now=now)
