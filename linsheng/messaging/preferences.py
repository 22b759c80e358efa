"""Who wants which notice where, when they have not said so."""

from collections.abc import Mapping

from linsheng.messaging.models import Channel, NoticeKind, Preference

# What somebody waits for, or must act upon, also comes by mail; the rest stands in the inbox.
MAILED_BY_DEFAULT = frozenset({NoticeKind.CASE_RECEIVED, NoticeKind.CASE_RESULT, NoticeKind.ESCALATION, NoticeKind.ACCOUNT})
MAILED_BY_DEFAULT |= {NoticeKind.SURVEY, NoticeKind.SYSTEM}
# A text message costs money and rings: the result that somebody waits for, and what is getting late.
TEXTED_BY_DEFAULT = frozenset({NoticeKind.CASE_RESULT, NoticeKind.ESCALATION})
# What a company may send as text messages at all.
TEXTABLE = frozenset({NoticeKind.CASE_RECEIVED, NoticeKind.CASE_PROGRESS, NoticeKind.CASE_RESULT, NoticeKind.ESCALATION})
# Of these, what somebody gets who has no account and only a mobile number.
TEXTED_TO_CONTACTS = frozenset({NoticeKind.CASE_RECEIVED, NoticeKind.CASE_RESULT})
# What a group chat is told.
GROUP_KINDS = frozenset({NoticeKind.CASE_WORK, NoticeKind.ESCALATION})
# Residents never get these, and need no switch for them.
STAFF_KINDS = frozenset({NoticeKind.CASE_WORK, NoticeKind.ESCALATION, NoticeKind.SYSTEM})
# Made by the product itself out of others: nobody chooses it by kind.
UNCHOSEN = frozenset({NoticeKind.DIGEST})
CHOSEN_KINDS = tuple(kind for kind in NoticeKind if kind not in UNCHOSEN)


def fixed(kind: str, channel: str) -> bool:
    """Whether it cannot be switched off: the inbox is the record itself, and a change of one's account must not go unseen."""
    return channel == Channel.INBOX or (kind == NoticeKind.ACCOUNT and channel == Channel.EMAIL)


def by_default(kind: str, channel: str) -> bool:
    if channel == Channel.EMAIL:
        return kind in MAILED_BY_DEFAULT
    if channel == Channel.SMS:
        return kind in TEXTED_BY_DEFAULT
    # WeChat and the browser were linked by the person, who wants to hear there.
    return channel in (Channel.INBOX, Channel.WECHAT, Channel.PUSH)


def possible(kind: str, channel: str) -> bool:
    """Whether this kind ever goes this way: what may not cost money has no switch for it."""
    return channel != Channel.SMS or kind in TEXTABLE


def kinds_for(channel: str) -> list[NoticeKind]:
    """What a company may let go through one of its channels; for persons' own channels each person says."""
    allowed = {Channel.SMS: TEXTABLE, Channel.WECOM: GROUP_KINDS, Channel.DINGTALK: GROUP_KINDS}.get(Channel(channel), frozenset())
    return [kind for kind in NoticeKind if kind in allowed]


def chosen(user_id: int) -> dict[tuple[str, str], bool]:
    """What a person has said, by (kind, channel); one query."""
    rows = Preference.objects.filter(user_id=user_id).values_list("kind", "channel", "on")
    return {(kind, channel): on for kind, channel, on in rows}


def wants(said: Mapping[tuple[str, str], bool], kind: str, channel: str) -> bool:
    """Whether a notice of ``kind`` goes through ``channel``, given what the person has said."""
    return fixed(kind, channel) or said.get((kind, channel), by_default(kind, channel))
