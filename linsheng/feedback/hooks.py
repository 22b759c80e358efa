"""What a company's own systems hear of a case: numbers and states, never a word of anybody's and nothing about persons."""

from datetime import datetime

from linsheng.feedback.models import Case, CaseEvent
from linsheng.messaging.actions import publish_event
from linsheng.messaging.models import HookEvent

EVENTS: dict[str, str] = {
    "receive": HookEvent.CASE_CREATED,
    "assign": HookEvent.CASE_ASSIGNED,
    "resolve": HookEvent.CASE_RESOLVED,
    "tell": HookEvent.CASE_TOLD,
    "close": HookEvent.CASE_CLOSED,
    "reopen": HookEvent.CASE_REOPENED,
    "rate": HookEvent.CASE_RATED,
    "refer": HookEvent.CASE_REFERRED,
    "decline": HookEvent.CASE_DECLINED,
    "withdraw": HookEvent.CASE_WITHDRAWN,
    "merge": HookEvent.CASE_MERGED,
    "escalate": HookEvent.CASE_ESCALATED,
}
# These may tell the reporter in the same instant, which makes no entry of its own.
ANSWERING = frozenset({"resolve", "refer", "decline"})
TIMES = ("received_at", "respond_by", "responded_at", "resolve_by", "resolved_at", "told_at", "closed_at")


def publish(case: Case, event: CaseEvent, now: datetime) -> None:
    """Tell the company's webhooks of a history entry, in its transaction."""
    name = EVENTS.get(event.action)
    # A try in vain is an entry, and told nobody.
    if name is None or (event.action == "tell" and case.told_at is None):
        return
    _publish(case, f"case-event-{event.pk}", name, now)
    if event.action in ANSWERING and case.told_at == now:
        _publish(case, f"case-event-{event.pk}-told", HookEvent.CASE_TOLD, now)


def _publish(case: Case, key: str, name: str, now: datetime) -> None:
    publish_event(key=key, event=name, organisation_id=case.community.organisation_id, data={"case": described(case)}, now=now)


def described(case: Case) -> dict[str, object]:
    """The case in ids, numbers, states and times."""
    times = {name: at.isoformat() if (at := getattr(case, name)) else None for name in TIMES}
    return {
        "id": case.pk,
        "number": case.number,
        "community": case.community.code,
        "item": case.item.code,
        "kind": case.kind,
        "urgency": case.urgency,
        "state": case.state,
        "cycle": case.cycle,
        "confidential": case.confidential,
        **times,
    }
