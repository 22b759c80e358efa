"""Opening and ending sessions."""

from datetime import datetime

from django.contrib.auth import login, update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django_otp import login as otp_login
from django_otp.models import Device

from linsheng.accounts.actions.consents import has_agreed
from linsheng.accounts.models import User
from linsheng.accounts.privacy.texts import VERSION
from linsheng.audit.actions import record

BACKEND = "linsheng.accounts.backends.AccountBackend"
PRIVACY_KEY = "privacy"


@transaction.atomic
def open_session(request: HttpRequest, *, user: User, how: str, now: datetime, device: Device | None = None) -> None:
    """Sign ``user`` in under a fresh session key. ``how``: password, phone, claim; ``device`` is the second step taken."""
    login(request, user, backend=BACKEND)
    if device is not None:
        otp_login(request, device)
    request.session[PRIVACY_KEY] = VERSION if has_agreed(user) else ""
    record("account.sign_in", by=user, now=now, subject=user, data={"how": how, "second_step": device is not None})


@transaction.atomic
def end_sessions(*, user: User, by: User | None, now: datetime, keep: HttpRequest | None = None) -> None:
    """End every session of ``user``, but for that of the request ``keep``."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    if keep is not None:
        update_session_auth_hash(keep, user)
    record("account.end_sessions", by=by, now=now, subject=user)
