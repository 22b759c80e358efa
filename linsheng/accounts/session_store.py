"""Sessions in the database, as Django keeps them, found by a question that is worded once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from linsheng.accounts.backends import live_session
from linsheng.core import clock


class SessionStore(db.SessionStore):
    """The engine that settings name."""

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = live_session.first(key=self.session_key or "", now=clock.now())
        if found is None:
            self._session_key = None
        return found
