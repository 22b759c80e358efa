"""WeChat Official Account: template messages, and the access token that they need."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.cache import cache
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.core.sealing import opened, sealed
from linsheng.messaging.adapters import templates
from linsheng.messaging.adapters.base import Config, DeliveryError, Field, GoneError, Message, PermanentError, Words
from linsheng.messaging.adapters.http import HOUR, JSON_TYPE, MINUTE, Said, as_json, ask, base_of, judged, told
from linsheng.messaging.models import Channel

PURPOSE = "messaging.wechat"
# The token was withdrawn, ran out, or is none: fetch another and try once more.
STALE = frozenset({40001, 40014, 42001})
# The person is no reader of the account any more.
GONE = frozenset({40003, 43004, 43101})
MEANINGS: Mapping[str, Said] = {
    "-1": Said(_("微信暂时忙。"), MINUTE),
    "40001": Said(_("AppSecret 不对，或 access_token 失效。")),
    "40013": Said(_("AppID 不对。")),
    "40125": Said(_("AppSecret 不对。")),
    "40164": Said(_("服务器的 IP 不在公众号的白名单里，请在公众平台“基本配置”里加上。")),
    "40243": Said(_("AppSecret 已被冻结。")),
    "40003": Said(_("这个 openid 不属于公众号，对方需要重新绑定。")),
    "43004": Said(_("对方没有关注公众号。")),
    "43101": Said(_("对方拒收这类消息。")),
    "40037": Said(_("模板编号不对。")),
    "47003": Said(_("模板字段对不上，请核对字段名和内容长度。")),
    "45009": Said(_("公众号今天的发送量到了上限。"), HOUR),
    "45011": Said(_("请求太频繁，被限流。"), MINUTE),
    "48001": Said(_("公众号没有模板消息权限（需要认证的服务号）。")),
    "50002": Said(_("公众号被限制使用。")),
    "89503": Said(_("这次调用要公众号管理员确认，请看微信里的提醒。")),
}


def _slot(config: Config) -> str:
    return "wechat-token-" + sha256(f"{config['app_id']}\n{config['app_secret']}".encode()).hexdigest()[:40]


def access_token(config: Config, *, fresh: bool = False) -> str:
    """The account's token, kept (sealed) for all processes until shortly before it ends; ``fresh`` asks for another one."""
    kept = "" if fresh else opened(cache.get(_slot(config), ""), purpose=PURPOSE)
    if kept:
        return kept
    asked = {"grant_type": "client_credential", "appid": config["app_id"], "secret": config["app_secret"], "force_refresh": fresh}
    found = told(ask("POST", f"{base_of('wechat')}/cgi-bin/stable_token", body=as_json(asked), headers={"Content-Type": JSON_TYPE}))
    token = str(found.get("access_token", ""))
    if not token:
        raise trouble(found)
    seconds = max(int(found.get("expires_in", 7200)) - 300, 30)
    cache.set(_slot(config), sealed(token, purpose=PURPOSE), seconds)
    return token


def trouble(found: Mapping[str, Any]) -> DeliveryError:
    code = int(found.get("errcode", -1))
    error = judged(str(code), str(found.get("errmsg", "")), MEANINGS)
    return GoneError(str(error)) if code in GONE else error


def openid_of(code: str, config: Config) -> str:
    """Who came back from WeChat's page of consent with ``code``."""
    query = {"appid": config["app_id"], "secret": config["app_secret"], "code": code, "grant_type": "authorization_code"}
    found = told(ask("GET", f"{base_of('wechat')}/sns/oauth2/access_token?{urlencode(query)}"))
    if not found.get("openid"):
        raise trouble(found)
    return str(found["openid"])


def consent_page(config: Config, *, back: str, state: str) -> str:
    """Where a person is sent so that WeChat says who they are; works inside WeChat only."""
    query = {"appid": config["app_id"], "redirect_uri": back, "response_type": "code", "scope": "snsapi_base", "state": state}
    return f"{base_of('wechat_open')}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"


class WechatTemplate:
    """微信公众号模板消息."""

    key: ClassVar[str] = "wechat"
    channel: ClassVar[str] = Channel.WECHAT
    label: ClassVar[Words] = _("微信公众号模板消息")
    needs: ClassVar[Words] = _(
        "需要认证的服务号：在公众平台取得 AppID、AppSecret，把服务器 IP 加入白名单，"
        "从模板库选一个模板，并在“服务器配置”里填保存后显示的回调地址（明文模式），居民才能绑定微信。"
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("app_id", "AppID", help="wx…"),
        Field("app_secret", "AppSecret", secret=True),
        Field("account", _("公众号名称或微信号"), required=False, help=_("居民要在微信里搜它来绑定，会显示在他们的“通知设置”里。")),
        Field(
            "token",
            _("服务器配置的 Token"),
            secret=True,
            required=False,
            help=_("绑定微信要用：与公众平台“服务器配置”里填的相同。"),
        ),
        Field("template", _("模板编号")),
        Field(
            "fields",
            _("模板字段"),
            initial="thing2={title}\ntime3={time}",
            lines=True,
            help=_("每行一个“字段名=内容”，照公众平台模板详情里的字段名；内容可用 {title} {kind} {time}。thing 类最多 20 个字。"),
        ),
    )
    # ``client_msg_id``: the same one within ten minutes is one message.
    repeatable: ClassVar[bool] = True
    per_minute: ClassVar[int] = 0

    def check(self, config: Config) -> dict[str, str]:
        try:
            found = templates.pairs(config["fields"])
        except ValueError as error:
            return {"fields": str(error)}
        return {} if found else {"fields": gettext("请至少填写一个字段。")}

    def send(self, message: Message, config: Config) -> str:
        body = as_json(self._said(message, config))
        found = self._post(body, access_token(config))
        if found.get("errcode") in STALE:
            found = self._post(body, access_token(config, fresh=True))
        if found.get("errcode"):
            raise trouble(found)
        return str(found.get("msgid", ""))[:100]

    def _post(self, body: bytes, token: str) -> dict[str, Any]:
        address = f"{base_of('wechat')}/cgi-bin/message/template/send?{urlencode({'access_token': token})}"
        return told(ask("POST", address, body=body, headers={"Content-Type": JSON_TYPE}))

    def _said(self, message: Message, config: Config) -> dict[str, object]:
        said = templates.words_of(message)
        try:
            data = {
                name: {"value": templates.filled(words, said, 20 if name.startswith("thing") else 200)}
                for name, words in templates.pairs(config["fields"])
            }
        except ValueError as error:
            raise PermanentError(str(error)) from error
        identity = sha256(message.identity.encode()).hexdigest()[:32]
        return {
            "touser": message.to,
            "template_id": config["template"],
            "url": message.link,
            "client_msg_id": identity,
            "data": data,
        }
