"""Everything that an action may write, to see that a refused one wrote nothing."""

from contextlib import contextmanager

from django.db import transaction

from linsheng.audit.models import AuditChain, AuditEntry
from linsheng.feedback import models
from linsheng.messaging.models import Delivery, Notice

TABLES = (
    models.CaseEvent, models.Resolution, models.ResultNotice, models.Photo, models.Rating, models.Callback, models.Urge,
    models.Follower, models.Escalation, AuditEntry, AuditChain, Notice, Delivery,
)  # fmt: skip


def snapshot():
    """Every case's row and every row beside it."""
    cases = list(models.Case.objects.order_by("pk").values())
    return cases, {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


@contextmanager
def undone():
    """Whatever is written inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
