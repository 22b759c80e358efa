"""Cases: list, read, report."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router

from linsheng.accounts.models import User
from linsheng.api import present
from linsheng.api.auth import caller, instant
from linsheng.api.fields import Clean, Day
from linsheng.api.idempotency import Answer, idempotent
from linsheng.api.new_case import named_as_asked, place_of, resident_of
from linsheng.api.places import communities_of
from linsheng.api.problems import ERRORS
from linsheng.api.schemas import CaseCreated, CaseDetail, CasePage, NewCase
from linsheng.communities.permissions import is_staff
from linsheng.core.errors import Invalid
from linsheng.core.pagination import cursor_page
from linsheng.feedback import actions, queries
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case, CaseState, Channel, Kind
from linsheng.standards.models import Urgency

router = Router(tags=["cases"], by_alias=True)
PAGE = 50


class CaseFilters(Clean):
    """Every filter narrows the list; ``from`` and ``to`` are dates of arrival, both included."""

    community: str = ""
    state: str = ""
    item: str = ""
    handler: str = ""
    channel: str = ""
    kind: str = ""
    urgency: str = ""
    q: str = ""
    overdue: bool = False
    order: Literal["newest", "deadline"] = "newest"
    cursor: str | None = None
    limit: int = Field(default=PAGE, ge=1, le=200)


def _one_of(name: str, value: str, known: list[str]) -> None:
    unknown = [part for part in value.split(",") if part and part not in known]
    if unknown:
        sentence = _("没有这个值：%(value)s。可以用：%(known)s。") % {"value": unknown[0], "known": ", ".join(known)}
        raise Invalid(sentence, fields={name: sentence})


def _day(value: date | None, extra: int = 0) -> datetime | None:
    return datetime.combine(value + timedelta(days=extra), time(), get_current_timezone()) if value else None


def _board_filter(user: User, f: CaseFilters, since: date | None, until: date | None) -> queries.BoardFilter:
    for name, choices in (("state", CaseState), ("channel", Channel), ("kind", Kind), ("urgency", Urgency)):
        _one_of(name, getattr(f, name), choices.values)
    community = communities_of(user).filter(code=f.community).values_list("pk", flat=True).first() if f.community else None
    if f.community and community is None:
        raise Invalid(_("没有这个小区。"), fields={"community": _("没有这个小区，或不在您的范围内。")})
    states = tuple(part for part in f.state.split(",") if part)
    return queries.BoardFilter(
        community=community,
        states=states,
        item=f.item,
        handler=f.handler,
        channel=f.channel,
        kind=f.kind,
        urgency=f.urgency,
        q=f.q,
        since=_day(since),
        until=_day(until, 1),
        overdue=f.overdue,
    )


@router.get("/cases", response={200: CasePage, **ERRORS}, operation_id="listCases", summary="Cases the caller may see")
def list_cases(
    request: HttpRequest,
    filters: Query[CaseFilters],
    since: Annotated[Day | None, Query(alias="from")] = None,
    until: Annotated[Day | None, Query(alias="to")] = None,
) -> dict[str, Any]:
    user, now = caller(request), instant(request)
    rows = queries.board(user, _board_filter(user, filters, since, until), now).select_related("resident")
    order = ("due_at", "id") if filters.order == "deadline" else ("-received_at", "-id")
    page = cursor_page(rows, order=order, cursor=filters.cursor, size=filters.limit)
    return {"items": [present.case_out(case, user, now) for case in page.items], "next": page.next}


@router.get("/cases/{case_id}", response={200: CaseDetail, **ERRORS}, operation_id="getCase", summary="One case with its history")
def get_case(request: HttpRequest, case_id: int) -> dict[str, Any]:
    user = caller(request)
    case = queries.visible_case(user, case_id)
    return present.case_detail(case, user, actor_for(user, case), instant(request))


@router.post("/cases", response={201: CaseCreated, **ERRORS}, operation_id="createCase", summary="Report something")
@idempotent
def create_case(request: HttpRequest, payload: NewCase) -> Answer:
    user, now = caller(request), instant(request)
    community, item, home = place_of(user, payload)
    resident, home = resident_of(user, community, home, payload)
    contact = payload.contact
    report = actions.Report(
        community=community,
        item=item,
        text=payload.text,
        kind=payload.kind,
        urgency=payload.urgency,
        channel=(payload.channel or Channel.DESK) if is_staff(user) else Channel.APP,
        location=payload.location,
        home=home,
        resident=resident,
        contact_name=contact.name if contact else "",
        contact_phone=contact.phone if contact else "",
        contact_email=contact.email if contact else "",
        confidential=payload.confidential,
        received_at=payload.received_at if is_staff(user) else None,
    )
    with named_as_asked():
        case = actions.receive_case(report=report, by=Actor(user=user, reporter=not is_staff(user)), now=now)
    return 201, present.created(case, user, actor_for(user, case), now)


def fresh_answer(case: Case, user: User, now: datetime) -> Answer:
    """200 with the case as it now is."""
    current = queries.visible_to(user).filter(pk=case.pk).exists()
    shown = queries.visible_case(user, case.pk) if current else case
    return 200, present.case_detail(shown, user, actor_for(user, shown), now)
