"""What the frame around every page needs: navigation, community, unread notices, text size."""

from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from linsheng.accounts.models import User
from linsheng.accounts.people import unwrapped
from linsheng.accounts.permissions import ROLE_PERMISSIONS, Permission
from linsheng.communities.permissions import grants, is_staff
from linsheng.communities.queries import Place, communities_visible_to, places_with
from linsheng.core import clock
from linsheng.core.ui.markup import EMPTY, joined, markup
from linsheng.messaging.queries import unread_count
from linsheng.web import navigation

TEXT_COOKIE = "text"


@lru_cache(maxsize=512)
def navigation_html(sections: tuple[tuple[str, tuple[tuple[str, str, str, bool], ...]], ...]) -> SafeString:
    """(heading, (label, address, icon, whether one is there)) as HTML: whoever works alike has the same."""
    return render_to_string("_components/navigation.html", {"sections": sections})


@lru_cache(maxsize=512)
def community_links(places: tuple[Place, ...], chosen: Place | None) -> SafeString:
    """The switcher's links: whoever works at the same places has the same."""
    there = SafeString(' aria-current="true"')
    link = '<a href="?switch_community={}"{}>{}</a>'
    return joined(markup(link, quote(place.code), there if place == chosen else EMPTY, place) for place in places)


class Shell:
    """The frame of one request. Everything is looked up when a template first asks, so that partials cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> User | None:
        user = unwrapped(getattr(self.request, "user", None))
        return user if isinstance(user, User) and user.is_authenticated else None

    @cached_property
    def staff(self) -> bool:
        return is_staff(self.user)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return frozenset().union(*(ROLE_PERMISSIONS[grant.role] for grant in grants(self.user)))

    @cached_property
    def company_permissions(self) -> frozenset[Permission]:
        """Those that hold for a whole company."""
        return frozenset().union(*(ROLE_PERMISSIONS[grant.role] for grant in grants(self.user) if grant.community_id is None))

    @cached_property
    def communities(self) -> tuple[Place, ...]:
        """Those that the person works at or lives in."""
        if self.user is None:
            return ()
        if self.staff:
            return places_with(self.user, Permission.SEE_WORKBOARD)
        return tuple(Place(community.code, community.name) for community in communities_visible_to(self.user))

    @cached_property
    def community(self) -> Place | None:
        """The chosen one; the only one; for staff of several that chose none, ``None`` means all."""
        code = self.request.session.get("community", "") if hasattr(self.request, "session") else ""
        chosen = [community for community in self.communities if community.code == code]
        if chosen:
            return chosen[0]
        return self.communities[0] if self.communities and (len(self.communities) == 1 or not self.staff) else None

    @property
    def community_links(self) -> SafeString:
        """Each community as a link that chooses it."""
        return community_links(self.communities, self.community)

    @cached_property
    def unread(self) -> int:
        """How many notices wait to be read."""
        return unread_count(self.user) if self.user else 0

    @cached_property
    def sections(self) -> list[navigation.Shown]:
        return navigation.staff_sections(self.permissions, self.company_permissions, self.request.path)

    @cached_property
    def navigation_html(self) -> SafeString:
        """The sections as HTML: they stand on the page twice, at its side and in the drawer of phones."""
        shown = tuple((str(s.label), tuple((str(k.label), k.url, k.icon, k.active) for k in s.links)) for s in self.sections)
        return navigation_html(shown)

    @cached_property
    def tabs(self) -> list[navigation.Link]:
        return navigation.links(navigation.RESIDENT, self.request.path)

    @property
    def base(self) -> str:
        """The base template of pages that both sides have: ``{% extends shell.base %}``."""
        return "base_staff.html" if self.staff else "base_resident.html"

    @cached_property
    def large_text(self) -> bool:
        if self.user is not None and self.user.large_text:
            return True
        return self.request.COOKIES.get(TEXT_COOKIE) == "large"

    @property
    def may_log_calls(self) -> bool:
        return Permission.RECEIVE_CASE in self.permissions

    @property
    def phone_log_url(self) -> str | None:
        return navigation.address("feedback:call")

    @property
    def ringing_url(self) -> str | None:
        """What a desk's page asks for incoming calls."""
        return navigation.address("intake:ringing") if self.may_log_calls else None

    @property
    def search_url(self) -> str | None:
        return navigation.address("web:search") or navigation.address("feedback:board")

    @property
    def notices_url(self) -> str | None:
        return navigation.address("messaging:inbox")

    @property
    def preferences_url(self) -> str | None:
        return navigation.address("accounts:preferences")

    @property
    def sign_out_url(self) -> str | None:
        return navigation.address("accounts:sign_out")

    @property
    def me_url(self) -> str | None:
        return navigation.address("accounts:me")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``now`` and ``shell``."""
    now = getattr(request, "now", None)
    return {"now": now if isinstance(now, datetime) else clock.now(), "shell": Shell(request)}
