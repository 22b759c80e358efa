"""The one place that reads the wall clock; only the edge (views, API, commands, worker) calls it."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)
