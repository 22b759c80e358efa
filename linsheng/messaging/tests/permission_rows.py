"""Who may call the addresses of this app."""

from linsheng.core.testing import ALL, RESIDENTS_HERE, SIGNED_IN, STAFF_HERE, PermissionRow
from linsheng.messaging.actions import notify
from linsheng.messaging.models import ChannelSetting, NoticeKind, PushSubscription, WechatLink


def own_notice(cast):
    notice = notify(
        key="own",
        kind=NoticeKind.CASE_RESULT,
        user=cast.owner,
        title="结果",
        body="",
        url="",
        now=cast.organisation.created_at,
    )
    return {"notice_id": notice.pk}


ROWS = [
    PermissionRow("messaging:inbox", allowed=SIGNED_IN),
    PermissionRow("messaging:mark_all_read", method="POST", allowed=SIGNED_IN),
    PermissionRow("messaging:preferences", allowed=SIGNED_IN),
    PermissionRow("messaging:preferences", method="POST", allowed=SIGNED_IN),
    # Each person their own alone.
    PermissionRow("messaging:open", method="POST", allowed=frozenset({"owner"}), args=own_notice),
    PermissionRow("messaging:mark_read", method="POST", allowed=frozenset({"owner"}), args=own_notice),
]


def company(cast):
    given = {"organisation_id": cast.organisation.pk, "channel": "wechat"}
    at = cast.organisation.created_at
    more = {"provider": "wechat", "on": True, "created_at": at, "changed_at": at}
    return ChannelSetting.objects.get_or_create(**given, defaults=more)[0]


def texting(cast):
    given = {"organisation_id": cast.organisation.pk, "channel": "sms", "provider": "aliyun"}
    at = cast.organisation.created_at
    return ChannelSetting.objects.get_or_create(**given, defaults={"created_at": at, "changed_at": at})[0]


def browser(cast):
    more = {"endpoint": "https://push.example.com/1", "p256dh": "", "auth": "", "created_at": cast.organisation.created_at}
    return {"pk": PushSubscription.objects.get_or_create(user=cast.owner, mark="m", defaults=more)[0].pk}


def linked(cast):
    more = {"openid": "o-1", "linked_at": cast.organisation.created_at}
    link, _made = WechatLink.objects.get_or_create(user=cast.owner, organisation_id=cast.organisation.pk, defaults=more)
    return {"organisation_id": link.organisation_id}


HOURS = {"quiet_from": "22:00", "quiet_until": "08:00"}
ROWS += [
    PermissionRow("messaging:times", method="POST", allowed=SIGNED_IN, data=lambda cast: HOURS),
    # Who works for the company or lives in one of its communities.
    PermissionRow(
        "messaging:wechat_code",
        method="POST",
        allowed=STAFF_HERE | RESIDENTS_HERE,
        args=lambda cast: {"organisation_id": company(cast).organisation_id},
    ),
    PermissionRow("messaging:unlink_wechat", method="POST", allowed=frozenset({"owner"}), args=linked),
    # WeChat's server alone, by its signature.
    PermissionRow("messaging:wechat", allowed=frozenset(), args=lambda cast: {"pk": company(cast).pk}),
    PermissionRow("messaging:push_worker", allowed=ALL),
    PermissionRow("messaging:subscribe_push", method="POST", allowed=SIGNED_IN, accepted=frozenset({422})),
    PermissionRow("messaging:unsubscribe_push", method="POST", allowed=frozenset({"owner"}), args=browser),
    # A provider, by its unguessable address.
    PermissionRow(
        "messaging:sms_receipts", method="POST", allowed=frozenset(), args=lambda cast: {"pk": texting(cast).pk, "token": "guessed"}
    ),
    PermissionRow("messaging:wechat", method="POST", allowed=frozenset(), args=lambda cast: {"pk": company(cast).pk}),
]
