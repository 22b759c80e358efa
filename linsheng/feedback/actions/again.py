"""A form that was sent before, and is sent again with other words."""

from datetime import datetime

from linsheng.feedback.actions.working import add_words
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseEvent


def keep_changed_words(*, case: Case, text: str, by: Actor, now: datetime) -> None:
    """The case stays one, and the words are not lost. Words that it has already are not added."""
    plain = text.replace("\x00", "").strip()
    if plain and plain != case.text and not CaseEvent.objects.filter(case=case, action="add", text=plain).exists():
        add_words(case=case, text=plain, by=by, now=now)
