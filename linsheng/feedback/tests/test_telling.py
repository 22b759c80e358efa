"""Told before closed: every way in which a reporter learns the result, and what counts as proof of it."""

from datetime import timedelta

import pytest

from linsheng.core.errors import Conflict, Invalid
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case, CaseEvent, ResultNotice
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF
from linsheng.messaging.actions import set_preferences
from linsheng.messaging.models import Delivery, Notice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def close(cast, case, now):
    return actions.close_case(case=case, by=STAFF(cast.frontdesk), now=now)


def refused(cast, case, now):
    with pytest.raises(Conflict) as error:
        close(cast, case, now)
    return str(error.value)


def proofs(case):
    return list(ResultNotice.objects.filter(case=case).order_by("pk").values_list("method", "reached"))


def tell(cast, case, now, **values):
    return actions.tell_result(case=case, by=STAFF(cast.frontdesk), now=now, **values)


@pytest.fixture
def phoned(cast, now):
    """Resolved; its reporter left nothing but a number."""
    return make.resolved(cast, now, case=make.by_phone(cast, now))


@pytest.fixture
def mailed(cast, now):
    """Resolved; its reporter left nothing but a mail address."""
    return make.resolved(cast, now, case=make.by_phone(cast, now, contact_phone="", contact_email="zhou@example.com"))


class TestTheResidentWithAnAccount:
    def test_is_told_in_the_inbox_at_once(self, cast, now):
        case = make.resolved(cast, now)
        assert ("inbox", True) in proofs(case) and case.told_at == now
        assert close(cast, case, now).state == "closed"

    def test_gets_the_result_by_mail_too(self, cast, now):
        case = make.resolved(cast, now)
        assert ("email", None) in proofs(case)
        assert Delivery.objects.filter(notice__subject_id=case.pk, notice__kind="case_result").get().address == "owner@example.com"

    def test_gets_no_mail_that_they_did_not_want(self, cast, now):
        set_preferences(user=cast.owner, wanted={("case_result", "email"): False}, by=cast.owner, now=now)
        case = make.resolved(cast, now)
        assert proofs(case) == [("inbox", True)]

    def test_is_answered_by_mail_when_they_came_by_mail_whatever_they_prefer(self, cast, now):
        set_preferences(user=cast.owner, wanted={("case_result", "email"): False}, by=cast.owner, now=now)
        case = make.resolved(cast, now, case=make.received(cast, now, channel="email"))
        assert proofs(case) == [("inbox", True), ("email", None)]

    def test_is_not_told_through_an_account_that_was_closed(self, cast, now):
        case = make.in_progress(cast, now)
        cast.owner.is_active = False
        cast.owner.save()
        case = actions.resolve_case(case=case, text="已修", by=STAFF(cast.handler), now=now)
        assert proofs(case) == [("email", None)] and case.told_at is None


