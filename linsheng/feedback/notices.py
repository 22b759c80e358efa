"""Notices about cases, each in the language of whoever reads it — not of whoever pressed the button."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise as LazyText

from linsheng.accounts.models import User
from linsheng.feedback.models import Case
from linsheng.messaging import actions as messaging
from linsheng.messaging.models import Notice, NoticeKind
from linsheng.standards.models import Urgency


@dataclass(frozen=True)
class Words:
    """What a notice says, before its language is known.

    Lazy texts are translated for the recipient and filled with ``values`` (lazy ones too), ``text`` (the case's first words) and
    ``number``; a plain ``body`` is somebody's own words and stays as it is.
    """

    title: LazyText
    body: LazyText | str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def filled(self, case: Case) -> tuple[str, str]:
        """Title and body in the language that is active."""
        values = {"text": case.headline, "number": case.number, **{name: str(value) for name, value in self.values.items()}}
        body = self.body if isinstance(self.body, str) else str(self.body) % values
        return str(self.title) % values, body


def send(
    *,
    case: Case,
    key: str,
    kind: str,
    words: Words,
    url: str,
    now: datetime,
    user: User | None = None,
    email: str = "",
    phone: str = "",
    channels: Collection[str] | None = None,
    urgent: bool = False,
) -> Notice:
    """One notice to one person, or to an address or number alone (then in the installation's own language).

    What is about an emergency waits for no morning; of a confidential case no words stand in groups and on telephones.
    """
    with translation.override(user.language if user else settings.LANGUAGE_CODE):
        title, body = words.filled(case)
    return messaging.notify(
        key=key,
        kind=kind,
        user=user,
        email=email,
        phone=phone,
        title=title,
        body=body,
        url=url,
        subject=case,
        channels=channels,
        organisation_id=case.community.organisation_id,
        private=case.confidential,
        urgent=urgent or case.urgency == Urgency.EMERGENCY,
        now=now,
    )


def send_to_staff(
    *, case: Case, user: User, key: str, words: Words, now: datetime, kind: str = NoticeKind.CASE_WORK, urgent: bool = False
) -> Notice:
    """One notice to somebody who works on the case, with the address of its staff page."""
    url = reverse("feedback:case", args=[case.pk])
    return send(case=case, user=user, key=key, kind=kind, words=words, url=url, urgent=urgent, now=now)
