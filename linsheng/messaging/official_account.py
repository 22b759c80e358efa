"""What WeChat's servers say to a company's account: the check of the address, and messages of its readers.

Plain mode (明文模式) of the platform's server configuration. Whoever calls proves to know the token; only a message of ten minutes
is taken, and what is in it can do no more than the person could who wrote it.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from linsheng.core.errors import DomainError
from linsheng.messaging.actions import link_wechat, unlink_wechat
from linsheng.messaging.actions.personal import code_in
from linsheng.messaging.configuring import secrets_of
from linsheng.messaging.models import ChannelSetting, WechatLink

FRESH = timedelta(minutes=10)
LARGEST = 64 * 1024
SCANS = ("SCAN", "subscribe")
LINKING, UNLINKING = ("绑定", "綁定", "LINK"), ("解绑", "解綁", "UNLINK")


@dataclass(frozen=True)
class Heard:
    """A message or an event."""

    openid: str
    account: str
    kind: str
    text: str = ""
    event: str = ""
    key: str = ""


def signed(setting: ChannelSetting, *, signature: str, timestamp: str, nonce: str, now: datetime) -> bool:
    """Whether it comes from WeChat: SHA-1 over the sorted token, timestamp and nonce, as the platform wants it."""
    token = secrets_of(setting).get("token", "")
    if not token or not timestamp.isascii() or not timestamp.isdigit():
        return False
    # SHA-1 is what their protocol names; the token is the secret in it.
    wanted = sha1("".join(sorted([token, timestamp, nonce])).encode(), usedforsecurity=False).hexdigest()
    fresh = abs(now.timestamp() - int(timestamp[:12])) <= FRESH.total_seconds()
    return hmac.compare_digest(wanted.encode(), signature.encode()) and fresh


def heard(body: bytes) -> Heard | None:
    """The message; None for what is none. A document that declares anything is not read: entities are how XML bites."""
    if len(body) > LARGEST or b"<!" in body.replace(b"<![CDATA[", b""):
        return None
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - bounded, without declarations
    except ElementTree.ParseError:
        return None

    def said(name: str) -> str:
        return (root.findtext(name) or "").strip()

    if not said("FromUserName"):
        return None
    return Heard(
        openid=said("FromUserName")[:64],
        account=said("ToUserName")[:64],
        kind=said("MsgType"),
        text=said("Content")[:500],
        event=said("Event"),
        key=said("EventKey")[:100],
    )


def answer(setting: ChannelSetting, found: Heard, now: datetime) -> str:
    """What is done with it, and what the reader is told; empty where it is none of our business."""
    company = setting.organisation_id
    if found.kind == "event":
        if found.event == "unsubscribe":
            _unlinked(company, found.openid, now)
            return ""
        code = code_in(found.key.removeprefix("qrscene_")) if found.event in SCANS else ""
        return _linked(company, found.openid, code, now) if code else ""
    if found.kind != "text":
        return ""
    words = found.text.strip().upper()
    if words.startswith(UNLINKING):
        return _("已解除绑定。") if _unlinked(company, found.openid, now) else _("这个微信没有绑定。")
    code = code_in(words)
    if code or words.startswith(LINKING):
        return _linked(company, found.openid, code, now)
    return ""


def _linked(company: int, openid: str, code: str, now: datetime) -> str:
    try:
        link = link_wechat(organisation_id=company, openid=openid, code=code, now=now)
    except DomainError as error:
        return str(error.message)
    name = link.user.name[:1]
    return _("已绑定 %(name)s** 的账号，以后的通知会发到这里。回复“解绑”可以解除。") % {"name": name}


def _unlinked(company: int, openid: str, now: datetime) -> bool:
    link = WechatLink.objects.filter(organisation_id=company, openid=openid).select_related("user").first()
    if link is None:
        return False
    unlink_wechat(link=link, by=link.user, now=now)
    return True


def as_reply(found: Heard, words: str, now: datetime) -> bytes:
    """A text message back, in WeChat's own form."""
    return (
        f"<xml><ToUserName>{escape(found.openid)}</ToUserName><FromUserName>{escape(found.account)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime><MsgType>text</MsgType><Content>{escape(words)}</Content></xml>"
    ).encode()
