"""That letters were printed, and by whom: whoever has the letters could answer with them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict
from linsheng.surveys import letters
from linsheng.surveys.models import Wave
from linsheng.surveys.permissions import require_everywhere


@transaction.atomic
def print_letters(*, wave: Wave, sheets: list[letters.Sheet], by: User | None, now: datetime) -> list[tuple[str, bytes]]:
    """The PDFs of these sheets as (name, content), noted in the audit trail; only while the wave is open."""
    require_everywhere(by, Permission.RUN_SURVEYS, wave.communities.all())
    if not wave.is_open:
        raise Conflict(_("只有进行中的调查才能打印调查信。"))
    made = [(sheet.name, letters.pdf_of(wave, sheet)) for sheet in sheets]
    data = {"count": sum(len(sheet.ballots) for sheet in sheets), "building": ", ".join(sheet.name for sheet in sheets)[:200]}
    record("surveys.print_letters", by=by, now=now, subject=wave, organisation_id=wave.organisation_id, data=data)
    return made
