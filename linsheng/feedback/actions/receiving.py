"""A voice comes in: the one action through which every channel makes a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.accounts.permissions import Permission
from linsheng.communities import permissions
from linsheng.communities.models import Building, Community, Home, Residency, Resident
from linsheng.core.counters import count_up
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.core.inserting import insert
from linsheng.core.text import is_dialable
from linsheng.feedback import clocks, ladder, search, telling
from linsheng.feedback.actions import alarm
from linsheng.feedback.actions.step import audit_event, write_event
from linsheng.feedback.actions.words import needed
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseNumber, Channel, Kind
from linsheng.feedback.notices import Words
from linsheng.messaging.models import NoticeKind
from linsheng.standards.calendars import with_days
from linsheng.standards.models import ServiceItem, Urgency
from linsheng.standards.queries import promise_in_force

LONGEST_TEXT = 5000
# Longest of what is kept with a case, in characters.
LIMITS = {"location": 120, "contact_name": 60, "contact_phone": 30}
# What is written down later than this after it was said belongs into no clock any more.
LATEST_ENTRY = timedelta(days=366)


@dataclass(frozen=True)
class Report:
    """What somebody brought up, as it came in."""

    community: Community
    item: ServiceItem
    text: str
    kind: str = Kind.REPAIR
    urgency: str = Urgency.NORMAL
    channel: str = Channel.APP
    location: str = ""
    home: Home | None = None
    building: Building | None = None
    resident: Resident | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    confidential: bool = False
    received_at: datetime | None = None  # when it was first said, if that was before now (a call, a slip)
    call: dict[str, Any] | None = None
    submission_key: str = ""  # the same key twice is the same report sent twice: it makes one case


def _check_places(report: Report) -> dict[str, object]:
    place = report.community
    fields: dict[str, object] = {}
    if place.retired_at:
        fields["community"] = _("这个小区已经停用。")
    if report.item.organisation_id != place.organisation_id or report.item.retired_at:
        fields["item"] = _("请选择本公司正在使用的服务项目。")
    if report.home and report.home.community_id != place.pk:
        fields["home"] = _("这个房号不在%(place)s。") % {"place": place}
    if report.building and report.building.community_id != place.pk:
        fields["building"] = _("这个楼栋不在%(place)s。") % {"place": place}
    if report.resident and report.resident.organisation_id != place.organisation_id:
        fields["resident"] = _("没有这位住户。")
    return fields


def _check_words(report: Report, now: datetime) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, choices in (("kind", Kind), ("urgency", Urgency), ("channel", Channel)):
        if getattr(report, name) not in choices.values:
            fields[name] = _("请从列出的选项中选择。")
    for name, longest in LIMITS.items():
        if len(getattr(report, name)) > longest:
            fields[name] = _("请控制在 %(n)s 字以内。") % {"n": longest}
    if len(report.text) > LONGEST_TEXT:
        fields["text"] = _("内容太长，请控制在 %(n)s 字以内；更多细节可以在提交后补充。") % {"n": LONGEST_TEXT}
    if report.contact_phone and not is_dialable(report.contact_phone):
        fields["contact_phone"] = _("请核对电话号码。")
    if report.contact_email and not _is_address(report.contact_email):
        fields["contact_email"] = _("请核对邮箱地址。")
    if report.received_at and not now - LATEST_ENTRY <= report.received_at <= now:
        fields["received_at"] = _("反映时间不能晚于现在，也不能早于一年以前。")
    return fields


def _is_address(text: str) -> bool:
    try:
        validate_email(text.strip())
    except ValidationError:
        return False
    return True


def _check(report: Report, now: datetime) -> None:
    """Raise ``Invalid`` naming every field that is wrong."""
    fields = {**_check_places(report), **_check_words(report, now)}
    if fields:
        raise Invalid(_("有内容需要修改，请看标出的地方。"), fields=fields)
    needed(report.text, "text", _("请说一句发生了什么。"))


def _is_own(report: Report, by: Actor) -> bool:
    """Whether somebody speaks for themselves — staff members live somewhere, too."""
    return report.resident is not None and by.user is not None and report.resident.user_id == by.user.pk


def _check_who(report: Report, by: Actor) -> None:
    """Staff need the permission there; a resident a home there; a public form is the system's own doing."""
    if by.system:
        return
    if by.user is None:
        raise Forbidden(_("请先登录再反映，或使用公开的反映入口。"))
    if permissions.has(by.user, Permission.RECEIVE_CASE, report.community):
        return
    homes = Residency.objects.filter(resident=report.resident, until=None, home__community=report.community)
    if not _is_own(report, by) or not homes.exists():
        raise Forbidden(_("您只能为自己居住的小区反映问题。"))
    if report.home and not homes.filter(home=report.home).exists():
        raise Invalid(_("请选择您自己的房屋。"), fields={"home": _("请选择您自己的房屋。")})
    if report.received_at is not None:
        raise Invalid(_("反映时间由系统记录。"), fields={"received_at": _("反映时间由系统记录。")})


