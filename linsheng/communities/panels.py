"""Parts that higher apps bring to the page of a home: its open cases, for example; and our own part of 我的."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linsheng.accounts import panels as accounts
from linsheng.accounts.models import User
from linsheng.communities.models import Home, Post, Residency


@dataclass(frozen=True)
class HomePanel:
    """One part: a template, which finds its values in ``content``; lower ``order`` stands higher."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


Make = Callable[[Home, User, datetime], HomePanel | None]
_makers: list[Make] = []


def register(make: Make) -> Make:
    """Add a part to the page of a home; ``make(home, user, now)`` returns None where the user may see nothing of it."""
    if make not in _makers:
        _makers.append(make)
    return make


def panels_for(home: Home, user: User, now: datetime) -> list[HomePanel]:
    found = [panel for make in _makers if (panel := make(home, user, now)) is not None]
    return sorted(found, key=lambda panel: panel.order)


def homes_panel(user: User, now: datetime) -> accounts.Panel | None:
    """Where the person lives."""
    rows = Residency.objects.filter(resident__user=user, until=None).select_related("home__building", "home__community")
    residencies = list(rows.order_by("pk"))
    return accounts.Panel("communities/_my_homes.html", {"residencies": residencies}, order=10) if residencies else None


def posts_panel(user: User, now: datetime) -> accounts.Panel | None:
    """What the person works as."""
    rows = Post.objects.filter(user=user, ended_at=None).select_related("community", "organisation")
    posts = list(rows.order_by("organisation_id", "community_id", "role"))
    return accounts.Panel("communities/_my_posts.html", {"posts": posts}, order=20) if posts else None


def data_panel(user: User, now: datetime) -> accounts.Panel:
    """The way to one's own data."""
    return accounts.Panel("communities/_my_data_link.html", order=60)
