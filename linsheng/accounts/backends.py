"""Who is asking: the session's row and the account behind it, which every page asks for before it does anything else."""

from datetime import datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from linsheng.accounts.models import User
from linsheng.core.questions import Question


def _accounts(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


def _sessions(*, key: str, now: datetime) -> QuerySet[Any]:
    from django.contrib.sessions.models import Session  # noqa: PLC0415  # the store is imported before the apps are ready

    return Session.objects.filter(session_key=key, expire_date__gt=now)


_account = Question(_accounts, pk=int)
live_session = Question(_sessions, key=str, now=datetime)


class AccountBackend(ModelBackend):
    """Passwords as Django keeps them; the account of a session by a question that is worded once."""

    def get_user(self, user_id: int) -> User | None:
        user = _account.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
