"""Passwords: changed by their owner, reset by somebody who may."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linsheng.accounts.actions.sessions import end_sessions
from linsheng.accounts.actions.tokens import revoke_all_tokens
from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.core.errors import Invalid
from linsheng.core.ids import paper_code


def generated_password() -> str:
    """About 80 random bits in four groups that can be read aloud."""
    code = paper_code(16)
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


def _checked(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), fields={"new": " ".join(error.messages)}) from error
    return password


@transaction.atomic
def change_password(*, user: User, old: str, new: str, now: datetime, keep: HttpRequest | None = None) -> User:
    """Set one's own new password; every other session ends, that of ``keep`` stays. ``Invalid`` names the field."""
    if not user.check_password(old):
        raise Invalid(_("原密码不对。"), fields={"old": _("原密码不对，请再试一次。")})
    if old == new:
        raise Invalid(_("新密码与原密码相同。"), fields={"new": _("新密码不能与原密码相同。")})
    user.set_password(_checked(new, user))
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record("account.change_password", by=user, now=now, subject=user)
    end_sessions(user=user, by=user, now=now, keep=keep)
    return user


@transaction.atomic
def reset_password(*, user: User, by: User | None, now: datetime) -> str:
    """Give ``user`` a generated password, to be changed at next sign-in; sessions and tokens end. The caller checks."""
    password = generated_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record("account.reset_password", by=by, now=now, subject=user)
    # Whoever knew the old password may have made themselves a token with it.
    revoke_all_tokens(user=user, by=by, now=now)
    end_sessions(user=user, by=by, now=now)
    return password
