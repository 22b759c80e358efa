"""DingTalk robot in a group: signed by timestamp and secret; 20 messages a minute, then ten minutes of silence."""

import base64
import hmac
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.core.clock import now
from linsheng.messaging.adapters.base import Config, Field, Message, Words
from linsheng.messaging.adapters.http import JSON_TYPE, MINUTE, Said, as_json, ask, base_of, clipped, judged, told
from linsheng.messaging.adapters.wecom import plain
from linsheng.messaging.models import Channel

_LIMITED = Said(_("一分钟内发得太多，被限流。"), timedelta(minutes=10))
_TOKEN = _("access_token 不对，或机器人已被移除。")
MEANINGS: Mapping[str, Said] = {
    "-1": Said(_("钉钉暂时忙。"), MINUTE),
    "310000": Said(_("安全设置不符：请核对加签密钥、服务器时钟，以及关键词和 IP 白名单。")),
    "300001": Said(_TOKEN),
    "300005": Said(_TOKEN),
    "40014": Said(_TOKEN),
    "400101": Said(_TOKEN),
    "400102": Said(_("机器人已被停用。")),
    "400105": Said(_("消息格式不对。")),
    "400106": Said(_("机器人不存在。")),
    "400013": Said(_("群已解散。")),
    "410100": _LIMITED,
    "90030": _LIMITED,
    "130101": _LIMITED,
    "430101": Said(_("消息里有不安全的链接。")),
    "430102": Said(_("消息里有不合适的文字。")),
}


def sign(secret: str, timestamp: str) -> str:
    """base64(HMAC-SHA256(secret, timestamp + newline + secret))"""
    found = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), sha256).digest()
    return base64.b64encode(found).decode()


def token_in(text: str) -> str:
    """The token alone, or out of the whole address that DingTalk shows."""
    return parse_qs(urlsplit(text.strip()).query).get("access_token", [""])[0] if "access_token=" in text else text.strip()


class DingtalkRobot:
    """钉钉群机器人."""

    key: ClassVar[str] = "dingtalk"
    channel: ClassVar[str] = Channel.DINGTALK
    label: ClassVar[Words] = _("钉钉群机器人")
    needs: ClassVar[Words] = _(
        "在钉钉群里添加“自定义机器人”，安全设置选“加签”，把 Webhook 地址（或其中的 access_token）和 SEC 开头的密钥贴到这里。"
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("token", _("Webhook 地址或 access_token"), secret=True),
        Field("secret", _("加签密钥"), secret=True, help=_("以 SEC 开头。")),
    )
    repeatable: ClassVar[bool] = False
    per_minute: ClassVar[int] = 20

    def check(self, config: Config) -> dict[str, str]:
        wrong = {}
        if not (token_in(config["token"]).isalnum() and token_in(config["token"]).isascii()):
            wrong["token"] = gettext("请贴上完整的 Webhook 地址，或其中 access_token= 后面的部分。")
        if not config["secret"].startswith("SEC"):
            wrong["secret"] = gettext("加签密钥以 SEC 开头；请在机器人的安全设置里选“加签”。")
        return wrong

    def send(self, message: Message, config: Config) -> str:
        timestamp = str(int(now().timestamp() * 1000))
        query = {"access_token": token_in(config["token"]), "timestamp": timestamp, "sign": sign(config["secret"], timestamp)}
        link = f"\n\n[{gettext('查看详情')}]({message.link})" if message.link else ""
        words = clipped(f"#### {plain(message.title)}\n{plain(message.body)}".strip(), 18_000) + link
        said = {"msgtype": "markdown", "markdown": {"title": message.title, "text": words}}
        address = f"{base_of('dingtalk')}/robot/send?{urlencode(query)}"
        found = told(ask("POST", address, body=as_json(said), headers={"Content-Type": JSON_TYPE}, repeatable=False))
        if code := found.get("errcode"):
            raise judged(str(code), str(found.get("errmsg", "")), MEANINGS)
        return ""
