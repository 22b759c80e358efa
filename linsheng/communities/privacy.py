"""What this app knows about a person, and how it forgets one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import Consent, DataRequest, User
from linsheng.accounts.privacy import erasure, exemptions, exports
from linsheng.communities.erasure import erase_residents
from linsheng.communities.models import Residency, Resident
from linsheng.communities.permissions import is_staff

# The fields of each part, with their words on screen.
ACCOUNT = {
    "name": _("姓名"),
    "phone": _("手机号"),
    "email": _("邮箱"),
    "username": _("用户名"),
    "created_at": _("开户时间"),
    "last_login": _("上次登录"),
}
RECORD = {"organisation": _("物业公司"), "name": _("姓名"), "phone": _("手机号"), "email": _("邮箱")}
RESIDENCY = {
    "community": _("小区"),
    "building": _("楼栋"),
    "home": _("房号"),
    "kind": _("身份"),
    "since": _("入住日期"),
    "until": _("迁出日期"),
}
CONSENT = {"document": _("文件"), "version": _("版本"), "given_at": _("同意时间"), "withdrawn_at": _("撤回时间")}
DOCUMENTS = {"privacy": _("个人信息保护说明")}
REQUEST = {
    "kind": _("类型"),
    "text": _("说明"),
    "state": _("状态"),
    "created_at": _("提出时间"),
    "answer": _("答复"),
    "answered_at": _("答复时间"),
}


def _values(row: Model, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) or "" for name in names}


def account_of(user: User) -> Sequence[dict[str, Any]]:
    return [_values(user, *ACCOUNT)]


def records_of(user: User) -> Sequence[dict[str, Any]]:
    """As each company knows the person."""
    rows = Resident.objects.filter(user=user).select_related("organisation").order_by("pk")
    return [{"organisation": r.organisation.name, "name": r.name, "phone": r.phone, "email": r.email} for r in rows]


def residencies_of(user: User) -> Sequence[dict[str, Any]]:
    rows = Residency.objects.filter(resident__user=user).select_related("home__community", "home__building").order_by("pk")
    return [
        {
            "community": row.home.community.name,
            "building": row.home.building.name,
            "home": row.home.number,
            "kind": row.get_kind_display(),
            "since": row.since,
            "until": row.until,
        }
        for row in rows
    ]


def consents_of(user: User) -> Sequence[dict[str, Any]]:
    rows = Consent.objects.filter(user=user).order_by("given_at", "pk")
    return [{**_values(row, *CONSENT), "document": str(DOCUMENTS.get(row.document, row.document))} for row in rows]


def requests_of(user: User) -> Sequence[dict[str, Any]]:
    rows = DataRequest.objects.filter(user=user).order_by("created_at", "pk")
    return [{**_values(row, *REQUEST), "kind": row.get_kind_display(), "state": row.get_state_display()} for row in rows]


def forget(user: User, organisation_id: int | None, now: datetime) -> None:
    """Erase the person's records of one company, or of every one."""
    residents = Resident.objects.filter(user=user)
    if organisation_id is not None:
        residents = residents.filter(organisation=organisation_id)
    erase_residents(residents, now)
    DataRequest.objects.filter(user=user, **({"organisation_id": organisation_id} if organisation_id else {})).update(text="")


def register() -> None:
    """Called once, when the app is ready."""
    exports.register(exports.Part("account", _("账号"), ACCOUNT, account_of, order=10))
    exports.register(exports.Part("records", _("物业公司登记的资料"), RECORD, records_of, order=20))
    exports.register(exports.Part("residencies", _("住房"), RESIDENCY, residencies_of, order=30))
    exports.register(exports.Part("consents", _("同意记录"), CONSENT, consents_of, order=80))
    exports.register(exports.Part("data_requests", _("个人信息申请"), REQUEST, requests_of, order=90))
    erasure.register(forget)
    # Staff data is needed for their work: they are informed, not asked.
    exemptions.register(is_staff)
