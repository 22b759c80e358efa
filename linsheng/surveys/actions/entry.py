"""Answers that staff key in: forms on paper, keyed twice where the wave says so, and interviews by telephone.

Who entered stands with the ballot, never with the answer; until it is checked a form lies sealed like every answer.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.permissions import require
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.surveys import answers, sealing
from linsheng.surveys.actions.answering import contents_of, must_be_usable, put_into_urn, sealed_for
from linsheng.surveys.models import Ballot, BallotState, EntryMode, PaperEntry


@dataclass(frozen=True)
class Difference:
    """One question that two people keyed differently."""

    key: str
    first: Any
    second: Any


def _told(action: str, ballot: Ballot, by: User, now: datetime, mode: str) -> None:
    data = {"number": ballot.serial, "kind": mode}
    record(
        action,
        by=by,
        now=now,
        subject=ballot,
        organisation_id=ballot.wave.organisation_id,
        community_id=ballot.home.community_id,
        data=data,
    )


def _may(by: User, ballot: Ballot) -> None:
    require(by, Permission.ENTER_ANSWERS, ballot.home.community)


@transaction.atomic
def enter_answer(*, ballot: Ballot, given: answers.Posted, mode: str, by: User, now: datetime) -> Ballot:
    """Key in one form. On paper, where forms are keyed twice, it waits for the second person; else it counts at once."""
    _may(by, ballot)
    if mode not in {EntryMode.PAPER, EntryMode.PHONE}:
        raise Invalid(_("请选择纸质或电话。"), fields={"mode": _("请选择纸质或电话。")})
    must_be_usable(ballot)
    questions = answers.questions_of(ballot.wave.version)
    content = contents_of(ballot, answers.clean(questions, given), mode)
    if mode == EntryMode.PAPER and ballot.wave.double_entry:
        _hold(ballot, content, sealed_for(ballot.wave, content, questions), by, now)
    elif not put_into_urn(ballot=ballot, content=content, questions=questions, since=BallotState.OPEN, now=now, entered_by=by):
        raise Conflict(_("这一户刚刚已经答过。"))
    _told("surveys.enter_answer", ballot, by, now, mode)
    ballot.refresh_from_db()
    return ballot


def _hold(ballot: Ballot, content: dict[str, Any], sealed: bytes, by: User, now: datetime) -> None:
    held = Ballot.objects.filter(pk=ballot.pk, state=BallotState.OPEN)
    if not held.update(state=BallotState.HELD, mode=content["mode"], entered_by=by):
        raise Conflict(_("这一户刚刚已经答过。"))
    try:
        with transaction.atomic():
            PaperEntry.objects.create(ballot=ballot, mode=content["mode"], sealed=sealed, entered_by=by, entered_at=now)
    except IntegrityError as error:
        raise Conflict(_("这一户的问卷刚刚已经录入。")) from error


def _entry(ballot: Ballot) -> PaperEntry:
    entry = PaperEntry.objects.filter(ballot=ballot).first()
    if entry is None or ballot.state != BallotState.HELD:
        raise Conflict(_("这一户没有待复核的问卷。"))
    return entry


@transaction.atomic
def check_answer(*, ballot: Ballot, given: answers.Posted, decided: bool = False, by: User, now: datetime) -> list[Difference]:
    """Key the same form again, as somebody else; where nothing differs it counts.

    Else the differences are returned and nothing changes, until the second person has looked at the paper and sends what it
    says with ``decided``.
    """
    _may(by, ballot)
    entry = _entry(ballot)
    if entry.entered_by_id == by.pk:
        raise Forbidden(_("复核须由另一个人来做：同一个人容易错两次。"))
    questions = answers.questions_of(ballot.wave.version)
    values = answers.clean(questions, given)
    first = sealing.unseal(ballot.wave, entry.sealed)["values"]
    keys = sorted(key for key in {*first, *values} if first.get(key) != values.get(key))
    found = [Difference(key, first.get(key), values.get(key)) for key in keys]
    if found and not decided:
        return found
    entered_by = entry.entered_by
    entry.delete()
    content = contents_of(ballot, values, entry.mode)
    if not put_into_urn(
        ballot=ballot, content=content, questions=questions, since=BallotState.HELD, now=now, entered_by=entered_by, checked_by=by
    ):
        raise Conflict(_("这一户的问卷刚刚已经处理。"))
    _told("surveys.check_answer", ballot, by, now, entry.mode)
    return []


@transaction.atomic
def drop_entry(*, ballot: Ballot, by: User, now: datetime) -> Ballot:
    """Take back a form that was keyed for the wrong home, as long as nobody checked it."""
    _may(by, ballot)
    entry = _entry(ballot)
    mode = entry.mode
    entry.delete()
    Ballot.objects.filter(pk=ballot.pk, state=BallotState.HELD).update(state=BallotState.OPEN, mode="", entered_by=None)
    _told("surveys.drop_entry", ballot, by, now, mode)
    ballot.refresh_from_db()
    return ballot
