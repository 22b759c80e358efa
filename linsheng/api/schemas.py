"""What the API takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from linsheng.api.fields import LARGEST_ID, Instant, Strict


class Contact(Strict):
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=30)
    email: str = Field(default="", max_length=254)


class NewCase(Strict):
    """What somebody brought up. ``community`` and ``item`` are codes, ``home`` is a home number."""

    community: str = Field(..., max_length=12)
    kind: Literal["repair", "complaint", "suggestion", "enquiry", "praise", "help"]
    item: str = Field(..., max_length=60)
    urgency: Literal["emergency", "urgent", "normal"] = "normal"
    text: str = Field(..., max_length=5000)
    location: str = Field(default="", max_length=120)
    home: str = Field(default="", max_length=30)
    contact: Contact | None = None
    confidential: bool = False
    channel: Literal["app", "qr", "phone", "email", "desk", "paper", "forum", "patrol"] | None = None
    received_at: Instant | None = None


class Assign(Strict):
    handler: str = Field(..., max_length=60)


class ContactLog(Strict):
    method: Literal["phone", "visit", "message"] = "phone"
    text: str = Field(default="", max_length=2000)
    reached: bool = True


class Wait(Strict):
    for_: Literal["reporter", "third_party", "parts"] = Field(..., alias="for")
    reason: str = Field(..., max_length=2000)
    until: Instant | None = None


class Text(Strict):
    text: str = Field(..., max_length=5000)


class Reason(Strict):
    reason: str = Field(..., max_length=2000)


class OptionalReason(Strict):
    reason: str = Field(default="", max_length=2000)


class OptionalText(Strict):
    text: str = Field(default="", max_length=2000)


class Tell(Strict):
    """``posted``: put up where it concerns people, for reporters who left no way to reach them; ``note`` says where."""

    method: Literal["phone", "visit", "posted"] = "phone"
    reached: bool = True
    note: str = Field(default="", max_length=200)


class Merge(Strict):
    into: int = Field(..., ge=1, le=LARGEST_ID)


class Reclassify(Strict):
    item: str | None = Field(default=None, max_length=60)
    urgency: Literal["emergency", "urgent", "normal"] | None = None
    kind: Literal["repair", "complaint", "suggestion", "enquiry", "praise", "help"] | None = None
    reason: str = Field(default="", max_length=200)


class Rate(Strict):
    stars: int = Field(..., ge=1, le=5, strict=True)  # true is no star
    reasons: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=20)
    text: str = Field(default="", max_length=2000)


class CallbackAnswers(Strict):
    outcome: Literal["answered", "no_answer", "refused", "invalid"] = "answered"
    contacted: bool | None = None
    solved: bool | None = None
    satisfied: Literal["satisfied", "basically", "not"] | None = None
    method: Literal["phone", "visit"] | None = None
    note: str = Field(default="", max_length=300)


class ReporterOut(Schema):
    """Who brought it up, as far as the caller may know; ``hidden`` says that something is withheld."""

    name: str
    phone: str
    email: str
    hidden: bool


class WaitingOut(Schema):
    for_: str = Field(..., alias="for")
    until: datetime | None


class EventOut(Schema):
    at: datetime
    action: str
    label: str
    who: str
    by_reporter: bool
    internal: bool
    cycle: int
    text: str
    data: dict[str, Any]


class CaseOut(Schema):
    """A case. Deadlines are null where nothing was promised; ``overdue`` is about the one that runs now."""

    id: int
    number: str
    state: str
    kind: str
    urgency: str
    channel: str
    community: str
    item: str
    item_name: str
    text: str
    location: str
    home: str | None
    confidential: bool
    reporter: ReporterOut
    handler: str | None
    handler_name: str | None
    cycle: int
    parent: int | None
    received_at: datetime
    respond_by: datetime | None
    resolve_by: datetime | None
    responded_at: datetime | None
    resolved_at: datetime | None
    told_at: datetime | None
    closed_at: datetime | None
    waiting: WaitingOut | None
    overdue: bool


class CaseDetail(CaseOut):
    """One case with its history and what the caller may do now."""

    result: str | None
    history: list[EventOut]
    actions: list[str]


class CaseCreated(CaseOut):
    """``track_url`` is the reporter's own page: whoever holds it acts as the reporter, so give it to nobody else."""

    actions: list[str]
    track_url: str


class CasePage(Schema):
    items: list[CaseOut]
    next: str | None


class CommunityOut(Schema):
    code: str
    name: str
    grade: str
    address: str


class CommunityPage(Schema):
    items: list[CommunityOut]
    next: str | None


class ItemOut(Schema):
    code: str
    name: str
    name_en: str
    dimension: str
    dimension_name: str
    team: str
    retired: bool


class ItemPage(Schema):
    items: list[ItemOut]
    next: str | None
