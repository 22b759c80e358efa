"""What this app forgets of a person: the scans of their slips, in their own handwriting."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from linsheng.accounts.models import User
from linsheng.accounts.privacy import erasure
from linsheng.communities import erasure as residents
from linsheng.communities.models import Resident
from linsheng.intake.models import Slip


def forget(user: User, organisation_id: int | None, now: datetime) -> None:
    """The same for somebody with an account."""
    rows = Resident.objects.filter(user=user)
    if organisation_id is not None:
        rows = rows.filter(organisation=organisation_id)
    forget_residents(list(rows.values_list("pk", flat=True)))


def forget_residents(resident_ids: Sequence[int]) -> None:
    """Take the scans of their slips away; what was written down of them stays with the case."""
    for slip in Slip.objects.filter(case__resident__in=resident_ids).exclude(scan=""):
        Slip.objects.filter(pk=slip.pk).update(scan="", scan_name="")
        # Only once it is certain: a file does not come back.
        transaction.on_commit(partial(default_storage.delete, str(slip.scan.name)))


def register() -> None:
    """Called once, when the app is ready."""
    erasure.register(forget)
    residents.register(forget_residents)
