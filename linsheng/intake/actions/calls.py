"""Calls: reported by the exchange, taken by somebody, and what came of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.accounts.queries import user_called
from linsheng.audit.actions import record
from linsheng.communities.models import Organisation
from linsheng.communities.permissions import has, require
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.text import phone_digits
from linsheng.feedback.actions import add_words, urge_case
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, Channel
from linsheng.intake.models import Call, CallNumber, CallNumberPart, CallSeen, Line, PhoneDuty

SHORTEST_PART = 3
LONGEST_NUMBER = 20
# What is reported later than this after it began is a mistake of the exchange's clock.
LATEST_REPORT = timedelta(days=2)
Outcome = Call.Outcome
UNDECIDED = (Outcome.OPEN, Outcome.MISSED)


@dataclass(frozen=True)
class Reported:
    """What an exchange says of a call; later reports add what was not known before."""

    call_id: str
    number: str = ""
    started_at: datetime | None = None
    answered_by: str = ""
    ended_at: datetime | None = None


def keep_number(organisation: Organisation, text: str) -> CallNumber | None:
    """The number's row, with its endings; ``None`` for a caller who hides it."""
    digits = phone_digits(text)[:LONGEST_NUMBER]
    if len(digits) < SHORTEST_PART:
        return None
    number, new = CallNumber.objects.get_or_create(organisation=organisation, digits=digits)
    if new:
        endings = [digits[start:] for start in range(len(digits) - SHORTEST_PART + 1)]
        CallNumberPart.objects.bulk_create(
            CallNumberPart(number=number, organisation=organisation, ending=ending) for ending in endings
        )
    return number


def report_call(*, line: Line, reported: Reported, now: datetime) -> tuple[Call, bool]:
    """Take a report; the call, and whether it is new. The same ``call_id`` again only adds to it."""
    if reported.started_at is not None and reported.started_at < now - LATEST_REPORT:
        sentence = _("来电时间早于两天以前，请核对电话系统的时钟。")
        raise Invalid(sentence, fields={"started_at": sentence})
    try:
        return _report(line, reported, now)
    except IntegrityError:
        # Two reports of one call at once: the other one made it.
        return _report(line, reported, now)


@transaction.atomic
def _report(line: Line, reported: Reported, now: datetime) -> tuple[Call, bool]:
    organisation = line.community.organisation
    call, new = Call.objects.get_or_create(
        line=line,
        call_id=reported.call_id,
        defaults={
            "organisation": organisation,
            "community": line.community,
            "number": keep_number(organisation, reported.number),
            "started_at": min(reported.started_at or now, now),
            "reported_at": now,
        },
    )
    _learn(call, reported, now)
    if new:
        data = {"call_id": reported.call_id, "line": line.number}
        record("call.report", by=None, now=now, subject=call, organisation_id=organisation.pk, data=data)
    return call, new


def _learn(call: Call, reported: Reported, now: datetime) -> None:
    """Add what is news; what people decided stays."""
    news: dict[str, object] = {}
    if reported.answered_by and not call.answered_name:
        news |= {"answered_name": reported.answered_by[:60], "answered_at": call.answered_at or now}
        user = user_called(reported.answered_by)
        if call.answered_by_id is None and user is not None and has(user, Permission.RECEIVE_CASE, call.community):
            news["answered_by"] = user
    if reported.ended_at is not None and call.ended_at is None:
        ended = max(call.started_at, min(reported.ended_at, now))
        news |= {"ended_at": ended, "seconds": int((ended - call.started_at).total_seconds())}
    if news:
        Call.objects.filter(pk=call.pk).update(**news)
    if "ended_at" in news:
        nobody = Call.objects.filter(pk=call.pk, outcome=Outcome.OPEN, answered_by=None, answered_name="")
        nobody.update(outcome=Outcome.MISSED)
    call.refresh_from_db()


def _may(by: User, call: Call) -> None:
    require(by, Permission.RECEIVE_CASE, call.community)


@transaction.atomic
def take_call(*, call: Call, by: User, now: datetime) -> Call:
    """The first to click takes it; raises ``Conflict`` naming who was quicker."""
    _may(by, call)
    taken = Call.objects.filter(pk=call.pk, answered_by=None).update(answered_by=by, answered_at=now)
    call.refresh_from_db()
    if not taken and call.answered_by_id != by.pk:
        raise Conflict(_("%(name)s 已经接了这个来电。") % {"name": call.answered_by})
    if taken:
        record("call.take", by=by, now=now, subject=call, organisation_id=call.organisation_id)
    return call


