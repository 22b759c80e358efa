"""Text messages through any gateway that speaks our plain protocol: signed JSON by POST (docs/operations.md)."""

import hmac
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.core import outward
from linsheng.messaging.adapters.base import Config, Field, Message, PermanentError, Words
from linsheng.messaging.adapters.http import JSON_TYPE, as_json, ask, told
from linsheng.messaging.models import Channel

TIMESTAMP, SIGNATURE = "X-Linsheng-Timestamp", "X-Linsheng-Signature"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``sha256=`` and hex(HMAC-SHA256(secret, timestamp + "." + body))."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def signed_headers(secret: str, body: bytes, identity: str) -> dict[str, str]:
    timestamp = str(int(time.time()))
    return {
        "Content-Type": JSON_TYPE,
        "Idempotency-Key": identity.strip("<>"),
        TIMESTAMP: timestamp,
        SIGNATURE: signature(secret, timestamp, body),
    }


class HttpSms:
    """A gateway of the company's own, or a small bridge to a provider that is not among ours."""

    key: ClassVar[str] = "http"
    channel: ClassVar[str] = Channel.SMS
    label: ClassVar[Words] = _("通用 HTTP 网关")
    needs: ClassVar[Words] = _(
        "自建或第三方网关，按运维文档里的格式接收带签名的 JSON。同一编号（Idempotency-Key）收到两次须只发一条。"
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("url", _("接口地址"), help=_("https:// 开头。内网地址要由运维写进 OUTGOING_PRIVATE_HOSTS。")),
        Field("secret", _("签名密钥"), secret=True, help=_("至少 16 个字符；网关用它核对签名。")),
        Field("sign", _("短信签名"), required=False, help=_("放在【】里的公司名，按网关要求填写或留空。")),
    )
    repeatable: ClassVar[bool] = True
    per_minute: ClassVar[int] = 0

    def check(self, config: Config) -> dict[str, str]:
        wrong = {}
        try:
            outward.parsed(config["url"])
        except outward.Refused as error:
            wrong["url"] = str(error)
        if len(config["secret"]) < 16:
            wrong["secret"] = gettext("签名密钥至少 16 个字符。")
        return wrong

    def send(self, message: Message, config: Config) -> str:
        body = as_json(self._said(message, config))
        headers = signed_headers(config["secret"], body, message.identity)
        answer = ask("POST", config["url"], body=body, headers=headers, trusted=False)
        if not 200 <= answer.status < 300:
            raise PermanentError(self._refusal(answer))
        return str(told(answer).get("id", ""))[:100] if answer.body.strip() else ""

    def _said(self, message: Message, config: Config) -> Mapping[str, str]:
        sign = f"【{config['sign']}】" if config.get("sign") else ""
        words = message.body if message.code else f"{message.title} {message.link}".strip()
        said = {"id": message.identity.strip("<>"), "phone": message.to, "text": f"{sign}{words}"}
        return {**said, "code": message.code} if message.code else said

    def _refusal(self, answer: outward.Answer) -> str:
        try:
            detail = str(told(answer).get("error", ""))[:200]
        except PermanentError:
            detail = ""
        if answer.status in (401, 403):
            return gettext("网关不认签名，请核对签名密钥和两边的时钟。%(detail)s") % {"detail": detail}
        return gettext("网关没有收下（HTTP %(status)s）。%(detail)s") % {"status": answer.status, "detail": detail}
