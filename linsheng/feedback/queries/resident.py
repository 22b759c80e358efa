"""What residents see of their own cases, of those they follow, and of their community."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.communities.models import Community, Home, Residency, Resident
from linsheng.communities.permissions import is_staff
from linsheng.core.errors import NotVisible
from linsheng.feedback.models import Callback, Case, CaseEvent, CaseState, Photo, Rating, Resolution
from linsheng.feedback.queries.scope import visible_to
from linsheng.feedback.settings import settings_of
from linsheng.standards.models import ServiceItem

ASK_WITHIN = timedelta(days=30)
RECENT = timedelta(days=30)
MOST_ITEMS = 4

# What the page of one case shows besides the case.
PAGE = ("community", "item", "handler", "home", "building", "resident", "parent__handler")

SOLVED = (CaseState.RESOLVED, CaseState.CLOSED)
IN_PROGRESS = Q(is_open=True) | Q(state=CaseState.MERGED, resolved_at=None)


@dataclass(frozen=True)
class Household:
    """That this person lives in this home; ``resident`` is how the home's company knows them."""

    home: Home
    resident: Resident

    @property
    def community(self) -> Community:
        return self.home.community


def households_of(user: User) -> list[Household]:
    """Where the person lives or owns now, in the order of communities and homes (one query)."""
    rows = Residency.objects.filter(resident__user=user, until=None, home__retired_at=None, home__community__retired_at=None)
    rows = rows.select_related("home__community", "home__building", "resident")
    return [Household(row.home, row.resident) for row in rows.order_by("home__community__code", "home__number")]


