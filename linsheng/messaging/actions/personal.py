"""A person's own hours, and the WeChat that is theirs."""

import re
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.limits import Limit, take
from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.core.errors import Invalid, NotVisible
from linsheng.core.ids import ALPHABET, digest, paper_code
from linsheng.messaging import digests, hours, houses
from linsheng.messaging.actions.notices import send_ways
from linsheng.messaging.models import Channel, ChannelSetting, Gathered, NoticeTimes, WechatCode, WechatLink

CODE_LENGTH = 8
CODE_LIVES = timedelta(minutes=10)
CODES = Limit("messaging.wechat_code", 10, timedelta(hours=1))
# Wrong codes from one WeChat: nobody types that many by mistake.
GUESSES = Limit("messaging.wechat_guess", 10, timedelta(hours=1))
CODE = re.compile(rf"(?<![0-9A-Z])[{ALPHABET}]{{{CODE_LENGTH}}}(?![0-9A-Z])")


@transaction.atomic
def set_times(
    *, user: User, quiet_on: bool, quiet_from: time, quiet_until: time, digest_hour: int | None, by: User, now: datetime
) -> NoticeTimes:
    """Say when nothing rings, and at which hour the digest comes (None: none; what waits for it goes out now)."""
    if quiet_on and quiet_from == quiet_until:
        raise Invalid(_("开始和结束不能是同一时刻。"), fields={"quiet_until": _("开始和结束不能是同一时刻。")})
    if digest_hour is not None and not 0 <= digest_hour <= 23:
        raise Invalid(_("请选择每天几点。"), fields={"digest_hour": _("请选择每天几点。")})
    said = {"quiet_on": quiet_on, "quiet_from": quiet_from, "quiet_until": quiet_until, "digest_hour": digest_hour}
    times, _made = NoticeTimes.objects.update_or_create(user=user, defaults=said)
    due_at = now if digest_hour is None else hours.next_digest(digest_hour, now)
    Gathered.objects.filter(user=user, sent_at=None).update(due_at=due_at)
    data = {**said, "quiet_from": quiet_from.strftime("%H:%M"), "quiet_until": quiet_until.strftime("%H:%M")}
    record("messaging.set_times", by=by, now=now, subject=user, data=data)
    return times


def send_digests(*, now: datetime) -> int:
    """Write every digest that is due; how many there were. Safe to repeat, and to be killed in."""
    return digests.send_due(now, send_ways)


def wechat_code(*, user: User, organisation_id: int, now: datetime) -> str:
    """A code to be sent to the company's account within ten minutes; earlier ones of this person stop to hold."""
    if not _offers_wechat(user, organisation_id):
        raise NotVisible(_("这家公司没有开通微信通知。"))
    take(CODES, str(user.pk), now=now)
    code = paper_code(CODE_LENGTH)
    with transaction.atomic():
        WechatCode.objects.filter(user=user, organisation_id=organisation_id).delete()
        WechatCode.objects.filter(expires_at__lt=now).delete()
        WechatCode.objects.create(user=user, organisation_id=organisation_id, digest=digest(code), expires_at=now + CODE_LIVES)
    return code


def _offers_wechat(user: User, organisation_id: int) -> bool:
    on = ChannelSetting.objects.filter(organisation_id=organisation_id, channel=Channel.WECHAT, on=True)
    return organisation_id in houses.of_user(user) and on.exists()


def code_in(text: str) -> str:
    """The code in what somebody wrote to the account; empty where there is none."""
    found = CODE.search(text.upper())
    return found[0] if found else ""


def link_wechat(*, organisation_id: int, openid: str, code: str, now: datetime) -> WechatLink:
    """Whoever holds the code reads under this openid from now on. Raises ``Invalid``, or ``TooMany`` for guessing."""
    attempt = take(GUESSES, f"{organisation_id} {openid}", now=now)
    with transaction.atomic():
        found = WechatCode.objects.filter(organisation_id=organisation_id, digest=digest(code), expires_at__gt=now)
        kept = found.select_related("user").first()
        # Whoever deletes it has it: a code links once.
        if kept is None or not found.delete()[0] or not kept.user.is_active:
            raise Invalid(_("绑定码不对或已过期，请在“通知设置”里重新获取。"))
        WechatLink.objects.filter(organisation_id=organisation_id, openid=openid).delete()
        WechatLink.objects.filter(organisation_id=organisation_id, user=kept.user).delete()
        link = WechatLink.objects.create(organisation_id=organisation_id, openid=openid, user=kept.user, linked_at=now)
        record("messaging.link_wechat", by=kept.user, now=now, subject=kept.user, organisation_id=organisation_id)
    attempt.delete()
    return link


@transaction.atomic
def unlink_wechat(*, link: WechatLink, by: User | None, now: datetime) -> None:
    """Nothing goes to this WeChat any more."""
    link.delete()
    record("messaging.unlink_wechat", by=by, now=now, subject=link.user, organisation_id=link.organisation_id)
