"""A report by the public form: the same case as by every other way, and where it was scanned."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linsheng.accounts.privacy.texts import VERSION
from linsheng.communities.models import Building
from linsheng.core.errors import DomainError
from linsheng.feedback import actions as feedback
from linsheng.feedback import proposing
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, Channel
from linsheng.intake.models import Place, PublicReport
from linsheng.standards.models import ServiceItem, Urgency


@dataclass(frozen=True)
class Said:
    """What somebody filled in; ``key`` is the form's own, see ``stamps``."""

    key: str
    item: ServiceItem
    text: str
    kind: str = ""
    urgency: str = Urgency.NORMAL
    location: str = ""
    building: Building | None = None
    name: str = ""
    phone: str = ""
    confidential: bool = False


def submission_key(key: str) -> str:
    return f"public:{key}"


def sent_before(key: str) -> Case | None:
    """The case that the same form made already."""
    return Case.objects.filter(submission_key=submission_key(key)).first()


def _report(place: Place, said: Said) -> feedback.Report:
    building = place.building or said.building
    where = [building.name if building else "", place.spot, said.location.strip()]
    # Who asks to stay unknown leaves nothing that could be looked up.
    known = not said.confidential
    return feedback.Report(
        community=place.community,
        item=said.item,
        text=said.text,
        kind=said.kind or proposing.propose_kind(said.item, said.text),
        urgency=said.urgency,
        channel=Channel.QR,
        location=" ".join(part for part in where if part),
        building=building,
        contact_name=said.name if known else "",
        contact_phone=said.phone if known else "",
        confidential=said.confidential,
        submission_key=submission_key(said.key),
    )


@transaction.atomic
def receive_public(*, place: Place, said: Said, now: datetime) -> Case:
    """Make a case of a public form. Nobody is signed in; a number that somebody types makes them nobody's account.

    The same form again gives the case that it made; what it says differently is added to it.
    """
    case = feedback.receive_case(report=_report(place, said), by=Actor.clockwork(), now=now)
    _row, first = PublicReport.objects.get_or_create(case=case, defaults={"place": place, "privacy_version": VERSION, "at": now})
    if not first:
        try:
            feedback.keep_changed_words(case=case, text=said.text, by=Actor.by_link(), now=now)
        except DomainError:
            # It has ended meanwhile: the page that follows says so, and offers to report anew.
            return case
    return case
