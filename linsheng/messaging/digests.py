"""One message a day instead of many: what waits for it, and how it is put together.

A notice that is gathered has no deliveries of its own. The digest is itself a notice (never shown in the inbox, where its parts
stand already); it and the mark on its parts are written in one transaction, and its key is made of the first part: a worker that is
killed has written all of it or nothing, and of two workers one finds the key taken.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linsheng.accounts.models import User
from linsheng.core.inserting import insert
from linsheng.jobs.faults import fault
from linsheng.messaging import hours
from linsheng.messaging.models import Channel, Gathered, Notice, NoticeKind
from linsheng.messaging.routing import Way

# What a digest can go through; a text message holds no list.
CARRIERS = frozenset({Channel.EMAIL, Channel.WECHAT, Channel.PUSH})
# What nobody should read a day late.
AT_ONCE = frozenset({NoticeKind.ACCOUNT, NoticeKind.ESCALATION, NoticeKind.SYSTEM})
LISTED = 50
MOST = 2000


def gathered(notice: Notice, ways: Sequence[Way], now: datetime) -> bool:
    """Put the notice by for its person's digest, if they want one and a digest can go where it would have gone."""
    carriers = [way for way in ways if way.channel in CARRIERS]
    if notice.user_id is None or notice.urgent or notice.kind in AT_ONCE or not carriers:
        return False
    hour = hours.times_of(notice.user_id).digest_hour
    if hour is None:
        return False
    Gathered.objects.create(
        notice=notice,
        user_id=notice.user_id,
        organisation_id=notice.organisation_id,
        channels=sorted(str(way.channel) for way in carriers),
        email=next((way.address for way in carriers if way.channel == Channel.EMAIL), ""),
        due_at=hours.next_digest(hour, now),
    )
    return True


def due(now: datetime) -> list[tuple[int, int | None]]:
    """Whose digest is due, of which company."""
    rows = Gathered.objects.filter(sent_at=None, due_at__lte=now).order_by()
    return sorted(set(rows.values_list("user_id", "organisation_id").distinct()), key=lambda pair: (pair[0], pair[1] or 0))


def send_due(now: datetime, queue: Callable[[Notice, Sequence[str], str, datetime], None]) -> int:
    """Write every digest that is due; ``queue`` sends a notice its ways. How many there were."""
    return sum(_send(user_id, organisation_id, now, queue) for user_id, organisation_id in due(now))


def _send(
    user_id: int, organisation_id: int | None, now: datetime, queue: Callable[[Notice, Sequence[str], str, datetime], None]
) -> bool:
    rows = Gathered.objects.filter(user_id=user_id, organisation_id=organisation_id, sent_at=None, due_at__lte=now)
    fault("digests.before")
    with transaction.atomic():
        parts = list(rows.select_related("notice", "user").order_by("pk")[:MOST])
        if not parts:
            return False
        notice = _written(parts, now)
        if notice is None:
            return False
        fault("digests.written")
        taken = rows.filter(pk__in=[part.pk for part in parts]).update(digest=notice, sent_at=now)
        if taken != len(parts):
            raise RuntimeError("somebody else sent a part of this digest")
        queue(notice, sorted({channel for part in parts for channel in part.channels}), _address(parts), now)
    fault("digests.queued")
    return True


def _written(parts: Sequence[Gathered], now: datetime) -> Notice | None:
    """The digest's own notice; None if another worker has written it."""
    user: User = parts[0].user
    with translation.override(user.language or settings.LANGUAGE_CODE):
        count = len(parts)
        notice = Notice(
            key=f"digest-{user.pk}-{parts[0].pk}",
            kind=NoticeKind.DIGEST,
            user=user,
            title=ngettext("今天有 %(count)d 条通知", "今天有 %(count)d 条通知", count) % {"count": count},
            body="\n".join(_lines(parts)),
            url="/notices/?show=all",
            organisation_id=parts[0].organisation_id,
            created_at=now,
            read_at=now,
        )
    return notice if insert(notice, unless="key") else None


def _lines(parts: Sequence[Gathered]) -> list[str]:
    lines = [_("有一条新的通知，请打开查看") if part.notice.private else part.notice.title for part in parts[:LISTED]]
    said = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    if (more := len(parts) - LISTED) > 0:
        said.append(ngettext("还有 %(count)d 条，请打开查看。", "还有 %(count)d 条，请打开查看。", more) % {"count": more})
    return said


def _address(parts: Sequence[Gathered]) -> str:
    """The account's own, or the newest that a part would have gone to."""
    return parts[0].user.email or next((part.email for part in reversed(parts) if part.email), "")
