"""``kill -9`` of a real worker at every step: no notice is lost, and none stands twice in the recipient's inbox.

What holds where: the notice row (the inbox in the product) is there exactly once, by its key. Mail goes out at least once; only a
worker killed between the mail server's "250" and the note of it sends a second time, under the same Message-ID, and the mail store
keeps one.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit

import dj_database_url
import pytest
from django.conf import settings

from linsheng.messaging.tests.fakes import Receiver
from linsheng.messaging.tests.killing.house import ROOT, House

STEPS = [
    "jobs.before_claim",
    "jobs.claimed",
    "jobs.progress",
    "jobs.ran",
    "jobs.marked",
    "deliveries.before_claim",
    "deliveries.claimed",
    "deliveries.before_send",
    "deliveries.sent",
    "deliveries.noted",
    "deliveries.marked",
]
POSTGRES = "postgres" in settings.DATABASES["default"]["ENGINE"]


class SqliteSite:
    """Databases as files: migrated once, then copied."""

    def __init__(self, folder) -> None:
        self.template = f"sqlite:///{folder / 'template.sqlite3'}"
        self.file = folder / "template.sqlite3"

    def copy(self, folder) -> str:
        with sqlite3.connect(self.file) as source, sqlite3.connect(folder / "killing.sqlite3") as target:
            source.backup(target)
        source.close()
        target.close()
        return f"sqlite:///{folder / 'killing.sqlite3'}"

    def close(self) -> None:
        """The folder goes with the test run."""


class PostgresSite:
    """Databases beside the configured one, each a copy of a migrated template."""

    def __init__(self) -> None:
        self.name, self.made = f"killing_{os.getpid()}", []
        self.create(self.name)
        self.template = self.url(self.name)

    def url(self, name: str) -> str:
        given = urlsplit(os.environ["DATABASE_URL"])
        return given._replace(path=f"/{name}").geturl()

    def execute(self, statement: str) -> None:
        import psycopg

        given = dj_database_url.parse(os.environ["DATABASE_URL"])
        parts = {"user": given["USER"], "password": given["PASSWORD"], "host": given["HOST"], "port": given["PORT"]}
        known = {key: value for key, value in parts.items() if value}
        with psycopg.connect(dbname="postgres", autocommit=True, **known) as connection:
            connection.execute(statement)

    def create(self, name: str, template: str = "template1") -> None:
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        # Clients are killed here, never the server: waiting for its disk at every commit would prove nothing.
        self.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        self.made.append(name)

    def copy(self, folder) -> str:
        name = f"{self.name}_{len(self.made)}"
        self.create(name, self.name)
        return self.url(name)

    def close(self) -> None:
        for name in reversed(self.made):
            self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killing")
    made = PostgresSite() if POSTGRES else SqliteSite(folder)
    environment = {**os.environ, "DATABASE_URL": made.template, "LINSHENG_HOME": str(folder), "PYTHONWARNINGS": ""}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=100)  # noqa: S603 - our own command
    yield made
    made.close()


@pytest.fixture
def house(site, tmp_path):
    made = House(tmp_path, site.copy(tmp_path))
    yield made
    made.close()


def nothing_lost_and_nothing_twice(house: House, count: int = 1) -> None:
    report = house.report()
    assert report["jobs"] == ["done"] * count
    assert report["notices"] == sorted(f"{n}-{who}" for n in range(count) for who in ("contact", "resident"))
    assert report["deliveries"] == ["done"] * 2 * count
    assert house.postmaster.in_the_inbox() == report["message_ids"]


def killed_and_taken_up(house: House, step: str) -> None:
    house.fill()
    house.killed_at(step)
    house.work_through()
    nothing_lost_and_nothing_twice(house)
    # Twice on the wire only where the worker could not have known that the server had it.
    assert len(house.postmaster.received) == (3 if step == "deliveries.sent" else 2)


def test_killed_after_sending_and_before_noting_it_the_inbox_holds_one(house):
    killed_and_taken_up(house, "deliveries.sent")


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_nothing_is_lost_and_nothing_stands_twice(house, step):
    killed_and_taken_up(house, step)


def digested_once(house: House, step: str) -> None:
    house.fill(kind="killing.digest")
    house.killed_at(step)
    house.work_through()
    report = house.report()
    assert report["jobs"] == ["done"]
    (digest,) = {digest for _part, digest in report["gathered"]}
    assert digest is not None
    assert [part for part, _digest in report["gathered"]] == ["part-0", "part-1", "part-2"]
    assert report["deliveries"] == ["done"]
    assert house.postmaster.in_the_inbox() == report["message_ids"]


@pytest.mark.slow
@pytest.mark.parametrize("step", ["digests.before", "digests.written", "digests.queued"])
def test_killed_at_any_step_of_a_digest_each_notice_is_in_exactly_one(house, step):
    digested_once(house, step)


def told_once(house: House, step: str) -> None:
    receiver = Receiver()
    house.environment |= {"KILLING_HOOK": f"{receiver.url}/hook", "OUTGOING_PRIVATE_HOSTS": receiver.host}
    try:
        house.fill(kind="killing.hook")
        house.killed_at(step)
        house.work_through()
    finally:
        receiver.close()
    keys = ["event-0", "event-1", "event-2"]
    assert house.report()["events"] == [[key, "done"] for key in keys]
    # A receiver that knows an id drops its repetition: nothing is lost, and nothing is told twice.
    assert sorted(said["id"] for said in receiver.accepted) == keys
    assert len(receiver.requests) == (4 if step == "webhooks.sent" else 3)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["webhooks.claimed", "webhooks.sent", "webhooks.marked"])
def test_killed_at_any_step_a_webhook_is_told_of_everything(house, step):
    told_once(house, step)


@pytest.mark.slow
def test_killed_from_outside_in_full_work_another_worker_takes_over_when_the_leases_end(house):
    house.fill(count=20)
    workers = [house.worker(lease=2) for _i in range(2)]
    house.postmaster.wait_for(5)
    workers[0].kill()
    house.postmaster.wait_for(40)
    workers[1].send_signal(signal.SIGTERM)
    assert workers[1].wait(60) == 0
    # What the killed one held last is free when its lease ends, which may be after the second one stopped.
    house.until(lambda report: set(report["jobs"] + report["deliveries"]) == {"done"}, meanwhile=house.work_through)
    nothing_lost_and_nothing_twice(house, count=20)
    assert len(house.postmaster.received) <= 41


@pytest.mark.slow
def test_several_workers_run_each_job_once(house):
    workers = [house.worker() for _i in range(3)]
    house.until(lambda report: report["heartbeats"] == 3)
    house.fill(count=300, kind="killing.count")
    house.until(lambda report: report["jobs"] == ["done"] * 300)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    runs = [line.split() for line in house.runs.read_text().splitlines()]
    assert Counter(number for number, _pid in runs) == Counter(str(number) for number in range(300))
    assert len({pid for _number, pid in runs}) > 1


@pytest.mark.slow
def test_told_to_stop_a_worker_finishes_and_signs_off(house):
    house.fill(count=3)
    worker = house.worker()
    house.postmaster.wait_for(1)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    report = house.report()
    assert "running" not in report["jobs"] + report["deliveries"]
    assert report["heartbeats"] == 0
