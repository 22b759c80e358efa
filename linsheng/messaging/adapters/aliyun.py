"""Alibaba Cloud text messages: SendSms (2017-05-25), signed as ACS3-HMAC-SHA256."""

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import ClassVar
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_lazy as _

from linsheng.core.clock import now
from linsheng.messaging.adapters import templates
from linsheng.messaging.adapters.base import Config, Field, Message, PermanentError, Words
from linsheng.messaging.adapters.http import HOUR, MINUTE, Said, ask, base_of, judged, told
from linsheng.messaging.models import Channel

ALGORITHM = "ACS3-HMAC-SHA256"
_KEY = _("AccessKey 不对或没有权限，请核对 AccessKey ID、Secret 和 RAM 授权。")
_TEMPLATE = _("模板有问题，请核对模板编号、是否审核通过，以及模板变量是否一一对应。")
MEANINGS: Mapping[str, Said] = {
    "isv.BUSINESS_LIMIT_CONTROL": Said(_("这个号码收得太频繁，被限流。"), HOUR),
    "isv.DAY_LIMIT_CONTROL": Said(_("今天的发送量到了上限。"), HOUR),
    "isv.MOBILE_NUMBER_ILLEGAL": Said(_("手机号不对。")),
    "isv.MOBILE_COUNT_OVER_LIMIT": Said(_("一次发送的号码太多。")),
    "isv.SMS_SIGNATURE_ILLEGAL": Said(_("短信签名没有审核通过或写得不一样。")),
    "isv.SMS_SIGN_ILLEGAL": Said(_("短信签名没有审核通过或写得不一样。")),
    "isv.SIGN_NAME_ILLEGAL": Said(_("短信签名没有审核通过或写得不一样。")),
    "isv.SMS_TEMPLATE_ILLEGAL": Said(_TEMPLATE),
    "isv.TEMPLATE_MISSING_PARAMETERS": Said(_TEMPLATE),
    "isv.TEMPLATE_PARAMS_ILLEGAL": Said(_TEMPLATE),
    "isv.INVALID_JSON_PARAM": Said(_TEMPLATE),
    "isv.PARAM_LENGTH_LIMIT": Said(_TEMPLATE),
    "isv.PARAM_NOT_SUPPORT_URL": Said(_("模板变量里不能放网址：请在模板正文里写好域名，变量只填 {path}。")),
    "isv.BLACK_KEY_CONTROL_LIMIT": Said(_("内容里有服务商不允许的词。")),
    "isv.AMOUNT_NOT_ENOUGH": Said(_("账户余额不足，请充值。"), HOUR),
    "isv.OUT_OF_SERVICE": Said(_("账户已停机，请充值。"), HOUR),
    "isv.ACCOUNT_NOT_EXISTS": Said(_("账户不存在。")),
    "isv.ACCOUNT_ABNORMAL": Said(_("账户异常，请联系阿里云。")),
    "isv.PRODUCT_UN_SUBSCRIPT": Said(_("没有开通短信服务。")),
    "isp.RAM_PERMISSION_DENY": Said(_KEY),
    "isp.SYSTEM_ERROR": Said(_("服务商暂时出错。"), MINUTE),
    "InvalidAccessKeyId.NotFound": Said(_KEY),
    "InvalidAccessKeyId.Inactive": Said(_KEY),
    "SignatureDoesNotMatch": Said(_KEY),
    "NoPermission": Said(_KEY),
    "Throttling.User": Said(_("请求太频繁，被限流。"), MINUTE),
    "Throttling": Said(_("请求太频繁，被限流。"), MINUTE),
    "InvalidTimeStamp.Expired": Said(_("服务器的时钟不准，请对时。"), MINUTE),
    "ServiceUnavailable": Said(_("服务商暂时出错。"), MINUTE),
}


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")


def authorization(
    key_id: str, secret: str, *, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes = b""
) -> str:
    """The Authorization header of signature version 3. ``headers`` are those that are signed, lower case."""
    canonical_query = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in sorted(query.items()))
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = f"{method}\n{path}\n{canonical_query}\n{lines}\n{names}\n{sha256(body).hexdigest()}"
    to_sign = f"{ALGORITHM}\n{sha256(canonical.encode()).hexdigest()}"
    signed = hmac.new(secret.encode(), to_sign.encode(), sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signed}"


def signed_headers(action: str, query: Mapping[str, str], config: Config, *, host: str, at: datetime) -> dict[str, str]:
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-version": "2017-05-25",
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-content-sha256": sha256(b"").hexdigest(),
    }
    given = {"method": "POST", "path": "/", "query": query, "headers": headers}
    return {**headers, "Authorization": authorization(config["key_id"], config["key_secret"], **given)}  # type: ignore[arg-type]


class AliyunSms:
    """阿里云短信服务."""

    key: ClassVar[str] = "aliyun"
    channel: ClassVar[str] = Channel.SMS
    label: ClassVar[Words] = _("阿里云短信")
    needs: ClassVar[Words] = _(
        "在阿里云开通短信服务，申请签名和模板（通知、验证码各一个），建一个只有短信发送权限的 RAM 用户并取得 AccessKey。"
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("key_id", "AccessKey ID"),
        Field("key_secret", "AccessKey Secret", secret=True),
        Field("sign", _("短信签名"), help=_("审核通过的签名，不带【】。")),
        Field("template", _("通知模板编号"), help="SMS_123456789"),
        Field(
            "params",
            _("通知模板变量"),
            initial="title={title}",
            lines=True,
            required=False,
            help=_(
                "每行一个“变量名=内容”，内容可用 {title} {kind} {time} {path}；"
                "变量里不能放网址，把域名写在模板正文里，变量填 {path}。"
            ),
        ),
        Field("code_template", _("验证码模板编号"), required=False, help=_("不填就不用它发登录验证码。变量名为 code。")),
    )
    # OutId does not stop a second message.
    repeatable: ClassVar[bool] = False
    per_minute: ClassVar[int] = 0

    def check(self, config: Config) -> dict[str, str]:
        try:
            templates.pairs(config.get("params", ""))
        except ValueError as error:
            return {"params": str(error)}
        return {}

    def send(self, message: Message, config: Config) -> str:
        query = self._query(message, config)
        base = base_of("aliyun")
        headers = signed_headers("SendSms", query, config, host=urlsplit(base).netloc, at=now())
        address = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in query.items())
        found = told(ask("POST", f"{base}/?{address}", headers=headers, repeatable=False))
        code = str(found.get("Code", ""))
        if code != "OK":
            raise judged(code, str(found.get("Message", "")), MEANINGS, transient=code.startswith(("isp.", "Throttling")))
        return str(found.get("BizId", ""))[:100]

    def _query(self, message: Message, config: Config) -> dict[str, str]:
        template = config.get("code_template", "") if message.code else config["template"]
        if not template:
            raise PermanentError(str(_("没有填验证码模板编号。")))
        said = templates.words_of(message)
        wanted = [("code", "{code}")] if message.code else templates.pairs(config.get("params", ""))
        params = {name: templates.filled(pattern, said, 35) for name, pattern in wanted}
        return {
            "PhoneNumbers": message.to,
            "SignName": config["sign"],
            "TemplateCode": template,
            "TemplateParam": json.dumps(params, ensure_ascii=False, separators=(",", ":")),
            "OutId": message.identity.strip("<>")[:255],
        }
