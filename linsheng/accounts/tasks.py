"""What is done again and again: forgetting what is no longer needed."""

from datetime import timedelta
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import ApiToken, Attempt, OneTimeCode
from linsheng.jobs import registry
from linsheng.jobs.running import RunningJob

CODES_KEPT: Final = timedelta(days=1)
ATTEMPTS_KEPT: Final = timedelta(days=2)
REVOKED_TOKENS_KEPT: Final = timedelta(days=180)


@registry.every("accounts.retention", minutes=60, label=_("清理过期的验证码和会话"))
def forget_expired(job: RunningJob) -> dict[str, Any]:
    """Codes after a day, attempts after two, revoked tokens after half a year, sessions when they end."""
    codes = OneTimeCode.objects.filter(created_at__lt=job.now - CODES_KEPT).delete()[0]
    attempts = Attempt.objects.filter(at__lt=job.now - ATTEMPTS_KEPT).delete()[0]
    tokens = ApiToken.objects.filter(revoked_at__lt=job.now - REVOKED_TOKENS_KEPT).delete()[0]
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {"codes": codes, "attempts": attempts, "tokens": tokens}
