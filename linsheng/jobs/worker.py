"""The worker: one process, one thread, one loop. Start as many as you like; the database shares the work out."""

import logging
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

from linsheng.jobs import heart, registry, runner, schedules
from linsheng.jobs.registry import Turn

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
BEAT_EVERY = timedelta(seconds=10)
LONGEST_WAIT_SECONDS = 30.0


class Worker:
    """Does what is due until ``stop`` is set."""

    def __init__(self, name: str, *, clock: Callable[[], datetime], stop: threading.Event) -> None:
        self.name, self._clock, self._stop = name, clock, stop
        self._beaten_at: datetime | None = None

    def run(self) -> None:
        """Turn after turn; a database that is away is waited for."""
        logger.info("worker %s started", self.name)
        failures = 0
        while not self._stop.is_set():
            try:
                busy = self.turn()
                failures = 0
            except Exception as error:  # noqa: BLE001 - one mistake must not end what everything else waits for
                failures += 1
                self._recover(error, failures)
            else:
                if not busy:
                    self._stop.wait(IDLE_SECONDS)
        self._end()

    def run_until_idle(self) -> None:
        """Everything that is due now, and then no more."""
        while not self._stop.is_set() and self.turn():
            pass
        self._end()

    def turn(self) -> bool:
        """One look at everything; whether there was something to do."""
        _drop_stale_connections()
        now = self._clock()
        self._beat(now)
        turn = Turn(self.name, now, registry.default_lease(), self._clock, random.random)
        busy = schedules.queue_due(now) > 0
        busy = runner.run_next(turn) or busy
        for step in registry.loops():
            busy = step(turn) or busy
        return busy

    def _beat(self, now: datetime) -> None:
        if self._beaten_at is None:
            schedules.sync(now)
        if self._beaten_at is None or now - self._beaten_at >= BEAT_EVERY:
            heart.beat(self.name, now)
            self._beaten_at = now

    def _recover(self, error: Exception, failures: int) -> None:
        """Forget the connection, which may be broken, and wait, longer each time; what was held is taken up when its lease ends."""
        seconds = min(IDLE_SECONDS * 2 ** min(failures, 10), LONGEST_WAIT_SECONDS)
        if isinstance(error, OperationalError | InterfaceError):
            logger.warning("the database does not answer (%s); trying again in %.0f s", error, seconds)
        else:
            logger.exception("a mistake in the worker; going on in %.0f s", seconds)
        connections.close_all()
        self._stop.wait(seconds)

    def _end(self) -> None:
        try:
            heart.stop(self.name)
        except (OperationalError, InterfaceError) as error:
            logger.warning("worker %s could not sign off: %s", self.name, error)
        logger.info("worker %s ended", self.name)


def _drop_stale_connections() -> None:
    """Forget connections that broke or grew old; not one on which a caller's transaction lives (``--once`` in a test)."""
    if not connection.in_atomic_block:
        close_old_connections()
