"""Reading accounts."""

from datetime import datetime

from django.db.models import QuerySet

from linsheng.accounts.models import ApiToken, Consent, User
from linsheng.accounts.privacy.texts import DOCUMENT


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The user's tokens in force, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None).order_by("-created_at", "-pk")


def consent_given_at(user: User) -> datetime | None:
    """When the person agreed to the privacy text that they still agree to."""
    rows = Consent.objects.filter(user=user, document=DOCUMENT, withdrawn_at=None)
    return rows.order_by("-given_at").values_list("given_at", flat=True).first()


def user_called(username: str) -> User | None:
    return User.objects.filter(username=username).first()
