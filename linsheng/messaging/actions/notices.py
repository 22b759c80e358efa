"""Telling people things, and what people do with what they were told.

``notify`` and the marks of reading write no audit entry: the notice row is itself the record of what was told to whom and when it
was read, and the act that caused it has its own entry.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict, NotVisible
from linsheng.core.inserting import insert
from linsheng.core.masking import masked
from linsheng.jobs import leases
from linsheng.jobs.models import LeaseState
from linsheng.messaging import digests, preferences, routing
from linsheng.messaging.adapters.email import mail_domain, one_line
from linsheng.messaging.models import PERSONAL, ChannelSetting, Delivery, Notice, Preference

TITLE_LENGTH = 120


@transaction.atomic(savepoint=False)
def notify(
    *,
    key: str,
    kind: str,
    title: str,
    body: str,
    url: str,
    now: datetime,
    user: User | None = None,
    email: str = "",
    phone: str = "",
    subject: models.Model | None = None,
    channels: Collection[str] | None = None,
    organisation_id: int | None = None,
    private: bool = False,
    urgent: bool = False,
) -> Notice:
    """Tell one recipient one thing, once, in the caller's transaction; a repeated ``key`` gives the first notice back.

    A ``user`` finds it in the inbox. It also goes out by what the company has set up, as the person's preferences say: by mail to
    ``email`` (or the user's own address), by text message to ``phone`` (or the user's own), and so on. Somebody without an account,
    known by ``email`` or ``phone`` alone, always gets the mail. ``channels`` overrides the preferences: exactly these, besides the
    inbox. ``url`` is a path of ours. ``organisation_id`` is taken from the ``subject`` where that knows it. Of what is ``private``
    nothing is said outside but that it is there (mail says it); what is ``urgent`` waits for no morning and no digest.
    """
    organisation_id = organisation_id or _organisation_of(subject)
    notice = Notice(key=key, kind=kind, user=user, title=shortened(title), body=body, url=url, created_at=now)
    notice.subject_type = subject._meta.label_lower if subject is not None else ""
    notice.subject_id, notice.organisation_id = (subject.pk if subject is not None else None), organisation_id
    notice.private, notice.urgent = private, urgent
    if not insert(notice, unless="key"):
        return Notice.objects.get(key=key)
    settings = routing.settings_of(organisation_id)
    found = list(routing.ways(notice, routing.Recipient(user, email, phone), channels, settings))
    if channels is not None or not digests.gathered(notice, found, now):
        for way in found:
            _queue(notice, way, now)
    if user is not None and channels is None:
        _tell_groups(notice, getattr(subject, "community_id", None), settings, now)
    return notice


def send_ways(notice: Notice, channels: Collection[str], email: str, now: datetime) -> None:
    """Send a notice that is written already through exactly these channels."""
    to = routing.Recipient(notice.user, email)
    for way in routing.ways(notice, to, channels, routing.settings_of(notice.organisation_id)):
        _queue(notice, way, now)


def _tell_groups(notice: Notice, community_id: int | None, settings: Collection[ChannelSetting], now: datetime) -> None:
    """One message a group, however many people the same event is told to; numbers and homes are left out of it."""
    event = f"{notice.kind}\n{notice.subject_type}\n{notice.subject_id}\n{notice.title}\n{notice.created_at.isoformat()}"
    for setting in routing.groups_for(notice.kind, community_id, settings):
        mark = salted_hmac("linsheng.messaging.group", f"{setting.pk}\n{event}", algorithm="sha256").hexdigest()[:40]
        told = Notice(
            key=f"group-{setting.pk}-{mark}",
            kind=notice.kind,
            title=masked(notice.title),
            body=masked(notice.body),
            url=notice.url,
            created_at=now,
            subject_type=notice.subject_type,
            subject_id=notice.subject_id,
            organisation_id=notice.organisation_id,
            private=notice.private,
            urgent=True,
        )
        told.title = shortened(told.title)
        if insert(told, unless="key"):
            _queue(told, routing.Way(setting.channel, setting.name or str(setting.pk), setting), now)


def shortened(title: str) -> str:
    title = one_line(str(title))
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"


def _organisation_of(subject: models.Model | None) -> int | None:
    """The company of what it is about, as far as the object itself says so."""
    for holder in (subject, getattr(subject, "community", None)):
        found = getattr(holder, "organisation_id", None)
        if isinstance(found, int):
            return found
    return None


def message_id(key: str, channel: str, address: str) -> str:
    """The same for the same notice to the same address, always: so even a restored backup does not make a second mail of it."""
    mark = salted_hmac("linsheng.messaging.message_id", f"{key}\n{channel}\n{address}", algorithm="sha256").hexdigest()
    return f"<{mark[:40]}@{mail_domain()}>"


def _queue(notice: Notice, way: routing.Way, now: datetime) -> None:
    delivery = Delivery(
        notice=notice,
        channel=way.channel,
        address=way.address,
        setting=way.setting,
        message_id=message_id(notice.key, way.channel, way.address),
        run_at=now,
        created_at=now,
    )
    insert(delivery)


def mark_read(*, notice: Notice, by: User, now: datetime) -> Notice:
    """Note when the recipient read it; the first time counts."""
    if notice.user_id != by.pk:
        raise NotVisible(_("没有这条通知。"))
    if notice.read_at is None and Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now):
        notice.read_at = now
    return notice


def mark_all_read(*, by: User, now: datetime) -> int:
    """Everything in one's inbox is read; how many were not before."""
    return Notice.objects.filter(user=by, read_at=None).update(read_at=now)


