"""The one way in which rows of work are shared out: whoever changes the row from *due* to *mine* has it, for a while.

Every step is one conditional UPDATE that must hit exactly one row. Both databases decide such a race in favour of one, without
any lock being held while the work is done. A holding is known by (worker, attempts): a worker that was too slow and lost its
row to another cannot finish it any more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from linsheng.jobs.models import Leased, LeaseState

L = TypeVar("L", bound=Leased)

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)
# Looking a few rows ahead: when several workers meet at the first one, the others take the next.
LOOK_AHEAD = 8


class LeaseLostError(Exception):
    """The lease ran out and another worker holds the row: stop at once, write nothing."""


def _due(now: datetime) -> Iterator[Q]:
    """What may be claimed: first what a dead worker left behind, then what waits for its time."""
    yield Q(state=LeaseState.RUNNING, lease_until__lte=now)
    yield Q(state=LeaseState.QUEUED, run_at__lte=now)


def _take(model: type[L], due: Q, pk: int, attempts: int, *, worker: str, until: datetime) -> bool:
    """Make one row ours if it is still due, and as we saw it."""
    same = model._base_manager.filter(due, pk=pk, attempts=attempts)
    return same.update(state=LeaseState.RUNNING, worker=worker, lease_until=until, attempts=F("attempts") + 1) == 1


def claim(rows: QuerySet[L], *, worker: str, now: datetime, lease: timedelta) -> L | None:
    """One due row out of ``rows``, ours until ``now + lease``; None when there is nothing to do.

    A row that has had all its attempts is given out once more, as ``exhausted``, to be failed.
    """
    for due in _due(now):
        seen = rows.filter(due).order_by("run_at", "pk").values_list("pk", "attempts")[:LOOK_AHEAD]
        for pk, attempts in list(seen):
            if _take(rows.model, due, pk, attempts, worker=worker, until=now + lease):
                row = rows.get(pk=pk)
                # Ours is the holding we took, even if the lease was so short that it is another's by now.
                row.worker, row.attempts = worker, attempts + 1
                return row
    return None


def take(row: L, *, worker: str, now: datetime, lease: timedelta) -> bool:
    """Claim this very row, which the caller has read: False if it is not due, or no longer as it was read."""
    either = Q()
    for due in _due(now):
        either |= due
    if not _take(type(row), either, row.pk, row.attempts, worker=worker, until=now + lease):
        return False
    row.state, row.worker, row.lease_until, row.attempts = LeaseState.RUNNING, worker, now + lease, row.attempts + 1
    return True


def exhausted(row: Leased) -> bool:
    """Whether all its attempts ended without a word, as those of a job that kills its worker do."""
    return row.attempts > row.MAX_ATTEMPTS


def last_try(row: Leased) -> bool:
    return row.attempts >= row.MAX_ATTEMPTS


def backoff(attempts: int, jitter: float) -> timedelta:
    """10 s, 20 s, 40 s … up to an hour, spread by ``jitter`` (0 to 1) over half as much again."""
    delay = min(FIRST_DELAY * (1 << min(max(attempts, 1) - 1, 20)), LONGEST_DELAY)
    return delay * (1 + 0.5 * jitter)


def _held(row: Leased) -> QuerySet[Leased]:
    """The row, as long as it is ours."""
    rows: QuerySet[Leased] = type(row)._base_manager.filter(
        pk=row.pk, state=LeaseState.RUNNING, worker=row.worker, attempts=row.attempts
    )
    return rows


def _change(row: Leased, **values: object) -> bool:
    if _held(row).update(**values) != 1:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def renew(row: Leased, *, until: datetime, **values: object) -> None:
    """Hold the row longer, and write ``values`` with it. Raises ``LeaseLostError`` if it is another's by now."""
    if not _change(row, lease_until=until, **values):
        raise LeaseLostError(f"{row} was taken over by another worker")


def finish(row: Leased, *, now: datetime, **values: object) -> bool:
    """Done. False, with nothing written, if the lease was lost."""
    return _change(row, state=LeaseState.DONE, lease_until=None, finished_at=now, error="", **values)


def fail(row: Leased, *, now: datetime, error: str, **values: object) -> bool:
    """Given up, and visible with its reason. False if the lease was lost."""
    return _change(row, state=LeaseState.FAILED, lease_until=None, finished_at=now, error=error, **values)


def try_later(row: Leased, *, now: datetime, error: str, jitter: float, after: timedelta = timedelta()) -> bool:
    """Back into the queue, to be tried again after the back-off, not before ``after``. False if the lease was lost."""
    run_at = now + max(backoff(row.attempts, jitter), after)
    return _change(row, state=LeaseState.QUEUED, lease_until=None, run_at=run_at, error=error)


def put_off(row: Leased, *, until: datetime) -> bool:
    """Back into the queue untried: its time has not come. The claim does not count as an attempt. False if the lease was lost."""
    return _change(row, state=LeaseState.QUEUED, lease_until=None, run_at=until, attempts=row.attempts - 1)


def requeue(rows: QuerySet[L], *, now: datetime) -> int:
    """Give ended rows a fresh start (all attempts again); how many there were."""
    ended = rows.filter(state__in=[LeaseState.DONE, LeaseState.FAILED])
    return ended.update(state=LeaseState.QUEUED, run_at=now, attempts=0, error="", lease_until=None, worker="", finished_at=None)
