"""Who measures: opens sessions and makes a token in a filled database, and names what is looked at; printed as JSON."""

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # after the set-up
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from linsheng.accounts.actions import create_token  # noqa: E402
from linsheng.accounts.actions.sessions import BACKEND, PRIVACY_KEY  # noqa: E402
from linsheng.accounts.models import User  # noqa: E402
from linsheng.accounts.privacy.texts import VERSION  # noqa: E402
from linsheng.communities.models import Community, Home, Organisation  # noqa: E402
from linsheng.core import clock  # noqa: E402
from linsheng.feedback.actions import Report, receive_case  # noqa: E402
from linsheng.feedback.actor import Actor  # noqa: E402
from linsheng.feedback.models import Case  # noqa: E402
from linsheng.simulate import demo  # noqa: E402
from linsheng.standards.models import ServiceItem  # noqa: E402

CASES_LOOKED_AT, HOMES_NAMED, COMMUNITIES_NAMED = 40, 50, 6


def session_of(user: User) -> str:
    """The key of a session as signing in leaves it behind."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY], store[PRIVACY_KEY] = user.get_session_auth_hash(), VERSION
    store.create()
    return str(store.session_key)


def keep_one_open(community: Community, desk: User) -> None:
    """A small company may happen to have nothing open just now, and an open case is among what is measured."""
    if not Case.objects.filter(community=community, is_open=True).exists():
        item = ServiceItem.objects.filter(organisation=community.organisation, retired_at=None).order_by("pk")[0]
        report = Report(community=community, item=item, text="三楼楼道灯不亮")
        receive_case(report=report, by=Actor.staff(desk), now=clock.now())


def case_ids(community: Community, *, is_open: bool) -> list[int]:
    """Newest first."""
    found = Case.objects.filter(community=community, is_open=is_open).order_by("-received_at")
    return list(found.values_list("pk", flat=True)[:CASES_LOOKED_AT])


def last_month() -> str:
    first = clock.now().replace(day=1) - timedelta(days=3)
    return f"{first:%Y-%m}"


def main() -> None:
    organisation, now = Organisation.objects.get(code=demo.CODE), clock.now()
    community = organisation.communities.order_by("code")[0]
    called = {role: User.objects.get(username=demo.PREFIX + name) for role, name in demo.STAFF.items()}
    homes = Home.objects.filter(community=community).order_by("pk").values_list("number", flat=True)[:HOMES_NAMED]
    keep_one_open(community, called["frontdesk"])
    codes = organisation.communities.order_by("-code").values_list("code", flat=True)
    found: dict[str, Any] = {
        "cases": Case.objects.count(),
        "communities": len(codes),
        "sessions": {role: session_of(called[role]) for role in ("supervisor", "director", "handler")},
        "token": create_token(user=called["frontdesk"], name="benchmark", by=None, now=now).secret,
        "director_token": create_token(user=called["director"], name="benchmark", by=None, now=now).secret,
        "community": community.code,
        "other_communities": list(codes[:COMMUNITIES_NAMED]),
        "month": last_month(),
        "homes": list(homes),
        "items": list(ServiceItem.objects.filter(organisation=organisation, retired_at=None).values_list("code", flat=True)),
        "open": case_ids(community, is_open=True),
        "ended": case_ids(community, is_open=False),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
