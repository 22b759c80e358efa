"""Where a case stands, in words for its reporter: which of four steps, who has it, and until when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linsheng.core.ui.moments import moment_words, rough_words
from linsheng.feedback.models import Case, CaseState, Kind

RECEIVED, WORKED_ON, DONE, RATING, ALL_DONE = 1, 2, 3, 4, 5
# What is answered rather than repaired.
ANSWERED_KINDS = frozenset({Kind.ENQUIRY, Kind.SUGGESTION, Kind.PRAISE})


@dataclass(frozen=True)
class Progress:
    """``step`` is the current one of 收到 处理 完成 您评价 (5 = all done); ``ended`` says where it stopped early."""

    step: int
    sentence: str
    ended: str = ""
    tone: str = "primary"


def followed(case: Case) -> Case:
    """The case whose work this one waits for: itself, or the one it was merged into until a result came."""
    return case.parent if case.parent is not None and case.resolved_at is None else case


def _time(at: datetime, now: datetime) -> str:
    return moment_words(at, now, with_time=True)


def _received(case: Case, now: datetime) -> Progress:
    if case.responded_at is not None:
        return Progress(RECEIVED, _("已联系过您，正在安排处理。"))
    if case.respond_by is None:
        return Progress(RECEIVED, _("已收到，正在安排人处理。"))
    if case.respond_by >= now:
        return Progress(RECEIVED, _("已收到，我们会在%(when)s前联系您。") % {"when": _time(case.respond_by, now)})
    return Progress(RECEIVED, _("抱歉，联系您的时间比承诺的晚了，我们正在催办。"), tone="late")


def _worked_on(case: Case, now: datetime) -> Progress:
    name = case.handler.name if case.handler else _("工作人员")
    if case.resolve_by is None:
        return Progress(WORKED_ON, _("%(name)s正在处理。") % {"name": name})
    if case.resolve_by < now:
        late = rough_words(now - case.resolve_by)
        return Progress(
            WORKED_ON, _("%(name)s正在处理，比承诺的时间晚了%(late)s，我们正在加紧。") % {"name": name, "late": late}, tone="late"
        )
    values = {"name": name, "when": _time(case.resolve_by, now)}
    if case.kind in ANSWERED_KINDS:
        return Progress(WORKED_ON, _("%(name)s负责，预计%(when)s前答复您。") % values)
    if case.state == CaseState.ASSIGNED:
        return Progress(WORKED_ON, _("已安排%(name)s，预计%(when)s前处理好。") % values)
    return Progress(WORKED_ON, _("%(name)s正在处理，预计%(when)s前完成。") % values)


def _waiting(case: Case, now: datetime) -> Progress:
    what = {"reporter": _("在等您的回复"), "third_party": _("在等外单位"), "parts": _("在等配件")}.get(
        case.waiting_for, _("暂时在等待")
    )
    if case.waiting_until is None:
        return Progress(WORKED_ON, _("%(what)s，有消息会马上继续。") % {"what": what}, tone="waiting")
    when = _time(case.waiting_until, now)
    return Progress(WORKED_ON, _("%(what)s，预计%(when)s继续处理。") % {"what": what, "when": when}, tone="waiting")


def _ended(case: Case, rated: bool) -> Progress:
    label = str(CaseState(case.state).label)
    sentences = {
        CaseState.REFERRED: _("已转给负责的单位，请看说明。"),
        CaseState.DECLINED: _("这件事没有受理，请看原因。"),
        CaseState.WITHDRAWN: _("您已撤回这件反映。"),
    }
    if case.state in sentences:
        step = WORKED_ON if case.state == CaseState.WITHDRAWN else DONE
        return Progress(step, sentences[CaseState(case.state)], ended=label, tone="waiting")
    if rated:
        return Progress(ALL_DONE, _("已经处理好，谢谢您的评价。"), tone="done")
    return Progress(RATING, _("已经处理好，请您看看结果，给个评价。"), tone="done")


def progress_of(case: Case, now: datetime, *, rated: bool = False) -> Progress:
    """Where the case stands; needs ``handler`` and, for merged ones, ``parent__handler``."""
    lead = followed(case)
    if lead is not case and lead.state == CaseState.WITHDRAWN:
        return Progress(WORKED_ON, _("一起处理的那件已由邻居撤回，我们会单独处理您的这一件。"))
    if lead.state == CaseState.MERGED:
        return _ended(lead, rated) if lead.resolved_at else Progress(WORKED_ON, _("和邻居的同类反映一起处理。"))
    if not lead.is_open:
        return _ended(lead, rated)
    if lead.state == CaseState.WAITING:
        return _waiting(lead, now)
    return _received(lead, now) if lead.state == CaseState.RECEIVED else _worked_on(lead, now)
