"""Mails that came in: those that wait for a person, and what is done with them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from linsheng.api.auth import caller, instant
from linsheng.api.fields import Clean
from linsheng.api.idempotency import Answer, idempotent
from linsheng.api.problems import ERRORS
from linsheng.core.errors import Invalid
from linsheng.core.pagination import cursor_page
from linsheng.intake.actions.mail import discard_mail, release_mail, retry_mail
from linsheng.intake.models import Mail, Outcome
from linsheng.intake.queries.mail import filtered_mails, mails_visible_to, require_mail, visible_mail

router = Router(tags=["mail"], by_alias=True)
STATES = [*Outcome.values, "after_end"]


class MailOut(Schema):
    """A mail and what became of it."""

    id: int
    state: str
    reason: str
    note: str
    case: str | None
    community: str | None
    sender: str
    subject: str
    received_at: datetime
    size: int


class MailPage(Schema):
    items: list[MailOut]
    next: str | None


class MailFilters(Clean):
    """Narrow by state and words."""

    state: str = ""
    q: str = ""
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


def _out(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.pk,
        "state": mail.outcome,
        "reason": str(mail.get_reason_display()),
        "note": mail.note,
        "case": mail.case.number if mail.case else None,
        "community": mail.community.code if mail.community else None,
        "sender": mail.from_address,
        "subject": mail.subject,
        "received_at": mail.received_at,
        "size": mail.size,
    }


@router.get("/mail", response={200: MailPage, **ERRORS}, operation_id="listMail", summary="Mails that came in, newest first")
def list_mail(request: HttpRequest, filters: Query[MailFilters]) -> dict[str, Any]:
    user = caller(request)
    require_mail(user)
    if filters.state and filters.state not in STATES:
        sentence = _("没有这个值：%(value)s。可以用：%(known)s。") % {"value": filters.state, "known": ", ".join(STATES)}
        raise Invalid(sentence, fields={"state": sentence})
    rows = filtered_mails(mails_visible_to(user), state=filters.state, words=filters.q).select_related("case", "community")
    page = cursor_page(rows, order=("-received_at", "-id"), cursor=filters.cursor, size=filters.limit)
    return {"items": [_out(mail) for mail in page.items], "next": page.next}


def _step(request: HttpRequest, mail_id: int, act: Callable[..., Mail]) -> Answer:
    user, now = caller(request), instant(request)
    require_mail(user)
    return 200, _out(act(mail=visible_mail(user, mail_id), by=user, now=now))


@router.post(
    "/mail/{mail_id}/release", response={200: MailOut, **ERRORS}, operation_id="releaseMail", summary="Let out of quarantine"
)
@idempotent
def release(request: HttpRequest, mail_id: int) -> Answer:
    return _step(request, mail_id, release_mail)


@router.post(
    "/mail/{mail_id}/retry", response={200: MailOut, **ERRORS}, operation_id="retryMail", summary="Try a parked mail again"
)
@idempotent
def retry(request: HttpRequest, mail_id: int) -> Answer:
    return _step(request, mail_id, retry_mail)


@router.post(
    "/mail/{mail_id}/discard", response={200: MailOut, **ERRORS}, operation_id="discardMail", summary="Throw a waiting mail away"
)
@idempotent
def discard(request: HttpRequest, mail_id: int) -> Answer:
    return _step(request, mail_id, discard_mail)
