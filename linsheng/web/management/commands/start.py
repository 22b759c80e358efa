"""``manage.py start``: everything that one machine needs, in one foreground process that Ctrl-C ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from linsheng.accounts.models import User
from linsheng.communities.actions import create_first_administrator
from linsheng.communities.models import Organisation
from linsheng.core import clock
from linsheng.feedback import actions as feedback
from linsheng.standards import actions as standards
from linsheng.surveys import actions as surveys

# A child that dies sooner than this is not simply started again.
QUICK_DEATH = 10.0


@transaction.atomic
def first_company(now: datetime) -> tuple[User, str]:
    """A company that can be worked with at once: its administrator, service tree, promises, calendars, rules and ladder."""
    user, password = create_first_administrator(now=now)
    organisation = Organisation.objects.get()
    standards.install_defaults(organisation=organisation, by=None, now=now)
    feedback.install_defaults(organisation=organisation, by=None, now=now)
    surveys.install_defaults(organisation=organisation, by=None, now=now)
    return user, password


class Command(BaseCommand):
    help = "Prepare the database and serve: web server and worker together, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--empty", action="store_true", help="start without demo data and print the first administrator's password"
        )
        parser.add_argument("--prepare-only", action="store_true", help="only prepare; do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        self._prepare()
        if not Organisation.objects.exists():
            self._first_data(empty=options["empty"])
        if not options["prepare_only"]:
            sys.exit(self._serve())

    def _prepare(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)

    def _first_data(self, *, empty: bool) -> None:
        if not empty:
            call_command("demo")
            return
        user, password = first_company(clock.now())
        self.stdout.write(
            f"\n  管理员 administrator\n    用户名 username  {user.username}\n    首次密码 first password  {password}\n"
        )

    def _serve(self) -> int:
        port, host = os.environ.get("PORT", "8000"), os.environ.get("HOST", "127.0.0.1")
        threads = str(settings.WEB_THREADS)
        web = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            host,
            "--port",
            port,
            "--workers",
            str(settings.WEB_WORKERS),
        ]
        web += ["--blocking-threads", threads, "--log-level", "error", "config.wsgi:application"]
        self.stdout.write(f"\n  邻声 Linsheng: http://{host}:{port}\n  Ctrl-C 停止 / stops everything\n")
        self.stdout.flush()
        return Supervisor({"web": web, "worker": [sys.executable, "manage.py", "worker"]}).run()


class Supervisor:
    """Runs the children, starts a fallen one again, and ends them all when asked to stop."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopping = threading.Event()

    def run(self) -> int:
        """Returns the exit code: 0 when asked to stop, 1 when a child cannot stay alive."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        for name in self.commands:
            self._start(name)
        healthy = True
        while healthy and not self.stopping.wait(0.5):
            healthy = all(self._keep(name) for name in self.commands)
        self._stop_all()
        return 0 if healthy else 1

    def _start(self, name: str) -> None:
        # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
        self.children[name] = subprocess.Popen(self.commands[name], cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603  # our own commands
        self.started[name] = time.monotonic()

    def _keep(self, name: str) -> bool:
        """Whether the child lives, perhaps again; one that fell right after its start is given up."""
        if self.children[name].poll() is None:
            return True
        if time.monotonic() - self.started[name] < QUICK_DEATH:
            sys.stderr.write(f"{name} ended at once (exit code {self.children[name].returncode}); see the lines above.\n")
            return False
        sys.stderr.write(f"{name} ended unexpectedly; starting it again.\n")
        self._start(name)
        return True

    def _stop_all(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
