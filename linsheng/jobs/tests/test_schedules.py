"""Repeated work."""

import logging
from datetime import timedelta

import pytest

from linsheng.jobs import leases, runner, schedules
from linsheng.jobs.models import Job, LeaseState, Schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(known, now):
    """A schedule of every ten minutes that writes down when it ran."""
    at = []
    known.every("tidy", minutes=10)(lambda job: at.append(job.now))
    schedules.sync(now)
    return at


def run_all(turn):
    schedules.queue_due(turn().now)
    while runner.run_next(turn()):
        pass


def test_it_runs_when_a_worker_first_sees_it_and_then_at_its_interval(ran, turn, now, clock):
    for _i in range(4):
        run_all(turn)
        clock.move(minutes=5)
    assert ran == [now, now + timedelta(minutes=10)]
    assert Schedule.objects.get().last_run_at == now + timedelta(minutes=10)


def test_what_was_missed_is_not_made_up_for_and_the_rhythm_is_kept(ran, turn, now, clock):
    run_all(turn)
    clock.move(minutes=47)
    run_all(turn)
    assert len(ran) == 2
    assert Schedule.objects.get().next_run_at == now + timedelta(minutes=50)


def test_of_two_workers_that_saw_it_due_one_queues_it(ran, now, monkeypatch):
    seen = list(Schedule.objects.all())
    schedules.queue_due(now)
    Job.objects.all().delete()
    monkeypatch.setattr(
        Schedule.objects, "filter", lambda **how: seen if "name__in" in how else Schedule._base_manager.filter(**how)
    )
    assert schedules.queue_due(now) == 0
    assert not Job.objects.exists()


def test_while_a_run_is_at_work_no_second_one_begins(ran, turn, now, clock):
    schedules.queue_due(now)
    leases.claim(Job.objects.all(), worker="one", now=now, lease=timedelta(hours=1))
    clock.move(minutes=10)
    schedules.queue_due(clock())
    assert not runner.run_next(turn("two"))
    assert Job.objects.count() == 1


def test_each_run_counts_from_nothing(known, turn, now, clock):
    seen = []

    @known.every("tidy", minutes=10)
    def run(job):
        seen.append((Job.objects.get().progress, Job.objects.get().total))
        job.progress(5, 5, "five")

    schedules.sync(now)
    for _i in range(2):
        run_all(turn)
        clock.move(minutes=10)
    assert seen == [(0, 0), (0, 0)]


def test_a_killed_run_is_tried_again(ran, turn, now, clock):
    schedules.queue_due(now)
    leases.claim(Job.objects.all(), worker="killed", now=now, lease=timedelta(seconds=60))
    clock.move(seconds=60)
    assert runner.run_next(turn("two"))
    assert ran == [clock()]


def test_a_run_that_failed_says_so_and_comes_again_at_the_next_time(known, turn, now, clock, caplog):
    caplog.set_level(logging.CRITICAL, logger="linsheng.jobs.runner")

    @known.every("tidy", minutes=600)
    def run(job):
        raise OSError("disk full")

    schedules.sync(now)
    schedules.queue_due(now)
    while runner.run_next(turn()):
        clock.move(hours=1)
    assert Schedule.objects.get().last_error == "OSError: disk full"
    assert Schedule.objects.get().last_run_at is None
    clock.move(hours=10)
    schedules.queue_due(clock())
    assert Job.objects.get().state == LeaseState.QUEUED


def test_a_shortened_interval_brings_the_next_run_forward(known, now):
    Schedule.objects.create(name="tidy", next_run_at=now + timedelta(days=30))
    known.every("tidy", minutes=10)(lambda job: None)
    schedules.sync(now)
    assert Schedule.objects.get().next_run_at == now + timedelta(minutes=10)


def test_a_schedule_needs_an_interval(known):
    with pytest.raises(ValueError, match="positive"):
        known.every("tidy", minutes=0)
