"""The optional second step at sign-in: a code from an authenticator app, or one of the printed recovery codes."""

import hashlib
from datetime import datetime
from typing import Final, cast

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_otp import login as otp_login
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from linsheng.accounts.actions.sessions import end_sessions
from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.ids import paper_code, paper_code_as_typed

RECOVERY_CODES: Final = 8


def _stored(code: str) -> str:
    """Recovery codes are kept as the first 64 bits of a hash: the column holds sixteen characters."""
    return hashlib.sha256(paper_code_as_typed(code).encode()).hexdigest()[:16]


def has_second_step(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


@transaction.atomic
def begin_second_step(*, user: User) -> TOTPDevice:
    """The device to be scanned and then confirmed; until then it changes nothing at sign-in."""
    if has_second_step(user):
        raise Conflict(_("两步验证已经开启。要换手机，请先关闭再重新开启。"))
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return cast(TOTPDevice, device or TOTPDevice.objects.create(user=user, name="totp", confirmed=False))


@transaction.atomic
def confirm_second_step(*, user: User, code: str, now: datetime, keep: HttpRequest) -> list[str]:
    """Turn it on with a first right code. Other sessions end; returns the recovery codes, shown this once."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    if device is None:
        raise Conflict(_("请先重新打开设置页面，扫描二维码。"))
    if not device.verify_token(code.replace(" ", "")):
        raise Invalid(_("动态码不对。"), fields={"code": _("动态码不对，请确认手机时间准确，再输入最新的 6 位数字。")})
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    codes = _new_recovery_codes(user)
    record("account.second_step_on", by=user, now=now, subject=user)
    end_sessions(user=user, by=user, now=now, keep=keep)
    otp_login(keep, device)
    return codes


def _new_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = [paper_code(10) for _n in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=_stored(code))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def check_second_step(*, user: User, code: str) -> Device | None:
    """The device that took the code, if any. Each code works once; django-otp slows down whoever guesses."""
    typed = code.replace(" ", "")
    # A dash or a letter can only be a recovery code: it must not use up a try of the authenticator.
    is_app_code = typed.isdigit() and len(typed) == 6
    kind, token = (TOTPDevice, typed) if is_app_code else (StaticDevice, _stored(typed))
    for device in kind.objects.filter(user=user, confirmed=True):
        if found := verify_token(user, device.persistent_id, token):
            return cast(Device, found)
    return None


@transaction.atomic
def turn_off_second_step(*, user: User, password: str, now: datetime) -> None:
    """Back to the password alone, which must be given once more."""
    if not user.check_password(password):
        raise Invalid(_("密码不对。"), fields={"password": _("密码不对，请再试一次。")})
    remove_second_step(user=user, by=user, now=now)


@transaction.atomic
def remove_second_step(*, user: User, by: User | None, now: datetime) -> None:
    """Remove every device, for somebody who lost theirs. The caller checks who asks."""
    removed = TOTPDevice.objects.filter(user=user).delete()[0] + StaticDevice.objects.filter(user=user).delete()[0]
    if removed:
        record("account.second_step_off", by=by, now=now, subject=user)
