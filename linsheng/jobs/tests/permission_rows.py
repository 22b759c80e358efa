"""Who may call the addresses of this app."""

from linsheng.core.testing import ALL, PermissionRow
from linsheng.jobs.actions import enqueue


def own_job(cast):
    owner = cast.supervisor
    return {"job_id": enqueue(kind="roster", payload={}, now=cast.organisation.created_at, key="own", by_id=owner.pk).pk}


ROWS = [
    # 503: no worker runs beside the tests.
    PermissionRow("jobs:healthz", allowed=ALL, accepted=frozenset({503})),
    # Only the person who started it.
    PermissionRow("jobs:progress", allowed=frozenset({"supervisor"}), args=own_job),
]
