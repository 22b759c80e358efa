"""Asking back: the system gives the next one to somebody independent, and nobody picks whom to ask."""

from datetime import timedelta

import pytest

from conftest import NOW
from linsheng.audit.models import AuditEntry
from linsheng.feedback import actions
from linsheng.feedback.actions.voice import may_ask_back
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Callback, Case
from linsheng.feedback.tests.staff_cases import phoned_in, resolved, sign_in
from linsheng.intake.models import AskingSkipped
from linsheng.intake.queries.asking import queue_of
from linsheng.intake.views.asking import turn_of

pytestmark = pytest.mark.django_db
URL = "/calls/to-ask/"
ANSWERS = {"outcome": "answered", "contacted": "yes", "solved": "yes", "satisfied": "basically"}


@pytest.fixture
def later(monkeypatch):
    at = NOW + timedelta(hours=1)
    monkeypatch.setattr("linsheng.core.clock.now", lambda: at)
    return at


def told(cast, **changes):
    case = resolved(cast, NOW, lambda cast, now: phoned_in(cast, now, **changes))
    return actions.tell_result(case=case, by=Actor.staff(cast.handler), now=NOW)


def test_it_is_offered_only_to_who_did_not_work_on_it(cast, later):
    case = told(cast)
    assert queue_of(cast.frontdesk, None, later).case == case
    told_by_desk = resolved(cast, NOW, phoned_in)
    actions.tell_result(case=told_by_desk, by=Actor.staff(cast.frontdesk), now=NOW)
    for user in (cast.frontdesk, cast.supervisor):
        expected = sum(may_ask_back(row, user) for row in Case.objects.all())
        assert queue_of(user, None, later).left == expected
    assert queue_of(cast.frontdesk, None, later).left == 1


def test_the_order_is_the_same_all_day_and_another_one_the_next(cast, later):
    for _n in range(6):
        told(cast)
    firsts = {queue_of(cast.frontdesk, None, later + timedelta(minutes=n)).case for n in range(3)}
    assert len(firsts) == 1
    days = {queue_of(cast.frontdesk, None, later + timedelta(days=n)).case for n in range(12)}
    assert len(days) > 1


def test_answers_are_logged_and_the_next_one_comes_up(cast, later):
    told(cast)
    client = sign_in(cast.frontdesk)
    answer = client.get(URL)
    page = answer.content.decode()
    assert 'href="tel:10000009999"' in page
    assert "星" not in page
    done = client.post(URL, {**ANSWERS, "action": "ask", "turn": answer.context["turn"]}, follow=True)
    assert "没有要您回访的了" in done.content.decode()
    kept = Callback.objects.get()
    assert (kept.contacted, kept.solved, kept.satisfied, kept.asked_by) == (True, True, "basically", cast.frontdesk)


def test_missing_answers_are_asked_for_and_nothing_typed_is_lost(cast, later):
    case = told(cast)
    data = {**ANSWERS, "solved": "", "note": "他说还行", "turn": turn_of(case, cast.frontdesk)}
    answer = sign_in(cast.frontdesk).post(URL, data)
    assert answer.status_code == 422
    assert "他说还行" in answer.content.decode()
    assert not Callback.objects.exists()


@pytest.mark.parametrize(("outcome", "tomorrow"), [("no_answer", 1), ("refused", 0), ("invalid", 0)])
def test_who_did_not_answer_comes_again_tomorrow_who_refused_never(cast, later, outcome, tomorrow):
    case = told(cast)
    actions.record_callback(case=case, outcome=outcome, by=Actor.staff(cast.frontdesk), now=later)
    assert queue_of(cast.frontdesk, None, later).left == 0
    assert queue_of(cast.frontdesk, None, later + timedelta(days=1)).left == tomorrow


def test_skipping_needs_a_reason_that_is_recorded(cast, later):
    case, client = told(cast), sign_in(cast.frontdesk)
    turn = turn_of(case, cast.frontdesk)
    assert client.post(URL, {"action": "skip", "turn": turn, "reason": " "}).status_code == 422
    client.post(URL, {"action": "skip", "turn": turn, "reason": "请下午再打"})
    assert AskingSkipped.objects.get().reason == "请下午再打"
    assert AuditEntry.objects.filter(action="callback.skip").exists()
    assert queue_of(cast.frontdesk, None, later).left == 0
    assert queue_of(cast.frontdesk, None, later + timedelta(days=1)).left == 1


def test_nobody_answers_for_a_case_that_was_not_given_to_them(cast, later):
    case = told(cast)
    for turn in ("", "made-up", turn_of(case, cast.supervisor)):
        sign_in(cast.frontdesk).post(URL, {**ANSWERS, "turn": turn})
    assert not Callback.objects.exists()


def test_confidential_reporters_and_those_without_a_number_are_not_rung(cast, later):
    resolved(cast, NOW, lambda cast, now: phoned_in(cast, now, confidential=True))
    told(cast, contact_phone="", home=cast.home)
    assert queue_of(cast.frontdesk, None, later).case is None
