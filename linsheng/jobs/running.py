"""A job as its handler sees it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from linsheng.jobs import leases
from linsheng.jobs.faults import fault
from linsheng.jobs.models import Job

BETWEEN_WRITES = timedelta(seconds=1)


class RunningJob:
    """What a handler gets: its payload, the instant at which it began, and a way to say how far it is."""

    def __init__(
        self, job: Job, *, lease: timedelta, clock: Callable[[], datetime], beat: Callable[[datetime], None] = lambda _: None
    ) -> None:
        self._job, self._lease, self._clock, self._beat = job, lease, clock, beat
        self._written_at: datetime | None = None
        self.now: datetime = clock()

    @property
    def id(self) -> int:
        return self._job.pk

    @property
    def payload(self) -> dict[str, Any]:
        """What was given to ``enqueue``."""
        return dict(self._job.payload)

    @property
    def attempt(self) -> int:
        """1 for the first try."""
        return self._job.attempts

    @property
    def organisation_id(self) -> int | None:
        return self._job.organisation_id

    @property
    def by_id(self) -> int | None:
        """Who asked for it."""
        return self._job.created_by_id

    def clock(self) -> datetime:
        """This instant: for handlers that must know how time passes; else use ``now``."""
        return self._clock()

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Show how far it is, and keep the lease: at most one write a second, so call it as often as you like.

        Raises ``leases.LeaseLostError`` when another worker has taken over meanwhile; let it through. Inside a transaction the
        figures show only at its end, and the lease is not prolonged before: such handlers ask for ``silent_minutes``.
        """
        now = self._clock()
        total = self._job.total if total is None else total
        last = 0 < total <= done
        if self._written_at is not None and now - self._written_at < BETWEEN_WRITES and not last:
            return
        self._job.total, self._written_at = total, now
        leases.renew(self._job, until=now + self._lease, progress=done, total=total, message=str(message)[:200])
        self._beat(now)
        fault("jobs.progress")
