"""The page of one case: left the story, right the facts, below what may be done now."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has
from linsheng.core.http import now_of, render_page
from linsheng.feedback.models import Case, CaseState
from linsheng.feedback.queries import visible_case
from linsheng.feedback.queries.facts import CaseFacts, case_facts
from linsheng.feedback.queries.lines import Line, Powers
from linsheng.feedback.sent import sent_about
from linsheng.feedback.storyline import WAITING_FOR
from linsheng.feedback.telling import track_url
from linsheng.feedback.views.common import staff_page


@dataclass(frozen=True)
class Step:
    """How an action stands on the page: its verb, picture and key; ``direct`` ones need no words."""

    label: LazyText
    icon: str
    key: str = ""
    direct: bool = False


STEPS: dict[str, Step] = {
    "claim": Step(_("领取"), "user-check", "a", direct=True),
    "assign": Step(_("指派"), "user-check", "a"),
    "contact": Step(_("联系反映人"), "phone", "l"),
    "start": Step(_("开始处理"), "player-play", "s", direct=True),
    "resolve": Step(_("填写结果"), "check", "r"),
    "wait": Step(_("转为等待"), "hourglass", "w"),
    "resume": Step(_("恢复处理"), "player-play", "s", direct=True),
    "tell": Step(_("告知结果"), "speakerphone", "t"),
    "callback": Step(_("回访"), "phone-call", "b"),
    "close": Step(_("办结"), "checks", "x", direct=True),
    "reopen": Step(_("重新打开"), "rotate"),
    "reclassify": Step(_("修改分类"), "adjustments"),
    "photo": Step(_("加照片"), "camera", "p"),
    "add": Step(_("代为补充"), "message-plus"),
    "merge": Step(_("合并"), "git-merge", "m"),
    "unmerge": Step(_("取消合并"), "unlink", direct=True),
    "refer": Step(_("转出"), "arrow-forward-up"),
    "decline": Step(_("不予受理"), "ban"),
}
# What most likely comes next in each state; the first that is legal is the primary button.
LIKELY: dict[str, tuple[str, ...]] = {
    CaseState.RECEIVED: ("assign", "claim"),
    CaseState.ASSIGNED: ("start", "contact"),
    CaseState.IN_PROGRESS: ("resolve",),
    CaseState.WAITING: ("resume",),
    CaseState.MERGED: ("tell", "callback"),
}
AFTER_RESULT = ("tell", "callback", "close")
SHOWN_BESIDE = 3


@dataclass(frozen=True)
class Button:
    """One action on the page; ``url`` is its own page, which is all there is without JavaScript."""

    name: str
    step: Step
    url: str
    primary: bool = False


def _likely(case: Case) -> tuple[str, ...]:
    if not case.is_open and case.told_at is not None:
        return AFTER_RESULT[1:]
    return LIKELY.get(case.state, AFTER_RESULT)


def may_claim(case: Case, user: User) -> bool:
    """Whether a handler may take this case, which nobody has."""
    return case.is_open and case.handler_id is None and has(user, Permission.HANDLE_CASE, case.community)


def buttons(case: Case, user: User, legal: list[str]) -> list[Button]:
    """The legal actions, the likely one first."""
    names = list(legal)
    if "assign" not in names and may_claim(case, user):
        names.append("claim")
    # Photos are no step of the table: whoever may write a note may add them.
    if "note" in names and case.state != CaseState.WITHDRAWN:
        names.append("photo")
    likely = next((name for name in _likely(case) if name in names), "")
    # Who was told already is hardly told again.
    later = {"tell"} if case.told_at else set()
    ordered = sorted((name for name in STEPS if name in names), key=lambda name: (name != likely, name in later))
    return [Button(name, STEPS[name], reverse("feedback:step", args=[case.pk, name]), name == likely) for name in ordered]


def may_acknowledge(user: User, facts: CaseFacts) -> bool:
    works = has(user, Permission.HANDLE_CASE, facts.case.community) or has(
        user, Permission.ACKNOWLEDGE_ESCALATION, facts.case.community
    )
    return works and bool(facts.unheard) and "acknowledge" in facts.legal


def _home_url(case: Case, user: User) -> str:
    """The page of the home, for who may see the roster; a confidential reporter's home has no link."""
    if case.home_id is None or case.confidential or not has(user, Permission.SEE_ROSTER, case.community):
        return ""
    return reverse("communities:home", args=[case.home_id])


def _hand_over(case: Case, user: User) -> str:
    """The case's own page, for whoever wrote down a confidential reporter's words: nobody else can give it to them."""
    return f"{settings.SITE_URL}{track_url(case)}" if case.confidential and case.is_open and case.entered_by_id == user.pk else ""


@staff_page(Permission.SEE_WORKBOARD)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one case on one screen; what was sent out comes after it (``?sent=1``): it is read seldom, and is long."""
    user, now = signed_in(request), now_of(request)
    case = visible_case(user, pk)
    sent = sent_about(case) if "sent" in request.GET else None
    if sent is not None and getattr(request, "htmx", False):
        return render(request, "feedback/staff/_sent.html", {"sent": sent, "asked": True})
    facts = case_facts(case, user, now)
    shown = buttons(case, user, facts.legal)
    context = {
        "case": case,
        "facts": facts,
        "sent": sent,
        "asked": sent is not None,
        "line": Line(case, Powers(user)),
        "waited": facts.waited(now),
        "waiting_for": WAITING_FOR.get(case.waiting_for, ""),
        "buttons": shown[:SHOWN_BESIDE],
        "more": shown[SHOWN_BESIDE:],
        "may_note": "note" in facts.legal,
        "may_merge": "merge" in facts.legal,
        "may_acknowledge": may_acknowledge(user, facts),
        "home_url": _home_url(case, user),
        "hand_over": _hand_over(case, user),
        "sees_people": has(user, Permission.SEE_PERSONAL_DATA, case.community),
    }
    return render_page(request, "feedback/staff/case.html", context)
