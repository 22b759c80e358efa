"""Reckoning the result of a closed wave, once."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from linsheng.jobs.actions import enqueue, retry_job
from linsheng.jobs.models import Job, LeaseState
from linsheng.surveys.models import Answer, KeptResult, Wave
from linsheng.surveys.queries.results import comparable_before, result_of
from linsheng.surveys.results import FORMAT, WaveResult, as_data
from linsheng.surveys.results.shapes import STEPS, Progress

KIND: Final = "surveys.results"
# More answers than this take longer than a page may.
MOST_AT_ONCE: Final = 1500
AGAIN_AFTER: Final = timedelta(minutes=10)


def keep_result(*, wave: Wave, now: datetime, progress: Progress | None = None) -> WaveResult:
    """The wave's result, reckoned and kept if nobody did before; the earlier wave's first, for it is compared with what is shown
    of that. What is kept never changes. Raises ``Conflict`` before closing. No audit entry: nothing changes by counting."""
    kept = result_of(wave)
    if kept is not None:
        return kept
    from linsheng.surveys.results.reckoning import reckoned

    found = reckoned(wave, earlier_of(wave, now=now), progress)
    return found if put_result(wave, found, now=now) else (result_of(wave) or found)


def earlier_of(wave: Wave, *, now: datetime) -> tuple[Wave, WaveResult] | None:
    """The wave that it is compared with, and its result."""
    before = comparable_before(wave)
    return (before, keep_result(wave=before, now=now)) if before is not None else None


def put_result(wave: Wave, found: WaveResult, *, now: datetime) -> bool:
    """Keep what was reckoned; False where somebody was quicker, who has reckoned the same."""
    with transaction.atomic():
        defaults = {"format": FORMAT, "computed_at": now, "data": as_data(found)}
        _row, new = KeptResult.objects.get_or_create(wave=wave, defaults=defaults)
    return new


def result_now(*, wave: Wave, now: datetime) -> WaveResult | None:
    """The result where it is kept or quickly reckoned; else None, and the worker is at it. Raises ``Conflict`` before closing."""
    kept = result_of(wave)
    if kept is not None:
        return kept
    waves = [wave, comparable_before(wave)]
    many = Answer.objects.filter(wave__in=[each for each in waves if each is not None]).count()
    if many <= MOST_AT_ONCE:
        return keep_result(wave=wave, now=now)
    request_result(wave=wave, now=now)
    return None


def request_result(*, wave: Wave, now: datetime) -> Job:
    """Have the worker reckon the result; asked again, it is the same job, begun anew where it had failed."""
    job = enqueue(
        kind=KIND,
        payload={"wave": wave.pk},
        key=f"{KIND}-{wave.pk}",
        now=now,
        organisation_id=wave.organisation_id,
        total=STEPS,
    )
    ended = job.state == LeaseState.FAILED and job.finished_at is not None and job.finished_at < now - AGAIN_AFTER
    return retry_job(job=job, now=now) if ended else job
