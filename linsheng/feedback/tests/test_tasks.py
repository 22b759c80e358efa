"""The clockwork of cases, as the worker runs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from linsheng.feedback import actions, tasks
from linsheng.feedback.models import Case, CaseEvent, Escalation, ResultNotice
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, reporter
from linsheng.jobs import registry
from linsheng.messaging.models import Delivery, Notice

DAY = timedelta(days=1)


@dataclass
class FakeJob:
    """As much of a running job as the clockwork uses."""

    now: datetime

    def progress(self, done, total=None, message=""):
        assert done > 0


def state(case):
    return Case.objects.get(pk=case.pk).state


def test_the_clockwork_is_registered():
    assert {"feedback.escalate", "feedback.close_told", "feedback.waiting_over"} <= set(registry.schedules())


def test_every_rung_whose_time_has_come_is_raised(cast, now):
    late, early = make.in_progress(cast, now), make.in_progress(cast, now + 2 * DAY)
    tasks.escalate_due(FakeJob(now + DAY))
    assert set(Escalation.objects.values_list("case", flat=True)) == {late.pk}
    assert early.pk not in Escalation.objects.values_list("case", flat=True)


def test_one_case_that_changed_meanwhile_does_not_hold_up_the_others(cast, now):
    first, second = make.in_progress(cast, now), make.in_progress(cast, now)
    actions.resolve_case(case=first, text="好了", by=STAFF(cast.handler), now=now)
    tasks.escalate_due(FakeJob(now + DAY))
    assert set(Escalation.objects.values_list("case", flat=True)) == {second.pk}


class TestClosingWhatWasTold:
    def test_after_seven_days_of_silence(self, cast, now):
        case = make.resolved(cast, now)
        tasks.close_told(FakeJob(now + 7 * DAY - timedelta(minutes=1)))
        assert state(case) == "resolved"
        tasks.close_told(FakeJob(now + 7 * DAY))
        assert state(case) == "closed"
        event = CaseEvent.objects.filter(case=case).latest("id")
        assert (event.action, event.actor, event.by_reporter) == ("close", None, False)

    def test_not_before_it_was_told(self, cast, now):
        case = make.resolved(cast, now, case=make.by_phone(cast, now))
        tasks.close_told(FakeJob(now + 100 * DAY))
        assert state(case) == "resolved"

    @pytest.mark.parametrize("stars", [1, 2])
    def test_not_when_the_reporter_said_that_they_are_unhappy(self, cast, now, stars):
        case = make.resolved(cast, now)
        actions.rate_case(case=case, stars=stars, by=reporter(case, cast), now=now)
        tasks.close_told(FakeJob(now + 8 * DAY))
        assert state(case) == "resolved"

    def test_not_when_somebody_heard_that_it_is_not_solved(self, cast, now):
        case = make.resolved(cast, now)
        answers = {"contacted": True, "solved": False, "satisfied": "not"}
        actions.record_callback(case=case, by=STAFF(cast.colleague), now=now, **answers)
        tasks.close_told(FakeJob(now + 8 * DAY))
        assert state(case) == "resolved"

    def test_when_they_were_unhappy_with_an_earlier_result_only(self, cast, now):
        case = make.resolved(cast, now)
        actions.rate_case(case=case, stars=1, by=reporter(case, cast), now=now)
        case = actions.reopen_case(case=case, reason="没好", by=reporter(case, cast), now=now)
        actions.resolve_case(case=case, text="好了", by=STAFF(cast.handler), now=now)
        tasks.close_told(FakeJob(now + 8 * DAY))
        assert state(case) == "closed"

    def test_after_as_many_days_as_the_company_says_and_the_reporter_can_still_reopen(self, cast, now):
        actions.change_settings(organisation=cast.organisation, values={"auto_close_days": 3}, by=cast.administrator, now=now)
        case = make.resolved(cast, now)
        tasks.close_told(FakeJob(now + 3 * DAY))
        assert state(case) == "closed"
        assert actions.reopen_case(case=case, reason="没好", by=reporter(case, cast), now=now + 10 * DAY).cycle == 2

    def test_one_companys_long_patience_does_not_hold_up_another(self, cast, now, monkeypatch):
        monkeypatch.setattr(tasks, "BATCH", 1)
        actions.change_settings(organisation=cast.foreign_organisation, values={"auto_close_days": 60}, by=None, now=now)
        far = actions.Report(
            community=cast.foreign_community, item=_foreign_item(cast), text="门禁坏", resident=cast.residents["stranger"]
        )
        make.resolved_by(cast, now - DAY, far)
        case = make.resolved(cast, now)
        tasks.close_told(FakeJob(now + 8 * DAY))
        assert state(case) == "closed"


def _foreign_item(cast):
    from linsheng.standards.models import ServiceItem

    return ServiceItem.objects.get(organisation=cast.foreign_organisation, code="safety.gate")


def test_a_waiting_case_whose_date_has_come_is_remembered(cast, now):
    make.waiting(cast, now, until=now + DAY)
    for hours in (23, 24, 25):
        tasks.waiting_over(FakeJob(now + timedelta(hours=hours)))
    assert Notice.objects.filter(title__startswith="等待到期").count() == 1


def test_a_delivered_mail_is_proof_and_a_failed_one_is_not(cast, now):
    case = make.resolved(cast, now, case=make.by_phone(cast, now, contact_phone="", contact_email="zhou@example.com"))
    delivery = Delivery.objects.get(notice__kind="case_result")
    delivery.error = "mailbox full"
    tasks.no_proof(delivery, now)
    assert ResultNotice.objects.get(case=case).note == "mailbox full" and Case.objects.get(pk=case.pk).told_at is None
    ResultNotice.objects.filter(case=case).update(reached=None)
    tasks.proof_of_telling(delivery, now + DAY)
    assert Case.objects.get(pk=case.pk).told_at == now + DAY
