"""The queue of callbacks: putting one off. Asking itself is ``feedback.actions.record_callback``."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.permissions import require
from linsheng.core.errors import Invalid
from linsheng.feedback.models import Case
from linsheng.intake.models import AskingSkipped


@transaction.atomic
def skip_asking(*, case: Case, reason: str, by: User, now: datetime) -> AskingSkipped:
    """Put off a callback for today, with a reason that stays."""
    require(by, Permission.ASK_BACK, case.community)
    words = reason.replace("\x00", "").strip()[:200]
    if not words:
        raise Invalid(_("请写明为什么跳过。"), fields={"reason": _("请写明为什么跳过。")})
    skipped, new = AskingSkipped.objects.get_or_create(case=case, by=by, day=localdate(now), defaults={"at": now, "reason": words})
    if new:
        company = case.community.organisation_id
        record("callback.skip", by=by, now=now, subject=case, organisation_id=company, data={"reason": words})
    return skipped
