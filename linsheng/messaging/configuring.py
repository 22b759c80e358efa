"""What a provider is told about a company: read and sealed here alone."""

import json
from collections.abc import Mapping

from linsheng.core.sealing import opened, sealed
from linsheng.messaging.models import ChannelSetting

PURPOSE = "messaging.channel"


def secrets_of(setting: ChannelSetting) -> dict[str, str]:
    """The secrets; empty where they were sealed with another key."""
    text = opened(setting.secrets, purpose=PURPOSE)
    return dict(json.loads(text)) if text else {}


def config_of(setting: ChannelSetting) -> dict[str, str]:
    """Everything that the provider wants to know."""
    return {**setting.config, **secrets_of(setting)}


def seal(secrets: Mapping[str, str]) -> str:
    return sealed(json.dumps(dict(secrets)), purpose=PURPOSE) if secrets else ""