class TestTheMail:
    def test_is_no_proof_before_it_was_delivered(self, cast, now, mailed):
        assert proofs(mailed) == [("email", None)] and mailed.told_at is None
        assert "邮件还没有送达" in refused(cast, mailed, now)

    def test_is_proof_once_its_server_took_it(self, cast, now, mailed):
        notice = ResultNotice.objects.get(case=mailed).notice_id
        assert actions.mark_delivered(notice_id=notice, now=now + HOUR) == 1
        kept = Case.objects.get(pk=mailed.pk)
        assert kept.told_at == kept.responded_at == now + HOUR
        event = CaseEvent.objects.filter(case=mailed).latest("id")
        assert (event.action, event.data, event.actor) == ("tell", {"method": "email", "reached": True}, None)
        assert close(cast, mailed, now + HOUR).state == "closed"

    def test_delivered_twice_is_told_once(self, cast, now, mailed):
        notice = ResultNotice.objects.get(case=mailed).notice_id
        actions.mark_delivered(notice_id=notice, now=now + HOUR)
        assert actions.mark_delivered(notice_id=notice, now=now + DAY) == 0
        assert Case.objects.get(pk=mailed.pk).told_at == now + HOUR

    def test_that_failed_leaves_the_case_to_be_told_by_hand(self, cast, now, mailed):
        notice = ResultNotice.objects.get(case=mailed).notice_id
        assert actions.mark_undelivered(notice_id=notice, reason="550 no such user", now=now + HOUR) == 1
        assert proofs(mailed) == [("email", False)]
        assert "没有告知反映人的证明" in refused(cast, mailed, now + HOUR)
        tell(cast, mailed, now + DAY, method="visit")
        assert close(cast, mailed, now + DAY).state == "closed"

    def test_of_an_earlier_cycle_proves_nothing_for_this_one(self, cast, now, mailed):
        first = ResultNotice.objects.get(case=mailed).notice_id
        case = actions.reopen_case(case=mailed, reason="没好", by=Actor.by_link(), now=now + HOUR)
        case = actions.resolve_case(case=case, text="再修", by=STAFF(cast.handler), now=now + HOUR)
        actions.mark_delivered(notice_id=first, now=now + DAY)
        assert Case.objects.get(pk=case.pk).told_at is None

    def test_address_that_bounced_is_not_used_again(self, cast, now):
        resident = cast.residents["owner"]
        resident.user, resident.reachable = None, False
        resident.save()
        case = make.resolved(cast, now, case=make.by_phone(cast, now, resident=resident, contact_name="", contact_phone=""))
        assert proofs(case) == [] and case.told_at is None


class TestTheCall:
    def test_that_reached_them_is_proof_with_who_and_when(self, cast, now, phoned):
        assert phoned.told_at is None
        case = tell(cast, phoned, now + HOUR, note="本人接听")
        row = ResultNotice.objects.get(case=case)
        assert (row.method, row.reached, row.by, row.at, row.note) == ("phone", True, cast.frontdesk, now + HOUR, "本人接听")
        assert case.told_at == case.responded_at == now + HOUR
        assert close(cast, case, now + HOUR).state == "closed"

    def test_in_vain_is_no_proof_and_no_contact(self, cast, now, phoned):
        case = tell(cast, phoned, now + HOUR, reached=False)
        assert case.told_at is None and case.responded_at is None
        assert "至少尝试 3 次" in refused(cast, case, now + HOUR)

    def test_three_times_in_vain_at_different_times_suffices_but_is_no_contact(self, cast, now, phoned):
        for tries in range(3):
            case = tell(cast, phoned, now + tries * 3 * HOUR, reached=False)
        assert case.told_at == now + 6 * HOUR and case.responded_at is None
        assert close(cast, case, now + 6 * HOUR).state == "closed"

    def test_three_times_in_vain_within_an_hour_is_one_try(self, cast, now, phoned):
        for minutes in (0, 20, 40):
            tell(cast, phoned, now + timedelta(minutes=minutes), reached=False)
        assert refused(cast, phoned, now + HOUR)

    def test_logged_later_counts_from_when_it_was(self, cast, now, phoned):
        for hours in (0, 3, 6):
            case = tell(cast, phoned, now + DAY, reached=False, at=now + hours * HOUR)
        assert case.told_at == now + 6 * HOUR

    @pytest.mark.parametrize("hours", [-1, 25])
    def test_was_neither_before_the_result_nor_in_the_future(self, cast, now, phoned, hours):
        with pytest.raises(Invalid) as error:
            tell(cast, phoned, now + DAY, at=now + hours * HOUR)
        assert "at" in error.value.fields

    def test_tries_of_an_earlier_cycle_do_not_count(self, cast, now, phoned):
        for tries in range(2):
            tell(cast, phoned, now + tries * 3 * HOUR, reached=False)
        case = actions.reopen_case(case=phoned, reason="没好", by=Actor.by_link(), now=now + DAY)
        case = actions.resolve_case(case=case, text="再修", by=STAFF(cast.handler), now=now + DAY)
        tell(cast, case, now + 2 * DAY, reached=False)
        assert refused(cast, case, now + 2 * DAY)

    def test_the_company_says_how_often_and_how_far_apart(self, cast, now, phoned):
        values = {"tell_attempts": 2, "attempt_gap_minutes": 30}
        actions.change_settings(organisation=cast.organisation, values=values, by=cast.administrator, now=now)
        tell(cast, phoned, now, reached=False)
        assert "至少尝试 2 次" in refused(cast, phoned, now)
        assert tell(cast, phoned, now + timedelta(minutes=30), reached=False).told_at

    @pytest.mark.parametrize("method", ["inbox", "email", "page", "pigeon"])
    def test_is_by_phone_or_in_person(self, cast, now, phoned, method):
        with pytest.raises(Invalid) as error:
            tell(cast, phoned, now, method=method)
        assert "method" in error.value.fields


