"""Running a job to its end."""

import logging
from datetime import timedelta

import pytest
from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid
from linsheng.jobs import leases, runner
from linsheng.jobs.actions import enqueue
from linsheng.jobs.models import Heartbeat, Job, LeaseState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.CRITICAL, logger="linsheng.jobs.runner")


def the_job() -> Job:
    return Job.objects.get()


def test_a_handler_gets_the_payload_and_its_result_is_kept(known, turn, now):
    seen = []

    @known.handler("x")
    def run(job):
        seen.append((job.payload, job.attempt, job.organisation_id, job.by_id, job.now))
        return {"url": "/there/"}

    enqueue(kind="x", payload={"n": 1}, now=now, organisation_id=7, by_id=8)
    assert runner.run_next(turn())
    assert seen == [({"n": 1}, 1, 7, 8, now)]
    assert (the_job().state, the_job().result, the_job().finished_at) == (LeaseState.DONE, {"url": "/there/"}, now)


def test_there_is_nothing_to_do_in_an_empty_queue(known, turn):
    assert not runner.run_next(turn())


def test_a_job_of_an_unknown_kind_waits_for_a_worker_that_knows_it(known, turn, now):
    enqueue(kind="newer", payload={}, now=now)
    assert not runner.run_next(turn())
    assert the_job().state == LeaseState.QUEUED


def test_progress_is_shown_at_most_once_a_second(known, turn, now, clock):
    written = []

    @known.handler("x")
    def run(job):
        for done, pause in [(1, 0.1), (2, 0.1), (3, 1.0), (4, 0.1)]:
            job.progress(done, 10, f"step {done}")
            written.append(the_job().progress)
            clock.move(seconds=pause)
        job.progress(10, 10)
        written.append(the_job().progress)

    enqueue(kind="x", payload={}, now=now)
    runner.run_next(turn())
    assert written == [1, 1, 1, 4, 10]


def test_progress_without_a_total_is_not_written_more_often(known, turn, now, django_assert_num_queries):
    @known.handler("x")
    def run(job):
        job.progress(1)
        with django_assert_num_queries(0):
            for done in range(2, 100):
                job.progress(done)

    enqueue(kind="x", payload={}, now=now)
    runner.run_next(turn())
    assert the_job().state == LeaseState.DONE


def test_progress_prolongs_the_lease_and_is_a_sign_of_life(known, turn, now, clock):
    @known.handler("x")
    def run(job):
        clock.move(seconds=50)
        job.progress(1, 2, "half")
        clock.move(seconds=50)
        assert leases.claim(Job.objects.all(), worker="two", now=clock(), lease=timedelta(minutes=1)) is None

    enqueue(kind="x", payload={}, now=now)
    Heartbeat.objects.create(worker="one", started_at=now, at=now)
    runner.run_next(turn())
    assert the_job().state == LeaseState.DONE
    assert Heartbeat.objects.get().at == now + timedelta(seconds=50)


def test_a_handler_that_is_silent_by_nature_holds_its_job_longer(known, turn, now):
    leases_seen = []

    @known.handler("x", silent_minutes=10)
    def run(job):
        leases_seen.append(the_job().lease_until)

    enqueue(kind="x", payload={}, now=now)
    runner.run_next(turn())
    assert leases_seen == [now + timedelta(minutes=10)]


def test_the_total_is_what_a_finished_job_shows(known, turn, now):
    known.handler("x")(lambda job: None)
    enqueue(kind="x", payload={}, now=now, total=40)
    runner.run_next(turn())
    assert (the_job().progress, the_job().total) == (40, 40)


def test_an_error_is_tried_again_after_a_while(known, turn, now, clock):
    calls = []

    @known.handler("x")
    def run(job):
        calls.append(job.attempt)
        if job.attempt == 1:
            raise OSError("no route")

    enqueue(kind="x", payload={}, now=now)
    runner.run_next(turn())
    assert (the_job().state, the_job().error) == (LeaseState.QUEUED, "OSError: no route")
    assert not runner.run_next(turn())
    clock.move(seconds=10)
    assert runner.run_next(turn())
    assert calls == [1, 2]
    assert (the_job().state, the_job().error) == (LeaseState.DONE, "")


def test_after_the_last_try_it_is_failed_and_says_why(known, turn, now, clock):
    @known.handler("x")
    def run(job):
        raise OSError("no route")

    enqueue(kind="x", payload={}, now=now)
    while runner.run_next(turn()):
        clock.move(hours=1)
    job = the_job()
    assert (job.state, job.attempts, job.error, job.message) == (LeaseState.FAILED, Job.MAX_ATTEMPTS, "OSError: no route", "")


def test_what_the_rules_refuse_is_not_tried_again_and_says_so_to_the_person(known, turn, now):
    @known.handler("x")
    def run(job):
        raise Invalid(_("第 3 行没有房号。"))

    enqueue(kind="x", payload={}, now=now)
    runner.run_next(turn())
    assert (the_job().state, the_job().message, the_job().attempts) == (LeaseState.FAILED, "第 3 行没有房号。", 1)


def test_a_job_that_kills_every_worker_is_failed_in_the_end(known, turn, now, clock):
    ran = []
    known.handler("x")(lambda job: ran.append(1))
    enqueue(kind="x", payload={}, now=now)
    for _i in range(Job.MAX_ATTEMPTS):
        leases.claim(Job.objects.all(), worker="dead", now=clock(), lease=timedelta(seconds=1))
        clock.move(seconds=1)
    runner.run_next(turn())
    assert (the_job().state, the_job().error, ran) == (LeaseState.FAILED, runner.SILENT_DEATH, [])


def test_a_worker_that_was_too_slow_writes_nothing(known, turn, now, clock):
    @known.handler("x")
    def run(job):
        clock.move(minutes=2)
        leases.claim(Job.objects.all(), worker="two", now=clock(), lease=timedelta(minutes=1))
        return {"by": "one"}

    enqueue(kind="x", payload={}, now=now)
    runner.run_next(turn())
    assert (the_job().state, the_job().worker, the_job().result) == (LeaseState.RUNNING, "two", {})


def test_a_worker_that_was_too_slow_is_stopped_at_its_next_progress(known, turn, now, clock):
    reached = []

    @known.handler("x")
    def run(job):
        clock.move(minutes=2)
        leases.claim(Job.objects.all(), worker="two", now=clock(), lease=timedelta(minutes=1))
        job.progress(1, 2)
        reached.append("further")

    enqueue(kind="x", payload={}, now=now)
    runner.run_next(turn())
    assert reached == []
    assert the_job().worker == "two"


def test_two_handlers_for_one_kind_are_a_mistake(known):
    known.handler("x")(len)
    with pytest.raises(ValueError, match="two handlers"):
        known.handler("x")(print)
