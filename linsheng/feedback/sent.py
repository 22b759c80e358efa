"""What was sent out about a case: to whom, when, by which channel, and how it fared."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linsheng.feedback.models import Case
from linsheng.jobs.models import LeaseState
from linsheng.messaging import queries as messaging
from linsheng.messaging.models import GROUPS, Channel, Delivery, Gathered, Notice, NoticeKind
from linsheng.messaging.showing import TONES, error_words, masked_address, state_words

LABEL = "feedback.case"
# What a reporter is reached by; a group is no reporter.
REACHING = frozenset({Channel.SMS, Channel.EMAIL, Channel.WECHAT})


@dataclass(frozen=True)
class Sent:
    """One message for the staff's page."""

    at: datetime
    kind: str
    channel: str
    who: str
    address: str
    state: str
    tone: str
    words: str = ""


@dataclass(frozen=True)
class SentToReporter:
    """One line for the reporter's own page."""

    at: datetime
    channel: str
    address: str
    arrived: bool


def sent_about(case: Case) -> list[Sent]:
    """Everything that went out, oldest first; two queries. Nothing ever goes out to a confidential reporter."""
    rows = [_sent(delivery, case) for delivery in messaging.deliveries_about(LABEL, case.pk)]
    rows += [_in_digest(part, case) for part in messaging.gathered_about(LABEL, case.pk)]
    return sorted(rows, key=lambda row: row.at)


def _sent(delivery: Delivery, case: Case) -> Sent:
    return Sent(
        at=delivery.sent_at or delivery.created_at,
        kind=delivery.notice.get_kind_display(),
        channel=delivery.get_channel_display(),
        who=_("群") if delivery.channel in GROUPS else _who(delivery.notice, case),
        address=masked_address(delivery),
        state=state_words(delivery),
        tone=TONES[LeaseState(delivery.state)],
        words=error_words(delivery),
    )


def _in_digest(part: Gathered, case: Case) -> Sent:
    state, tone = (_("已随汇总发出"), "done") if part.sent_at else (_("等待每日汇总"), "waiting")
    at = part.sent_at or part.notice.created_at
    return Sent(at, part.notice.get_kind_display(), str(NoticeKind.DIGEST.label), _who(part.notice, case), "", state, tone)


def _who(notice: Notice, case: Case) -> str:
    """Reporters and neighbours stand there by what they are, colleagues by name."""
    if _is_reporters(notice, case):
        return _("反映人")
    return _("邻居") if "-follower-" in notice.key else str(notice.user or "")


def _is_reporters(notice: Notice, case: Case) -> bool:
    if notice.key.startswith("group-") or "-follower-" in notice.key:
        return False
    account = case.resident.user_id if case.resident else None
    return notice.user_id is None or notice.user_id == account


def told_outside(case: Case) -> list[SentToReporter]:
    """By what the newest result has gone out to the reporter, the newest of each channel; one query."""
    found = {}
    for delivery in messaging.deliveries_about(LABEL, case.pk):
        own = delivery.notice.kind == NoticeKind.CASE_RESULT and _is_reporters(delivery.notice, case)
        if own and delivery.channel in REACHING and delivery.sent_at and delivery.state == LeaseState.DONE:
            channel = delivery.get_channel_display()
            found[channel] = SentToReporter(delivery.sent_at, channel, masked_address(delivery), bool(delivery.arrived))
    return sorted(found.values(), key=lambda row: row.at)