class TestTheOwnPage:
    def test_tells_a_confidential_reporter_and_nothing_else_does(self, cast, now):
        case = make.resolved(cast, now, confidential=True)
        assert proofs(case) == [("page", True)] and case.told_at == now
        with pytest.raises(Conflict, match="要求保密"):
            tell(cast, case, now)

    def test_tells_who_came_by_qr_and_left_nothing(self, cast, now):
        report = make.report(cast, resident=None, channel="qr")
        case = make.resolved(cast, now, case=actions.receive_case(report=report, by=Actor.clockwork(), now=now))
        assert proofs(case) == [("page", True)]

    def test_does_not_tell_a_caller_whose_home_is_known(self, cast, now):
        case = make.resolved(cast, now, case=make.by_phone(cast, now, contact_phone=""))
        assert proofs(case) == [] and refused(cast, case, now)
        assert close(cast, tell(cast, case, now, method="visit"), now).state == "closed"

    @pytest.mark.parametrize("channel", ["phone", "paper", "desk", "qr"])
    def test_does_not_tell_whose_words_staff_wrote_down(self, cast, now, channel):
        """Nobody knows that they have its address."""
        case = make.resolved(cast, now, case=make.by_phone(cast, now, contact_phone="", home=None, channel=channel))
        assert proofs(case) == [] and refused(cast, case, now)

    def test_tells_a_colleague_what_came_of_what_they_saw_on_patrol(self, cast, now):
        case = make.resolved(cast, now, case=make.by_phone(cast, now, contact_phone="", home=None, channel="patrol"))
        assert proofs(case) == [("page", True)] and close(cast, case, now).state == "closed"


class TestPosting:
    def nobody(self, cast, now):
        return make.resolved(cast, now, case=make.by_phone(cast, now, contact_phone="", home=None))

    def test_proves_it_for_who_left_no_way_to_reach_them(self, cast, now):
        case = tell(cast, self.nobody(cast, now), now, method="posted", note="1栋大堂公告栏")
        assert proofs(case) == [("posted", True)] and close(cast, case, now).state == "closed"

    def test_says_where(self, cast, now):
        with pytest.raises(Invalid) as error:
            tell(cast, self.nobody(cast, now), now, method="posted")
        assert "note" in error.value.fields

    def test_is_no_try_in_vain(self, cast, now):
        with pytest.raises(Invalid) as error:
            tell(cast, self.nobody(cast, now), now, method="posted", note="1栋大堂公告栏", reached=False)
        assert "reached" in error.value.fields and not ResultNotice.objects.exists()

    def test_is_not_enough_for_who_can_be_rung_or_visited(self, cast, now):
        for known in ({}, {"contact_phone": "", "home": cast.home}, {"contact_phone": "", "contact_email": "a@example.com"}):
            case = make.resolved(cast, now, case=make.by_phone(cast, now, **({"home": None} | known)))
            with pytest.raises(Invalid) as error:
                tell(cast, case, now, method="posted", note="1栋大堂公告栏")
            assert "method" in error.value.fields


