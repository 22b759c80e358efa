"""One-time codes by text message: sent, checked, used once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from linsheng.accounts.hashing import keyed_hash
from linsheng.accounts.limits import Limit, take
from linsheng.accounts.models import OneTimeCode
from linsheng.accounts.phones import mobile_number
from linsheng.accounts.senders import SendingError
from linsheng.accounts.senders import send_code as carry
from linsheng.core.errors import Conflict, Invalid

VALID_FOR: Final = timedelta(minutes=5)
MAX_TRIES: Final = 5
RESEND_AFTER: Final = timedelta(seconds=60)
PER_PHONE: Final = (
    Limit("code.resend", 1, RESEND_AFTER),
    Limit("code.phone.hour", 5, timedelta(hours=1)),
    Limit("code.phone.day", 10, timedelta(days=1)),
)
PER_IP: Final = Limit("code.ip", 30, timedelta(hours=1))
TRIES_PER_IP: Final = Limit("code.tries", 60, timedelta(hours=1))


@dataclass(frozen=True)
class SentCode:
    """Where a code went, and from when another may be asked for."""

    phone: str
    resend_at: datetime


def _hash(row_phone: str, code: str) -> str:
    return keyed_hash("code", row_phone, code)


def send_code(*, phone: str, ip: str, now: datetime) -> SentCode:
    """Send a new code; codes sent before stop working. Says nothing of whether the number is known.

    Raises ``Invalid`` for what is no mobile number, ``TooMany`` over the limits, ``Conflict`` when the message did not go.
    """
    number = mobile_number(phone)
    take(PER_IP, ip, now=now)
    for limit in PER_PHONE:
        take(limit, number, now=now)
    code = f"{secrets.randbelow(10**6):06d}"
    row = _keep(number, code, now)
    # Sent outside the transaction: a slow gateway must not hold the database, and a code never lies in a queue.
    try:
        carry(number, code, _("[邻声] 验证码 %(code)s，5 分钟内有效，请勿告诉他人。") % {"code": code})
    except SendingError as error:
        row.delete()
        raise Conflict(_("短信没有发出去，请稍后再试，或联系客服。")) from error
    return SentCode(number, now + RESEND_AFTER)


@transaction.atomic
def _keep(phone: str, code: str, now: datetime) -> OneTimeCode:
    OneTimeCode.objects.filter(phone=phone, used_at=None).update(used_at=now)
    return OneTimeCode.objects.create(phone=phone, code_hash=_hash(phone, code), created_at=now, expires_at=now + VALID_FOR)


def check_code(*, phone: str, code: str, ip: str, now: datetime) -> str:
    """Use up the code sent to ``phone``; returns the number as stored. Raises ``Invalid`` on ``code`` with what to do.

    The try is counted before the code is looked at, each by a conditional UPDATE: guesses sent at once get five together.
    """
    take(TRIES_PER_IP, ip, now=now)
    number = mobile_number(phone)
    row = OneTimeCode.objects.filter(phone=number).order_by("-created_at", "-pk").first()
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise _wrong(_("验证码已失效，请重新获取。"))
    open_rows = OneTimeCode.objects.filter(pk=row.pk, used_at=None)
    if not open_rows.filter(tries__lt=MAX_TRIES).update(tries=F("tries") + 1):
        raise _wrong(_("输错次数过多，请重新获取验证码。"))
    if not constant_time_compare(row.code_hash, _hash(number, code.strip())):
        raise _wrong(_("验证码不对，请再核对一下短信。"))
    if not open_rows.update(used_at=now):
        raise _wrong(_("验证码已经用过，请重新获取。"))
    return number


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"code": sentence})
