"""Which ways a notice takes out of the house."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.phones import mobile_number
from linsheng.core.errors import Invalid
from linsheng.core.questions import Question
from linsheng.messaging import preferences
from linsheng.messaging.models import GROUPS, Channel, ChannelSetting, Notice, PushSubscription, WechatLink


@dataclass(frozen=True)
class Way:
    """One delivery to be: the channel, the address there, and the company's setting of it (none for mail)."""

    channel: str
    address: str
    setting: ChannelSetting | None = None


@dataclass(frozen=True)
class Recipient:
    """Who is told: an account, or only what is known of somebody without one."""

    user: User | None = None
    email: str = ""
    phone: str = ""

    @property
    def reachable(self) -> bool:
        return self.user is None or self.user.is_active


def settings_of(organisation_id: int | None) -> list[ChannelSetting]:
    """What a company has switched on."""
    return _switched_on.rows(organisation=organisation_id) if organisation_id else []


def _settings_on(organisation: int) -> QuerySet[ChannelSetting]:
    return ChannelSetting.objects.filter(organisation_id=organisation, on=True)


_switched_on = Question(_settings_on, organisation=int)


def ways(notice: Notice, to: Recipient, channels: Collection[str] | None, settings: Collection[ChannelSetting]) -> Iterator[Way]:
    """Mail and what the company has switched on, as far as the person can be reached there and wants to be."""
    if not to.reachable:
        return
    address = to.email or (to.user.email if to.user else "")
    others = [setting for setting in settings if setting.channel not in GROUPS]
    if not address and not others:
        return
    said = preferences.chosen(to.user.pk) if to.user is not None and channels is None else {}

    def goes(channel: str) -> bool:
        if channels is not None:
            return channel in channels
        return to.user is None or preferences.wants(said, notice.kind, channel)

    if address and goes(Channel.EMAIL):
        yield Way(Channel.EMAIL, address)
    for setting in others:
        if goes(setting.channel):
            yield from _addresses(setting, notice.kind, to)


def _addresses(setting: ChannelSetting, kind: str, to: Recipient) -> Iterator[Way]:
    if setting.channel == Channel.SMS and kind in setting.kinds and (number := mobile_of(to)):
        # Who has no account gets the texts that matter, and no others.
        if to.user is not None or kind in preferences.TEXTED_TO_CONTACTS:
            yield Way(Channel.SMS, number, setting)
    elif setting.channel == Channel.WECHAT and to.user is not None:
        yield from _linked(setting, to.user)
    elif setting.channel == Channel.PUSH and to.user is not None:
        for browser in PushSubscription.objects.filter(user=to.user).order_by("pk").values_list("pk", flat=True):
            yield Way(Channel.PUSH, f"push-{browser}", setting)


def _linked(setting: ChannelSetting, user: User) -> Iterator[Way]:
    """The WeChat that the person has linked with this company's account."""
    found = WechatLink.objects.filter(user=user, organisation_id=setting.organisation_id).values_list("openid", flat=True)
    for openid in found:
        yield Way(Channel.WECHAT, openid, setting)


def texts(organisation_id: int, kind: str, phone: str) -> bool:
    """Whether a contact of this company who has only this number gets a text about this kind."""
    if kind not in preferences.TEXTED_TO_CONTACTS or not mobile_of(Recipient(phone=phone)):
        return False
    return any(on.channel == Channel.SMS and kind in on.kinds for on in settings_of(organisation_id))


def mobile_of(to: Recipient) -> str:
    """The number that takes text messages; a landline takes none."""
    try:
        return mobile_number(to.phone or (to.user.phone or "" if to.user else ""))
    except Invalid:
        return ""


def groups_for(kind: str, community_id: int | None, settings: Collection[ChannelSetting]) -> list[ChannelSetting]:
    """The group chats that hear of it: those of the whole company, and those of its community."""
    return [s for s in settings if s.channel in GROUPS and kind in s.kinds and s.community_id in (None, community_id)]
