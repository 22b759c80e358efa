"""What this app brings to the page of a home: what is open there, and what was lately."""

from datetime import datetime

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Home
from linsheng.communities.panels import HomePanel
from linsheng.communities.permissions import has
from linsheng.feedback.queries.facts import visible_around

MOST_SHOWN = 20


def home_panel(home: Home, user: User, now: datetime) -> HomePanel | None:
    """The home's cases, open ones first; confidential ones are linked with no home (one query)."""
    sees_cases = has(user, Permission.SEE_ALL_CASES, home.community) or has(user, Permission.HANDLE_CASE, home.community)
    if not sees_cases or not has(user, Permission.SEE_PERSONAL_DATA, home.community):
        return None
    cases = visible_around(user, home.community).filter(home=home, confidential=False).select_related("item", "handler")
    # What is open has a deadline near; what has ended stands at the far end, the newest first.
    rows = list(cases.order_by("-is_open", "due_at", "-received_at", "-id")[:MOST_SHOWN])
    may_log = has(user, Permission.RECEIVE_CASE, home.community) and home.retired_at is None
    return HomePanel("feedback/staff/_home_panel.html", {"cases": rows, "home": home, "may_log": may_log}, order=10)
