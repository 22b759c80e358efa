"""Cases as the API shows them to a caller."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.core.masking import masked
from linsheng.feedback import queries, telling
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseState
from linsheng.feedback.queries.neighbours import shown
from linsheng.feedback.reporters import Reporter, reporter_of


def _reporter(case: Case, viewer: User) -> Reporter:
    if queries.is_own(case, viewer):
        return Reporter(
            telling.name_of(case), telling.phone_of(case), telling.email_of(case), case.home.number if case.home else ""
        )
    return reporter_of(case, viewer) if queries.works_there(case, viewer) else Reporter(name=_("邻居"), hidden=True)


def _words(case: Case, viewer: User) -> dict[str, str]:
    """What was said, and where; to a neighbour who follows the case only what the pages tell neighbours."""
    if queries.is_own(case, viewer) or queries.works_there(case, viewer):
        return {"text": case.text, "location": case.location}
    known = shown(case)
    return {"text": known.words, "location": known.place}


def _moments(case: Case) -> dict[str, datetime | None]:
    names = ("received_at", "respond_by", "resolve_by", "responded_at", "resolved_at", "told_at", "closed_at")
    return {name: getattr(case, name) for name in names}


def _waiting(case: Case) -> dict[str, Any] | None:
    return {"for": case.waiting_for, "until": case.waiting_until} if case.state == CaseState.WAITING else None


def case_out(case: Case, viewer: User, now: datetime) -> dict[str, Any]:
    """A case in a list."""
    reporter = _reporter(case, viewer)
    plain = {name: getattr(case, name) for name in ("id", "number", "state", "kind", "urgency", "channel", "confidential", "cycle")}
    return {
        **plain,
        **_words(case, viewer),
        "community": case.community.code,
        "item": case.item.code,
        "item_name": str(case.item),
        "home": reporter.home or None,
        "reporter": {"name": reporter.name, "phone": reporter.phone, "email": reporter.email, "hidden": reporter.hidden},
        "handler": case.handler.username if case.handler else None,
        "handler_name": case.handler.name if case.handler else None,
        "parent": case.parent_id,
        **_moments(case),
        "waiting": _waiting(case),
        "overdue": case.is_open and case.state != CaseState.WAITING and case.due_at < now,
    }


def case_detail(case: Case, viewer: User, by: Actor, now: datetime) -> dict[str, Any]:
    """One case with its history (three queries more)."""
    story = queries.story_for(case, viewer)
    result = case.resolutions.filter(cycle=case.cycle).values_list("text", flat=True).first()
    if not (queries.is_own(case, viewer) or queries.works_there(case, viewer)):
        result = masked(result or "", keep=[case.community.phone]) or None
        story = [replace(entry, text=masked(entry.text)) for entry in story]
    history = [
        {
            **{name: getattr(entry, name) for name in ("at", "action", "who", "by_reporter", "internal", "cycle", "text", "data")},
            "label": str(entry.label),
        }
        for entry in story
    ]
    return {**case_out(case, viewer, now), "result": result, "history": history, "actions": queries.legal_actions(case, by)}


def created(case: Case, viewer: User, by: Actor, now: datetime) -> dict[str, Any]:
    """A new case with the reporter's own address; its history is the arrival."""
    url = f"{settings.SITE_URL}{telling.track_url(case)}"
    return {**case_out(case, viewer, now), "actions": queries.legal_actions(case, by), "track_url": url}