def _next_number(community: Community, received_at: datetime) -> str:
    """``CH2611-0042``: community, month of arrival, running number; the counter's row is locked until the commit."""
    month = localtime(received_at).strftime("%y%m")
    where: dict[str, Any] = {"community": community, "month": month}
    found = count_up(CaseNumber, "last", where=where, returning=("last",))
    if found is None:
        CaseNumber.objects.get_or_create(**where)
        found = count_up(CaseNumber, "last", where=where, returning=("last",))
    return f"{community.code}{month}-{found[0] if found else 0:04d}"


def _call_kept(report: Report) -> dict[str, Any] | None:
    """The call's log; without the number of somebody who asked to stay unknown."""
    if report.call is None or not report.confidential:
        return report.call
    return {name: value for name, value in report.call.items() if name != "number"}


def build_case(report: Report, *, number: str, now: datetime) -> Case:
    """The case's row without its deadlines, unsaved: also what bulk loading uses."""
    home = report.home
    # Of a confidential reporter only the building is kept that they named as the place, never the one that they live in.
    lives_in = home.building if home and not report.confidential else None
    return Case(
        number=number,
        community=report.community,
        building=report.building or lives_in,
        home=home,
        item=report.item,
        team=report.item.team,
        kind=report.kind,
        urgency=report.urgency,
        channel=report.channel,
        text=_plain(report.text),
        location=_plain(report.location),
        resident=report.resident,
        contact_name=_plain(report.contact_name),
        contact_phone=_plain(report.contact_phone),
        contact_email=_plain(report.contact_email),
        confidential=report.confidential,
        call=_call_kept(report),
        submission_key=report.submission_key or None,
        received_at=report.received_at or now,
    )


def _plain(text: str) -> str:
    """Without outer blanks, and without what PostgreSQL cannot keep."""
    return text.replace("\x00", "").strip()


def _already(report: Report) -> Case | None:
    """The case that the same form of the same person made when it was sent before."""
    seen = Case.objects.filter(submission_key=report.submission_key).values_list("pk") if report.submission_key else ()
    # Hardly ever there is one: only then its whole row is read.
    found = Case.objects.get(pk=seen[0][0]) if seen else None
    resident_id = report.resident.pk if report.resident else None
    if found is not None and (found.community_id, found.resident_id) != (report.community.pk, resident_id):
        raise Conflict(_("这份表单已经提交过，请重新打开再填。"))
    return found


def receive_case(*, report: Report, by: Actor, now: datetime) -> Case:
    """Make a case of what was brought up: number, deadlines, history, receipt to the reporter.

    A ``submission_key`` seen before gives the case that it made then. Raises ``Invalid`` (naming fields) and ``Forbidden``.
    """
    try:
        return _receive(report, by, now)
    except IntegrityError:
        # Sent twice at the same time: the other one was first.
        if again := _already(report):
            return again
        raise


def _receive(report: Report, by: Actor, now: datetime) -> Case:
    _check(report, now)
    _check_who(report, by)
    return _write(_promised(report, now), report, by, now)


def _promised(report: Report, now: datetime) -> Case:
    """The case with its deadlines, without its number: reckoned before the transaction, in which everybody else waits."""
    case = build_case(report, number="", now=now)
    promise = promise_in_force(community=case.community, item=case.item, urgency=case.urgency, at=case.received_at)
    clocks.take_promise(case, promise)
    if case.calendar is not None:
        with_days(case.calendar)
    clocks.set_deadlines(case, [])
    case.next_escalation_at = ladder.first_time(case)
    return case


@transaction.atomic
def _write(case: Case, report: Report, by: Actor, now: datetime) -> Case:
    if again := _already(report):
        return again
    case.number = _next_number(case.community, case.received_at)
    staff = by.user is not None and permissions.is_staff(by.user) and not _is_own(report, by)
    case.entered_by = by.user if staff else None
    insert(case)
    who = Actor(user=by.user, reporter=not staff)
    event = write_event(case, "receive", "", by=who, now=now, text=case.text)
    search.index_new(case)
    _send_receipt(case, now)
    alarm.tell_of_danger(case=case, now=now)
    audit_event(case, event, by=who, now=now, number=case.number)
    return case


def _send_receipt(case: Case, now: datetime) -> None:
    body = gettext_lazy("我们已收到您的反映（%(number)s），会尽快安排处理。您可以随时查看进展。")
    words = Words(gettext_lazy("已收到：%(text)s"), body)
    telling.tell_reporter(case, kind=NoticeKind.CASE_RECEIVED, words=words, key=f"case-{case.pk}-received", now=now)
