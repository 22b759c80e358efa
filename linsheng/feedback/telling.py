"""How a reporter is told: which ways there are, and when a telling counts as proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from linsheng.accounts.models import User
from linsheng.core.questions import Question
from linsheng.feedback import notices
from linsheng.feedback.models import Case, Channel, FeedbackSettings, ResultNotice
from linsheng.messaging import routing
from linsheng.messaging.models import Channel as Way
from linsheng.messaging.models import Delivery, Notice

Method = ResultNotice.Method
# Who came by these has the address of the case's own page before their eyes.
PAGE_IN_HAND = (Channel.QR, Channel.APP)
BY_HAND = (Method.PHONE, Method.VISIT, Method.POSTED)


@dataclass(frozen=True)
class Told:
    """What was set going: the notice, and by which methods; empty = the reporter has to be phoned or visited."""

    notice: Notice | None = None
    methods: tuple[str, ...] = ()

    @property
    def at_once(self) -> bool:
        """Whether it has arrived by now; a mail arrives when its server took it."""
        return any(method != Method.EMAIL for method in self.methods)


def track_url(case: Case) -> str:
    """The case's own page, which needs no account."""
    return reverse("feedback:track", args=[case.track_token])


def account_of(case: Case) -> User | None:
    """The reporter's account, if they still have one to read in."""
    user = case.resident.user if case.resident else None
    return user if user is not None and user.is_active else None


def email_of(case: Case) -> str:
    """The reporter's mail address, if it is known and still works."""
    if case.contact_email and case.contact_reachable:
        return case.contact_email
    return case.resident.email if case.resident and case.resident.reachable else ""


def phone_of(case: Case) -> str:
    return case.contact_phone or (case.resident.phone if case.resident else "")


def name_of(case: Case) -> str:
    return case.contact_name or (case.resident.name if case.resident else "")


def _known_somehow(case: Case) -> bool:
    # Whose mails come back has no page before their eyes either: the link to it came back with them.
    return account_of(case) is not None or bool(email_of(case) or phone_of(case) or case.contact_email)


def own_page_only(case: Case) -> bool:
    """Confidential reporters, and those whom nothing else reaches, read the result on the case's own page.

    Not whose words staff wrote down: nobody knows that they have its address. Where the home is known they can be visited.
    """
    if case.confidential:
        return True
    if case.entered_by_id is not None:
        # What a colleague saw on patrol they read where they work.
        return case.channel == Channel.PATROL and reached_by_nothing(case)
    return not _known_somehow(case) and (case.home_id is None or case.channel in PAGE_IN_HAND)


def reached_by_nothing(case: Case) -> bool:
    """Somebody who left neither name of a home nor number: what came of it can only be posted where it concerns people."""
    return not case.confidential and case.home_id is None and not _known_somehow(case)


def hand_methods(case: Case) -> tuple[ResultNotice.Method, ...]:
    """How staff can tell this reporter, the likeliest first; who left no number, mail or home may still come by."""
    return (Method.POSTED, Method.VISIT) if reached_by_nothing(case) else (Method.PHONE, Method.VISIT)


def _mails(*, notice: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(notice=notice, channel=Way.EMAIL)[:1]


_mails_of = Question(_mails, notice=int)


def tell_reporter(case: Case, *, kind: str, words: notices.Words, key: str, now: datetime) -> Told:
    """Send one notice to the reporter: to their account, and by mail as they wish or came.

    A confidential reporter gets nothing but the note in their own inbox: mails stand in lists that staff read.
    """
    user = account_of(case)
    if case.confidential:
        notice = (
            notices.send(case=case, user=user, kind=kind, words=words, key=key, url=track_url(case), channels=(), now=now)
            if user
            else None
        )
        return Told(notice, (Method.PAGE,))
    address = email_of(case)
    if user is None and not address:
        _text(case, kind=kind, words=words, key=key, now=now)
        return Told(None, (Method.PAGE,) if own_page_only(case) else ())
    # Who came by mail is answered by mail, whatever else they prefer.
    channels = (Way.EMAIL,) if case.channel == Channel.EMAIL and address else None
    notice = notices.send(
        case=case, user=user, email=address, kind=kind, words=words, key=key, url=track_url(case), channels=channels, now=now
    )
    mailed = bool(_mails_of.rows(notice=notice.pk))
    return Told(notice, ((Method.INBOX,) if user else ()) + ((Method.EMAIL,) if mailed else ()))


def _text(case: Case, *, kind: str, words: notices.Words, key: str, now: datetime) -> None:
    """A text message to a contact who has nothing but a mobile number, where the company pays for it. No proof: they are phoned."""
    phone = phone_of(case)
    if routing.texts(case.community.organisation_id, kind, phone):
        notices.send(case=case, phone=phone, kind=kind, words=words, key=key, url=track_url(case), now=now)


def counted_attempts(attempts: Sequence[datetime], rules: FeedbackSettings) -> list[datetime]:
    """The tries in vain that count: each at least the set gap after the one before it."""
    gap = timedelta(minutes=rules.attempt_gap_minutes)
    counted: list[datetime] = []
    for at in sorted(attempts):
        if not counted or at - counted[-1] >= gap:
            counted.append(at)
    return counted


def attempts_suffice(attempts: Sequence[datetime], rules: FeedbackSettings) -> bool:
    """Whether enough tries in vain were made, each at least the set gap after the one before it."""
    return len(counted_attempts(attempts, rules)) >= rules.tell_attempts


def next_attempt(attempts: Sequence[datetime], rules: FeedbackSettings) -> datetime | None:
    """From when the next try counts; ``None``: at once."""
    counted = counted_attempts(attempts, rules)
    return counted[-1] + timedelta(minutes=rules.attempt_gap_minutes) if counted else None
