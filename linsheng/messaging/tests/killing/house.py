"""A house of its own for each test: a real database, a real mail server, real worker processes."""

import json
import mailbox
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parents[4]
SECONDS = 60

FILL = """
from linsheng.accounts.models import User
User.objects.get_or_create(username="resident", defaults={{"name": "业主"}})
from linsheng.core import clock
from linsheng.jobs.actions import enqueue
for number in range({count}):
    payload = {{"key": f"{{number}}", "n": number}}
    enqueue(kind="{kind}", payload=payload, key=f"{kind}-{{number}}", now=clock.now())
"""
REPORT = """
import json
from linsheng.jobs.models import Heartbeat, Job
from linsheng.messaging.models import Delivery, Gathered, HookDelivery, Notice
mine = Job.objects.filter(kind__startswith="killing")
print(json.dumps({
    "jobs": sorted(mine.values_list("state", flat=True)),
    "notices": sorted(Notice.objects.values_list("key", flat=True)),
    "deliveries": sorted(Delivery.objects.values_list("state", flat=True)),
    "message_ids": sorted(Delivery.objects.values_list("message_id", flat=True)),
    "gathered": sorted(Gathered.objects.values_list("notice__key", "digest__key")),
    "events": sorted(HookDelivery.objects.values_list("key", "state")),
    "heartbeats": Heartbeat.objects.count(),
}))
"""


class Postmaster:
    """Takes mail for everybody into one Maildir, which drops what it has already, as mail stores do by Message-ID."""

    def __init__(self, folder: Path) -> None:
        self.inbox = mailbox.Maildir(str(folder), create=True)
        self.received: list[str] = []
        self.arrived = threading.Condition()

    async def handle_DATA(self, server, session, envelope) -> str:
        identity = message_from_bytes(envelope.content)["Message-ID"]
        with self.arrived:
            if identity not in self.received:
                self.inbox.add(envelope.content)
            self.received.append(identity)
            self.arrived.notify_all()
        return "250 OK"

    def wait_for(self, count: int) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.received) >= count, timeout=SECONDS)

    def in_the_inbox(self) -> list[str]:
        return sorted(message["Message-ID"] for message in self.inbox)


class MailServer(Controller):
    """On whichever port was free: the controller itself would greet port 0."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class House:
    """Everything that one test needs; ``close`` ends what is left of it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.postmaster = Postmaster(folder / "inbox")
        self.server = MailServer(self.postmaster, hostname="127.0.0.1", port=0)
        self.server.start()
        self.runs = folder / "runs"
        self.workers: list[subprocess.Popen] = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "linsheng.messaging.tests.killing.settings",
            "DATABASE_URL": database_url,
            "LINSHENG_HOME": str(folder),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.server.port),
            "KILLING_RUNS": str(self.runs),
            "FAULT_POINTS": "1",
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "",
        }

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait(SECONDS)
        self.server.stop()
        self.postmaster.inbox.close()

    def run(self, code: str) -> str:
        """Run Python in the product; what it printed."""
        start = f"import django; django.setup()\n{code}"
        command = [sys.executable, "-c", start]
        done = subprocess.run(  # noqa: S603 - our own code
            command, cwd=ROOT, env=self.environment, capture_output=True, timeout=SECONDS, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def fill(self, count: int = 1, kind: str = "killing.tell") -> None:
        self.run(FILL.format(count=count, kind=kind))

    def report(self) -> dict:
        return json.loads(self.run(REPORT))

    def until(self, reached: Callable[[dict], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
        """Look again and again; each look takes a process of its own, about a second."""
        for _look in range(30):
            if reached(self.report()):
                return
            meanwhile()
        raise AssertionError(f"never reached: {self.report()}")

    def worker(self, *arguments: str, fault: str = "", lease: int = 60) -> subprocess.Popen:
        """Start a worker: for good, or ``--once``."""
        environment = {**self.environment, "LINSHENG_FAULT": fault, "JOBS_LEASE_SECONDS": str(lease)}
        command = [sys.executable, "manage.py", "worker", *arguments]
        started = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own command
        self.workers.append(started)
        return started

    def killed_at(self, fault: str) -> None:
        """A worker that kills itself by SIGKILL at ``fault``; its leases end at once, so that nobody needs to wait for them."""
        assert self.worker(fault=fault, lease=0).wait(SECONDS) == -signal.SIGKILL

    def work_through(self) -> None:
        assert self.worker("--once").wait(SECONDS) == 0
