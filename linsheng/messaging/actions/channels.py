"""A company's ways out: set up, tried, taken away. The caller checks that ``by`` may."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linsheng.accounts.limits import Limit, take
from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.ids import unguessable
from linsheng.messaging.actions.notices import message_id, notify
from linsheng.messaging.adapters.base import DeliveryError, Field, Message, Provider
from linsheng.messaging.adapters.email import EmailAdapter, absolute
from linsheng.messaging.adapters.registry import provider_of
from linsheng.messaging.configuring import seal, secrets_of
from linsheng.messaging.models import GROUPS, Channel, ChannelSetting, Delivery, Notice, NoticeKind
from linsheng.messaging.preferences import kinds_for

TESTS = Limit("messaging.test", 30, timedelta(hours=1))


def _provider(key: str) -> Provider:
    found = provider_of(key)
    if found is None:
        raise Invalid(_("没有这个服务商。"))
    return found


@transaction.atomic
def save_channel(
    *,
    setting: ChannelSetting,
    typed: Mapping[str, str],
    name: str,
    community_id: int | None,
    on: bool,
    kinds: Iterable[str],
    by: User,
    now: datetime,
) -> ChannelSetting:
    """Keep what was typed about a channel; an empty secret stays as it was stored. Raises ``Invalid`` with a sentence a field."""
    provider = _provider(setting.provider)
    kept = secrets_of(setting)
    secrets = {field.name: typed.get(field.name, "") or kept.get(field.name, "") for field in provider.fields if field.secret}
    config = {field.name: typed.get(field.name, "").strip() for field in provider.fields if not field.secret}
    _check(provider, {**config, **secrets})
    setting.channel, setting.config, setting.secrets = provider.channel, config, seal(secrets)
    setting.name, setting.on = name.strip()[:40], on
    setting.community_id = community_id if provider.channel in GROUPS else None
    setting.kinds = [kind for kind in kinds_for(provider.channel) if kind in set(kinds)]
    setting.created_at, setting.changed_at = setting.created_at or now, now
    try:
        with transaction.atomic():
            setting.save()
    except IntegrityError as error:
        raise Conflict(_("这个渠道已经设过了，请在列表里打开它修改。")) from error
    _record("save_channel", setting, by, now)
    return setting


def _check(provider: Provider, config: Mapping[str, str]) -> None:
    wrong = {field.name: _("请填写%(label)s。") % {"label": field.label} for field in provider.fields if _missing(field, config)}
    wrong = wrong or provider.check(config)
    if wrong:
        raise Invalid(_("请核对标出的几项。"), fields=wrong)


def _missing(field: Field, config: Mapping[str, str]) -> bool:
    return field.required and not config.get(field.name)


def _record(action: str, setting: ChannelSetting, by: User, now: datetime, **data: object) -> None:
    said = {"provider": setting.provider, "on": setting.on, "kinds": setting.kinds, **data}
    record(f"messaging.{action}", by=by, now=now, subject=setting, organisation_id=setting.organisation_id, data=said)


@transaction.atomic
def remove_channel(*, setting: ChannelSetting, by: User, now: datetime) -> None:
    """Take a channel away with its secrets; what waits to go through it fails, and stays to be seen."""
    _record("remove_channel", setting, by, now)
    setting.delete()


def test_channel(*, setting: ChannelSetting, to: str, by: User, now: datetime) -> str:
    """Send a message through it now, also while it is off; what the provider said against it, empty when it was taken."""
    take(TESTS, str(setting.organisation_id), now=now)
    provider = _provider(setting.provider)
    config = {**setting.config, **secrets_of(setting)}
    message = Message(
        to=to,
        title=_("邻声测试消息"),
        body=_("收到这条消息，说明这个渠道可以用了。"),
        link=absolute("/"),
        identity=f"test-{unguessable()}",
        kind=_("测试"),
        time=localtime(now).strftime("%Y-%m-%d %H:%M"),
    )
    error = said_against(provider, message, config)
    with transaction.atomic():
        ChannelSetting.objects.filter(pk=setting.pk).update(tested_at=now, test_error=error)
        _record("test_channel", setting, by, now, taken=not error)
    return error


def said_against(provider: Provider, message: Message, config: Mapping[str, str]) -> str:
    """The provider's error in words, with no secret in it; empty when the message was taken."""
    secret = [config.get(field.name, "") for field in provider.fields if field.secret]
    if any(field.required and not config.get(field.name) for field in provider.fields):
        return _("设置不完整，或密钥已不能读出（SECRET_KEY 换过），请重新填写。")
    try:
        provider.send(message, config)
    except DeliveryError as error:
        return without(str(error), secret)
    return ""


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret in it made unreadable: providers quote what they were sent."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    return text


def test_mail(*, organisation_id: int, to: str, by: User, now: datetime) -> str:
    """One mail to ``to`` through the server that the environment names; what it said against it."""
    take(TESTS, str(organisation_id), now=now)
    key = f"test-{unguessable()}"
    body = _("收到这条消息，说明这个渠道可以用了。")
    notice = Notice(key=key, kind=NoticeKind.SYSTEM, title=_("邻声测试消息"), body=body, url="/", created_at=now)
    error = ""
    try:
        EmailAdapter().send(Delivery(notice=notice, channel=Channel.EMAIL, address=to, message_id=message_id(key, "test", to)))
    except DeliveryError as refused:
        error = str(refused)
    record("messaging.test_mail", by=by, now=now, organisation_id=organisation_id, data={"taken": not error})
    return error


def test_inbox(*, organisation_id: int, by: User, now: datetime) -> Notice:
    """A notice in one's own inbox, and nowhere else."""
    take(TESTS, str(organisation_id), now=now)
    return notify(
        key=f"test-{unguessable()}",
        kind=NoticeKind.SYSTEM,
        user=by,
        title=_("邻声测试消息"),
        body=_("收到这条消息，说明这个渠道可以用了。"),
        url="",
        channels=(),
        organisation_id=organisation_id,
        now=now,
    )