def set_preferences(*, user: User, wanted: Mapping[tuple[str, str], bool], by: User, now: datetime) -> None:
    """Say which kinds (``NoticeKind``) come through which outside channels; what cannot be switched off stays on."""
    said = {pair: on for pair, on in wanted.items() if pair in _pairs() and not preferences.fixed(*pair)}
    with transaction.atomic():
        rows = [Preference(user=user, kind=kind, channel=channel, on=on) for (kind, channel), on in said.items()]
        Preference.objects.bulk_create(rows, update_conflicts=True, unique_fields=["user", "kind", "channel"], update_fields=["on"])
        data: dict[str, Any] = {f"{kind}.{channel}": on for (kind, channel), on in sorted(said.items())}
        record("messaging.set_preferences", by=by, now=now, subject=user, data=data)


def _pairs() -> set[tuple[str, str]]:
    return {(str(kind), str(channel)) for kind in preferences.CHOSEN_KINDS for channel in PERSONAL}


def retry_delivery(*, delivery: Delivery, by: User | None, now: datetime) -> Delivery:
    """Give a failed delivery all its attempts again, from now. The caller checks that ``by`` may."""
    with transaction.atomic():
        if not leases.requeue(Delivery.objects.filter(pk=delivery.pk, state=LeaseState.FAILED), now=now):
            raise Conflict(_("只有发送失败的才能重发；请刷新页面看它现在的状态。"))
        # The person who sends it again has decided that a second message is no harm.
        Delivery.objects.filter(pk=delivery.pk).update(begun_at=None)
        # What came back was sent, and is to be sent again; what only stumbled after sending is not.
        fresh = {"sent_at": None, "arrived": None, "receipt": "", "receipt_at": None, "provider_id": ""}
        Delivery.objects.filter(pk=delivery.pk, arrived=False).update(**fresh)
        delivery.refresh_from_db()
        organisation_id = delivery.notice.organisation_id
        record("messaging.retry_delivery", by=by, now=now, subject=delivery, organisation_id=organisation_id)
    return delivery


def mark_bounced(*, delivery: Delivery, reason: str) -> bool:
    """A mail that its server had taken came back after all: it failed, with the reason. Whether it was not known before."""
    sent = Delivery.objects.filter(pk=delivery.pk, sent_at__isnull=False).exclude(state=LeaseState.FAILED)
    return bool(sent.update(state=LeaseState.FAILED, error=reason, lease_until=None, arrived=False))
