"""What the worker does with a queued delivery."""

import logging
from datetime import timedelta

import pytest

from linsheng.jobs import leases
from linsheng.jobs.models import Job, LeaseState
from linsheng.jobs.running import RunningJob
from linsheng.messaging.adapters.base import PermanentError, TemporaryError
from linsheng.messaging.adapters.registry import _adapters
from linsheng.messaging.deliveries import SILENT_DEATH, deliver_next
from linsheng.messaging.models import Channel, Delivery, Notice
from linsheng.messaging.tasks import remove_old

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.CRITICAL, logger="linsheng.messaging.deliveries")


@pytest.fixture
def queued(cast, tell) -> Delivery:
    return tell(cast.owner, email="owner@example.com").deliveries.get()


def the_delivery() -> Delivery:
    return Delivery.objects.get()


def claimed(clock, worker="other", lease=timedelta(minutes=1)):
    return leases.claim(Delivery.objects.all(), worker=worker, now=clock(), lease=lease)


def test_it_is_sent_and_marked_done(queued, postbox, turn, now):
    assert deliver_next(turn())
    assert postbox.sent == [queued.message_id]
    assert (the_delivery().state, the_delivery().sent_at, the_delivery().finished_at) == (LeaseState.DONE, now, now)
    assert not deliver_next(turn())


def test_those_who_wait_for_it_learn_that_it_arrived(queued, postbox, callbacks, turn, now):
    told = []
    callbacks.on_delivered(lambda delivery, at: told.append((delivery.notice.key, at)))
    deliver_next(turn())
    assert told == [("k", now)]


def test_a_temporary_error_is_tried_again_with_the_same_message_id(queued, postbox, callbacks, turn, clock):
    failed = []
    callbacks.on_failed(lambda delivery, at: failed.append(delivery))
    postbox.answers = [TemporaryError("451 try later")]
    deliver_next(turn())
    assert (the_delivery().state, the_delivery().error) == (LeaseState.QUEUED, "451 try later")
    assert not deliver_next(turn())
    clock.move(seconds=10)
    deliver_next(turn())
    assert postbox.sent == [queued.message_id]
    assert (the_delivery().state, the_delivery().error, failed) == (LeaseState.DONE, "", [])


def test_a_permanent_error_ends_it_with_the_providers_words(queued, postbox, callbacks, turn):
    failed = []
    callbacks.on_failed(lambda delivery, at: failed.append(delivery.error))
    postbox.answers = [PermanentError("550 no such user")]
    deliver_next(turn())
    assert (the_delivery().state, the_delivery().error) == (LeaseState.FAILED, "550 no such user")
    assert failed == ["550 no such user"]


def test_after_the_last_try_it_is_failed_and_told(queued, postbox, callbacks, turn, clock):
    failed = []
    callbacks.on_failed(lambda delivery, at: failed.append(delivery.attempts))
    postbox.answers = [TemporaryError("451 busy")] * 99
    while deliver_next(turn()):
        clock.move(hours=2)
    assert the_delivery().state == LeaseState.FAILED
    assert failed == [Delivery.MAX_ATTEMPTS]


def test_a_mistake_of_the_adapter_is_tried_again_and_does_not_end_the_worker(queued, postbox, turn):
    postbox.answers = [ZeroDivisionError("a mistake")]
    assert deliver_next(turn())
    assert (the_delivery().state, the_delivery().error) == (LeaseState.QUEUED, "ZeroDivisionError: a mistake")


def test_without_an_adapter_it_is_failed(queued, turn, monkeypatch):
    monkeypatch.delitem(_adapters, Channel.EMAIL)
    deliver_next(turn())
    assert the_delivery().state == LeaseState.FAILED


def test_what_was_sent_is_never_sent_again(queued, postbox, turn, clock, now):
    held = claimed(clock)
    leases.renew(held, until=now + timedelta(minutes=1), sent_at=now)
    clock.move(minutes=1)
    deliver_next(turn())
    assert postbox.sent == []
    assert (the_delivery().state, the_delivery().sent_at) == (LeaseState.DONE, now)


def test_a_mistake_in_a_callback_does_not_send_it_again(queued, postbox, callbacks, turn, clock):
    answers = [ValueError("a mistake"), None]

    @callbacks.on_delivered
    def callback(delivery, at):
        answer = answers.pop(0)
        Notice.objects.update(title="changed")
        if answer:
            raise answer

    deliver_next(turn())
    assert (the_delivery().state, the_delivery().error) == (LeaseState.QUEUED, "ValueError: a mistake")
    assert Notice.objects.get().title != "changed"
    clock.move(seconds=10)
    deliver_next(turn())
    assert (the_delivery().state, len(postbox.sent), Notice.objects.get().title) == (LeaseState.DONE, 1, "changed")


def test_a_callback_that_never_works_ends_visible_and_still_sent_once(queued, postbox, callbacks, turn, clock):
    @callbacks.on_delivered
    def callback(delivery, at):
        raise ValueError("a mistake")

    while deliver_next(turn()):
        clock.move(hours=2)
    assert (the_delivery().state, the_delivery().error) == (LeaseState.FAILED, "ValueError: a mistake")
    assert len(postbox.sent) == 1


def test_a_failure_callback_that_never_works_does_not_block_the_queue(queued, postbox, callbacks, turn, clock):
    @callbacks.on_failed
    def callback(delivery, at):
        raise ValueError("a mistake")

    postbox.answers = [PermanentError("550 no such user")] * 99
    rounds = 0
    while deliver_next(turn()) and rounds < 99:
        clock.move(hours=2)
        rounds += 1
    assert (the_delivery().state, rounds) == (LeaseState.FAILED, Delivery.MAX_ATTEMPTS)


def test_a_worker_whose_lease_ran_out_while_sending_leaves_the_rest_to_the_other(queued, callbacks, turn, clock, monkeypatch):
    told = []
    callbacks.on_delivered(lambda delivery, at: told.append(delivery))

    class Slow:
        def send(self, delivery):
            clock.move(minutes=2)
            claimed(clock, worker="two")

    monkeypatch.setitem(_adapters, Channel.EMAIL, Slow())
    assert deliver_next(turn())
    assert (the_delivery().state, the_delivery().worker, told) == (LeaseState.RUNNING, "two", [])


def test_one_that_kills_every_worker_is_failed_in_the_end(queued, postbox, callbacks, turn, clock):
    failed = []
    callbacks.on_failed(lambda delivery, at: failed.append(delivery.error))
    for _i in range(Delivery.MAX_ATTEMPTS):
        claimed(clock, lease=timedelta(seconds=1))
        clock.move(seconds=1)
    deliver_next(turn())
    assert (the_delivery().state, postbox.sent, failed) == (LeaseState.FAILED, [], [SILENT_DEATH])


def test_ended_deliveries_go_after_half_a_year_and_their_notices_stay(cast, tell, now, clock):
    for key, days in [("old", 181), ("new", 179)]:
        tell(cast.owner, key=key, email="a@example.com")
        Delivery.objects.filter(notice__key=key).update(state=LeaseState.DONE, finished_at=now - timedelta(days=days))
    job = Job.objects.create(kind="x", state="running", run_at=now, created_at=now)
    assert remove_old(RunningJob(job, lease=timedelta(minutes=1), clock=clock)) == {"deliveries": 1, "webhooks": 0}
    assert the_delivery().notice.key == "new"
    assert Notice.objects.count() == 2
