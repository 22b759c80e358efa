"""What this app knows about a person, and how it forgets one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.accounts.privacy import erasure, exports
from linsheng.communities import erasure as residents
from linsheng.communities.models import Resident
from linsheng.feedback.models import Case, CaseEvent, Follower
from linsheng.feedback.search import index_case

CASE_FIELDS = {
    "number": _("编号"),
    "community": _("小区"),
    "home": _("房屋"),
    "item": _("服务项目"),
    "kind": _("类型"),
    "state": _("状态"),
    "received_at": _("反映时间"),
    "text": _("内容"),
    "added": _("补充"),
    "location": _("位置"),
    "contact": _("联系方式"),
    "confidential": _("对工作人员保密"),
    "results": _("处理结果"),
    "ratings": _("评价"),
    "answers": _("回访答复"),
    "urges": _("催办时间"),
    "photos": _("照片数"),
}


def _cases(user: User) -> QuerySet[Case]:
    said = CaseEvent.objects.filter(action="add", by_reporter=True).order_by("id")
    cases = Case.objects.filter(resident__user=user).select_related("community", "home", "item")
    related = ("resolutions", "ratings", "callbacks", "urges", "photos")
    return cases.prefetch_related(*related, Prefetch("events", said, to_attr="said")).order_by("received_at", "id")


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "community": str(case.community),
        "home": str(case.home or ""),
        "item": str(case.item),
        "kind": case.get_kind_display(),
        "state": case.get_state_display(),
        "received_at": case.received_at,
        "text": case.text,
        "added": [event.text for event in case.said],  # type: ignore[attr-defined]  # prefetched above
        "location": case.location,
        "contact": " ".join(part for part in (case.contact_name, case.contact_phone, case.contact_email) if part),
        "confidential": case.confidential,
        "results": [result.text for result in case.resolutions.all()],
        "ratings": [f"{rating.stars} {rating.text}".strip() for rating in case.ratings.all()],
        "answers": [callback.get_satisfied_display() for callback in case.callbacks.all() if callback.satisfied],
        "urges": [urge.at for urge in case.urges.all()],
        "photos": len(case.photos.all()),
    }


def cases_of(user: User) -> Sequence[dict[str, Any]]:
    """Everything that the person brought up, with what came of it."""
    return [_case(case) for case in _cases(user)]


def followed_by(user: User) -> Sequence[dict[str, Any]]:
    """What the person said "me too" to."""
    rows = Follower.objects.filter(user=user).select_related("case__item").order_by("at", "id")
    return [{"number": row.case.number, "item": str(row.case.item), "at": row.at} for row in rows]


def forget(user: User, organisation_id: int | None, now: datetime) -> None:
    """Take the person out of their cases: name, number and address go, also out of the search; the matter and its times stay."""
    residents = Resident.objects.filter(user=user)
    followed = Follower.objects.filter(user=user)
    if organisation_id is not None:
        residents = residents.filter(organisation=organisation_id)
        followed = followed.filter(case__community__organisation=organisation_id)
    forget_residents(list(residents.values_list("pk", flat=True)))
    followed.delete()


def forget_residents(resident_ids: Sequence[int]) -> None:
    """The same for residents without an account."""
    cases = Case.objects.filter(resident__in=resident_ids)
    named = cases.filter(~Q(contact_name="") | ~Q(contact_phone="") | ~Q(contact_email="") | Q(call__isnull=False))
    # The version goes up: whoever writes the case at this moment reads it again first.
    named.update(contact_name="", contact_phone="", contact_email="", call=None, version=F("version") + 1)
    for case in cases.select_related("community", "resident", "home", "item"):
        case.resident = None
        index_case(case)


def register() -> None:
    """Called once, when the app is ready."""
    exports.register(exports.Part("cases", _("我的反映"), CASE_FIELDS, cases_of))
    followed = {"number": _("编号"), "item": _("服务项目"), "at": _("时间")}
    exports.register(exports.Part("followed_cases", _("我跟进的反映"), followed, followed_by))
    erasure.register(forget)
    residents.register(forget_residents)
