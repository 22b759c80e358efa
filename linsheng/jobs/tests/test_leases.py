"""How rows of work are shared out."""

from datetime import timedelta

import pytest

from linsheng.jobs import leases
from linsheng.jobs.actions import enqueue
from linsheng.jobs.models import Job, LeaseState

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def take(now, worker="one", lease=MINUTE):
    return leases.claim(Job.objects.all(), worker=worker, now=now, lease=lease)


def test_a_due_row_is_claimed_for_a_while(now):
    enqueue(kind="x", payload={}, now=now)
    job = take(now)
    assert (job.state, job.worker, job.lease_until, job.attempts) == (LeaseState.RUNNING, "one", now + MINUTE, 1)


def test_a_row_is_not_claimed_before_its_time(now):
    enqueue(kind="x", payload={}, now=now, run_at=now + MINUTE)
    assert take(now) is None
    assert take(now + MINUTE) is not None


def test_rows_are_claimed_in_the_order_in_which_they_are_due(now):
    for minutes in (3, 1, 2):
        enqueue(kind=str(minutes), payload={}, now=now, run_at=now + minutes * MINUTE)
    later = now + 5 * MINUTE
    assert [take(later).kind for _ in range(3)] == ["1", "2", "3"]


def test_a_held_row_is_nobody_elses(now):
    enqueue(kind="x", payload={}, now=now)
    take(now)
    assert take(now + MINUTE / 2, worker="two") is None


def test_a_row_is_claimable_again_when_its_lease_ended(now):
    enqueue(kind="x", payload={}, now=now)
    take(now)
    again = take(now + MINUTE, worker="two")
    assert (again.worker, again.attempts) == ("two", 2)


def test_of_two_workers_that_saw_the_same_row_one_gets_it(now):
    job = enqueue(kind="x", payload={}, now=now)
    due = next(d for d in leases._due(now) if Job.objects.filter(d).exists())
    got = [leases._take(Job, due, job.pk, 0, worker=name, until=now + MINUTE) for name in ("one", "two")]
    assert got == [True, False]


def test_a_lease_that_was_renewed_meanwhile_is_not_taken(now):
    enqueue(kind="x", payload={}, now=now)
    job = take(now)
    expired = next(leases._due(now + MINUTE))
    leases.renew(job, until=now + 3 * MINUTE)
    assert not leases._take(Job, expired, job.pk, job.attempts, worker="two", until=now + 4 * MINUTE)


def test_meeting_at_one_row_the_second_worker_takes_the_next(now, monkeypatch):
    first, second = (enqueue(kind=str(i), payload={}, now=now) for i in range(2))
    plain = leases._take

    def beaten_at_the_first(model, due, pk, attempts, **rest):
        if pk == first.pk:
            plain(model, due, pk, attempts, worker="two", until=rest["until"])
        return plain(model, due, pk, attempts, **rest)

    monkeypatch.setattr(leases, "_take", beaten_at_the_first)
    assert take(now).pk == second.pk


def test_who_lost_the_lease_cannot_end_or_renew_the_row(now):
    enqueue(kind="x", payload={}, now=now)
    slow = take(now)
    take(now + MINUTE, worker="two")
    assert not leases.finish(slow, now=now + MINUTE)
    assert not leases.fail(slow, now=now + MINUTE, error="no")
    assert not leases.try_later(slow, now=now + MINUTE, error="no", jitter=0)
    with pytest.raises(leases.LeaseLostError):
        leases.renew(slow, until=now + 9 * MINUTE)
    assert Job.objects.get().worker == "two"


def test_even_the_same_worker_cannot_end_an_earlier_holding(now):
    enqueue(kind="x", payload={}, now=now)
    early = take(now)
    late = take(now + MINUTE)
    assert not leases.finish(early, now=now + MINUTE)
    assert leases.finish(late, now=now + MINUTE)


def test_a_finished_row_is_never_claimed(now):
    enqueue(kind="x", payload={}, now=now)
    assert leases.finish(take(now), now=now, result={"n": 1})
    assert take(now + 100 * MINUTE) is None
    assert Job.objects.get().result == {"n": 1}


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 10), (2, 20), (3, 40), (6, 320), (30, 3600), (500, 3600)])
def test_each_try_waits_twice_as_long_up_to_an_hour(attempts, seconds):
    assert leases.backoff(attempts, 0) == timedelta(seconds=seconds)
    assert leases.backoff(attempts, 1) == timedelta(seconds=seconds) * 1.5


def test_a_row_to_be_tried_later_waits_in_the_queue_with_its_reason(now):
    enqueue(kind="x", payload={}, now=now)
    leases.try_later(take(now), now=now, error="busy", jitter=0)
    job = Job.objects.get()
    assert (job.state, job.error, job.run_at) == (LeaseState.QUEUED, "busy", now + timedelta(seconds=10))


def test_a_row_is_given_out_once_more_after_its_last_attempt_to_be_failed(now):
    enqueue(kind="x", payload={}, now=now)
    claimed = [take(now + i * MINUTE) for i in range(Job.MAX_ATTEMPTS + 1)]
    assert [leases.exhausted(job) for job in claimed] == [False] * Job.MAX_ATTEMPTS + [True]
    assert leases.last_try(claimed[-2])


def test_a_failed_row_can_be_queued_again_with_all_its_attempts(now):
    enqueue(kind="x", payload={}, now=now)
    leases.fail(take(now), now=now, error="broken")
    assert leases.requeue(Job.objects.all(), now=now) == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error, job.worker) == (LeaseState.QUEUED, 0, "", "")


def test_a_running_row_is_not_queued_again(now):
    enqueue(kind="x", payload={}, now=now)
    take(now)
    assert leases.requeue(Job.objects.all(), now=now) == 0
