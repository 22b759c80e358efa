"""A new edition of the promises: an edition in force is never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.models import Organisation
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.standards.models import Promise, ServiceCalendar, ServiceItem, StandardVersion


@dataclass(frozen=True)
class PromiseChange:
    """What one promise shall say from the new edition on; minutes count in the calendar's working time."""

    item: ServiceItem
    grade: str
    urgency: str
    response_minutes: int
    resolution_minutes: int
    calendar: ServiceCalendar

    @property
    def key(self) -> tuple[int, str, str]:
        return self.item.pk, self.grade, self.urgency


def require_standards(by: User | None, organisation: Organisation) -> None:
    """Standards hold for the whole company: only a post at the company may change them."""
    if by is not None and organisation.pk not in organisations_with(by, Permission.EDIT_STANDARDS):
        raise Forbidden(_("只有公司层面的岗位可以修改服务标准。"))


def _check(change: PromiseChange, organisation: Organisation) -> None:
    if change.item.organisation_id != organisation.pk or change.calendar.organisation_id != organisation.pk:
        raise Invalid(_("服务项目或日历不属于本公司。"))
    if not 0 < change.response_minutes <= change.resolution_minutes:
        raise Invalid(
            _("%(item)s：响应时限须大于 0，且不超过解决时限。") % {"item": change.item},
            fields={"response_minutes": _("须不超过解决时限。")},
        )


@transaction.atomic
def publish_promises(
    *, organisation: Organisation, changes: Sequence[PromiseChange], note: str = "", by: User | None, now: datetime
) -> StandardVersion:
    """Make the next edition: the last one with ``changes``. Cases that came in earlier keep the edition they came in under."""
    require_standards(by, organisation)
    for change in changes:
        _check(change, organisation)
    last = StandardVersion.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"] or 0
    version, new = StandardVersion.objects.get_or_create(
        organisation=organisation, number=last + 1, defaults={"effective_from": now, "note": note, "made_by": by}
    )
    if not new:
        raise Conflict(_("刚有人发布了新版本，请刷新后再改。"))
    kept = {
        (p.item_id, p.grade, p.urgency): p for p in Promise.objects.filter(version__organisation=organisation, version__number=last)
    }
    for promise in kept.values():
        promise.pk, promise.version = None, version
    for change in changes:
        kept[change.key] = Promise(
            version=version,
            item=change.item,
            grade=change.grade,
            urgency=change.urgency,
            response_minutes=change.response_minutes,
            resolution_minutes=change.resolution_minutes,
            calendar=change.calendar,
        )
    Promise.objects.bulk_create(kept.values())
    record(
        "standards.publish_promises",
        by=by,
        now=now,
        subject=version,
        organisation_id=organisation.pk,
        data={"changed": [c.key for c in changes]},
    )
    return version
