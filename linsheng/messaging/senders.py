"""The carrier of sign-in codes: the text message provider that a company set up, or the console where none did."""

import logging

from linsheng.accounts.senders import ConsoleSender, SendingError
from linsheng.core.clock import now
from linsheng.core.ids import unguessable
from linsheng.messaging import houses
from linsheng.messaging.adapters.base import DeliveryError, Message
from linsheng.messaging.adapters.registry import provider_of
from linsheng.messaging.configuring import config_of
from linsheng.messaging.models import Channel, ChannelSetting

logger = logging.getLogger(__name__)


def setting_for_codes() -> ChannelSetting | None:
    """The setting that carries codes, if there is one."""
    company = houses.for_codes()
    if company is None:
        return None
    found = ChannelSetting.objects.filter(organisation_id=company, channel=Channel.SMS, on=True).first()
    return found if found is not None and carries_codes(found) else None


def carries_codes(setting: ChannelSetting) -> bool:
    return setting.provider == "http" or bool(setting.config.get("code_template"))


class ChannelSender:
    """``SMS_SENDER``'s default."""

    def send(self, phone: str, text: str) -> None:
        self.send_code(phone, "", text)

    def send_code(self, phone: str, code: str, text: str) -> None:
        """A code at once: never queued, so that it lies nowhere."""
        setting = setting_for_codes()
        provider = provider_of(setting.provider) if setting is not None else None
        if setting is None or provider is None:
            ConsoleSender().send(phone, text)
            return
        identity = f"code-{unguessable()}-{now():%H%M%S}"
        message = Message(to=phone, title=text, body=text, code=code, identity=identity)
        try:
            provider.send(message, config_of(setting))
        except DeliveryError as error:
            logger.warning("a code was not taken by %s: %s", provider.key, error)
            raise SendingError(str(error)) from error
