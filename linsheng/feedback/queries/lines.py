"""The workboard's rows as they are shown: the case, what may be done with it from the list, and its marks."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import has
from linsheng.core.pagination import CursorPage, cursor_page
from linsheng.feedback import danger
from linsheng.feedback.machine import RULES
from linsheng.feedback.models import FAR, Case, CaseState
from linsheng.feedback.queries.board import BoardFilter, Counted, board, order_of
from linsheng.feedback.reporters import home_label
from linsheng.standards.models import localised

PAGE_SIZE = 25
# What a row shows; reading more of a million wide rows is what makes a list slow.
SHOWN = (
    "number",
    "text",
    "state",
    "is_open",
    "urgency",
    "cycle",
    "confidential",
    "received_at",
    "due_at",
    "resolve_by",
    "resolved_at",
    "urged_at",
    "community_id",
    "handler_id",
)
# The names that stand beside it, as columns of its own row: as objects each would cost as much as the case.
NAMES = {
    "organisation_id": F("community__organisation"),
    "item_name": F("item__name"),
    "item_name_en": F("item__name_en"),
    "home_number": F("home__number"),
    "building_name": F("building__name"),
    "handler_name": F("handler__name"),
}


@dataclass(frozen=True)
class Mark:
    """A word beside a case's text that makes it stand out."""

    label: LazyText | str
    tone: str
    icon: str


URGED = Mark(pgettext_lazy("mark", "催办"), "soon", "bell-ringing")
REOPENED = Mark(pgettext_lazy("mark", "重新打开"), "late", "rotate")
JOINED = Mark(_("含合并"), "plain", "git-merge")
DANGEROUS = "alert-triangle"
CONFIDENTIAL = Mark(_("保密"), "waiting", "lock")


class Powers:
    """What one person may do where; each question is answered once a page."""

    def __init__(self, viewer: User) -> None:
        self.viewer = viewer
        # An address is looked up once a page: the number of the case is all that differs.
        self._case_url = reverse("feedback:case", args=[0])
        self._known: dict[tuple[Permission, int], bool] = {}

    def url_of(self, case: Case) -> str:
        """The page of a case."""
        return self._case_url.replace("/0/", f"/{case.pk}/")

    def may(self, permission: Permission, case: Case) -> bool:
        """Whether the person holds ``permission`` in the community of ``case``."""
        key = (permission, case.community_id)
        if key not in self._known:
            self._known[key] = has(self.viewer, permission, self._community_of(case))
        return self._known[key]

    @staticmethod
    def _community_of(case: Case) -> Community:
        """As far as a permission asks; a row of the list knows no more of it."""
        organisation = case.__dict__.get("organisation_id")
        return Community(pk=case.community_id, organisation_id=organisation) if organisation else case.community


@dataclass(frozen=True)
class Line:
    """One row, seen by one person."""

    case: Case
    powers: Powers

    @cached_property
    def url(self) -> str:
        return self.powers.url_of(self.case)

    @property
    def home(self) -> str:
        """The home; only the building for who may not see personal data."""
        if self.powers.may(Permission.SEE_PERSONAL_DATA, self.case):
            return home_label(self.case)
        return str(self.case.building or "") if not self.case.confidential else str(_("保密"))

    @property
    def clock(self) -> str:
        """Which time the row shows: a running deadline, the end of waiting, or how it ended."""
        if self.case.state == CaseState.WAITING:
            return "waiting"
        return "running" if self.case.is_open else "ended"

    @property
    def due(self) -> datetime | None:
        return self.case.due_at if self.case.due_at < FAR else None

    @property
    def marks(self) -> list[Mark]:
        case = self.case
        urged, children = case.is_open and case.urged_at, getattr(case, "children", 0)
        present = ((URGED, urged), (REOPENED, case.cycle > 1), (JOINED, children), (CONFIDENTIAL, case.confidential))
        return [*self._dangers(), *(mark for mark, holds in present if holds)]

    def _dangers(self) -> list[Mark]:
        """What the words warn of, while somebody still has to look: also where the urgency says otherwise."""
        if not self.case.is_open:
            return []
        return [Mark(found.label, "late", DANGEROUS) for found in danger.dangers(self.case.text)[:2]]

    def _may(self, action: str, permission: Permission) -> bool:
        return self.case.state in RULES[action].sources and self.powers.may(permission, self.case)

    @cached_property
    def assign_url(self) -> str:
        """Where the row can be assigned; empty for who may not."""
        return f"{self.url}assign/" if self._may("assign", Permission.ASSIGN_CASE) else ""

    @cached_property
    def claim_url(self) -> str:
        """Where a handler takes a free case."""
        free = self.case.handler_id is None and not self.assign_url
        return f"{self.url}claim/" if free and self._may("assign", Permission.HANDLE_CASE) else ""

    @cached_property
    def resolve_url(self) -> str:
        """Where the result is written."""
        if not self._may("resolve", Permission.HANDLE_CASE):
            return ""
        own = self.case.handler_id == self.powers.viewer.pk or self.powers.may(Permission.ASSIGN_CASE, self.case)
        return f"{self.url}resolve/" if own else ""


class Listed(Line):
    """A row of the list, whose case brings ``NAMES`` instead of the objects they belong to."""

    @property
    def home(self) -> str:
        """As ``Line`` says it."""
        if self.case.confidential:
            return str(_("保密"))
        names = self.case.__dict__
        number = names["home_number"] if self.powers.may(Permission.SEE_PERSONAL_DATA, self.case) else None
        return number or names["building_name"] or ""

    @property
    def item(self) -> str:
        """The service item in the reader's language."""
        return localised(self.case.__dict__["item_name"], self.case.__dict__["item_name_en"])

    @property
    def handler(self) -> str:
        """Who is in charge; empty where nobody is."""
        return self.case.__dict__["handler_name"] or ""


def lines(user: User, wanted: BoardFilter, now: datetime, cursor: str | None) -> tuple[CursorPage[Case], list[Listed]]:
    """A page of the workboard (one query), as rows for ``user``."""
    children = Case.objects.filter(parent=OuterRef("pk")).order_by().values("pk")
    cases: QuerySet[Case] = board(user, wanted, now).select_related(None).annotate(children=Counted(children), **NAMES)
    page = cursor_page(cases.only(*SHOWN), order=order_of(wanted), cursor=cursor, size=PAGE_SIZE)
    powers = Powers(user)
    return page, [Listed(case, powers) for case in page.items]
