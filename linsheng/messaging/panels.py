"""This app's part of the page 我的."""

from datetime import datetime

from linsheng.accounts import panels
from linsheng.accounts.models import User
from linsheng.messaging.queries import unread_count


def notices_panel(user: User, now: datetime) -> panels.Panel:
    """The way to the inbox and its settings."""
    return panels.Panel("messaging/panel.html", {"unread": unread_count(user)}, order=40)
