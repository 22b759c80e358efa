"""What can be done to a case: one address an action, each answering with the case as it now is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from linsheng.accounts.models import User
from linsheng.api import schemas as s
from linsheng.api.auth import caller, instant
from linsheng.api.cases import fresh_answer
from linsheng.api.idempotency import Answer, idempotent
from linsheng.api.problems import ERRORS
from linsheng.core.errors import Invalid
from linsheng.feedback import actions, queries
from linsheng.feedback.actions.step import check_allowed
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.machine import RULES
from linsheng.feedback.models import Case
from linsheng.standards.models import ServiceItem

router = Router(tags=["actions"], by_alias=True)
RESPONSES: dict[Any, Any] = {200: s.CaseDetail, **ERRORS}

Run = Callable[[Case, Actor, datetime], Case]


def act(request: HttpRequest, case_id: int, run: Run, *, first: str = "") -> Answer:
    """Find the case in what the caller sees, run the action, answer with the result.

    ``first``: the action whose permission is asked before ``run`` looks anything up, so that a refusal tells of nobody.
    """
    user, now = caller(request), instant(request)
    case = queries.visible_case(user, case_id)
    by = actor_for(user, case)
    if first:
        check_allowed(case, RULES[first], by)
    return fresh_answer(run(case, by, now), user, now)


def _colleague(case: Case, username: str) -> User:
    handler = (
        User.objects.filter(username=username, posts__organisation=case.community.organisation_id, posts__ended_at=None)
        .distinct()
        .first()
    )
    if handler is None:
        sentence = _("没有这位工作人员：%(name)s。") % {"name": username}
        raise Invalid(sentence, fields={"handler": sentence})
    return handler


@router.post("/cases/{case_id}/assign", response=RESPONSES, operation_id="assignCase", summary="Put somebody in charge")
@idempotent
def assign(request: HttpRequest, case_id: int, payload: s.Assign) -> Answer:
    return act(
        request,
        case_id,
        lambda case, by, now: actions.assign_case(case=case, handler=_colleague(case, payload.handler), by=by, now=now),
        first="assign",
    )


@router.post(
    "/cases/{case_id}/contact", response=RESPONSES, operation_id="contactReporter", summary="Log a contact with the reporter"
)
@idempotent
def contact(request: HttpRequest, case_id: int, payload: s.ContactLog | None = None) -> Answer:
    log = payload or s.ContactLog()
    return act(
        request,
        case_id,
        lambda case, by, now: actions.contact_reporter(
            case=case, method=log.method, text=log.text, reached=log.reached, by=by, now=now
        ),
    )


@router.post("/cases/{case_id}/start", response=RESPONSES, operation_id="startCase", summary="Begin to work on it")
@idempotent
def start(request: HttpRequest, case_id: int) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.start_case(case=case, by=by, now=now))


@router.post(
    "/cases/{case_id}/wait", response=RESPONSES, operation_id="waitCase", summary="Wait for the reporter, a third party or parts"
)
@idempotent
def wait(request: HttpRequest, case_id: int, payload: s.Wait) -> Answer:
    return act(
        request,
        case_id,
        lambda case, by, now: actions.wait_case(
            case=case, waiting_for=payload.for_, reason=payload.reason, until=payload.until, by=by, now=now
        ),
    )


@router.post("/cases/{case_id}/resume", response=RESPONSES, operation_id="resumeCase", summary="Go on working")
@idempotent
def resume(request: HttpRequest, case_id: int) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.resume_case(case=case, by=by, now=now))


@router.post(
    "/cases/{case_id}/resolve",
    response=RESPONSES,
    operation_id="resolveCase",
    summary="Say what was done, in words for the reporter",
)
@idempotent
def resolve(request: HttpRequest, case_id: int, payload: s.Text) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.resolve_case(case=case, text=payload.text, by=by, now=now))


@router.post(
    "/cases/{case_id}/tell",
    response=RESPONSES,
    operation_id="tellResult",
    summary="Log that the reporter was told, or could not be reached",
)
@idempotent
def tell(request: HttpRequest, case_id: int, payload: s.Tell | None = None) -> Answer:
    log = payload or s.Tell()
    return act(
        request,
        case_id,
        lambda case, by, now: actions.tell_result(case=case, method=log.method, reached=log.reached, note=log.note, by=by, now=now),
    )


@router.post("/cases/{case_id}/close", response=RESPONSES, operation_id="closeCase", summary="Close a case whose reporter was told")
@idempotent
def close(request: HttpRequest, case_id: int) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.close_case(case=case, by=by, now=now))


@router.post("/cases/{case_id}/reopen", response=RESPONSES, operation_id="reopenCase", summary="It is not solved: a new cycle")
@idempotent
def reopen(request: HttpRequest, case_id: int, payload: s.Reason) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.reopen_case(case=case, reason=payload.reason, by=by, now=now))


@router.post(
    "/cases/{case_id}/refer", response=RESPONSES, operation_id="referCase", summary="Hand it on to whoever is responsible outside"
)
@idempotent
def refer(request: HttpRequest, case_id: int, payload: s.Reason) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.refer_case(case=case, reason=payload.reason, by=by, now=now))


@router.post(
    "/cases/{case_id}/decline", response=RESPONSES, operation_id="declineCase", summary="Say that it will not be done, and why"
)
@idempotent
def decline(request: HttpRequest, case_id: int, payload: s.Reason) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.decline_case(case=case, reason=payload.reason, by=by, now=now))


@router.post("/cases/{case_id}/withdraw", response=RESPONSES, operation_id="withdrawCase", summary="The reporter takes it back")
@idempotent
def withdraw(request: HttpRequest, case_id: int, payload: s.OptionalReason | None = None) -> Answer:
    reason = payload.reason if payload else ""
    return act(request, case_id, lambda case, by, now: actions.withdraw_case(case=case, reason=reason, by=by, now=now))


@router.post(
    "/cases/{case_id}/merge", response=RESPONSES, operation_id="mergeCase", summary="Follow it under another case from now on"
)
@idempotent
def merge(request: HttpRequest, case_id: int, payload: s.Merge) -> Answer:
    def run(case: Case, by: Actor, now: datetime) -> Case:
        into = queries.visible_to(caller(request)).filter(pk=payload.into).first()
        if into is None:
            raise Invalid(_("没有找到要合并到的那一件。"), fields={"into": _("没有这一件，或不在您的范围内。")})
        return actions.merge_case(case=case, into=into, by=by, now=now)

    return act(request, case_id, run, first="merge")


@router.post("/cases/{case_id}/unmerge", response=RESPONSES, operation_id="unmergeCase", summary="Follow it by itself again")
@idempotent
def unmerge(request: HttpRequest, case_id: int) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.unmerge_case(case=case, by=by, now=now))


@router.post(
    "/cases/{case_id}/reclassify",
    response=RESPONSES,
    operation_id="reclassifyCase",
    summary="Another item, urgency or kind; deadlines are worked out anew",
)
@idempotent
def reclassify(request: HttpRequest, case_id: int, payload: s.Reclassify) -> Answer:
    def run(case: Case, by: Actor, now: datetime) -> Case:
        item = ServiceItem.objects.filter(organisation=case.community.organisation_id, code=payload.item, retired_at=None).first()
        if payload.item and item is None:
            raise Invalid(_("没有这个服务项目。"), fields={"item": _("没有这个服务项目；可用的见 /api/v1/service-items。")})
        return actions.reclassify_case(
            case=case, item=item, urgency=payload.urgency, kind=payload.kind, reason=payload.reason, by=by, now=now
        )

    return act(request, case_id, run, first="reclassify")


@router.post("/cases/{case_id}/urge", response=RESPONSES, operation_id="urgeCase", summary="The reporter asks to hurry, once a day")
@idempotent
def urge(request: HttpRequest, case_id: int, payload: s.OptionalText | None = None) -> Answer:
    text = payload.text if payload else ""
    return act(request, case_id, lambda case, by, now: actions.urge_case(case=case, text=text, by=by, now=now))


@router.post(
    "/cases/{case_id}/me_too",
    response=RESPONSES,
    operation_id="joinCase",
    summary="A neighbour has the same trouble and follows the case",
)
@idempotent
def me_too(request: HttpRequest, case_id: int) -> Answer:
    user, now = caller(request), instant(request)
    case = queries.case_to_join(user, case_id)
    return fresh_answer(actions.join_case(case=case, by=user, now=now), user, now)


@router.post(
    "/cases/{case_id}/rate", response=RESPONSES, operation_id="rateCase", summary="1–5 stars by the reporter, once a cycle"
)
@idempotent
def rate(request: HttpRequest, case_id: int, payload: s.Rate) -> Answer:
    return act(
        request,
        case_id,
        lambda case, by, now: actions.rate_case(
            case=case, stars=payload.stars, reasons=payload.reasons, text=payload.text, by=by, now=now
        ),
    )


@router.post(
    "/cases/{case_id}/callback",
    response=RESPONSES,
    operation_id="recordCallback",
    summary="Contacted? solved? satisfied? — by link, or asked by somebody independent",
)
@idempotent
def callback(request: HttpRequest, case_id: int, payload: s.CallbackAnswers) -> Answer:
    def run(case: Case, by: Actor, now: datetime) -> Case:
        return actions.record_callback(
            case=case,
            outcome=payload.outcome,
            contacted=payload.contacted,
            solved=payload.solved,
            satisfied=payload.satisfied or "",
            method=payload.method or "",
            note=payload.note,
            by=by,
            now=now,
        )

    return act(request, case_id, run)


@router.post("/cases/{case_id}/note", response=RESPONSES, operation_id="addNote", summary="A note among staff")
@idempotent
def note(request: HttpRequest, case_id: int, payload: s.Text) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.add_note(case=case, text=payload.text, by=by, now=now))


@router.post("/cases/{case_id}/add", response=RESPONSES, operation_id="addWords", summary="Add something to what was reported")
@idempotent
def add(request: HttpRequest, case_id: int, payload: s.Text) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.add_words(case=case, text=payload.text, by=by, now=now))


@router.post(
    "/cases/{case_id}/acknowledge", response=RESPONSES, operation_id="acknowledgeEscalation", summary="Take note of an escalation"
)
@idempotent
def acknowledge(request: HttpRequest, case_id: int) -> Answer:
    return act(request, case_id, lambda case, by, now: actions.acknowledge_escalation(case=case, by=by, now=now))
