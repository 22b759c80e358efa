"""Tencent Cloud text messages: SendSms (2021-01-11), signed as TC3-HMAC-SHA256."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from linsheng.core.clock import now
from linsheng.messaging.adapters import templates
from linsheng.messaging.adapters.base import Config, Field, Message, PermanentError, Words
from linsheng.messaging.adapters.http import HOUR, MINUTE, Said, as_json, ask, base_of, judged, told
from linsheng.messaging.models import Channel

ALGORITHM, SERVICE, VERSION = "TC3-HMAC-SHA256", "sms", "2021-01-11"
TYPE = "application/json; charset=utf-8"
_KEY = _("SecretId 或 SecretKey 不对，或没有短信权限。")
_SIGN = _("短信签名没有审核通过或写得不一样。")
_TEMPLATE = _("模板有问题，请核对模板编号、是否审核通过，以及变量的个数和顺序。")
MEANINGS: Mapping[str, Said] = {
    "AuthFailure.SignatureFailure": Said(_KEY),
    "AuthFailure.SecretIdNotFound": Said(_KEY),
    "AuthFailure.SignatureExpire": Said(_("服务器的时钟不准，请对时。"), MINUTE),
    "AuthFailure.UnauthorizedOperation": Said(_KEY),
    "UnauthorizedOperation": Said(_KEY),
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": Said(_("SdkAppId 不对，或不属于这个账号。")),
    "InvalidParameterValue.SdkAppIdNotExist": Said(_("SdkAppId 不对，或不属于这个账号。")),
    "FailedOperation.SignatureIncorrectOrUnapproved": Said(_SIGN),
    "FailedOperation.MissingSignature": Said(_SIGN),
    "FailedOperation.TemplateIncorrectOrUnapproved": Said(_TEMPLATE),
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": Said(_TEMPLATE),
    "FailedOperation.TemplateUnapprovedOrNotExist": Said(_TEMPLATE),
    "InvalidParameterValue.TemplateParameterFormatError": Said(_TEMPLATE),
    "InvalidParameterValue.TemplateParameterLengthLimit": Said(_TEMPLATE),
    "FailedOperation.InsufficientBalanceInSmsPackage": Said(_("短信套餐余量不足，请购买。"), HOUR),
    "FailedOperation.PhoneNumberInBlacklist": Said(_("这个号码在免打扰名单里。")),
    "FailedOperation.ContainSensitiveWord": Said(_("内容里有服务商不允许的词。")),
    "InvalidParameterValue.IncorrectPhoneNumber": Said(_("手机号不对。")),
    "LimitExceeded.PhoneNumberDailyLimit": Said(_("这个号码今天收得太多，被限流。"), HOUR),
    "LimitExceeded.PhoneNumberOneHourLimit": Said(_("这个号码一小时内收得太多，被限流。"), HOUR),
    "LimitExceeded.PhoneNumberThirtySecondLimit": Said(_("这个号码收得太频繁，被限流。"), MINUTE),
    "LimitExceeded.PhoneNumberSameContentDailyLimit": Said(_("同样的内容今天已经发过几次，被限流。"), HOUR),
    "LimitExceeded.AppDailyLimit": Said(_("今天的发送量到了上限。"), HOUR),
    "RequestLimitExceeded": Said(_("请求太频繁，被限流。"), MINUTE),
    "InternalError": Said(_("服务商暂时出错。"), MINUTE),
    "InternalError.Timeout": Said(_("服务商暂时出错。"), MINUTE),
}


def _keyed(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), sha256).digest()


def authorization(secret_id: str, secret_key: str, *, service: str, headers: Mapping[str, str], body: bytes, timestamp: int) -> str:
    """The Authorization header of a POST to ``/``. ``headers`` are those that are signed, lower case with lower case values."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{sha256(body).hexdigest()}"
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    to_sign = f"{ALGORITHM}\n{timestamp}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = _keyed(_keyed(_keyed(f"TC3{secret_key}".encode(), date), service), "tc3_request")
    signed = hmac.new(key, to_sign.encode(), sha256).hexdigest()
    return f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signed}"


class TencentSms:
    """腾讯云短信."""

    key: ClassVar[str] = "tencent"
    channel: ClassVar[str] = Channel.SMS
    label: ClassVar[Words] = _("腾讯云短信")
    needs: ClassVar[Words] = _(
        "在腾讯云短信控制台建应用（SdkAppId），申请签名和正文模板（通知、验证码各一个），建子用户并取得 SecretId 和 SecretKey。"
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("key_id", "SecretId"),
        Field("key_secret", "SecretKey", secret=True),
        Field("app", "SdkAppId", help="1400006666"),
        Field("sign", _("短信签名"), help=_("审核通过的签名，不带【】。")),
        Field("template", _("通知模板编号")),
        Field(
            "params",
            _("通知模板变量"),
            initial="1={title}",
            lines=True,
            required=False,
            help=_("按顺序每行一个“序号=内容”，内容可用 {title} {kind} {time} {path}。"),
        ),
        Field("code_template", _("验证码模板编号"), required=False, help=_("不填就不用它发登录验证码。只有一个变量：验证码。")),
        Field("region", _("地域"), initial="ap-guangzhou"),
    )
    # SessionContext does not stop a second message.
    repeatable: ClassVar[bool] = False
    per_minute: ClassVar[int] = 0

    def check(self, config: Config) -> dict[str, str]:
        try:
            templates.pairs(config.get("params", ""))
        except ValueError as error:
            return {"params": str(error)}
        return {}

    def send(self, message: Message, config: Config) -> str:
        body = as_json(self._asked(message, config))
        base = base_of("tencent")
        answer = told(ask("POST", base, body=body, headers=self._headers(body, config, urlsplit(base).netloc), repeatable=False))
        response: dict[str, Any] = answer.get("Response") or {}
        if error := response.get("Error"):
            raise judged(str(error.get("Code")), str(error.get("Message")), MEANINGS)
        status = (response.get("SendStatusSet") or [{}])[0]
        if status.get("Code") != "Ok":
            raise judged(str(status.get("Code")), str(status.get("Message")), MEANINGS)
        return str(status.get("SerialNo", ""))[:100]

    def _headers(self, body: bytes, config: Config, host: str) -> dict[str, str]:
        timestamp = int(now().timestamp())
        signed = {"content-type": TYPE, "host": host.lower(), "x-tc-action": "sendsms"}
        given = {"service": SERVICE, "headers": signed, "body": body, "timestamp": timestamp}
        return {
            "Content-Type": TYPE,
            "X-TC-Action": "SendSms",
            "X-TC-Version": VERSION,
            "X-TC-Region": config.get("region") or "ap-guangzhou",
            "X-TC-Timestamp": str(timestamp),
            "Authorization": authorization(config["key_id"], config["key_secret"], **given),  # type: ignore[arg-type]
        }

    def _asked(self, message: Message, config: Config) -> dict[str, object]:
        template = config.get("code_template", "") if message.code else config["template"]
        if not template:
            raise PermanentError(str(_("没有填验证码模板编号。")))
        said = templates.words_of(message)
        patterns = ["{code}"] if message.code else [pattern for _name, pattern in templates.pairs(config.get("params", ""))]
        number = message.to if message.to.startswith("+") else f"+86{message.to}"
        return {
            "PhoneNumberSet": [number],
            "SmsSdkAppId": config["app"],
            "SignName": config["sign"],
            "TemplateId": template,
            "TemplateParamSet": [templates.filled(pattern, said, 35) for pattern in patterns],
            "SessionContext": message.identity.strip("<>")[:512],
        }
