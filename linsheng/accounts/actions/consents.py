"""Agreeing to the privacy text, and taking it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.actions.tokens import revoke_all_tokens
from linsheng.accounts.models import Consent, User
from linsheng.accounts.privacy.exemptions import is_exempt
from linsheng.accounts.privacy.texts import DOCUMENT, VERSION
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict


def has_agreed(user: User) -> bool:
    """Whether the person agreed to the text in force, or need not."""
    return is_exempt(user) or Consent.objects.filter(user=user, document=DOCUMENT, version=VERSION, withdrawn_at=None).exists()


@transaction.atomic
def give_consent(*, user: User, now: datetime) -> Consent:
    """Keep that the person agreed to the text in force; agreeing again changes nothing."""
    consent, is_new = Consent.objects.get_or_create(
        user=user, document=DOCUMENT, version=VERSION, withdrawn_at=None, defaults={"given_at": now}
    )
    if is_new:
        record("consent.give", by=user, now=now, subject=consent, data={"version": VERSION})
    return consent


@transaction.atomic
def withdraw_consent(*, user: User, now: datetime) -> None:
    """Take back what was agreed to; the rows stay, with the time. Programmes lose their tokens; the caller ends the sessions."""
    if not Consent.objects.filter(user=user, document=DOCUMENT, withdrawn_at=None).update(withdrawn_at=now):
        raise Conflict(_("您目前没有生效的同意记录。"))
    record("consent.withdraw", by=user, now=now, subject=user)
    revoke_all_tokens(user=user, by=user, now=now)
