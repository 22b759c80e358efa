"""An empty registry, and a clock that the test moves."""

from datetime import datetime, timedelta

import pytest

from linsheng.jobs import registry
from linsheng.jobs.registry import Turn


class MovedClock:
    """Stands still until the test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def clock(now) -> MovedClock:
    return MovedClock(now)


@pytest.fixture
def known(monkeypatch):
    """The registry, empty for this test."""
    for name in ("_handlers", "_schedules", "_loops"):
        monkeypatch.setattr(registry, name, {})
    return registry


@pytest.fixture
def turn(clock):
    """Make a turn of a worker at the clock's time."""

    def make(worker: str = "one") -> Turn:
        return Turn(worker, clock(), timedelta(seconds=60), clock, lambda: 0.0)

    return make
