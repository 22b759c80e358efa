"""Who among the staff hears of a case."""

from django.db.models import QuerySet

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission, Role
from linsheng.communities.models import Post
from linsheng.communities.permissions import has
from linsheng.core.questions import Question
from linsheng.feedback.models import Case

# From the bottom up: a rung with nobody on it goes to the next one.
RANKS = (Role.HANDLER, Role.FRONTDESK, Role.SUPERVISOR, Role.MANAGER, Role.DIRECTOR)


def _held_posts(organisation: int, role: str) -> QuerySet[Post]:
    return Post.objects.select_related("user").filter(organisation=organisation, role=role, ended_at=None, user__is_active=True)


_posts = Question(_held_posts, organisation=int, role=str)


def active_handler(case: Case) -> User | None:
    """The handler, if they still work there."""
    handler = case.handler
    works = handler is not None and handler.is_active and has(handler, Permission.HANDLE_CASE, case.community)
    return handler if works else None


def holders(case: Case, role: str) -> list[User]:
    """Everybody in the role at the case's community or for the whole company; those of its team where the team has any."""
    posts = _posts.rows(organisation=case.community.organisation_id, role=role)
    here = [p for p in posts if p.community_id in (None, case.community_id)]
    own = [p for p in here if p.team == case.team]
    return sorted({p.user for p in own or here}, key=lambda user: user.pk)


def of_role(case: Case, role: str) -> list[User]:
    """Who is told at a rung: the handler in person, else everybody with the role.

    With nobody in the role, the next higher one is told, at last the administrators: a rung never goes unheard.
    """
    if role == Role.HANDLER and (handler := active_handler(case)):
        return [handler]
    start = RANKS.index(Role.SUPERVISOR if role == Role.HANDLER else Role(role))
    return next((found for rank in (*RANKS[start:], Role.ADMINISTRATOR) if (found := holders(case, rank))), [])


def of_work(case: Case) -> list[User]:
    """Who does something about it now: the handler, or where there is none the supervisors."""
    return of_role(case, Role.HANDLER)
