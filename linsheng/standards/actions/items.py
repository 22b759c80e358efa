"""Editing the tree: items are retired, never deleted; a changed name is kept with its time."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.communities.models import Organisation
from linsheng.core.errors import Conflict, Invalid
from linsheng.standards.actions.promises import require_standards
from linsheng.standards.models import ItemWording, ServiceDimension, ServiceItem


@transaction.atomic
def add_dimension(
    *, organisation: Organisation, code: str, name: str, name_en: str = "", icon: str = "", by: User, now: datetime
) -> ServiceDimension:
    """A new upper-level entry at the end of the tree."""
    require_standards(by, organisation)
    if ServiceDimension.objects.filter(organisation=organisation, code=code).exists():
        raise Invalid(_("代码已被使用。"), fields={"code": _("代码已被使用，请换一个。")})
    last = ServiceDimension.objects.filter(organisation=organisation).aggregate(last=Max("order"))["last"] or 0
    dimension = ServiceDimension.objects.create(
        organisation=organisation, code=code, name=name, name_en=name_en, icon=icon, order=last + 1
    )
    record(
        "standards.add_dimension",
        by=by,
        now=now,
        subject=dimension,
        organisation_id=organisation.pk,
        data={"code": code, "name": name},
    )
    return dimension


@transaction.atomic
def add_item(
    *,
    dimension: ServiceDimension,
    code: str,
    name: str,
    team: str,
    name_en: str = "",
    icon: str = "",
    common: bool = False,
    by: User,
    now: datetime,
) -> ServiceItem:
    """A new item at the end of its dimension. It has no promise until an edition gives it one."""
    require_standards(by, dimension.organisation)
    last = dimension.items.aggregate(last=Max("order"))["last"] or 0
    try:
        with transaction.atomic():
            item = ServiceItem.objects.create(
                organisation=dimension.organisation,
                dimension=dimension,
                code=code,
                name=name,
                name_en=name_en,
                icon=icon,
                team=team,
                common=common,
                order=last + 1,
            )
    except IntegrityError as error:
        raise Invalid(_("代码已被使用。"), fields={"code": _("代码已被使用，请换一个。")}) from error
    record(
        "standards.add_item", by=by, now=now, subject=item, organisation_id=item.organisation_id, data={"code": code, "name": name}
    )
    return item


@transaction.atomic
def change_item(
    *, item: ServiceItem, name: str, name_en: str, team: str, icon: str, common: bool, order: int, by: User, now: datetime
) -> ServiceItem:
    """Change how an item is called and shown; its identity and its past wording stay."""
    require_standards(by, item.organisation)
    if (name, name_en) != (item.name, item.name_en):
        ItemWording.objects.create(item=item, name=item.name, name_en=item.name_en, since=now, changed_by=by)
    for field, value in {"name": name, "name_en": name_en, "team": team, "icon": icon, "common": common, "order": order}.items():
        setattr(item, field, value)
    item.save(update_fields=["name", "name_en", "team", "icon", "common", "order"])
    record("standards.change_item", by=by, now=now, subject=item, organisation_id=item.organisation_id, data={"name": name})
    return item


@transaction.atomic
def retire_item(*, item: ServiceItem, by: User, now: datetime) -> ServiceItem:
    """Take an item out of use: nothing new can point at it, everything old still does."""
    require_standards(by, item.organisation)
    if not ServiceItem.objects.filter(pk=item.pk, retired_at=None).update(retired_at=now):
        raise Conflict(_("该项目已经停用。"))
    item.retired_at = now
    record("standards.retire_item", by=by, now=now, subject=item, organisation_id=item.organisation_id)
    return item


@transaction.atomic
def restore_item(*, item: ServiceItem, by: User, now: datetime) -> ServiceItem:
    """Bring a retired item back into use."""
    require_standards(by, item.organisation)
    if not ServiceItem.objects.filter(pk=item.pk, retired_at__isnull=False).update(retired_at=None):
        raise Conflict(_("该项目正在使用，无需恢复。"))
    item.retired_at = None
    record("standards.restore_item", by=by, now=now, subject=item, organisation_id=item.organisation_id)
    return item
