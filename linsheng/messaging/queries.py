"""Reading notices and how they fared."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Q, QuerySet

from linsheng.accounts.models import User
from linsheng.core.prepared import rows_of
from linsheng.messaging import houses, preferences
from linsheng.messaging.models import PERSONAL, Channel, ChannelSetting, Delivery, Gathered, Notice, NoticeKind, WechatLink


class Switch(NamedTuple):
    """One cell of the table of preferences; what is ``fixed`` cannot be changed."""

    channel: Channel
    on: bool
    fixed: bool


NEWEST_FIRST = ("-created_at", "-id")
MOST_COUNTED = 100
MOST_SHOWN = 200


def inbox(user: User, *, unread: bool = False, kind: str = "", words: str = "") -> QuerySet[Notice]:
    """A person's notices; only the unread, of one kind, with these words in them."""
    # A digest's parts stand in the inbox themselves.
    rows = Notice.objects.filter(user=user).exclude(kind=NoticeKind.DIGEST)
    if unread:
        rows = rows.filter(read_at=None)
    if kind:
        rows = rows.filter(kind=kind)
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(body__icontains=word))
    return rows


def _unread(user: int) -> QuerySet[Notice, tuple[int]]:
    return Notice.objects.filter(user=user, read_at=None).order_by().values_list("pk")[:MOST_COUNTED]


def unread_count(user: User) -> int:
    """How many notices wait to be read, counted no further than ``MOST_COUNTED``: the bell says 99+ from there on."""
    return len(rows_of(_unread, user.pk))


def kinds_received(user: User) -> list[NoticeKind]:
    """The kinds of notice that a person has, in the order of their list."""
    found = set(Notice.objects.filter(user=user).values_list("kind", flat=True).distinct())
    return [kind for kind in preferences.CHOSEN_KINDS if kind in found]


def preference_table(user: User) -> list[tuple[NoticeKind, list[Switch]]]:
    """Each kind with a switch for each channel."""
    said = preferences.chosen(user.pk)
    channels = channels_of(user)
    return [(kind, [_switch(said, kind, channel) for channel in channels]) for kind in preferences.CHOSEN_KINDS]


def _switch(said: Mapping[tuple[str, str], bool], kind: NoticeKind, channel: Channel) -> Switch:
    if not preferences.possible(kind, channel):
        return Switch(channel, on=False, fixed=True)
    return Switch(channel, preferences.wants(said, kind, channel), preferences.fixed(kind, channel))


def channels_of(user: User) -> list[Channel]:
    """What a person can be reached by: the inbox, mail, and what their companies have switched on."""
    rows = ChannelSetting.objects.filter(organisation_id__in=houses.of_user(user), on=True)
    found = {Channel.INBOX, Channel.EMAIL, *rows.values_list("channel", flat=True)}
    return [channel for channel in PERSONAL if channel in found]


def deliveries_about(subject_type: str, subject_id: int) -> list[Delivery]:
    """Everything that went out about one thing, oldest first."""
    about = {"notice__subject_type": subject_type, "notice__subject_id": subject_id}
    rows = Delivery.objects.filter(**about).select_related("notice__user", "setting").order_by("created_at", "pk")
    return list(rows[:MOST_SHOWN])


def gathered_about(subject_type: str, subject_id: int) -> list[Gathered]:
    """What went (or waits to go) out about it as a part of somebody's digest."""
    about = {"notice__subject_type": subject_type, "notice__subject_id": subject_id}
    return list(Gathered.objects.filter(**about).select_related("notice__user").order_by("pk")[:MOST_SHOWN])


def deliveries_of(organisation_ids: frozenset[int]) -> QuerySet[Delivery]:
    """What goes out for these companies, with its notice."""
    return Delivery.objects.filter(notice__organisation_id__in=organisation_ids).select_related("notice")


class WechatSeat(NamedTuple):
    """A company that offers notices by WeChat, and since when this person has linked theirs."""

    organisation_id: int
    account: str
    link: WechatLink | None


def wechat_seats(user: User) -> list[WechatSeat]:
    """Where this person can link their WeChat; also where they have, though the company switched it off since."""
    links = {link.organisation_id: link for link in WechatLink.objects.filter(user=user).select_related("user")}
    rows = ChannelSetting.objects.filter(organisation_id__in=houses.of_user(user), channel=Channel.WECHAT, on=True)
    accounts = {row.organisation_id: str(row.config.get("account") or "") for row in rows}
    return [WechatSeat(pk, accounts.get(pk, ""), links.get(pk)) for pk in sorted({*accounts, *links})]
