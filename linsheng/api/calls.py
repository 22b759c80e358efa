"""Calls, as a telephone exchange reports them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Status
from ninja.security import APIKeyHeader

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.api.auth import TokenAuth
from linsheng.api.fields import Instant, Strict
from linsheng.api.problems import ERRORS
from linsheng.communities.permissions import scope
from linsheng.core.errors import DomainError, Forbidden, Invalid
from linsheng.core.http import now_of
from linsheng.core.text import phone_digits
from linsheng.intake.actions.calls import Reported, report_call
from linsheng.intake.actions.lines import line_called, note_seen
from linsheng.intake.models import Exchange, Line
from linsheng.intake.signing import KEY, SIGNATURE, TIMESTAMP, exchange_signed

router = Router(tags=["calls"])


class BadSignature(DomainError):
    """Nobody whom we know signed this, or too long ago."""

    status, code = 401, "bad_signature"


class SignedByExchange(APIKeyHeader):
    """``X-Linsheng-Signature: sha256=…`` over timestamp and body, by the exchange that ``X-Linsheng-Exchange`` names."""

    param_name = SIGNATURE

    def authenticate(self, request: HttpRequest, key: str | None) -> Exchange | None:
        if key is None:
            return None
        headers = request.headers
        found = exchange_signed(
            key=headers.get(KEY, ""), timestamp=headers.get(TIMESTAMP, ""), given=key, body=request.body, now=now_of(request)
        )
        if found is None:
            raise BadSignature(_("签名不对，或时间戳与服务器相差超过 5 分钟。请核对密钥、时钟，以及签名的内容是“时间戳.请求体”。"))
        return found


class CallReport(Strict):
    """A call, or news of one: the same ``call_id`` adds to what was reported before."""

    call_id: str = Field(..., min_length=1, max_length=80)
    line: str = Field(..., min_length=1, max_length=30)
    number: str = Field(default="", max_length=30)
    started_at: Instant | None = None
    answered_by: str = Field(default="", max_length=60)
    ended_at: Instant | None = None


class CallTaken(Strict):
    id: int
    call_id: str
    new: bool
    community: str
    started_at: datetime
    outcome: str


def _line_of_user(user: User, number: str) -> Line:
    """By token: the line is one of the places where the person reports calls."""
    covered = scope(user, Permission.REPORT_CALLS)
    if not covered:
        raise Forbidden(_("这个令牌的账号不能报送来电。"))
    lines = Line.objects.filter(covered.q(), digits=phone_digits(number), retired_at=None, exchange__retired_at=None)
    line = lines.select_related("community__organisation", "exchange").order_by("pk").first() if phone_digits(number) else None
    if line is None:
        sentence = _("没有登记线路“%(line)s”。请在“设置 › 电话线路”里把它对应到小区。") % {"line": number}
        raise Invalid(sentence, fields={"line": sentence})
    return line


@router.post(
    "/calls",
    auth=[SignedByExchange(), TokenAuth()],
    response={200: CallTaken, 201: CallTaken, **ERRORS},
    operation_id="reportCall",
    summary="A telephone exchange reports a call (signed, or by token); repeating a call_id only adds news",
)
def report(request: HttpRequest, payload: CallReport) -> Status[dict[str, Any]]:
    who: Any = request.auth  # type: ignore[attr-defined]  # set by ninja
    now = now_of(request)
    line = line_called(who, payload.line) if isinstance(who, Exchange) else _line_of_user(who, payload.line)
    note_seen(exchange=line.exchange, now=now)
    call, new = report_call(line=line, reported=_reported(payload), now=now)
    body = {
        "id": call.pk,
        "call_id": payload.call_id,
        "new": new,
        "community": call.community.code,
        "started_at": call.started_at,
        "outcome": call.outcome,
    }
    return Status(201 if new else 200, body)


def _reported(payload: CallReport) -> Reported:
    return Reported(
        call_id=payload.call_id,
        number=payload.number,
        started_at=payload.started_at,
        answered_by=payload.answered_by,
        ended_at=payload.ended_at,
    )
