"""WeCom group robot: one POST to the robot's own address; 20 messages a minute."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.messaging.adapters.base import Config, Field, Message, Words
from linsheng.messaging.adapters.http import JSON_TYPE, MINUTE, Said, as_json, ask, base_of, clipped, judged, told
from linsheng.messaging.models import Channel

_GONE = _("机器人的 key 不对，或机器人已被移出群。")
MEANINGS: Mapping[str, Said] = {
    "-1": Said(_("企业微信暂时忙。"), MINUTE),
    "45009": Said(_("一分钟内发得太多，被限流。"), timedelta(minutes=1)),
    "45033": Said(_("一分钟内发得太多，被限流。"), timedelta(minutes=1)),
    "93000": Said(_GONE),
    "93004": Said(_("机器人已被停用。")),
    "93008": Said(_GONE),
    "40008": Said(_("消息格式不对。")),
    "40058": Said(_("消息内容不合要求。")),
    "44004": Said(_("消息是空的。")),
    "45002": Said(_("消息太长。")),
}


def key_in(text: str) -> str:
    """The key alone, or out of the whole address that WeCom shows."""
    return parse_qs(urlsplit(text.strip()).query).get("key", [""])[0] if "key=" in text else text.strip()


class WecomRobot:
    """企业微信群机器人."""

    key: ClassVar[str] = "wecom"
    channel: ClassVar[str] = Channel.WECOM
    label: ClassVar[Words] = _("企业微信群机器人")
    needs: ClassVar[Words] = _("在企业微信群里点“群设置 › 群机器人 › 添加”，把得到的 Webhook 地址（或其中的 key）贴到这里。")
    fields: ClassVar[tuple[Field, ...]] = (
        Field("key", _("Webhook 地址或 key"), secret=True),
        Field("format", _("消息格式"), initial="markdown", choices=(("markdown", "Markdown"), ("text", _("纯文本")))),
    )
    repeatable: ClassVar[bool] = False
    per_minute: ClassVar[int] = 20

    def check(self, config: Config) -> dict[str, str]:
        key = key_in(config["key"])
        plain = key.replace("-", "").isalnum() and key.isascii() and len(key) >= 8
        return {} if plain else {"key": gettext("请贴上完整的 Webhook 地址，或其中 key= 后面的部分。")}

    def send(self, message: Message, config: Config) -> str:
        address = f"{base_of('wecom')}/cgi-bin/webhook/send?{urlencode({'key': key_in(config['key'])})}"
        said = self._text(message) if config.get("format") == "text" else self._markdown(message)
        found = told(ask("POST", address, body=as_json(said), headers={"Content-Type": JSON_TYPE}, repeatable=False))
        if code := found.get("errcode"):
            raise judged(str(code), str(found.get("errmsg", "")), MEANINGS)
        return ""

    def _markdown(self, message: Message) -> dict[str, object]:
        link = f"\n[{gettext('查看详情')}]({message.link})" if message.link else ""
        room = 4096 - len(link.encode())
        words = clipped(f"**{plain(message.title)}**\n{plain(message.body)}".strip(), room)
        return {"msgtype": "markdown", "markdown": {"content": words + link}}

    def _text(self, message: Message) -> dict[str, object]:
        words = clipped(f"{message.title}\n{message.body}".strip(), 2048 - len(message.link.encode()) - 1)
        return {"msgtype": "text", "text": {"content": f"{words}\n{message.link}".strip()}}


def plain(text: str) -> str:
    """People's words inside Markdown: nothing in them becomes a link, a mention or a heading."""
    kept = text.replace("\\", "＼").replace("<", "＜").replace(">", "＞").replace("[", "［").replace("]", "］")
    return kept.replace("*", "＊").replace("#", "＃").replace("`", "｀").replace("@", "＠")
