"""Where things happen: a home folder with a database, commands run in it, and the real server in front of it."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 8
START_WITHIN = 60.0


@dataclass(frozen=True)
class Spent:
    """What a command took: seconds on the clock, and seconds of processor time (which other work on the machine hardly moves)."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} s ({self.cpu:.1f} s CPU)"


@dataclass(frozen=True)
class Place:
    """A folder for one database and all other state; ``url`` is empty for SQLite."""

    home: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        own = {"LINSHENG_HOME": str(self.home), "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        plain = {"DEBUG": "0", "LOG_LEVEL": "WARNING", "WEB_WORKERS": str(WORKERS), "PYTHONWARNINGS": "ignore"}
        return {**os.environ, **own, **plain}

    def run(self, *words: str) -> Spent:
        """Run a Python module here; its output goes to ours. Raises ``CalledProcessError``."""
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Spent(time.monotonic() - begun, cpu)

    def ask(self, *words: str) -> Any:
        """Run a Python module here and read its last line as JSON."""
        command = [sys.executable, "-m", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.splitlines()[-1])

    def prepare(self) -> None:
        """The tables and files that a server needs."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.run("django", "migrate", "--run-syncdb", "--verbosity", "0")
        self.run("django", "createcachetable", "--verbosity", "0")

    def share_static(self, folder: Path) -> None:
        """Let collected files lie in a folder that all places share."""
        folder.mkdir(exist_ok=True)
        if not (self.home / "static").exists():
            (self.home / "static").symlink_to(folder)

    @contextmanager
    def serving(self) -> Iterator[int]:
        """The web server as ``manage.py start`` runs it, without the worker; gives its port."""
        port = free_port()
        web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)]
        web += ["--blocking-threads", str(THREADS), "--log-level", "warning", "config.wsgi:application"]
        server = subprocess.Popen([sys.executable, "-m", *web], cwd=ROOT, env=self.environment, start_new_session=True)
        try:
            _await_server(server, port)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_server(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended at once (exit code {server.returncode})")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer in time")


def removed(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