class TestReferredAndDeclined:
    @pytest.mark.parametrize("end", ["referred", "declined"])
    def test_the_reason_is_told_like_a_result(self, cast, now, end):
        case = make.in_state(cast, now, end)
        notice = Notice.objects.get(subject_id=case.pk, kind="case_result")
        assert notice.user == cast.owner and notice.body == case.resolutions.get().text
        assert ("inbox", True) in proofs(case) and case.told_at == now

    @pytest.mark.parametrize("end", ["referred", "declined"])
    def test_they_are_rated_and_asked_about(self, cast, now, end):
        case = make.in_state(cast, now, end)
        actions.rate_case(case=case, stars=2, reasons=["not_fixed"], by=actor_for(cast.owner, case), now=now)
        by = STAFF(cast.colleague)
        case = actions.record_callback(case=case, contacted=True, solved=False, satisfied="not", by=by, now=now)
        assert case.ratings.count() == case.callbacks.count() == 1 and case.state == end

    @pytest.mark.parametrize("action", [actions.refer_case, actions.decline_case])
    @pytest.mark.parametrize("reason", ["", "   ", "\n"])
    def test_without_a_reason_they_are_refused(self, cast, now, action, reason):
        with pytest.raises(Invalid) as error:
            action(case=make.received(cast, now), reason=reason, by=STAFF(cast.frontdesk), now=now)
        assert "reason" in error.value.fields


def test_there_must_be_a_result_in_words(cast, now):
    case = make.in_progress(cast, now)
    with pytest.raises(Invalid) as error:
        actions.resolve_case(case=case, text="  ", by=STAFF(cast.handler), now=now)
    assert "text" in error.value.fields and case.resolutions.count() == 0


class TestContact:
    def contact(self, cast, case, now, **values):
        return actions.contact_reporter(case=case, by=STAFF(cast.handler), now=now, **values)

    def test_is_the_response_when_somebody_was_reached(self, cast, now):
        case = self.contact(cast, make.assigned(cast, now), now + HOUR)
        assert case.responded_at == now + HOUR
        assert self.contact(cast, case, now + DAY).responded_at == now + HOUR

    def test_by_message_reaches_the_inbox_at_once(self, cast, now):
        case = self.contact(cast, make.assigned(cast, now), now, method="message", text="下午三点来")
        assert case.responded_at == now
        assert Notice.objects.get(user=cast.owner, kind="case_progress").body == "下午三点来"

    def test_by_mail_alone_counts_when_it_arrives(self, cast, now):
        case = make.assigned(cast, now, case=make.by_phone(cast, now, contact_phone="", contact_email="zhou@example.com"))
        case = self.contact(cast, case, now, method="message", text="下午三点来")
        assert case.responded_at is None and case.due_at == case.respond_by
        notice = Notice.objects.get(subject_id=case.pk, kind="case_progress")
        actions.mark_delivered(notice_id=notice.pk, now=now + HOUR)
        case = Case.objects.get(pk=case.pk)
        assert case.responded_at == now + HOUR and case.due_at == case.resolve_by
        actions.mark_delivered(notice_id=notice.pk, now=now + DAY)
        assert Case.objects.get(pk=case.pk).responded_at == now + HOUR

    def test_by_message_is_refused_where_no_message_arrives(self, cast, now):
        with pytest.raises(Conflict, match="留言送不到"):
            self.contact(cast, make.assigned(cast, now, case=make.by_phone(cast, now)), now, method="message", text="您好")

    def test_with_a_confidential_reporter_is_by_message_only(self, cast, now):
        case = make.assigned(cast, now, confidential=True)
        with pytest.raises(Conflict, match="要求保密"):
            self.contact(cast, case, now)
        assert self.contact(cast, case, now, method="message", text="请补充时间").responded_at == now

    def test_the_receipt_is_none(self, cast, now):
        assert make.received(cast, now).responded_at is None
        assert Notice.objects.filter(kind="case_received", user=cast.owner).count() == 1

    def test_a_result_that_was_told_is_contact(self, cast, now):
        assert make.resolved(cast, now).responded_at == now
