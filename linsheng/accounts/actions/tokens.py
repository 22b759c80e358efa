"""Bearer tokens for programmes that act as a user."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import ApiToken, User
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict, Invalid, NotVisible
from linsheng.core.ids import digest
from linsheng.core.questions import Question

PREFIX: Final = "ls_"
MOST_TOKENS: Final = 20
# ``last_used_at`` is for people to read; a write for every request would cost more than it tells.
USE_NOTED_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class NewToken:
    """A token just made: ``secret`` is shown now and never again."""

    token: ApiToken
    secret: str


@transaction.atomic
def create_token(*, user: User, name: str, by: User | None, now: datetime) -> NewToken:
    """Make a token for ``user``. ``by`` is the user, or None on the command line."""
    purpose = name.strip()[:80]
    if not purpose:
        sentence = _("请写明这个令牌的用途，例如“电话系统”。")
        raise Invalid(sentence, fields={"name": sentence})
    if not user.is_active:
        raise Conflict(_("账号已停用，不能创建令牌。"))
    if user.api_tokens.filter(revoked_at=None).count() >= MOST_TOKENS:
        raise Conflict(_("令牌太多了，请先撤销不用的。"))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, name=purpose, prefix=secret[:8], hash=digest(secret), created_at=now)
    record("token.create", by=by, now=now, subject=token, data={"user": user.pk, "name": purpose})
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(*, token_id: int, by: User, now: datetime) -> ApiToken:
    """End one of one's own tokens at once. Raises ``NotVisible`` for anybody else's."""
    token = ApiToken.objects.filter(pk=token_id, user=by).first()
    if token is None:
        raise NotVisible(_("没有这个令牌。"))
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise Conflict(_("这个令牌已经撤销了。"))
    token.revoked_at = now
    record("token.revoke", by=by, now=now, subject=token)
    return token


@transaction.atomic
def revoke_all_tokens(*, user: User, by: User | None, now: datetime) -> int:
    """End every token of ``user``, for whoever may hold one by now; how many there were. The caller checks who asks."""
    ended = ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    if ended:
        record("token.revoke_all", by=by, now=now, subject=user, data={"count": ended})
    return ended


def _valid_tokens(hash: str) -> QuerySet[ApiToken]:  # the column's name
    return ApiToken.objects.select_related("user").filter(hash=hash, revoked_at=None, user__is_active=True)[:1]


_valid_token = Question(_valid_tokens, hash=str)


def authenticate_token(*, secret: str, now: datetime) -> User | None:
    """The active user whose token this is; None for anything else."""
    if not secret.startswith(PREFIX):
        return None
    token = _valid_token.first(hash=digest(secret))
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token.user
