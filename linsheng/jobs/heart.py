"""Signs of life of workers."""

from datetime import datetime

from linsheng.jobs.models import Heartbeat


def beat(worker: str, now: datetime) -> None:
    """Note that ``worker`` lives."""
    if not Heartbeat.objects.filter(worker=worker).update(at=now):
        Heartbeat.objects.bulk_create([Heartbeat(worker=worker, started_at=now, at=now)], ignore_conflicts=True)


def stop(worker: str) -> None:
    """Note that ``worker`` ended in good order."""
    Heartbeat.objects.filter(worker=worker).delete()
