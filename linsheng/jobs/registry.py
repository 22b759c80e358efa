"""What the worker can do. Apps register in their ``tasks.py``, which ``JobsConfig.ready`` imports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from linsheng.jobs.running import RunningJob

Words = str | Promise
Run = Callable[[RunningJob], dict[str, Any] | None]
SCHEDULED = "schedule:"


@dataclass(frozen=True)
class Handler:
    """What runs one kind of job; ``lease`` is how long it may be silent before another worker takes over."""

    kind: str
    run: Run
    label: Words
    lease: timedelta


@dataclass(frozen=True)
class Turn:
    """One turn of a worker: its name, the instant at which the turn began, and its clock for what comes after."""

    worker: str
    now: datetime
    lease: timedelta
    clock: Callable[[], datetime]
    jitter: Callable[[], float]


Loop = Callable[[Turn], bool]

_handlers: dict[str, Handler] = {}
_schedules: dict[str, timedelta] = {}
_loops: dict[str, Loop] = {}


def default_lease() -> timedelta:
    return timedelta(seconds=settings.JOBS_LEASE_SECONDS)


def handler(kind: str, *, label: Words = "", silent_minutes: float = 0) -> Callable[[Run], Run]:
    """Register what runs jobs of ``kind``.

    It runs *at least* once: a killed run starts again from the beginning, so it must bear repetition. It returns what the
    job's page shows (``{"url": …}`` becomes a link) or None. A ``DomainError`` ends the job with its sentence; any other
    error is tried again. Work that cannot report progress for a minute says how many by ``silent_minutes``.
    """

    def register(run: Run) -> Run:
        known = _handlers.get(kind)
        if known and (known.run.__module__, known.run.__qualname__) != (run.__module__, run.__qualname__):
            raise ValueError(f"two handlers for jobs of kind {kind!r}")
        _handlers[kind] = Handler(kind, run, label or kind, max(default_lease(), timedelta(minutes=silent_minutes)))
        return run

    return register


def every(name: str, *, minutes: float, label: Words = "", silent_minutes: float = 0) -> Callable[[Run], Run]:
    """Register work to be repeated: due for the first time when a worker first sees it, never twice at once."""
    if minutes <= 0:
        raise ValueError("a schedule needs a positive number of minutes")

    def register(run: Run) -> Run:
        handler(f"{SCHEDULED}{name}", label=label or name, silent_minutes=silent_minutes)(run)
        _schedules[name] = timedelta(minutes=minutes)
        return run

    return register


def loop(name: str) -> Callable[[Loop], Loop]:
    """Register another queue that the worker empties, one row a turn; it returns whether it found something to do."""

    def register(step: Loop) -> Loop:
        _loops[name] = step
        return step

    return register


def handler_of(kind: str) -> Handler | None:
    return _handlers.get(kind)


def kinds() -> list[str]:
    """The kinds that this process can run; others stay queued for a worker that knows them."""
    return sorted(_handlers)


def label_of(kind: str) -> str:
    """What a kind of job is called on screen."""
    known = _handlers.get(kind)
    return str(known.label) if known else kind


def schedules() -> dict[str, timedelta]:
    """Name → interval of everything that is repeated."""
    return dict(_schedules)


def loops() -> list[Loop]:
    return list(_loops.values())
