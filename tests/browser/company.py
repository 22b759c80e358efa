"""A running company: a real server with its worker, its database, and the fixed cast living in it.

The server is what ``make run`` starts (granian, worker, collected static files), with a home of its own. The tests share
its database, so that they can set a scene by actions and look at what became of it; they never share pytest-django's.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connections

from conftest import Cast, make_cast
from linsheng.accounts.models import User

BACKEND = "linsheng.accounts.backends.AccountBackend"
PATIENCE_S = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def database_named(name: str) -> Iterator[None]:
    """Make the default connection one to another database of the same server, and give the former one back as it was."""
    current = connections["default"]
    former_name, former = current.settings_dict["NAME"], current.connection
    current.connection = None
    current.settings_dict["NAME"] = name
    try:
        yield
    finally:
        current.close()
        current.connection = former
        current.settings_dict["NAME"] = former_name


@contextlib.contextmanager
def own_database(home: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A fresh database: its name for us, and the environment that leads the server to it."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield str(home / "linsheng.sqlite3"), {"DATABASE_URL": ""}
        return
    import psycopg

    name = f"linsheng_browser_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield name, {"DATABASE_URL": f"{url.rsplit('/', 1)[0]}/{name}"}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Company:
    """The cast, where it is served, and the way in."""

    url: str
    home: Path
    database: str
    cast: Cast
    environment: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def session_of(self, who: str) -> str:
        """A session key of somebody of the cast; each has one for the whole run."""
        if who not in self.sessions:
            self.sessions[who] = open_session(getattr(self.cast, who))
        return self.sessions[who]

    def code_sent_to(self, phone: str) -> str:
        """The last code that went to a phone, as it stands in the log of text messages."""
        lines = (self.home / "sms.log").read_text(encoding="utf-8").splitlines()
        last = next(line for line in reversed(lines) if line.endswith(phone))
        return next(word for word in last.replace("，", " ").replace(",", " ").split() if word.isdigit() and len(word) == 6)


def open_session(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), BACKEND, user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def people(cast: Cast) -> None:
    """What the tests need of the cast beyond what all tests share: names, mail, a password for the front desk."""
    frontdesk = cast.frontdesk
    frontdesk.set_password("correct-horse-battery")
    frontdesk.save()


def until(what: Any, *, seconds: float = PATIENCE_S, of: str) -> Any:
    """Wait for a process outside the browser: the first true answer of ``what``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{of}: nothing within {seconds:.0f} s")


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:  # noqa: S310  # our own server
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


@contextlib.contextmanager
def serving(home: Path, port: int, environment: dict[str, str], *, log_name: str = "server.log") -> Iterator[str]:
    """``manage.py start`` in a process of its own; its output is kept in ``server.log``."""
    url = f"http://127.0.0.1:{port}"
    own = {
        "LINSHENG_HOME": str(home),
        "PORT": str(port),
        "SECRET_KEY": settings.SECRET_KEY,
        "WEB_WORKERS": "1",
        "COMPONENT_GALLERY": "1",
        # Machines type faster than people.
        "PUBLIC_FORM_SECONDS": "0",
    }
    own |= {"DEBUG": "0", "SITE_URL": url, "STATIC_STORAGE": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    log = home / log_name
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--empty"],
            cwd=settings.BASE_DIR,
            env={**os.environ, **environment, **own},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            until(lambda: process.poll() is not None or _healthy(url), of=f"the server (see {log})")
            assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@contextlib.contextmanager
def running_company(home: Path) -> Iterator[Company]:
    """Everything: database, cast, server, worker."""
    with own_database(home) as (name, environment):
        with database_named(name):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            cast = make_cast()
            people(cast)
        with serving(home, free_port(), environment) as url:
            yield Company(url, home, name, cast, environment)


def now() -> datetime:
    """The server reads the real clock, so the scenes set for it do, too."""
    return datetime.now(UTC)
