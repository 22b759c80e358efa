"""Residents' home page: the survey that a home has not answered yet (gone when the ballot is used), and published results."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.communities.models import Community
from linsheng.core.ui.moments import moment_words
from linsheng.feedback import public, todo
from linsheng.surveys.queries.published import published_in
from linsheng.surveys.queries.questionnaires import minutes_words
from linsheng.surveys.queries.waves import ballots_waiting

MOST_SHOWN = 3


@todo.register
def survey_waiting(user: User, now: datetime) -> Iterator[todo.Todo]:
    """One line a wave, however many homes somebody has."""
    seen: set[int] = set()
    for ballot in ballots_waiting(user, now)[: MOST_SHOWN * 3]:
        if ballot.wave_id in seen or len(seen) >= MOST_SHOWN:
            continue
        seen.add(ballot.wave_id)
        note = _("%(minutes)s · %(day)s 截止") % {
            "minutes": minutes_words(ballot.wave.version),
            "day": moment_words(ballot.wave.ends_on, now),
        }
        yield todo.Todo(str(ballot.wave), reverse("surveys:mine", args=[ballot.wave_id]), "clipboard-list", note)


@public.register
def survey_published(user: User, community: Community, now: datetime) -> Iterator[public.Posted]:
    """The newest published result of the community; its page leads to the earlier ones."""
    found = published_in(community).first()
    if found is not None and found.published_at is not None:
        note = _("%(day)s公布") % {"day": moment_words(found.published_at, now)}
        title = _("调查结果：%(wave)s") % {"wave": found.wave}
        yield public.Posted(title, reverse("surveys:published", args=[found.wave_id]), "chart-bar", note)
