"""What one case's page shows: the story in time order, and the actions that are legal now for this person."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has
from linsheng.core.errors import DomainError
from linsheng.feedback.actions.ending import may_part, reopen_until
from linsheng.feedback.actions.step import check_allowed
from linsheng.feedback.actions.voice import may_ask_back
from linsheng.feedback.actor import Actor
from linsheng.feedback.machine import RULES
from linsheng.feedback.models import Case, CaseEvent, CaseState, Photo
from linsheng.feedback.settings import settings_of

# Actions that need a result first.
AFTER_RESULT = frozenset({"tell", "rate", "callback", "reopen"})

LABELS: dict[str, LazyText] = {
    "receive": _("收到反映"),
    "assign": _("指派"),
    "contact": _("联系反映人"),
    "start": _("开始处理"),
    "wait": _("等待"),
    "resume": _("恢复处理"),
    "resolve": _("处理结果"),
    "tell": _("告知结果"),
    "close": _("办结"),
    "reopen": _("重新打开"),
    "refer": _("转出"),
    "decline": _("未受理"),
    "withdraw": _("撤回"),
    "merge": _("合并"),
    "absorb": _("并入另一件反映"),
    "unmerge": _("取消合并"),
    "reclassify": _("修改分类"),
    "urge": _("催办"),
    "me_too": _("邻居也遇到"),
    "rate": _("评价"),
    "callback": _("回访"),
    "add": _("补充"),
    "note": _("内部备注"),
    "acknowledge": _("已知悉升级提醒"),
    "escalate": _("时限升级"),
    "photo": _("照片"),
    "match": _("关联住户"),
}


@dataclass(frozen=True)
class StoryEntry:
    """One entry of the story, ready to be shown."""

    at: datetime
    action: str
    label: LazyText
    who: str
    by_reporter: bool
    internal: bool
    text: str
    data: dict[str, Any]
    photo: Photo | None
    cycle: int


# What a neighbour who follows a case may know: how it goes, and the company's own words about it.
FOLLOWED = ("receive", "assign", "start", "wait", "resume", "resolve", "close", "reopen", "refer", "decline", "merge", "unmerge")
FOLLOWED_WORDS = frozenset({"wait", "resolve", "refer", "decline"})


def story_of(case: Case, *, staff: bool, follower: bool = False) -> list[StoryEntry]:
    """The history in time order; without what is internal unless for staff (two queries).

    A ``follower`` reads the steps and the company's words, never the reporter's own, their photos or contacts.
    """
    photos = {} if follower else {photo.pk: photo for photo in case.photos.all()}
    events = CaseEvent.objects.filter(case=case).select_related("actor")
    if not staff:
        events = events.filter(internal=False)
    if follower:
        events = events.filter(action__in=FOLLOWED)
    entries = [_entry(event, photos) for event in events]
    return [_for_follower(entry) for entry in entries] if follower else entries


def is_own(case: Case, viewer: User) -> bool:
    """Whether the viewer brought it up."""
    return case.resident is not None and case.resident.user_id == viewer.pk


def works_there(case: Case, viewer: User) -> bool:
    """Whether the viewer is staff where the case is: staff of another place may still live there."""
    return has(viewer, Permission.SEE_WORKBOARD, case.community)


def story_for(case: Case, viewer: User) -> list[StoryEntry]:
    """The history as this person may read it: as staff of the place, as its reporter, or as a neighbour who follows it.

    Notes among staff may name people: staff who may not see personal data do not see them.
    """
    if not works_there(case, viewer):
        return story_of(case, staff=False, follower=not is_own(case, viewer))
    entries = story_of(case, staff=True)
    if has(viewer, Permission.SEE_PERSONAL_DATA, case.community):
        return entries
    return [entry for entry in entries if not (entry.internal and entry.action == "note")]


def _for_follower(entry: StoryEntry) -> StoryEntry:
    return replace(entry, text=entry.text if entry.action in FOLLOWED_WORDS else "", by_reporter=False, data={})


def _entry(event: CaseEvent, photos: dict[int, Photo]) -> StoryEntry:
    return StoryEntry(
        at=event.at,
        action=event.action,
        label=LABELS.get(event.action, RULES["note"].label),
        who=event.actor.name if event.actor else "",
        by_reporter=event.by_reporter,
        internal=event.internal,
        text=event.text,
        data=event.data,
        photo=photos.get(event.data.get("photo", 0)),
        cycle=event.cycle,
    )


def _allowed(case: Case, action: str, by: Actor) -> bool:
    try:
        check_allowed(case, RULES[action], by)
    except DomainError:
        return False
    return True


def legal_actions(case: Case, by: Actor, now: datetime | None = None) -> list[str]:
    """Names of the actions that would be accepted now from this actor, in the order of the table.

    With ``now``, what is too late (reopening) or too early (urging again) is left out too. Taking a free case is "assign" for who
    may hand cases out; for handlers see ``may_claim`` of the page.
    """
    found = [name for name, rule in RULES.items() if case.state in rule.sources and _allowed(case, name, by)]
    has_result = case.state not in (CaseState.MERGED, CaseState.WITHDRAWN) and not case.is_open
    if not has_result and AFTER_RESULT & set(found) and not case.resolutions.filter(cycle=case.cycle).exists():
        found = [name for name in found if name not in AFTER_RESULT]
    hindered = {
        "callback": lambda: not _may_call_back(case, by),
        "rate": lambda: case.ratings.filter(cycle=case.cycle).exists(),
        "close": lambda: case.told_at is None,
        "tell": lambda: case.confidential,
        "reopen": lambda: not may_part(case) or (now is not None and _too_late(case, now)),
        "urge": lambda: now is not None and case.urges.filter(day=localdate(now)).exists(),
    }
    return [name for name in found if name not in hindered or not hindered[name]()]


def _too_late(case: Case, now: datetime) -> bool:
    until = reopen_until(case, settings_of(case.community.organisation_id).reopen_days)
    return until is not None and now > until


def _may_call_back(case: Case, by: Actor) -> bool:
    if case.asked_back_at is not None:
        return False
    return by.reporter or (not case.confidential and by.user is not None and may_ask_back(case, by.user))
