"""How somebody looks at a case outside the staff pages: as whom, and under which addresses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.communities.permissions import is_staff
from linsheng.core.errors import Forbidden
from linsheng.core.masking import masked
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.forms.resident import AnswerForm, RateForm
from linsheng.feedback.models import Case, CaseState, Photo, Resolution
from linsheng.feedback.progress import progress_of
from linsheng.feedback.queries import legal_actions, story_of, visible_case
from linsheng.feedback.queries.neighbours import shown
from linsheng.feedback.queries.resident import case_by_link, may_reopen_until, opinion_of, result_of
from linsheng.feedback.retelling import Told, retold, retold_to_neighbour
from linsheng.feedback.sent import told_outside

# The machine's names of what a reporter may do, and the addresses of the pages for it.
STEP_OF_ACTION = {"callback": "answer", "rate": "rate", "reopen": "reopen", "urge": "urge", "withdraw": "withdraw", "add": "add"}


@dataclass(frozen=True)
class Picture:
    """A photo with its addresses for this reader."""

    url: str
    thumbnail_url: str
    caption: str


@dataclass(frozen=True)
class Seat:
    """``actor`` is ``None`` for those who only read: followers, and staff who opened a reporter's link."""

    case: Case
    actor: Actor | None
    follower: bool = False
    token: str = ""
    base: str = "base_resident.html"

    @property
    def url(self) -> str:
        return reverse("feedback:track", args=[self.token]) if self.token else reverse("feedback:my_case", args=[self.case.pk])

    def step_url(self, step: str) -> str:
        if self.token:
            return reverse("feedback:track_step", args=[self.token, step])
        return reverse("feedback:my_step", args=[self.case.pk, step])

    def picture(self, photo: Photo) -> Picture:
        caption = str(Photo.Stage(photo.stage).label)
        if self.token:
            address = [self.token, photo.pk]
            return Picture(
                reverse("feedback:track_photo", args=address), reverse("feedback:track_photo_small", args=address), caption
            )
        return Picture(reverse("feedback:photo", args=[photo.pk]), reverse("feedback:photo_small", args=[photo.pk]), caption)


def seat_of_resident(request: HttpRequest, pk: int) -> Seat:
    """The signed-in reporter's or follower's seat; ``NotVisible`` for everybody else."""
    user = signed_in(request)
    case = visible_case(user, pk)
    actor = actor_for(user, case)
    return Seat(case, actor if actor.reporter else None, follower=not actor.reporter)


def seat_by_link(request: HttpRequest, token: str) -> Seat:
    """Whoever holds the link speaks as the reporter, except staff, who may only read."""
    case = case_by_link(token)
    user = request.user
    if not isinstance(user, User):
        return Seat(case, Actor.by_link(), token=token, base="base_public.html")
    if is_staff(user):
        return Seat(case, None, token=token, base="base_public.html")
    own = actor_for(user, case)
    return Seat(case, own if own.reporter else Actor.by_link(), token=token)


def offered(seat: Seat, now: datetime) -> dict[str, str]:
    """The steps that would be accepted now, with their addresses."""
    if seat.actor is None:
        return {}
    legal = [STEP_OF_ACTION[name] for name in legal_actions(seat.case, seat.actor) if name in STEP_OF_ACTION]
    if "reopen" in legal and now > (may_reopen_until(seat.case) or now):
        legal = [name for name in legal if name != "reopen"]
    if urged_today(seat.case, now):
        legal = [name for name in legal if name != "urge"]
    return {name: seat.step_url(name) for name in legal}


def urged_today(case: Case, now: datetime) -> bool:
    return case.urged_at is not None and localdate(case.urged_at) == localdate(now)


@dataclass(frozen=True)
class ShownEntry:
    """One entry of the story with its pictures."""

    told: Told
    pictures: list[Picture]


def _entries(seat: Seat, stages: frozenset[str]) -> list[ShownEntry]:
    retell = retold_to_neighbour if seat.follower else retold
    lines = retell(story_of(seat.case, staff=False))
    return [ShownEntry(t, [seat.picture(p) for p in t.photos if p.stage in stages and not p.internal]) for t in lines]


def waiting_reason(case: Case, entries: list[ShownEntry]) -> str:
    """Why it waits, in the words of whoever is in charge; empty when it does not wait."""
    if case.state != CaseState.WAITING:
        return ""
    return next((e.told.text for e in reversed(entries) if e.told.action == "wait"), "")


def _result(seat: Seat) -> Resolution | None:
    """The newest result; what it says of others is not for neighbours."""
    result = result_of(seat.case)
    if result is not None and seat.follower:
        result.text = masked(result.text, keep=[seat.case.community.phone])
    return result


def case_context(seat: Seat, now: datetime) -> dict[str, Any]:
    """Everything that the case's page shows to this reader."""
    case, opinion = seat.case, opinion_of(seat.case)
    # Once for the lists of photos and for the story.
    prefetch_related_objects([case], "photos")
    visible_stages = frozenset(Photo.Stage.values) - ({Photo.Stage.REPORT} if seat.follower else set())
    photos = [p for p in case.photos.all() if not p.internal and p.stage in visible_stages]
    steps, entries = offered(seat, now), _entries(seat, visible_stages)
    return {
        "seat": seat,
        "base": seat.base,
        "case": case,
        "follower": seat.follower,
        "neighbour": shown(case) if seat.follower else None,
        "waiting_reason": waiting_reason(case, entries),
        "progress": progress_of(case, now, rated=opinion.rating is not None),
        "result": _result(seat),
        "told_outside": told_outside(case) if case.resolved_at and not seat.follower and not case.confidential else [],
        "reported_photos": [seat.picture(p) for p in photos if p.stage == Photo.Stage.REPORT],
        "work_photos": [seat.picture(p) for p in photos if p.stage != Photo.Stage.REPORT],
        "opinion": opinion,
        "steps": steps,
        "unhappy": "reopen" in steps and opinion.unhappy,
        "reopen_until": may_reopen_until(case) if "reopen" in steps else None,
        "urged_today": urged_today(case, now),
        "entries": entries,
        "answer_form": AnswerForm() if "answer" in steps else None,
        "rate_form": RateForm() if "rate" in steps else None,
    }


def require_voice(seat: Seat) -> Actor:
    """The actor who may do something here; raises ``Forbidden`` for those who only read."""
    if seat.actor is None:
        raise Forbidden(_("这一步只能由反映人本人做。"))
    return seat.actor
