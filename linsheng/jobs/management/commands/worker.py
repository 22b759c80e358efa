"""``manage.py worker``: run jobs, schedules and deliveries."""

import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

from django.core.management.base import BaseCommand, CommandParser

from linsheng.core import clock
from linsheng.jobs.worker import Worker


def default_name() -> str:
    """host-pid-random: two workers never share one, so neither can finish the other's work."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(3)}"


class Command(BaseCommand):
    help = "Runs jobs, schedules and outgoing notices until it is told to stop (SIGTERM or Ctrl-C finishes the piece at hand)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything that is due now, then end")
        parser.add_argument("--name", default="", help="how this worker is called in the rows it holds; must be its alone")

    def handle(self, *args: object, once: bool, name: str, **options: object) -> None:
        stop = threading.Event()
        worker = Worker(name[:60] or default_name(), clock=clock.now, stop=stop)
        if once:
            worker.run_until_idle()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stopper(stop, number))
        worker.run()


def _stopper(stop: threading.Event, number: signal.Signals) -> Callable[[int, FrameType | None], None]:
    """The first signal ends after the piece at hand; a second one ends at once, as any process would."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    return on_signal
