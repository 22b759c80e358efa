"""Push to browsers: what arrives says only that there is something; it is read on our own page, signed in."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.core.clock import now
from linsheng.messaging import push
from linsheng.messaging.adapters.base import Config, Field, GoneError, Message, PermanentError, Words
from linsheng.messaging.adapters.http import ask
from linsheng.messaging.models import Channel, PushSubscription

PREFIX = "push-"
DAY = 24 * 60 * 60
OVER = (404, 410)


def subscription_of(address: str) -> PushSubscription | None:
    """The browser behind a delivery's address."""
    number = address.removeprefix(PREFIX)
    return PushSubscription.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None


class WebPush:
    """浏览器推送（Web Push）."""

    key: ClassVar[str] = "webpush"
    channel: ClassVar[str] = Channel.PUSH
    label: ClassVar[Words] = _("浏览器推送")
    needs: ClassVar[Words] = _(
        "不用申请。本站须用 https 打开；每个人在“通知设置”里为自己的浏览器打开。"
        "服务器要能访问浏览器厂商的推送服务，国内部分浏览器没有。"
    )
    fields: ClassVar[tuple[Field, ...]] = (Field("contact", _("运维邮箱"), help=_("推送服务有事时找谁，例如机房的邮箱。")),)
    # ``Topic``: what still waits is replaced by its repetition; the worker shows one message an identity.
    repeatable: ClassVar[bool] = True
    per_minute: ClassVar[int] = 0

    def check(self, config: Config) -> dict[str, str]:
        contact = config["contact"]
        right = "@" in contact and not any(character.isspace() for character in contact)
        return {} if right else {"contact": gettext("请填写正确的邮箱地址。")}

    def send(self, message: Message, config: Config) -> str:
        found = subscription_of(message.to)
        if found is None:
            raise GoneError(gettext("这个浏览器已不再接收推送。"))
        mark = sha256(message.identity.encode()).hexdigest()[:32]
        body = push.encrypted(self._said(message, mark), p256dh=push.decoded(found.p256dh), auth=push.decoded(found.auth))
        answer = ask("POST", found.endpoint, body=body, headers=self._headers(found, config, mark), trusted=False)
        if answer.status in OVER:
            raise GoneError(gettext("这个浏览器已不再接收推送。"))
        if not 200 <= answer.status < 300:
            raise PermanentError(gettext("推送服务没有收下（HTTP %(status)s）。") % {"status": answer.status})
        return answer.headers.get("Location", "")[-100:]

    def _said(self, message: Message, mark: str) -> bytes:
        """No words of anybody, whoever stands beside the screen."""
        said = {
            "title": message.kind or message.title,
            "body": gettext("有一条新的通知，请打开查看"),
            "url": "/notices/",
            "tag": mark,
        }
        return json.dumps(said, ensure_ascii=False).encode()

    def _headers(self, found: PushSubscription, config: Config, mark: str) -> Mapping[str, str]:
        return {
            "Authorization": push.authorization(found.endpoint, contact=config["contact"], now=now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(DAY),
            "Topic": mark,
            "Urgency": "normal",
        }
