"""A company's channels as the page of channels shows them. Here because messaging lies below the permissions."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community, Organisation
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import Forbidden, NotVisible
from linsheng.messaging.adapters.base import Provider
from linsheng.messaging.adapters.email import absolute
from linsheng.messaging.adapters.registry import provider_of, providers
from linsheng.messaging.models import GROUPS, Channel, ChannelSetting
from linsheng.messaging.receipts import token_of

# What a test needs to know besides the setting: the label of the address, by channel.
NEEDS_ADDRESS = frozenset({"sms", "wechat"})


@dataclass(frozen=True)
class Row:
    """One channel that is set up."""

    setting: ChannelSetting
    provider: Provider
    place: str


def companies_of(user: User) -> frozenset[int]:
    """The companies whose channels are this person's to set. Raises ``Forbidden`` for everybody else."""
    found = organisations_with(user, Permission.EDIT_SETTINGS)
    if not found:
        raise Forbidden(_("发送渠道由公司的管理员设置。"))
    return found


def company_of(user: User) -> Organisation:
    """The company that something new belongs to."""
    return Organisation.objects.get(pk=min(companies_of(user)))


def settings_of(user: User) -> QuerySet[ChannelSetting]:
    return ChannelSetting.objects.filter(organisation_id__in=companies_of(user))


def visible_setting(user: User, pk: int) -> ChannelSetting:
    found = settings_of(user).filter(pk=pk).first()
    if found is None or provider_of(found.provider) is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


def rows(user: User) -> list[Row]:
    """Everything that is set up, in the order of channels."""
    found = list(settings_of(user))
    names = dict(Community.objects.filter(pk__in={s.community_id for s in found if s.community_id}).values_list("pk", "name"))
    known = [(s, provider) for s in found if (provider := provider_of(s.provider)) is not None]
    return [Row(s, provider, names.get(s.community_id or 0, "")) for s, provider in known]


def addable(shown: list[Row]) -> list[Provider]:
    """What may still be set up: one provider a channel for persons, any number of groups."""
    taken = {row.setting.channel for row in shown}
    return [provider for provider in providers() if provider.channel in GROUPS or provider.channel not in taken]


def callback_url(setting: ChannelSetting) -> str:
    """The address that the provider has to be told; empty where it never calls."""
    if setting.channel == Channel.WECHAT:
        return absolute(reverse("messaging:wechat", args=[setting.pk]))
    return (
        absolute(reverse("messaging:sms_receipts", args=[setting.pk, token_of(setting)])) if setting.channel == Channel.SMS else ""
    )


def places_of(organisation_id: int) -> QuerySet[Community]:
    return Community.objects.filter(organisation=organisation_id, retired_at=None).order_by("code")
