"""The loop of the worker."""

import logging
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError

from linsheng.jobs import faults
from linsheng.jobs import worker as worker_module
from linsheng.jobs.actions import enqueue
from linsheng.jobs.models import Heartbeat, Job, LeaseState, Schedule
from linsheng.jobs.running import RunningJob
from linsheng.jobs.tasks import remove_old
from linsheng.jobs.worker import Worker

pytestmark = pytest.mark.django_db


class Stopping(threading.Event):
    """Counts its waits instead of waiting, and stops after some."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.waits, self.after = [], after

    def wait(self, timeout=None):
        self.waits.append(timeout)
        if len(self.waits) >= self.after:
            self.set()
        return self.is_set()


@pytest.fixture(autouse=True)
def _quiet(caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL, logger="linsheng.jobs.worker")
    # The test's transaction lives on the connection that a real worker would drop.
    monkeypatch.setattr(worker_module.connections, "close_all", lambda: None)


def test_it_empties_jobs_schedules_and_loops_and_then_idles(known, clock, now):
    left = ["mail", "mail"]
    known.handler("x")(lambda job: None)
    known.every("tidy", minutes=10)(lambda job: None)
    known.loop("deliveries")(lambda turn: bool(left) and bool(left.pop()))
    for _i in range(3):
        enqueue(kind="x", payload={}, now=now)
    stop = Stopping(after=1)
    Worker("one", clock=clock, stop=stop).run()
    assert stop.waits == [worker_module.IDLE_SECONDS]
    assert left == []
    assert set(Job.objects.values_list("state", flat=True)) == {LeaseState.DONE}
    assert Schedule.objects.get().last_run_at == now


def test_its_heart_beats_every_ten_seconds_and_stops_with_it(known, clock, now):
    beats = []

    def step(turn):
        beats.append(Heartbeat.objects.get().at)
        clock.move(seconds=6)
        return False

    known.loop("watch")(step)
    Worker("one", clock=clock, stop=Stopping(after=5)).run()
    assert [(at - now).seconds for at in beats] == [0, 0, 12, 12, 24]
    assert not Heartbeat.objects.exists()


def test_a_database_that_is_away_is_waited_for_longer_each_time(known, clock):
    answers = [OperationalError("gone")] * 3 + [None]

    def step(turn):
        answer = answers.pop(0) if answers else None
        if answer:
            raise answer
        return False

    known.loop("watch")(step)
    stop = Stopping(after=4)
    Worker("one", clock=clock, stop=stop).run()
    assert stop.waits == [1.0, 2.0, 4.0, worker_module.IDLE_SECONDS]


def test_a_mistake_in_a_loop_does_not_end_the_worker(known, clock, now):
    known.handler("x")(lambda job: None)
    enqueue(kind="x", payload={}, now=now)

    @known.loop("broken")
    def step(turn):
        raise ValueError("a mistake")

    Worker("one", clock=clock, stop=Stopping(after=3)).run()
    assert Job.objects.get().state == LeaseState.DONE


def test_told_to_stop_it_ends_after_the_piece_at_hand(known, clock, now):
    stop = threading.Event()
    known.handler("x")(lambda job: stop.set())
    for _i in range(2):
        enqueue(kind="x", payload={}, now=now)
    Worker("one", clock=clock, stop=stop).run()
    assert sorted(Job.objects.values_list("state", flat=True)) == [LeaseState.DONE, LeaseState.QUEUED]


def test_once_does_what_is_due_and_ends(known, now):
    known.handler("x")(lambda job: None)
    enqueue(kind="x", payload={}, now=now)
    call_command("worker", "--once", "--name", "mine")
    assert (Job.objects.get().state, Job.objects.get().worker) == (LeaseState.DONE, "mine")


def test_ended_jobs_and_silent_workers_go_after_thirty_days(now, clock):
    for name, state, days in [("old", "done", 31), ("failed", "failed", 31), ("new", "done", 29), ("waits", "queued", 99)]:
        ended = now - timedelta(days=days)
        finished = None if state == "queued" else ended
        Job.objects.create(kind=name, state=state, run_at=ended, created_at=ended, finished_at=finished)
    for name, days in [("silent", 31), ("lively", 0)]:
        Heartbeat.objects.create(worker=name, started_at=now, at=now - timedelta(days=days))
    job = Job.objects.create(kind="schedule:jobs.retention", state="running", run_at=now, created_at=now)
    assert remove_old(RunningJob(job, lease=timedelta(minutes=1), clock=clock)) == {"jobs": 2, "workers": 1}
    assert set(Job.objects.values_list("kind", flat=True)) == {"new", "waits", job.kind}
    assert Heartbeat.objects.get().worker == "lively"


def test_a_fault_point_does_nothing_unless_the_setting_is_on(monkeypatch, settings):
    killed = []
    monkeypatch.setattr(faults.os, "kill", lambda pid, number: killed.append(number))
    monkeypatch.setenv("LINSHENG_FAULT", "here")
    faults.fault("here")
    settings.FAULT_POINTS = True
    faults.fault("there")
    assert killed == []
    faults.fault("here")
    assert killed == [faults.signal.SIGKILL]