def _rated() -> Exists:
    """Whether this cycle of a case was rated."""
    return Exists(Rating.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle")))


def _with_line(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With what a line of a list shows: who has it, and whether this cycle was rated (``rated``)."""
    return cases.select_related("item", "handler", "community", "parent__handler").annotate(rated=_rated())


def own_list(user: User, *, finished: bool | None = None) -> QuerySet[Case]:
    """What the person brought up; only what is under way (``False``) or over (``True``)."""
    cases = _with_line(Case.objects.filter(resident__user=user))
    return cases if finished is None else cases.filter(~IN_PROGRESS) if finished else cases.filter(IN_PROGRESS)


def followed_list(user: User) -> QuerySet[Case]:
    """What neighbours brought up and the person said "me too" to."""
    return _with_line(Case.objects.filter(followers__user=user))


def containing(cases: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Those that hold ``words`` anywhere a reporter would remember; for one person's few cases."""
    words = words.strip()
    if not words:
        return cases
    found = Q(text__icontains=words) | Q(number__icontains=words) | Q(location__icontains=words)
    return cases.filter(found | Q(item__name__icontains=words) | Q(item__name_en__icontains=words))


def tab_counts(user: User) -> dict[str, int]:
    """How many are under way, over, followed (two queries)."""
    own = Case.objects.filter(resident__user=user)
    counted = own.aggregate(open=Count("pk", filter=IN_PROGRESS), done=Count("pk", filter=~IN_PROGRESS))
    return {**counted, "followed": Case.objects.filter(followers__user=user).count()}


def to_rate(user: User, now: datetime) -> QuerySet[Case]:
    """Own cases with a fresh result that nobody rated yet."""
    results = Resolution.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle"))
    fresh = own_list(user, finished=True).filter(resolved_at__gte=now - ASK_WITHIN)
    return fresh.filter(Exists(results)).exclude(_rated()).order_by("-resolved_at", "-id")


def waiting_for_reporter(user: User) -> QuerySet[Case]:
    """Own cases in which the handler waits for the reporter, who has not said anything since."""
    asked = CaseEvent.objects.filter(case=OuterRef("case"), action="wait").order_by("-at").values("at")[:1]
    replies = CaseEvent.objects.filter(case=OuterRef("pk"), by_reporter=True, action__in=["add", "photo"], at__gt=Subquery(asked))
    waiting = own_list(user).filter(state=CaseState.WAITING, waiting_for="reporter")
    return waiting.exclude(Exists(replies)).order_by("-received_at", "-id")


def recent_results(user: User, now: datetime) -> QuerySet[Case]:
    """Own cases that got a result lately, with its words as ``result``."""
    results = Resolution.objects.filter(case=OuterRef("pk"), cycle=OuterRef("cycle"))
    cases = own_list(user, finished=True).filter(resolved_at__gte=now - RECENT, state__in=[*SOLVED, CaseState.MERGED])
    return cases.annotate(result=Subquery(results.values("text")[:1])).exclude(result=None).order_by("-resolved_at", "-id")


@dataclass(frozen=True)
class CommunityMonth:
    """A community's last thirty days: how many came in, how many were finished, what for, and the ratings given."""

    received: int
    finished: int
    items: list[tuple[str, int]]
    rated: int
    satisfied: int  # four and five stars


def community_month(community: Community, now: datetime) -> CommunityMonth:
    """Counts that everybody in the community may see (three queries)."""
    since = now - RECENT
    done = Case.objects.filter(community=community, resolved_at__gte=since, state__in=SOLVED)
    by_item = list(done.values("item__name", "item__name_en").annotate(n=Count("pk")).order_by("-n", "item__name"))
    ratings = Rating.objects.filter(community=community, at__gte=since).aggregate(
        n=Count("pk"), good=Count("pk", filter=Q(stars__gte=4))
    )
    return CommunityMonth(
        received=Case.objects.filter(community=community, received_at__gte=since).count(),
        finished=sum(row["n"] for row in by_item),
        # The unsaved item only says its name in the reader's language.
        items=[(str(ServiceItem(name=row["item__name"], name_en=row["item__name_en"])), row["n"]) for row in by_item[:MOST_ITEMS]],
        rated=ratings["n"],
        satisfied=ratings["good"],
    )


def own_case(user: User, pk: int) -> Case:
    """One case that the person brought up, or ``NotVisible``."""
    case = own_list(user).filter(pk=pk).first()
    if case is None:
        raise NotVisible(_("没有找到这件反映，可能已被删除，或不是您反映的。"))
    return case


def case_by_link(token: str) -> Case:
    """The case with this unguessable link, or ``NotVisible``."""
    case = Case.objects.filter(track_token=token).select_related(*PAGE).first()
    if case is None:
        raise NotVisible(_("没有找到这件反映。请检查链接是否完整，或联系物业前台。"))
    return case


def result_of(case: Case) -> Resolution | None:
    """The newest result; of an earlier cycle while the present one has none yet."""
    return case.resolutions.order_by("-cycle").first()


def may_reopen_until(case: Case) -> datetime | None:
    """The last moment at which a reporter can reopen it; ``None`` before there is a result."""
    ended = case.closed_at or case.told_at or case.resolved_at
    return ended + timedelta(days=settings_of(case.community.organisation_id).reopen_days) if ended else None


@dataclass(frozen=True)
class Opinion:
    """What the reporter said about this cycle's result."""

    rating: Rating | None
    callback: Callback | None

    @property
    def unhappy(self) -> bool:
        """One or two stars, or "not solved": then reopening stands first."""
        low = self.rating is not None and self.rating.stars <= 2
        return low or (self.callback is not None and self.callback.solved is False)

    @property
    def reasons(self) -> list[str]:
        labels = dict(Rating.Reason.choices)
        return [str(labels.get(code, code)) for code in self.rating.reasons] if self.rating else []


def opinion_of(case: Case) -> Opinion:
    """Rating and answers of the present cycle (two queries)."""
    rating = Rating.objects.filter(case=case, cycle=case.cycle).first()
    answered = Callback.objects.filter(case=case, cycle=case.cycle, outcome=Callback.Outcome.ANSWERED).first()
    return Opinion(rating, answered)


def visible_photo(user: User, pk: int) -> Photo:
    """A photo of a case that the user may open, or ``NotVisible``.

    Residents see no internal ones; who only follows a case sees those of the work, not the reporter's.
    """
    photo = Photo.objects.filter(pk=pk).select_related("case__resident").first()
    if photo is not None and visible_to(user).filter(pk=photo.case_id).exists() and (is_staff(user) or _for_resident(photo, user)):
        return photo
    raise NotVisible(_("没有找到这张照片。"))


def _for_resident(photo: Photo, user: User) -> bool:
    own = photo.case.resident is not None and photo.case.resident.user_id == user.pk
    return not photo.internal and (own or photo.stage != Photo.Stage.REPORT)


def photo_by_link(token: str, pk: int) -> Photo:
    """A photo that the reporter may see, for whoever holds the case's link, or ``NotVisible``."""
    photo = Photo.objects.filter(pk=pk, case__track_token=token, internal=False).first()
    if photo is None:
        raise NotVisible(_("没有找到这张照片。"))
    return photo
