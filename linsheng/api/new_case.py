"""Whom and what a report by API speaks of: rows behind its codes, and the resident whose case it is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.api.places import communities_of
from linsheng.api.schemas import NewCase
from linsheng.communities.models import Community, Home, Residency, Resident
from linsheng.communities.permissions import Scope, is_staff, scope
from linsheng.communities.queries import residents_within
from linsheng.core.errors import Invalid
from linsheng.core.questions import Question
from linsheng.core.text import phone_digits
from linsheng.standards.models import ServiceItem


def _communities(code: str) -> QuerySet[Community]:
    return Community.objects.filter(code=code, retired_at=None)


def _items(organisation: int, code: str) -> QuerySet[ServiceItem]:
    return ServiceItem.objects.filter(organisation=organisation, code=code, retired_at=None)[:1]


def _homes(community: int, number: str) -> QuerySet[Home]:
    return Home.objects.filter(community=community, number=number, retired_at=None).select_related("building")[:1]


def _residents(covered: Scope, *, phone: str) -> QuerySet[Resident]:
    return residents_within(covered).filter(phone=phone).select_related("user").order_by()


_named_communities = Question(_communities, code=str)
_item = Question(_items, organisation=int, code=str)
_home = Question(_homes, community=int, number=str)
_known_by_number = Question(_residents, phone=str)


def _community(user: User, code: str) -> Community | None:
    """One that the caller works at or lives in."""
    if not is_staff(user):
        found: Community | None = communities_of(user).filter(code=code).first()
        return found
    covered = scope(user, Permission.SEE_WORKBOARD)
    return next((place for place in _named_communities.rows(code=code) if covered.covers(place)), None)


@contextmanager
def named_as_asked() -> Iterator[None]:
    """What is wrong with a contact is said of the field that the request has."""
    try:
        yield
    except Invalid as error:
        fields = {re.sub("^contact_", "contact.", name): sentence for name, sentence in error.fields.items()}
        raise Invalid(error.message, fields=fields) from error


def place_of(user: User, payload: NewCase) -> tuple[Community, ServiceItem, Home | None]:
    """The rows behind the codes; each unknown one is named."""
    fields: dict[str, object] = {}
    community = _community(user, payload.community)
    if community is None:
        raise Invalid(_("没有这个小区。"), fields={"community": _("没有这个小区，或不在您的范围内。")})
    item = _item.first(organisation=community.organisation_id, code=payload.item)
    home = _home.first(community=community.pk, number=payload.home) if payload.home else None
    if item is None:
        fields["item"] = _("没有这个服务项目；可用的见 /api/v1/service-items。")
    if payload.home and home is None:
        fields["home"] = _("这个小区没有这个房号。")
    if fields or item is None:
        raise Invalid(_("请求内容有误，请看 errors 中标出的字段。"), fields=fields)
    return community, item, home


def resident_of(user: User, community: Community, home: Home | None, payload: NewCase) -> tuple[Resident | None, Home | None]:
    """Whose case it is: the calling resident's, or for staff the one resident who has that number."""
    if not is_staff(user):
        lived_in = Residency.objects.filter(resident__user=user, until=None, home__community=community).select_related(
            "resident", "home__building"
        )
        mine = next(iter(lived_in), None)
        return (mine.resident, home or mine.home) if mine else (None, home)
    phone = phone_digits(payload.contact.phone) if payload.contact else ""
    if not phone:
        return None, home
    # Of the company's other communities the caller knows nobody, and is told of nobody.
    # By the number alone: together with the company SQLite reads all its residents. A number is one person's in a company.
    known = _known_by_number.rows(scope(user, Permission.RECEIVE_CASE), phone=phone)
    return next((person for person in known if person.organisation_id == community.organisation_id), None), home
