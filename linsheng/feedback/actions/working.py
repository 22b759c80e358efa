"""Working on a case: assign, contact, start, wait, resume, resolve; notes and added words; another item or urgency."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities import permissions
from linsheng.core.errors import Conflict, Invalid
from linsheng.feedback import clocks, search, telling
from linsheng.feedback.actions import recipients, results
from linsheng.feedback.actions.step import Step, audit_all, needed
from linsheng.feedback.actions.words import optional
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseState, Channel, Kind
from linsheng.feedback.notices import Words, send_to_staff
from linsheng.messaging.models import NoticeKind
from linsheng.standards.models import ServiceItem, Urgency
from linsheng.standards.queries import promise_in_force

WAITING_FOR = ("reporter", "third_party", "parts")
CONTACT_METHODS = ("phone", "visit", "message")


def _claims(case: Case, handler: User, by: Actor) -> bool:
    """A handler takes a case that nobody has, of a community they work in."""
    free = case.handler_id is None and by.user is not None and by.user.pk == handler.pk
    return free and permissions.has(by.user, Permission.HANDLE_CASE, case.community)


@transaction.atomic
def assign_case(*, case: Case, handler: User, by: Actor, now: datetime) -> Case:
    """Put somebody in charge. Handlers may take a free case themselves."""
    step = Step(case, "assign", by=by, now=now, granted=lambda fresh: _claims(fresh, handler, by))
    if not handler.is_active or not permissions.has(handler, Permission.HANDLE_CASE, step.case.community):
        # Without the name: it may be somebody of another company, hit upon by guessing user names.
        raise Invalid(_("这个人在这个小区没有处理岗位。"), fields={"handler": _("请选择本小区的处理人。")})
    if step.case.handler_id == handler.pk:
        raise Conflict(_("这件事已经由%(name)s负责。") % {"name": handler})
    step.case.handler, step.case.assigned_at = handler, now
    to = CaseState.ASSIGNED if step.case.state == CaseState.RECEIVED else step.case.state
    done = step.commit(to=to, data={"handler": handler.pk, "name": handler.name})
    if by.user is None or by.user.pk != handler.pk:
        words = Words(gettext_lazy("新任务：%(text)s"), gettext_lazy("%(number)s 已指派给您。"))
        send_to_staff(case=done, user=handler, key=f"case-{done.pk}-assigned-v{done.version}", words=words, now=now)
    return done


@transaction.atomic
def contact_reporter(*, case: Case, method: str = "phone", text: str = "", reached: bool = True, by: Actor, now: datetime) -> Case:
    """Log a contact with the reporter. Reaching them is what counts as the response; a status change is not.

    A ``message`` is sent to their account, mail or own page, and counts once it is there.
    """
    step = Step(case, "contact", by=by, now=now)
    if method not in CONTACT_METHODS:
        raise Invalid(_("请选择联系方式。"), fields={"method": _("请选择电话、上门或留言。")})
    if method == "message":
        text = needed(text, "text", _("请填写要告诉反映人的话。"))
        reached = _send_message(step.case, text, now)
    elif step.case.confidential:
        raise Conflict(_("反映人要求保密，不能打电话或上门，请改用留言：会出现在其专属进展页。"))
    if reached and step.case.responded_at is None:
        step.case.responded_at = now
    return step.commit(text=optional(text), data={"method": method, "reached": reached}, clock=True)


def _send_message(case: Case, text: str, now: datetime) -> bool:
    """Put the handler's words before the reporter; whether they are there by now (a mail arrives later)."""
    words = Words(gettext_lazy("处理人留言：%(text)s"), text)
    key = f"case-{case.pk}-message-v{case.version}"
    told = telling.tell_reporter(case, kind=NoticeKind.CASE_PROGRESS, words=words, key=key, now=now)
    if not told.methods and case.channel != Channel.QR:
        raise Conflict(_("反映人没有账号和邮箱，留言送不到，请打电话或上门。"))
    return told.at_once


@transaction.atomic
def start_case(*, case: Case, by: Actor, now: datetime) -> Case:
    """Begin to work on it."""
    return Step(case, "start", by=by, now=now).commit()


