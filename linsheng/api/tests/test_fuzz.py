"""Whatever is sent to the API: no mistake of ours shows, and the schema has said what may come back."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from linsheng.accounts.actions import create_token
from linsheng.api.tests import fuzzing
from linsheng.core import clock
from linsheng.surveys.tests.closing import closed
from linsheng.surveys.tests.factories import open_wave

# Calls an operation, and the seconds for all of them: enough to meet each kind of answer, or as many as two minutes hold.
QUICK = (8, 40.0)
LONG = (1500, 120.0)


@pytest.fixture
def world(cast, now, call, new_case) -> fuzzing.World:
    """The cast with tokens, and a case in each state that the API can lead to."""
    owner, desk, handler = call("owner"), call("frontdesk"), call("handler")
    ids = [owner.post("cases", new_case | {"text": f"第{n}件", "confidential": n == 8}).json()["id"] for n in range(9)]
    for pk in ids[1:7]:
        desk.post(f"cases/{pk}/assign", {"handler": "handler"})
    for pk in ids[2:7]:
        handler.post(f"cases/{pk}/start")
    handler.post(f"cases/{ids[3]}/wait", {"for": "parts", "reason": "等件"})
    for pk in ids[4:7]:
        handler.post(f"cases/{pk}/resolve", {"text": "修好了"})
    desk.post(f"cases/{ids[5]}/close")
    owner.post(f"cases/{ids[6]}/rate", {"stars": 4})
    desk.post(f"cases/{ids[7]}/merge", {"into": ids[0]})
    far = call("stranger").post("cases", new_case | {"community": "WR"}).json()["id"]
    tokens = {name: create_token(user=getattr(cast, name), name="fuzz", by=None, now=now).secret for name in fuzzing.PEOPLE}
    ended = closed(cast.community, now, sizes=(12,))
    return fuzzing.World(tokens, [*ids, far], [ended.pk, open_wave(cast.community, clock.now()).pk])


@contextmanager
def kept_connection() -> Iterator[None]:
    """The handler called as a server calls it would end the test's transaction with the first request."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _fuzz_all(world: fuzzing.World, examples: int, seconds: float) -> Counter[int]:
    total: Counter[int] = Counter()
    with kept_connection():
        operations = fuzzing.operations()
        for operation in operations:
            seen = fuzzing.fuzz(operation, world, examples=examples, seconds=seconds / len(operations))
            assert seen, operation.label
            total.update(seen)
    return total


def test_no_operation_stumbles(world):
    seen = _fuzz_all(world, *QUICK)
    assert {200, 404, 422} <= set(seen)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_operation_stumbles_however_long_one_tries(world, capsys):
    seen = _fuzz_all(world, *LONG)
    with capsys.disabled():
        print(f"\n{sum(seen.values())} calls: {json.dumps(dict(sorted(seen.items())))}")  # noqa: T201  # the figure that the run is for
    assert {200, 201, 403, 404, 409, 422} <= set(seen)
