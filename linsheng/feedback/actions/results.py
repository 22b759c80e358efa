"""A result exists: write it down for its cycle, and set going the telling of everybody who brought it up."""

from datetime import datetime

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy

from linsheng.core.masking import masked
from linsheng.feedback import notices, telling
from linsheng.feedback.actions.step import RELATED, Change
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseState, Resolution, ResultNotice
from linsheng.feedback.notices import Words
from linsheng.feedback.search import index_case
from linsheng.messaging.models import NoticeKind

Method = ResultNotice.Method


def publish(case: Case, *, text: str, by: Actor, now: datetime) -> None:
    """Keep the result of this cycle and tell the reporter on the channel they came by.

    Sets ``resolved_at``, ``told_at`` and ``responded_at`` on the case; the caller writes it.
    """
    case.resolved_at, case.told_at = now, None
    Resolution.objects.create(case=case, cycle=case.cycle, text=text, by=by.user, at=now)
    _tell(case, text, now)
    _tell_followers(case, text, now)


def _tell(case: Case, text: str, now: datetime) -> None:
    """Create the proof rows: the inbox and the own page are delivered now, a mail once its server took it."""
    words = Words(gettext_lazy("处理结果：%(text)s"), text)
    told = telling.tell_reporter(case, kind=NoticeKind.CASE_RESULT, words=words, key=f"case-{case.pk}-result-{case.cycle}", now=now)
    for method in told.methods:
        reached = None if method == Method.EMAIL else True
        ResultNotice.objects.create(case=case, cycle=case.cycle, method=method, at=now, reached=reached, notice=told.notice)
    if told.at_once:
        set_told(case, now)


def set_told(case: Case, at: datetime, *, reached: bool = True) -> None:
    """The reporter of this cycle counts as told; the first time counts. Having been reached is contact, tries in vain are not."""
    case.told_at = case.told_at or at
    if reached:
        case.responded_at = case.responded_at or at


def _tell_followers(case: Case, text: str, now: datetime) -> None:
    words = Words(gettext_lazy("您关注的事有结果了：%(text)s"), masked(text, keep=[case.community.phone]))
    tell_followers(case, key=f"result-{case.cycle}", kind=NoticeKind.CASE_RESULT, words=words, now=now)


def tell_followers(case: Case, *, key: str, kind: str, words: Words, now: datetime) -> None:
    """One notice to each neighbour who said "me too"."""
    for follower in case.followers.select_related("user"):
        notices.send(
            case=case,
            user=follower.user,
            key=f"case-{case.pk}-{key}-follower-{follower.pk}",
            kind=kind,
            words=words,
            url=reverse("feedback:my_case", args=[case.pk]),
            now=now,
        )


def children_of(parent: Case) -> list[Case]:
    """The cases that are followed under this one, claimed for this transaction."""
    children = parent.merged.filter(state=CaseState.MERGED)
    if not children.update(version=F("version") + 1):
        return []
    return list(children.select_related(*RELATED).order_by("pk"))


def share_with_merged(parent: Case, *, action: str, text: str, by: Actor, now: datetime) -> list[Change]:
    """Every household of a merged case is told, and asked, for itself. The changes still need their audit entries."""
    changes: list[Change] = []
    for child in children_of(parent):
        change = Change(child, action, by=by, now=now, claimed=True)
        if child.resolutions.filter(cycle=child.cycle).exists():
            child.cycle += 1
        child.asked_back_at = child.confirmed_at = None
        publish(child, text=text, by=by, now=now)
        change.write(text=text, data={"parent": parent.number}, clock=True)
        index_case(child)
        changes.append(change)
    return changes