@transaction.atomic
def wait_case(*, case: Case, waiting_for: str, reason: str, until: datetime | None = None, by: Actor, now: datetime) -> Case:
    """Stop the handler's clock for something that is in others' hands; the reporter reads the reason."""
    step = Step(case, "wait", by=by, now=now)
    if waiting_for not in WAITING_FOR:
        raise Invalid(_("请选择在等什么：反映人、第三方或配件。"), fields={"for": _("请选择在等什么。")})
    reason = needed(reason, "reason", _("请写明等待的原因，反映人会看到。"))
    if until is not None and until <= now:
        raise Invalid(_("预计日期须晚于现在。"), fields={"until": _("预计日期须晚于现在。")})
    step.case.waiting_for, step.case.waiting_until = waiting_for, until
    done = step.commit(text=reason, data={"for": waiting_for, "until": until.isoformat() if until else None})
    words = Words(gettext_lazy("需要等待：%(text)s"), reason)
    telling.tell_reporter(done, kind=NoticeKind.CASE_PROGRESS, words=words, key=f"case-{done.pk}-wait-v{done.version}", now=now)
    return done


@transaction.atomic
def resume_case(*, case: Case, by: Actor, now: datetime) -> Case:
    """Go on working; the time waited does not count."""
    step = Step(case, "resume", by=by, now=now)
    step.case.waiting_for, step.case.waiting_until = "", None
    return step.commit()


@transaction.atomic
def resolve_case(*, case: Case, text: str, by: Actor, now: datetime) -> Case:
    """Say what was done, in words for the reporter, and set the telling of it going."""
    step = Step(case, "resolve", by=by, now=now)
    text = needed(text, "text", _("请用反映人能看懂的话写明做了什么。"))
    results.publish(step.case, text=text, by=by, now=now)
    done = step.write(text=text)
    audit_all([step, *results.share_with_merged(done, action="resolve", text=text, by=by, now=now)])
    return done


def _classified(case: Case) -> dict[str, str]:
    return {"item": case.item.code, "urgency": case.urgency, "kind": case.kind, "item_name": case.item.name}


@transaction.atomic
def reclassify_case(
    *,
    case: Case,
    item: ServiceItem | None = None,
    urgency: str | None = None,
    kind: str | None = None,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Another item, urgency or kind: both deadlines are worked out anew from the edition that was in force when it came in."""
    step = Step(case, "reclassify", by=by, now=now)
    changed = step.case
    before = _classified(changed)
    _check_class(changed, item, urgency, kind)
    if item is not None:
        changed.item, changed.team = item, item.team
    changed.urgency, changed.kind = urgency or changed.urgency, kind or changed.kind
    after = _classified(changed)
    if after == before:
        raise Conflict(_("项目和紧急程度都没有变化。"))
    promise = promise_in_force(community=changed.community, item=changed.item, urgency=changed.urgency, at=changed.received_at)
    clocks.take_promise(changed, promise)
    done = step.commit(text=optional(reason, "reason"), internal=True, data={"before": before, "after": after}, clock=True)
    search.index_case(done)
    return done


def _check_class(case: Case, item: ServiceItem | None, urgency: str | None, kind: str | None) -> None:
    fields: dict[str, object] = {}
    foreign = item is not None and item.organisation_id != case.community.organisation_id
    retired = item is not None and item.retired_at is not None and item.pk != case.item_id
    if foreign or retired:
        fields["item"] = _("请选择正在使用的服务项目。")
    if urgency and urgency not in Urgency.values:
        fields["urgency"] = _("请从列出的选项中选择。")
    if kind and kind not in Kind.values:
        fields["kind"] = _("请从列出的选项中选择。")
    if fields:
        raise Invalid(_("有内容需要修改，请看标出的地方。"), fields=fields)


@transaction.atomic
def add_note(*, case: Case, text: str, by: Actor, now: datetime) -> Case:
    """A note among staff; the reporter never sees it."""
    step = Step(case, "note", by=by, now=now)
    return step.commit(text=needed(text, "text", _("请填写备注内容。")), internal=True)


@transaction.atomic
def add_words(*, case: Case, text: str, by: Actor, now: datetime, data: dict[str, Any] | None = None) -> Case:
    """The reporter (or staff for them) adds something; who works on it — the parent's handler, for a merged case — hears of it.

    ``data`` goes into the history entry: what came in raw, and by which way.
    """
    step = Step(case, "add", by=by, now=now)
    text = needed(text, "text", _("请填写要补充的内容。"))
    done = step.commit(text=text, data=data)
    search.index_case(done)
    if by.reporter:
        words = Words(gettext_lazy("反映人有补充：%(text)s"), text)
        for user in recipients.of_work(done.parent or done):
            send_to_staff(case=done, user=user, key=f"case-{done.pk}-added-v{done.version}-{user.pk}", words=words, now=now)
    return done
