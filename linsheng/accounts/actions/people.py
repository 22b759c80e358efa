"""What belongs to a user's own record."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.actions.second_step import remove_second_step
from linsheng.accounts.actions.sessions import end_sessions
from linsheng.accounts.models import ApiToken, OneTimeCode, User
from linsheng.accounts.privacy.erasure import erase_everywhere
from linsheng.audit.actions import record
from linsheng.core.errors import Invalid

ERASED_NAME: Final = "已注销"


@transaction.atomic
def set_preferences(*, user: User, large_text: bool | None = None, language: str | None = None) -> User:
    """Keep how the person reads; what is None stays. No audit entry: it concerns nobody else."""
    if large_text is not None:
        user.large_text = large_text
    if language is not None:
        user.language = language
    user.save(update_fields=["large_text", "language"])
    return user


@transaction.atomic
def correct_profile(*, user: User, name: str, email: str, by: User, now: datetime) -> User:
    """Change name and mail address."""
    if not name.strip():
        raise Invalid(_("请填写姓名。"), fields={"name": _("请填写姓名。")})
    user.name, user.email = name.strip(), email.strip()
    user.save(update_fields=["name", "email"])
    record("account.correct_profile", by=by, now=now, subject=user)
    return user


@transaction.atomic
def change_phone(*, user: User, phone: str, by: User, now: datetime) -> User:
    """Give the account another number, already proved by a code."""
    if User.objects.filter(phone=phone).exclude(pk=user.pk).exists():
        sentence = _("这个手机号已有账号，请直接用它登录，或联系客服合并。")
        raise Invalid(sentence, fields={"phone": sentence})
    user.phone = phone
    user.save(update_fields=["phone"])
    record("account.change_phone", by=by, now=now, subject=user)
    return user


@transaction.atomic
def set_active(*, user: User, active: bool, by: User | None, now: datetime) -> User:
    """Switch an account on or off; off ends its sessions. The caller checks who asks."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    record("account.activate" if active else "account.deactivate", by=by, now=now, subject=user)
    if not active:
        end_sessions(user=user, by=by, now=now)
    return user


@transaction.atomic
def erase_user(*, user: User, organisation_id: int | None, by: User | None, now: datetime) -> User:
    """Forget who the person is: the row stays for the sake of what points at it, without anything personal."""
    erase_everywhere(user, organisation_id, now)
    OneTimeCode.objects.filter(phone=user.phone or "").delete()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    remove_second_step(user=user, by=by, now=now)
    user.username, user.name, user.phone, user.email = f"erased-{user.pk}", ERASED_NAME, None, ""
    user.is_active, user.erased_at = False, now
    user.set_unusable_password()
    user.save()
    record("account.erase", by=by, now=now, subject=user)
    end_sessions(user=user, by=by, now=now)
    return user
