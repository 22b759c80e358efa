"""What text message providers report back: their formats, and how we know that it is they.

Aliyun and Tencent sign nothing: they are told an address that nobody else knows. A gateway of the company's own signs as we do.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.crypto import salted_hmac

from linsheng.messaging.adapters.sms_http import signature
from linsheng.messaging.configuring import secrets_of
from linsheng.messaging.models import ChannelSetting

LARGEST = 256 * 1024
MOST = 1000
WINDOW = timedelta(minutes=5)


@dataclass(frozen=True)
class Receipt:
    """The end of one message: by the provider's own number or by the identity that we gave it."""

    number: str
    identity: str
    arrived: bool
    words: str


def token_of(setting: ChannelSetting) -> str:
    """The unguessable part of the address for receipts; another setting, another one."""
    mark = f"{setting.pk}\n{setting.created_at.isoformat()}"
    return salted_hmac("linsheng.messaging.receipts", mark, algorithm="sha256").hexdigest()[:32]


def is_theirs(setting: ChannelSetting, *, token: str, timestamp: str, given: str, body: bytes, now: datetime) -> bool:
    """Whether the call knows the address and, for a gateway, carries a fresh signature."""
    if not hmac.compare_digest(token_of(setting).encode(), token.encode()):
        return False
    if setting.provider != "http":
        return True
    secret = secrets_of(setting).get("secret", "")
    if not secret or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    fresh = abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()
    return fresh and hmac.compare_digest(signature(secret, timestamp, body).encode(), given.strip().encode())


def read(provider: str, body: bytes) -> list[Receipt] | None:
    """The receipts in a body; None for what is none."""
    if len(body) > LARGEST:
        return None
    try:
        found = json.loads(body)
    except ValueError:
        return None
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        return None
    reader = {"aliyun": _aliyun, "tencent": _tencent}.get(provider, _plain)
    return [receipt for row in rows[:MOST] for receipt in reader(row)]


def _text(row: Mapping[str, Any], name: str, longest: int = 200) -> str:
    return str(row.get(name) or "")[:longest]


def _aliyun(row: Mapping[str, Any]) -> Iterator[Receipt]:
    """SmsReport: ``success``, ``err_code``, ``err_msg``, ``biz_id``, ``out_id``."""
    if isinstance(arrived := row.get("success"), bool):
        words = " ".join(filter(None, (_text(row, "err_code", 60), _text(row, "err_msg", 120))))
        yield Receipt(_text(row, "biz_id", 100), _text(row, "out_id"), arrived, words)


def _tencent(row: Mapping[str, Any]) -> Iterator[Receipt]:
    """``report_status`` SUCCESS or FAIL, ``errmsg``, ``description``, ``sid``."""
    if row.get("report_status") in ("SUCCESS", "FAIL"):
        words = " ".join(filter(None, (_text(row, "errmsg", 60), _text(row, "description", 120))))
        yield Receipt(_text(row, "sid", 100), "", row["report_status"] == "SUCCESS", words)


def _plain(row: Mapping[str, Any]) -> Iterator[Receipt]:
    """``id`` (ours), ``state`` delivered or failed, ``words``."""
    if row.get("state") in ("delivered", "failed"):
        yield Receipt("", _text(row, "id"), row["state"] == "delivered", _text(row, "words"))


# What each wants to hear, or it reports again.
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "aliyun": {"code": 0, "msg": "成功"},
    "tencent": {"result": 0, "errmsg": "OK"},
    "http": {"ok": True},
}
