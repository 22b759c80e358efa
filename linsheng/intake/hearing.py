"""What the call form says when it has made a case: its call is kept."""

from datetime import datetime

from linsheng.accounts.models import User
from linsheng.core.errors import Conflict
from linsheng.feedback.models import Case
from linsheng.intake.actions.calls import log_call, note_call
from linsheng.intake.models import Call
from linsheng.intake.queries.calls import calls_of


def keep_call(case: Case, call: str, by: User, now: datetime) -> None:
    """The reported call that the form came from, else one of its own. A form sent twice keeps it once."""
    found = calls_of(by).filter(pk=int(call)).first() if call.isdecimal() and len(call) < 18 else None
    if found is not None:
        try:
            log_call(call=found, case=case, by=by, now=now)
        except Conflict:
            # Somebody wrote it down before, or the form was sent twice: the case stands all the same.
            return
    elif not Call.objects.filter(case=case).exists():
        note_call(case=case, by=by, now=now)
