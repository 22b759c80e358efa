"""What this app knows about a person, and how it forgets one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.accounts.privacy import erasure, exports
from linsheng.messaging.models import Gathered, Notice, NoticeTimes, Preference, PushSubscription, WechatCode, WechatLink


def notices_of(user: User) -> Sequence[dict[str, Any]]:
    rows = Notice.objects.filter(user=user).order_by("created_at", "id")
    return [{"created_at": row.created_at, "title": row.title, "body": row.body, "read_at": row.read_at} for row in rows]


def preferences_of(user: User) -> Sequence[dict[str, Any]]:
    rows = Preference.objects.filter(user=user).order_by("kind", "channel")
    return [{"kind": row.get_kind_display(), "channel": row.get_channel_display(), "on": row.on} for row in rows]


def linked_of(user: User) -> Sequence[dict[str, Any]]:
    rows = WechatLink.objects.filter(user=user).order_by("linked_at")
    return [{"linked_at": row.linked_at, "openid": row.openid} for row in rows]


def browsers_of(user: User) -> Sequence[dict[str, Any]]:
    rows = PushSubscription.objects.filter(user=user).order_by("created_at")
    return [{"created_at": row.created_at, "label": row.label, "endpoint": row.endpoint} for row in rows]


def times_said_by(user: User) -> Sequence[dict[str, Any]]:
    row = NoticeTimes.objects.filter(user=user).first()
    if row is None:
        return []
    return [{"quiet": f"{row.quiet_from:%H:%M}–{row.quiet_until:%H:%M}" if row.quiet_on else "", "digest": row.digest_hour}]


def forget(user: User, organisation_id: int | None, now: datetime) -> None:
    """Remove the person's notices (with the deliveries and their addresses) of that company; of every one, and the preferences."""
    rows = Notice.objects.filter(user=user)
    if organisation_id is not None:
        rows.filter(organisation_id=organisation_id).delete()
        WechatLink.objects.filter(user=user, organisation_id=organisation_id).delete()
        return
    rows.delete()
    for model in (Gathered, NoticeTimes, PushSubscription, WechatCode, WechatLink):
        model._default_manager.filter(user=user).delete()
    Preference.objects.filter(user=user).delete()


def register() -> None:
    """Called once, when the app is ready."""
    sent = {"created_at": _("时间"), "title": _("标题"), "body": _("内容"), "read_at": _("阅读时间")}
    exports.register(exports.Part("notices", _("通知"), sent, notices_of))
    chosen = {"kind": _("通知类型"), "channel": _("渠道"), "on": _("接收")}
    exports.register(exports.Part("notice_preferences", _("通知设置"), chosen, preferences_of))
    exports.register(exports.Part("wechat_links", _("绑定的微信"), {"linked_at": _("时间"), "openid": "openid"}, linked_of))
    browsers = {"created_at": _("时间"), "label": _("浏览器"), "endpoint": _("推送地址")}
    exports.register(exports.Part("push_subscriptions", _("浏览器推送"), browsers, browsers_of))
    hours = {"quiet": _("夜间免打扰"), "digest": _("每天几点")}
    exports.register(exports.Part("notice_times", _("通知时间"), hours, times_said_by))
    erasure.register(forget)
