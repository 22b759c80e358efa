"""A warm process that forks a child for each order: a real process to kill, without the second that starting one takes.

It has no thread and opens no connection, so that a child shares nothing with it but code that is loaded.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from typing import IO, Any

CODE, COMMAND = "code", "command"


@dataclass(frozen=True)
class End:
    """How a child ended: its exit code (below zero: the signal), and what it said."""

    code: int
    out: str
    err: str


class Forks:
    """Orders to the warm process, one at a time."""

    def __init__(self, root: str, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", __name__]
        self.process = subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own module

    def run(self, *command: str, code: str = "", given: bytes = b"", fault: str = "", **settings: Any) -> End:
        """A command of ``manage.py``, or Python code, in a process of its own."""
        order = {"command": command, "code": code, "given": given.hex(), "fault": fault, "settings": settings}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        return End(**json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        self.process.communicate()


def main() -> None:
    """Load everything, then fork for every line that comes in."""
    import django

    django.setup()
    from django.urls import get_resolver

    for name in ("worker", "receive_mail", "fetch_mail"):
        importlib.import_module(f"linsheng.{'jobs' if name == 'worker' else 'intake'}.management.commands.{name}")
    assert get_resolver().url_patterns
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(_ended(json.loads(line))) + "\n")
        sys.stdout.flush()


def _ended(order: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(bytes.fromhex(order["given"]))
        given.seek(0)
        child = os.fork()
        if child == 0:
            _live(order, given, out, err)
        _pid, status = os.waitpid(child, 0)
        said = [_read(file) for file in (out, err)]
    return {"code": os.waitstatus_to_exitcode(status), "out": said[0], "err": said[1]}


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _live(order: dict[str, Any], *streams: IO[bytes]) -> None:
    """The child: never returns, and tidies nothing up that is its parent's."""
    for number, file in enumerate(streams):
        os.dup2(file.fileno(), number)
    sys.stdin, sys.stdout, sys.stderr = open(0, closefd=False), open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    end = 1
    try:
        end = _work(order)
    except SystemExit as asked:
        end = int(asked.code or 0)
    except BaseException:  # noqa: BLE001 - the parent hears of it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end)


def _work(order: dict[str, Any]) -> int:
    from django.conf import settings
    from django.core.management import call_command

    os.environ["LINSHENG_FAULT"] = order["fault"]
    for name, value in order["settings"].items():
        setattr(settings, name, value)
    if order["code"]:
        exec(order["code"], {"__name__": "ordered"})  # noqa: S102 - the test's own code
    else:
        call_command(*order["command"])
    return 0


if __name__ == "__main__":
    main()