def _decide(call: Call, outcome: str, by: User, now: datetime, *, case: Case | None = None, note: str = "") -> Call:
    """Write what came of a call; of two who do so at once, the second is told."""
    _may(by, call)
    changed = Call.objects.filter(pk=call.pk, outcome__in=UNDECIDED).update(outcome=outcome, case=case, note=note[:300])
    if not changed:
        raise Conflict(_("这个来电已经登记过了。"))
    Call.objects.filter(pk=call.pk, answered_by=None).update(answered_by=by, answered_at=now)
    call.refresh_from_db()
    data = {"outcome": outcome, "case": case.pk if case else None}
    record("call.decide", by=by, now=now, subject=call, organisation_id=call.organisation_id, data=data)
    return call


@transaction.atomic
def log_call(*, call: Call, case: Case, by: User, now: datetime) -> Call:
    """The call brought a new case. A confidential reporter's number is forgotten with it."""
    done = _decide(call, Outcome.LOGGED, by, now, case=None if case.confidential else case)
    if case.confidential:
        Call.objects.filter(pk=call.pk).update(number=None)
        done.refresh_from_db()
    return done


@transaction.atomic
def note_call(*, case: Case, by: User, now: datetime) -> Call | None:
    """A call that no exchange reported, as the desk wrote it down with its case."""
    if case.channel != Channel.PHONE or case.call is None or case.confidential:
        return None
    organisation = case.community.organisation
    return Call.objects.create(
        organisation=organisation,
        community=case.community,
        number=keep_number(organisation, str(case.call.get("number") or "")),
        started_at=case.received_at,
        reported_at=now,
        answered_by=by,
        answered_at=case.received_at,
        seconds=case.call.get("seconds"),
        outcome=Outcome.LOGGED,
        case=case,
    )


@transaction.atomic
def link_call(*, call: Call, case: Case, text: str, urge: bool = False, by: User, now: datetime) -> Call:
    """又来电问: the call goes into an open case's history in the reporter's words; ``urge`` asks to hurry on their behalf."""
    if case.community_id != call.community_id or not case.is_open or case.confidential:
        raise Invalid(_("请选择这个小区还在处理的反映。"), fields={"case": _("请选择一件正在处理的反映。")})
    done = _decide(call, Outcome.LINKED, by, now, case=case, note=text)
    words = _("又来电：%(text)s") % {"text": text.strip()} if text.strip() else _("又来电询问进展。")
    add_words(case=case, text=words, by=Actor.staff(by), now=now, data={"call": call.pk})
    if urge:
        # The reporter's own step, spoken on the phone; the audit trail names who wrote it down.
        _urge(case, text, by, now)
    return done


def _urge(case: Case, text: str, by: User, now: datetime) -> None:
    try:
        urge_case(case=case, text=text.strip()[:200], by=Actor(user=by, reporter=True), now=now)
    except Conflict:
        # Urged today already: the call stands in the history all the same.
        return


@transaction.atomic
def close_call(*, call: Call, note: str, by: User, now: datetime) -> Call:
    """No case came of it; the note says why."""
    if not note.strip():
        sentence = _("请写一句为什么不用登记，如“问营业时间”“打错了”。")
        raise Invalid(sentence, fields={"note": sentence})
    return _decide(call, Outcome.NONE, by, now, note=note.strip())


@transaction.atomic
def return_call(*, call: Call, note: str, by: User, now: datetime) -> Call:
    """Somebody called a missed caller back."""
    if call.outcome != Outcome.MISSED:
        raise Conflict(_("这个来电不在待回电里了。"))
    return _decide(call, Outcome.RETURNED, by, now, note=note.strip())


@transaction.atomic
def dismiss_call(*, call: Call, by: User, now: datetime) -> Call:
    """Put the card away on one's own screens; others keep it."""
    _may(by, call)
    CallSeen.objects.update_or_create(
        call=call, user=by, defaults={"dismissed_at": now}, create_defaults={"at": now, "dismissed_at": now}
    )
    return call


@transaction.atomic
def switch_duty(*, on: bool, by: User, now: datetime) -> PhoneDuty:
    """Show incoming calls on one's screens, or not."""
    duty, _new = PhoneDuty.objects.update_or_create(user=by, defaults={"on": on, "changed_at": now})
    return duty
