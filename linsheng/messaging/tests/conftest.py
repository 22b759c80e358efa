"""A notice in one line, a turn of the worker, and adapters and callbacks of the test's own."""

from datetime import datetime, timedelta

import pytest

from linsheng.jobs.registry import Turn
from linsheng.messaging import registry
from linsheng.messaging.actions import notify
from linsheng.messaging.adapters import registry as adapters
from linsheng.messaging.models import Channel, NoticeKind


class MovedClock:
    """Stands still until the test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


class Postbox:
    """An adapter that keeps what it is given, or raises what the test put in ``answers``."""

    def __init__(self) -> None:
        self.sent, self.answers = [], []

    def send(self, delivery) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.sent.append(delivery.message_id)


@pytest.fixture
def clock(now) -> MovedClock:
    return MovedClock(now)


@pytest.fixture
def turn(clock):
    def make(worker: str = "one") -> Turn:
        return Turn(worker, clock(), timedelta(seconds=60), clock, lambda: 0.0)

    return make


@pytest.fixture
def postbox(monkeypatch) -> Postbox:
    box = Postbox()
    monkeypatch.setitem(adapters._adapters, Channel.EMAIL, box)
    return box


@pytest.fixture
def callbacks(monkeypatch):
    """The registry, with no callbacks but the test's."""
    monkeypatch.setattr(registry, "_delivered", [])
    monkeypatch.setattr(registry, "_failed", [])
    return registry


@pytest.fixture
def tell(now):
    """``tell(user)`` or ``tell(email=…)``; anything may be overridden."""

    def make(user=None, **changes):
        given = {"key": "k", "kind": NoticeKind.CASE_RESULT, "title": "电梯修好了", "body": "已更换按钮板。", "url": "/cases/1/"}
        return notify(**{**given, "user": user, "now": now, **changes})

    return make
