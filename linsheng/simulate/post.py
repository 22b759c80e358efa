"""Notices and mails in memory: what ``messaging.notify`` would write, and every mail already delivered."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from types import SimpleNamespace

from django.conf import settings
from django.utils import translation

from linsheng.accounts.models import User
from linsheng.feedback.models import Case
from linsheng.feedback.notices import Words
from linsheng.jobs.models import LeaseState
from linsheng.messaging.actions import message_id, shortened
from linsheng.messaging.models import Channel, Delivery, Notice
from linsheng.messaging.preferences import wants
from linsheng.simulate.ledger import Ledger
from linsheng.standards.models import Urgency


def _speaking(language: str) -> AbstractContextManager[None]:
    """``translation.override`` where another language is spoken now; to change for nothing costs more than to write a notice."""
    return nullcontext() if translation.get_language() == language else translation.override(language)


class PostOffice:
    """Writes notices into a ledger. Nobody in a simulated company has changed their preferences."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._mailed: set[int] = set()

    def send(
        self,
        case: Case,
        user: User | None,
        address: str,
        kind: str,
        words: Words,
        key: str,
        url: str,
        at: datetime,
        *,
        mail: bool | None = None,
        urgent: bool = False,
    ) -> SimpleNamespace:
        """One notice; ``mail`` forces or forbids the mail, else the defaults decide."""
        with _speaking(user.language if user else settings.LANGUAGE_CODE):
            title, body = words.filled(case)
        notice = self.ledger.insert(
            Notice,
            key=key,
            kind=kind,
            user_id=user.pk if user else None,
            title=shortened(title),
            body=body,
            url=url,
            created_at=at,
            subject_type="feedback.case",
            subject_id=case.pk,
            organisation_id=case.community.organisation_id,
            private=case.confidential,
            urgent=urgent or case.urgency == Urgency.EMERGENCY,
        )
        to = address or (user.email if user else "")
        by_mail = mail if mail is not None else user is None or wants({}, kind, Channel.EMAIL)
        if to and by_mail:
            self.deliver(notice, to, at)
        return notice

    def mailed(self, notice: SimpleNamespace) -> bool:
        return notice.id in self._mailed

    def deliver(self, notice: SimpleNamespace, address: str, at: datetime) -> None:
        """A mail of the notice that has arrived."""
        identity = message_id(notice.key, Channel.EMAIL, address)
        times = {"run_at": at, "created_at": at, "finished_at": at}
        self.ledger.insert(
            Delivery,
            notice_id=notice.id,
            channel=Channel.EMAIL,
            address=address,
            message_id=identity,
            state=LeaseState.DONE,
            attempts=1,
            **times,
        )
        self._mailed.add(notice.id)
