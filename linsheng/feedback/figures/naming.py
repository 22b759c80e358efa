"""What groups are called: the code that stays, the words that people read, and what they belong to."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from linsheng.communities.models import Building, Community
from linsheng.feedback.figures.shapes import By
from linsheng.feedback.models import Channel, Kind
from linsheng.standards.models import ServiceItem

# Key, label, what it belongs to; in the order in which they are to stand.
Name = tuple[str, str, str]


def names_of(by: By, keys: Iterable[Any]) -> dict[Any, Name]:
    """Names of the groups with these keys, in their usual order (at most one query); a case without a building has its own."""
    wanted = set(keys)
    found = _NAMES[by](wanted - {None})
    if None in wanted:
        found[None] = ("", _("未填楼栋"), "")
    return found


def _items(keys: set[Any]) -> dict[Any, Name]:
    rows = ServiceItem.objects.filter(pk__in=keys).select_related("dimension")
    return {item.pk: (item.code, str(item), str(item.dimension)) for item in rows}


def _buildings(keys: set[Any]) -> dict[Any, Name]:
    rows = Building.objects.filter(pk__in=keys).select_related("community").order_by("community__code", "order", "id")
    return {
        building.pk: (f"{building.community.code}/{building.name}", building.name, building.community.name) for building in rows
    }


def _communities(keys: set[Any]) -> dict[Any, Name]:
    rows = Community.objects.filter(pk__in=keys).order_by("grade", "code")
    return {place.pk: (place.code, place.name, place.grade) for place in rows}


def _channels(keys: set[Any]) -> dict[Any, Name]:
    return {value: (value, str(Channel(value).label), "") for value in Channel.values if value in keys}


def _kinds(keys: set[Any]) -> dict[Any, Name]:
    return {value: (value, str(Kind(value).label), "") for value in Kind.values if value in keys}


_NAMES = {By.ITEM: _items, By.BUILDING: _buildings, By.COMMUNITY: _communities, By.CHANNEL: _channels, By.KIND: _kinds}
