"""Which adapter serves which channel, and which providers there are to choose from."""

from linsheng.messaging.adapters.aliyun import AliyunSms
from linsheng.messaging.adapters.base import Adapter, Provider
from linsheng.messaging.adapters.configured import ConfiguredAdapter
from linsheng.messaging.adapters.dingtalk import DingtalkRobot
from linsheng.messaging.adapters.email import EmailAdapter
from linsheng.messaging.adapters.sms_http import HttpSms
from linsheng.messaging.adapters.tencent import TencentSms
from linsheng.messaging.adapters.webpush import WebPush
from linsheng.messaging.adapters.wechat import WechatTemplate
from linsheng.messaging.adapters.wecom import WecomRobot
from linsheng.messaging.models import Channel, Delivery

_providers: dict[str, Provider] = {
    provider.key: provider
    for provider in (AliyunSms(), TencentSms(), HttpSms(), WechatTemplate(), WebPush(), WecomRobot(), DingtalkRobot())
}
_adapters: dict[str, Adapter] = {Channel.EMAIL: EmailAdapter()}


def register(channel: str, adapter: Adapter) -> None:
    """Serve ``channel`` by ``adapter``; a later one replaces an earlier one."""
    _adapters[channel] = adapter


def adapter_for(channel: str) -> Adapter | None:
    return _adapters.get(channel)


def providers() -> list[Provider]:
    return list(_providers.values())


def provider_of(key: str) -> Provider | None:
    return _providers.get(key)


def carrier_of(delivery: Delivery) -> Provider | None:
    """Who carries a delivery of a channel that the company set up; None for mail."""
    return provider_of(delivery.setting.provider) if delivery.setting is not None else None


for _channel in (Channel.SMS, Channel.WECHAT, Channel.PUSH, Channel.WECOM, Channel.DINGTALK):
    register(_channel, ConfiguredAdapter(provider_of))
