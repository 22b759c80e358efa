"""Answers of a simulated wave in bulk: the rows that the actions of answering and of entry write; a test compares."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from linsheng.accounts.models import User
from linsheng.communities.models import Residency
from linsheng.core.ids import digest
from linsheng.jobs.models import Job, LeaseState
from linsheng.messaging.actions import shortened
from linsheng.messaging.models import Channel, Notice, NoticeKind
from linsheng.messaging.preferences import wants
from linsheng.simulate.ledger import Ledger
from linsheng.simulate.post import PostOffice
from linsheng.surveys import actions, answers, sealing
from linsheng.surveys.actions.answering import contents_of
from linsheng.surveys.models import Ballot, BallotState, EntryMode, SealedAnswer, Wave
from linsheng.surveys.queries.waves import readers, recipients
from linsheng.surveys.tasks import invitation, invitation_key, result_key, result_words

BATCH = 500


@dataclass(frozen=True)
class Given:
    """One home's answer: ``values`` by question key, when it came, and who keyed it (and keyed it again) if staff did."""

    home_id: int
    values: Mapping[str, Any]
    at: datetime
    mode: str = EntryMode.WEB
    key: str = ""
    entered_by: User | None = None
    checked_by: User | None = None
    checked_at: datetime | None = None

    @property
    def counted_at(self) -> datetime:
        """When it went into the urn."""
        return self.checked_at or self.at

    @property
    def form(self) -> dict[str, list[str]]:
        """The same as a form sends it."""
        return {key: [str(value)] for key, value in self.values.items()}


def fill_urn(wave: Wave, given: Sequence[Given], ledger: Ledger, *, until: datetime) -> None:
    """Cast what came before ``until``; forms that were keyed by then and not yet checked lie held."""
    ballots = {ballot.home_id: ballot for ballot in Ballot.objects.filter(wave=wave).select_related("home__community")}
    for ballot in ballots.values():
        ballot.wave = wave
    for each in given:
        if each.at <= until < each.counted_at and each.entered_by is not None:
            ballot = ballots[each.home_id]
            actions.enter_answer(ballot=ballot, given=each.form, mode=each.mode, by=each.entered_by, now=each.at)
    _cast(wave, ballots, [each for each in given if each.counted_at <= until], ledger)


def _cast(wave: Wave, ballots: Mapping[int, Ballot], given: Sequence[Given], ledger: Ledger) -> None:
    questions = [question for question, _block in answers.questions_of(wave.version)]
    capacity = sealing.capacity_for(questions)
    sealed = []
    for each in given:
        values = {question.key: each.values[question.key] for question in questions if question.key in each.values}
        content = contents_of(ballots[each.home_id], values, each.mode)
        sealed.append(SealedAnswer(wave=wave, sealed=sealing.seal(wave, content, capacity)))
        _audit(ballots[each.home_id], each, ledger)
    _mark(wave, ballots, given)
    SealedAnswer.objects.bulk_create(sealed, batch_size=BATCH)


def _mark(wave: Wave, ballots: Mapping[int, Ballot], given: Sequence[Given]) -> None:
    """The ballots as used, in one statement for all rows."""
    quoted = connection.ops.quote_name(Ballot._meta.db_table)
    names = ("state", "answered_on", "mode", "receipt", "entered_by_id", "checked_by_id")
    places = ", ".join(f"{name} = %s" for name in names)
    rows = [
        (
            str(BallotState.ANSWERED),
            connection.ops.adapt_datefield_value(localdate(each.counted_at)),
            str(each.mode),
            digest(f"{wave.pk}:{each.key}") if each.key else "",
            each.entered_by.pk if each.entered_by else None,
            each.checked_by.pk if each.checked_by else None,
            ballots[each.home_id].pk,
        )
        for each in given
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quoted} SET {places} WHERE id = %s", rows)  # noqa: S608  # names of our own


def _audit(ballot: Ballot, each: Given, ledger: Ledger) -> None:
    data = {"number": ballot.serial, "kind": str(each.mode)}
    steps = [("enter_answer", each.entered_by, each.at), ("check_answer", each.checked_by, each.checked_at)]
    for action, user, at in steps:
        if user is not None and at is not None:
            ledger.audit.append((at, user.pk, f"surveys.{action}", "surveys.ballot", ballot.pk, ballot.home.community_id, data))


def tell(wave: Wave, ledger: Ledger, *, number: int, at: datetime) -> None:
    """Invite (0) or remind everybody with an account whose home has not answered, as the job does; every mail arrives."""
    url = reverse("surveys:mine", args=[wave.pk])
    for user, words in _told(recipients(wave), lambda: invitation(wave, number, at)):
        _deliver(_notice(wave, ledger, user, words, url, key=invitation_key(wave, number, user.pk), at=at), user, ledger, at)
    _job_done(f"surveys.tell-{wave.pk}-{number}", at)


def tell_result(wave: Wave, ledger: Ledger, *, at: datetime) -> None:
    """Tell everybody with an account that the result is public, as the job does; every mail arrives."""
    url = reverse("surveys:published", args=[wave.pk])
    for user, words in _told(readers(wave), lambda: result_words(wave)):
        _deliver(_notice(wave, ledger, user, words, url, key=result_key(wave, user.pk), at=at), user, ledger, at)
    _job_done(f"surveys.tell_result-{wave.pk}-{at.isoformat()}", at)


def _told(residencies: Iterable[Residency], say: Callable[[], tuple[str, str]]) -> Iterator[tuple[User, tuple[str, str]]]:
    """Each person once, with the words in their language."""
    words: dict[str, tuple[str, str]] = {}
    people = {residency.resident.user.pk: residency.resident.user for residency in residencies if residency.resident.user}
    for user in people.values():
        if user.language not in words:
            with translation.override(user.language):
                words[user.language] = say()
        yield user, words[user.language]


def _deliver(notice: SimpleNamespace, user: User, ledger: Ledger, at: datetime) -> None:
    if user.email and wants({}, NoticeKind.SURVEY, Channel.EMAIL):
        PostOffice(ledger).deliver(notice, user.email, at)


def _job_done(key: str, at: datetime) -> None:
    Job.objects.filter(key=key).update(state=LeaseState.DONE, attempts=1, finished_at=at)


def _notice(wave: Wave, ledger: Ledger, user: User, words: tuple[str, str], url: str, *, key: str, at: datetime) -> SimpleNamespace:
    title, body = words
    return ledger.insert(
        Notice,
        key=key,
        kind=NoticeKind.SURVEY,
        user_id=user.pk,
        title=shortened(title),
        body=body,
        url=url,
        created_at=at,
        subject_type="surveys.wave",
        subject_id=wave.pk,
        organisation_id=wave.organisation_id,
    )
