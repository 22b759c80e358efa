"""What was published, for residents; and what is chosen so far, for staff."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.communities.models import Community
from linsheng.communities.queries import homes_of
from linsheng.core.errors import Conflict
from linsheng.surveys.models import Publication, Reply, Wave
from linsheng.surveys.published import Shown, choosable, content_of, presented
from linsheng.surveys.queries.results import result_of
from linsheng.surveys.results import WaveResult

NEWEST = ("-wave__closed_at", "-wave_id")


def ready_result(wave: Wave) -> WaveResult:
    """The result; ``Conflict`` before closing, while it is reckoned, and where fewer than five answered."""
    found = result_of(wave)
    if found is None:
        raise Conflict(_("结果还在统计，请过一会儿再来。"))
    if found.few:
        raise Conflict(_("答卷少于 5 份，没有可以公布的结果。"))
    return found


def publication_of(wave: Wave) -> Publication:
    """What is chosen so far; at first all that was asked about the service (not saved yet)."""
    found = Publication.objects.filter(wave=wave).first()
    if found is not None:
        return found
    return Publication(wave=wave, questions=[item.asked.key for item in choosable(ready_result(wave))])


def content_now(wave: Wave, chosen: Publication) -> dict[str, Any]:
    """What would be published now."""
    strata = dict(wave.strata.values_list("label", "community__code"))
    return content_of(ready_result(wave), chosen, strata)


def shown_of(publication: Publication, community: str) -> Shown:
    """A published wave as residents of this community see it."""
    replies = list(publication.replies.all())
    return presented(publication.wave, publication.content, replies, community, publication.published_at)


def published_in(community: Community) -> QuerySet[Publication]:
    """What is public in this community, the newest first."""
    rows = Publication.objects.filter(published_at__isnull=False, wave__communities=community)
    return rows.select_related("wave").order_by(*NEWEST)


def published_for(user: User) -> QuerySet[Publication]:
    """What is public where this person lives, the newest first."""
    communities = homes_of(user).values("community")
    waves = Wave.communities.through.objects.filter(community__in=communities).values("wave")
    rows = Publication.objects.filter(published_at__isnull=False, wave__in=waves)
    return rows.select_related("wave").order_by(*NEWEST)


def last_answered(community: Community, wave: Wave) -> list[Reply]:
    """您说了，我们做了 of the newest published wave beside this one that says anything."""
    shown = published_in(community).exclude(wave=wave)
    newest = shown.filter(replies__isnull=False).first()
    return list(newest.replies.all()) if newest else []


def before_wave(community: Community, wave: Wave) -> Publication | None:
    """The last published wave of this community beside this one."""
    return published_in(community).exclude(wave=wave).first()
