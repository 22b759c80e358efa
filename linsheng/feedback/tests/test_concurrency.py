"""Many people at the same moment, on both databases: one wins, the others are told so, and nothing is half-written."""

from datetime import timedelta
from itertools import pairwise

import pytest

from conftest import make_cast
from linsheng.audit.actions import entry_hash
from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict, DomainError
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseEvent, Escalation, Rating, ResultNotice, Urge
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF
from linsheng.feedback.tests.racing import race, shareable

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
HOUR = timedelta(hours=1)


@pytest.fixture
def town(transactional_db, tmp_path):
    """The cast, in a database that threads share."""
    with shareable(tmp_path):
        yield make_cast()


def same_number_of_everything(cast):
    """Each entry of the history has its audit entry, and the chain holds."""
    entries = list(AuditEntry.objects.filter(chain__key=f"organisation-{cast.organisation.pk}").order_by("sequence"))
    assert [e.sequence for e in entries] == list(range(1, len(entries) + 1))
    assert all(entry.hash == entry_hash(entry) for entry in entries)
    told = {e.data["event"] for e in entries if e.subject_type == "feedback.case"}
    assert told == set(CaseEvent.objects.values_list("pk", flat=True))


def won(outcomes):
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def lost(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def only_conflicts(outcomes):
    assert all(isinstance(outcome, Conflict) and str(outcome).endswith(("。", "谢谢。")) for outcome in lost(outcomes)), outcomes


def test_of_fifty_ratings_at_once_one_stays(town, now):
    case = make.resolved(town, now)
    by = Actor(user=town.owner, reporter=True)
    outcomes = race(*[lambda n=n: actions.rate_case(case=case, stars=n % 5 + 1, by=by, now=now + HOUR) for n in range(50)])
    assert len(won(outcomes)) == 1 and len(outcomes) == 50
    only_conflicts(outcomes)
    assert Rating.objects.count() == 1
    assert CaseEvent.objects.filter(case=case, action="rate").count() == 1
    same_number_of_everything(town)


def test_of_two_who_assign_at_once_one_wins(town, now):
    case = make.received(town, now)
    targets = (town.handler, town.supervisor)
    outcomes = race(
        *[lambda who=who: actions.assign_case(case=case, handler=who, by=STAFF(town.frontdesk), now=now) for who in targets]
    )
    kept = Case.objects.get(pk=case.pk)
    # On SQLite the second one may read after the first: then it hands the case on, which is legal.
    only_conflicts(outcomes)
    assert won(outcomes) and CaseEvent.objects.filter(case=case, action="assign").count() == len(won(outcomes))
    assert kept.version == len(won(outcomes)) and kept.handler in targets
    same_number_of_everything(town)


def test_of_five_handlers_who_take_a_free_case_one_has_it(town, now):
    case = make.received(town, now)
    people = (town.handler, town.cleaner)
    outcomes = race(*[lambda who=who: actions.assign_case(case=case, handler=who, by=STAFF(who), now=now) for who in people])
    assert len(won(outcomes)) == 1
    assert all(isinstance(error, DomainError) for error in lost(outcomes))
    assert Case.objects.get(pk=case.pk).handler == won(outcomes)[0].handler


def test_of_two_who_resolve_at_once_one_wins_and_the_reporter_is_told_once(town, now):
    case = make.in_progress(town, now)
    by = STAFF(town.handler)
    outcomes = race(*[lambda n=n: actions.resolve_case(case=case, text=f"结果 {n}", by=by, now=now + HOUR) for n in range(4)])
    assert len(won(outcomes)) == 1
    only_conflicts(outcomes)
    kept = Case.objects.get(pk=case.pk)
    assert (kept.state, kept.resolutions.count()) == ("resolved", 1)
    assert ResultNotice.objects.filter(case=case, method="inbox").count() == 1
    same_number_of_everything(town)


def test_resolving_and_declining_at_once_leaves_one_end(town, now):
    case = make.in_progress(town, now)
    outcomes = race(
        lambda: actions.resolve_case(case=case, text="已修", by=STAFF(town.handler), now=now + HOUR),
        lambda: actions.decline_case(case=case, reason="不办", by=STAFF(town.supervisor), now=now + HOUR),
    )
    assert len(won(outcomes)) == 1
    only_conflicts(outcomes)
    assert Case.objects.get(pk=case.pk).state == won(outcomes)[0].state
    same_number_of_everything(town)


def test_numbers_given_at_once_are_unique_and_without_gaps(town, now):
    by = STAFF(town.frontdesk)

    def report(n):
        # Every fifth is refused: its number must not be lost.
        text = " " if n % 5 == 4 else f"第 {n} 件"
        return actions.receive_case(report=make.report(town, text=text, channel="phone"), by=by, now=now)

    outcomes = race(*[lambda n=n: report(n) for n in range(20)])
    assert len(won(outcomes)) == 16
    assert sorted(case.number for case in won(outcomes)) == [f"CH2611-{n:04d}" for n in range(1, 17)]
    same_number_of_everything(town)


def test_a_form_sent_ten_times_at_once_makes_one_case(town, now):
    report = make.report(town, submission_key="a-key-that-nobody-guesses")
    by = Actor(user=town.owner, reporter=True)
    outcomes = race(*[lambda: actions.receive_case(report=report, by=by, now=now) for _n in range(10)])
    assert len(won(outcomes)) == 10 and len({case.pk for case in outcomes}) == 1
    assert Case.objects.count() == 1


def test_nobody_slips_under_a_case_that_ends_at_that_moment(town, now):
    parent = make.in_progress(town, now)
    child = make.received(town, now, who="neighbour")
    race(
        lambda: actions.resolve_case(case=parent, text="已修", by=STAFF(town.handler), now=now + HOUR),
        lambda: actions.merge_case(case=child, into=parent, by=STAFF(town.frontdesk), now=now + HOUR),
    )
    child, parent = Case.objects.get(pk=child.pk), Case.objects.get(pk=parent.pk)
    # Whoever was first: a merged household under a case that has its result was told it.
    assert child.state == "received" or parent.state == "in_progress" or child.told_at is not None
    same_number_of_everything(town)


def test_two_cases_are_not_merged_into_each_other(town, now):
    one, other = make.received(town, now), make.received(town, now, who="neighbour")
    by = STAFF(town.frontdesk)
    race(
        lambda: actions.merge_case(case=one, into=other, by=by, now=now),
        lambda: actions.merge_case(case=other, into=one, by=by, now=now),
    )
    assert sorted(Case.objects.values_list("state", flat=True)) == ["merged", "received"]


def test_a_rung_is_raised_once_by_several_workers(town, now):
    case = make.received(town, now)
    late = Case.objects.get(pk=case.pk).next_escalation_at + HOUR
    outcomes = race(*[lambda: actions.escalate_case(case=case, now=late) for _n in range(6)])
    assert not lost(outcomes)
    orders = list(Escalation.objects.values_list("cycle", "clock", "order"))
    assert len(orders) == len(set(orders)) == len([raised for raised in outcomes if raised])
    same_number_of_everything(town)


def test_proof_that_arrives_while_somebody_writes_is_not_lost(town, now):
    case = make.resolved(town, now, case=make.by_phone(town, now, contact_phone="", contact_email="zhou@example.com"))
    notice = ResultNotice.objects.get(case=case, method="email")

    def note(n):
        return actions.add_note(case=case, text=f"备注 {n}", by=STAFF(town.frontdesk), now=now + HOUR)

    outcomes = race(
        lambda: actions.mark_delivered(notice_id=notice.notice_id, now=now + HOUR), *[lambda n=n: note(n) for n in range(5)]
    )
    only_conflicts(outcomes)
    # A worker whose mark met a conflict marks again: at least once, and safe to repeat.
    if isinstance(outcomes[0], Conflict):
        actions.mark_delivered(notice_id=notice.notice_id, now=now + HOUR)
    assert Case.objects.get(pk=case.pk).told_at == now + HOUR
    same_number_of_everything(town)


def test_one_urge_a_day_however_often_the_button_is_pressed(town, now):
    case = make.received(town, now)
    by = Actor(user=town.owner, reporter=True)
    outcomes = race(*[lambda: actions.urge_case(case=case, by=by, now=now) for _n in range(8)])
    assert len(won(outcomes)) == 1 and Urge.objects.count() == 1
    only_conflicts(outcomes)


def test_everybody_at_once_on_everything_leaves_a_whole_history(town, now):
    cases = [make.in_progress(town, now), make.received(town, now, who="neighbour"), make.in_progress(town, now)]
    desk, handler = STAFF(town.frontdesk), STAFF(town.handler)
    attempts = [
        *[lambda c=c: actions.add_note(case=c, text="备注", by=desk, now=now) for c in cases * 3],
        *[lambda c=c: actions.resolve_case(case=c, text="好了", by=handler, now=now) for c in cases],
        *[lambda c=c: actions.contact_reporter(case=c, by=desk, now=now) for c in cases],
        lambda: actions.merge_case(case=cases[1], into=cases[0], by=desk, now=now),
        lambda: actions.merge_case(case=cases[2], into=cases[0], by=desk, now=now),
        lambda: actions.reclassify_case(case=cases[0], urgency="urgent", by=desk, now=now),
    ]
    outcomes = race(*attempts)
    assert all(isinstance(error, DomainError) for error in lost(outcomes)), outcomes
    for case in Case.objects.all():
        states = list(CaseEvent.objects.filter(case=case).order_by("id").values_list("from_state", "to_state"))
        assert all(before[1] == after[0] for before, after in pairwise(states))
        assert states[-1][1] == case.state
    same_number_of_everything(town)
