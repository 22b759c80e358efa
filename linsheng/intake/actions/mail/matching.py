"""Which case a mail belongs to, and which resident wrote it.

A signed reply address proves itself. What anybody can write — References, a case number in the subject — counts only for somebody
who takes part in that case already.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Lower

from linsheng.communities.models import Community, Home, Residency
from linsheng.communities.models import Resident as Person
from linsheng.core.questions import Question
from linsheng.feedback.models import Case
from linsheng.intake import replies
from linsheng.intake.mail import ReadMail
from linsheng.intake.models import Correspondent, Mail, Mailbox, Outcome, Reason
from linsheng.messaging.models import Delivery

NUMBER = re.compile(r"\[([A-Z0-9]{1,16}\d{4}-\d{4,7})\]")
MOST_NUMBERS = 5
IN_CASES = (Outcome.CREATED, Outcome.APPENDED, Outcome.RECORDED)
CASE = "feedback.case"


@dataclass(frozen=True)
class Found:
    """The case a mail belongs to and what showed it; ``stranger``: one was named by somebody who takes no part in it."""

    case: Case | None = None
    reason: Reason = Reason.NEW
    stranger: bool = False


@dataclass(frozen=True)
class Writer:
    """Who wrote, as far as the roster knows the address, and where it is filed."""

    community: Community
    resident: Person | None = None
    home: Home | None = None


def addresses_of(case: Case) -> set[str]:
    """Everybody who takes part in a case by mail, in small letters."""
    known = set(Correspondent.objects.filter(case=case).values_list("address", flat=True))
    known |= {case.contact_email.lower(), case.resident.email.lower() if case.resident else ""}
    return known - {""}


def _cases_with_pk(organisation: int, pk: int) -> QuerySet[Case]:
    return Case.objects.select_related("community", "resident").filter(community__organisation=organisation, pk=pk)


def _cases_with_number(organisation: int, number: str) -> QuerySet[Case]:
    return Case.objects.select_related("community", "resident").filter(community__organisation=organisation, number=number)


_by_pk = Question(_cases_with_pk, organisation=int, pk=int)
_by_number = Question(_cases_with_number, organisation=int, number=str)


def find_case(read: ReadMail, organisation_id: int) -> Found:
    """The case this mail goes to: by signed address, then by the conversation, then by the number in the subject."""
    for claim in replies.claims(read.recipients):
        for case in _by_pk.rows(organisation=organisation_id, pk=claim.case_id):
            if replies.proves(claim, addresses_of(case)):
                return Found(case, Reason.SIGNED_REPLY)
    stranger = False
    for case, reason in _named(read, organisation_id):
        if read.from_address and read.from_address in addresses_of(case):
            return Found(case, reason)
        stranger = True
    return Found(stranger=stranger)


def _named(read: ReadMail, organisation_id: int) -> Iterator[tuple[Case, Reason]]:
    for pk in _case_ids(read.thread_ids, organisation_id):
        yield from ((case, Reason.CONVERSATION) for case in _by_pk.rows(organisation=organisation_id, pk=pk))
    for number in NUMBER.findall(read.subject.upper())[:MOST_NUMBERS]:
        yield from ((case, Reason.NUMBER) for case in _by_number.rows(organisation=organisation_id, number=number))


def _case_ids(message_ids: Iterable[str], organisation_id: int) -> Iterator[int]:
    """The cases in which these messages stand, nearest first: ours by their delivery, others' by the mail that came in."""
    wanted = list(message_ids)
    if not wanted:
        return
    sent = Delivery.objects.filter(message_id__in=wanted, notice__subject_type=CASE, notice__organisation_id=organisation_id)
    found = {message: pk for message, pk in sent.values_list("message_id", "notice__subject_id") if pk is not None}
    came = Mail.objects.filter(message_id__in=wanted, organisation=organisation_id, case__isnull=False, outcome__in=IN_CASES)
    found |= {message: case for message, case in came.order_by("-pk").values_list("message_id", "case_id") if case is not None}
    yield from dict.fromkeys(found[message] for message in wanted if message in found)


def communities_of(mailbox: Mailbox | None, default: Community) -> list[Community]:
    """The communities that a mailbox serves, its own first."""
    return [default, *(mailbox.others.filter(retired_at=None) if mailbox else ())]


def find_writer(address: str, mailbox: Mailbox | None, default: Community) -> Writer:
    """The resident with this address, if there is exactly one in the places that the mailbox serves.

    The address says nothing certain: the resident is answered at their own address, and nothing of theirs is changed.
    """
    if not address:
        return Writer(default)
    places = communities_of(mailbox, default)
    people = Person.objects.alias(small=Lower("email")).filter(organisation=default.organisation_id, small=address, erased_at=None)
    known = list(people.values_list("pk", flat=True))
    if not known:
        return Writer(default)
    current = Residency.objects.filter(resident__in=known, until=None, home__community__in=places)
    rows = list(current.select_related("resident__user", "home__community", "home__building").order_by("pk"))
    if len({row.resident_id for row in rows}) != 1:
        return Writer(default)
    if len(rows) == 1:
        return Writer(rows[0].home.community, rows[0].resident, rows[0].home)
    here = [row for row in rows if row.home.community_id == default.pk]
    return Writer((here or rows)[0].home.community, rows[0].resident)
