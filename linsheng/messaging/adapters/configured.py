"""The adapter of every channel that a company sets up: finds the setting, puts the message together, hands it to the provider."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linsheng.messaging.adapters.base import Message, PermanentError, Provider
from linsheng.messaging.adapters.email import absolute, one_line
from linsheng.messaging.configuring import config_of
from linsheng.messaging.models import Delivery, Notice


def compose(delivery: Delivery) -> Message:
    """The message of a delivery, in the recipient's language; about somebody who asked to stay unknown it says only that it is."""
    notice = delivery.notice
    with translation.override(notice.user.language if notice.user else settings.LANGUAGE_CODE):
        title, body = (_("有一条新的通知，请打开查看"), "") if notice.private else (one_line(notice.title), notice.body)
        return Message(
            to=delivery.address,
            title=title,
            body=body,
            link=absolute(notice.url),
            identity=delivery.message_id,
            kind=notice.get_kind_display(),
            time=when(notice),
        )


def when(notice: Notice) -> str:
    """As WeChat and the text message providers take it."""
    return localtime(notice.created_at).strftime("%Y-%m-%d %H:%M")


class ConfiguredAdapter:
    """One for all channels that have a ``ChannelSetting``."""

    def __init__(self, provider_of: Callable[[str], Provider | None]) -> None:
        self.provider_of = provider_of

    def provider(self, delivery: Delivery) -> Provider:
        """Who carries it. Raises ``PermanentError`` where the company has switched the channel off."""
        setting = delivery.setting
        found = self.provider_of(setting.provider) if setting is not None else None
        if setting is None or not setting.on or found is None:
            raise PermanentError(_("这个渠道已停用。"))
        return found

    def send(self, delivery: Delivery) -> str | None:
        provider = self.provider(delivery)
        if delivery.setting is None:
            return None
        return provider.send(compose(delivery), config_of(delivery.setting))
