"""Asking for work."""

import pytest
from django.db import transaction

from linsheng.core.errors import Conflict
from linsheng.jobs.actions import enqueue, retry_job
from linsheng.jobs.models import Job, LeaseState

pytestmark = pytest.mark.django_db


def test_a_job_is_queued_with_what_was_given(now):
    job = enqueue(kind="x", payload={"a": 1}, now=now, by_id=3, organisation_id=4, total=5)
    job.refresh_from_db()
    assert (job.kind, job.payload, job.created_by_id, job.organisation_id, job.total) == ("x", {"a": 1}, 3, 4, 5)
    assert (job.state, job.run_at, job.created_at) == (LeaseState.QUEUED, now, now)


def test_the_same_key_is_the_same_job(now):
    first = enqueue(kind="x", payload={"n": 1}, now=now, key="once")
    assert enqueue(kind="x", payload={"n": 2}, now=now, key="once") == first
    assert Job.objects.count() == 1


def test_the_same_key_is_the_same_job_even_when_it_has_ended(now):
    first = enqueue(kind="x", payload={}, now=now, key="once")
    Job.objects.update(state=LeaseState.DONE)
    assert enqueue(kind="x", payload={}, now=now, key="once").pk == first.pk


def test_a_repeated_key_leaves_the_callers_transaction_usable(now):
    with transaction.atomic():
        enqueue(kind="x", payload={}, now=now, key="once")
        enqueue(kind="x", payload={}, now=now, key="once")
        enqueue(kind="y", payload={}, now=now)
    assert Job.objects.count() == 2


def test_jobs_without_a_key_are_each_their_own(now):
    assert enqueue(kind="x", payload={}, now=now) != enqueue(kind="x", payload={}, now=now)


def test_a_job_asked_for_in_a_transaction_that_fails_never_was(now):
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue(kind="x", payload={}, now=now)
        raise RuntimeError
    assert not Job.objects.exists()


def test_a_failed_job_can_be_tried_again(now):
    job = enqueue(kind="x", payload={}, now=now)
    Job.objects.update(state=LeaseState.FAILED, attempts=6, error="broken", message="broken")
    job = retry_job(job=job, now=now)
    assert (job.state, job.attempts, job.error, job.message) == (LeaseState.QUEUED, 0, "", "")


@pytest.mark.parametrize("state", [LeaseState.QUEUED, LeaseState.RUNNING, LeaseState.DONE])
def test_a_job_that_did_not_fail_is_not_tried_again(now, state):
    job = enqueue(kind="x", payload={}, now=now)
    Job.objects.update(state=state)
    with pytest.raises(Conflict):
        retry_job(job=job, now=now)
