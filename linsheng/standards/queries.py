"""Reads of the service tree and the promises."""

from datetime import datetime

from django.db.models import QuerySet

from linsheng.communities.models import Community, Organisation
from linsheng.core.prepared import rows_of
from linsheng.core.questions import Question
from linsheng.standards.models import Promise, ServiceCalendar, ServiceDimension, ServiceItem, StandardVersion, localised


def items_of(organisation: Organisation | int, *, retired: bool = False) -> QuerySet[ServiceItem]:
    """The company's service items in tree order; retired ones only when asked for."""
    items = ServiceItem.objects.filter(organisation=organisation).select_related("dimension")
    return items if retired else items.filter(retired_at=None)


def _names_of(organisation: int) -> QuerySet[ServiceItem, tuple[str, str, str, str, str]]:
    columns = ("dimension__name", "dimension__name_en", "code", "name", "name_en")
    return ServiceItem.objects.filter(organisation=organisation, retired_at=None).values_list(*columns)


def item_names(organisation: Organisation | int) -> list[tuple[str, str, str]]:
    """Dimension, code and name of each item in use, in tree order and in the reader's language: all that a choice shows."""
    rows = rows_of(_names_of, organisation if isinstance(organisation, int) else organisation.pk)
    return [
        (localised(dimension, dimension_en), code, localised(name, name_en))
        for dimension, dimension_en, code, name, name_en in rows
    ]


def dimensions_of(organisation: Organisation | int) -> QuerySet[ServiceDimension]:
    return ServiceDimension.objects.filter(organisation=organisation).prefetch_related("items")


def calendars_of(organisation: Organisation | int) -> QuerySet[ServiceCalendar]:
    return ServiceCalendar.objects.filter(organisation=organisation).prefetch_related("overrides")


def version_in_force(organisation: Organisation | int, at: datetime) -> StandardVersion | None:
    """The newest edition whose day had come at ``at``."""
    return StandardVersion.objects.filter(organisation=organisation, effective_from__lte=at).order_by("-number").first()


def promise_in_force(*, community: Community, item: ServiceItem, urgency: str, at: datetime) -> Promise | None:
    """What was promised at ``at`` for this item and urgency at the community's grade; ``None`` where nothing was."""
    return _promise.first(organisation=community.organisation_id, at=at, item=item.pk, grade=community.grade, urgency=urgency)


def _promises(*, organisation: int, at: datetime, item: int, grade: str, urgency: str) -> QuerySet[Promise]:
    rows = Promise.objects.filter(version__organisation=organisation, version__effective_from__lte=at, item=item)
    rows = rows.filter(grade=grade, urgency=urgency).select_related("calendar", "version")
    return rows.order_by("-version__number")[:1]


_promise = Question(_promises, organisation=int, at=datetime, item=int, grade=str, urgency=str)
