"""Every legal transition and every illegal one; every action by everybody."""

from datetime import timedelta

import pytest

from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict, Forbidden
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.machine import RULES
from linsheng.feedback.models import Case, CaseEvent
from linsheng.feedback.queries import legal_actions
from linsheng.feedback.tests.factories import in_state, received
from linsheng.feedback.tests.legal import ALL, EVERYBODY, LEGAL, MAY, do
from linsheng.feedback.tests.snapshots import snapshot, undone

LATER = timedelta(hours=1)
# Somebody who may take the action, so that only the state decides.
ABLE = {"me_too": "neighbour", "callback": "colleague", **dict.fromkeys(("rate", "urge", "withdraw"), "owner")}
PAIRS = [(state, action) for state in ALL for action in LEGAL]
LEGAL_PAIRS = [pair for pair in PAIRS if pair[0] in LEGAL[pair[1]]]
ILLEGAL_PAIRS = [pair for pair in PAIRS if pair[0] not in LEGAL[pair[1]]]


def prepared(cast, now, state):
    return in_state(cast, now, state), received(cast, now, text="另一件")


@pytest.mark.parametrize(("state", "action"), LEGAL_PAIRS)
def test_a_legal_action_leads_where_the_table_says_with_one_entry_of_history_and_audit(cast, now, state, action):
    case, other = prepared(cast, now, state)
    events, entries = CaseEvent.objects.filter(case=case).count(), AuditEntry.objects.filter(subject_id=case.pk).count()
    after = do(action, cast, case, ABLE.get(action, "supervisor"), now + LATER, other=other)
    assert after.state == LEGAL[action][state]
    event = CaseEvent.objects.filter(case=case).latest("id")
    assert (event.action, event.from_state, event.to_state, event.at) == (action, state, after.state, now + LATER)
    assert CaseEvent.objects.filter(case=case).count() == events + 1
    assert AuditEntry.objects.filter(subject_id=case.pk).count() == entries + 1
    assert AuditEntry.objects.filter(subject_id=case.pk).latest("id").data["event"] == event.pk
    assert Case.objects.get(pk=case.pk).state == after.state


@pytest.mark.parametrize(("state", "action"), ILLEGAL_PAIRS)
def test_an_illegal_action_is_refused_with_a_sentence_and_writes_nothing(cast, now, state, action):
    case, other = prepared(cast, now, state)
    before = snapshot()
    with pytest.raises(Conflict) as refused:
        do(action, cast, case, ABLE.get(action, "supervisor"), now + LATER, other=other)
    assert str(refused.value).endswith("。") and len(str(refused.value)) > 10
    assert snapshot() == before


@pytest.mark.parametrize("action", LEGAL)
def test_an_action_is_open_to_those_whom_the_table_names_and_to_nobody_else(cast, now, action):
    state = next(s for s in ("resolved", "in_progress", "assigned", "waiting", "received", "merged") if s in LEGAL[action])
    case, other = prepared(cast, now, state)
    before = snapshot()
    allowed = set()
    for person in EVERYBODY:
        with undone():
            try:
                do(action, cast, case, person, now + LATER, other=other)
                allowed.add(person)
            except (Forbidden, Conflict) as refused:
                # One's own report cannot be joined: that is no question of permission.
                assert isinstance(refused, Forbidden) or (action, person) == ("me_too", "owner")
                assert str(refused).endswith("。")
                assert snapshot() == before
    assert allowed == MAY[action]


@pytest.mark.parametrize("action", ["rate", "urge", "withdraw"])
def test_the_clockwork_is_no_reporter(cast, now, action):
    case, _other = prepared(cast, now, next(iter(LEGAL[action])))
    with pytest.raises(Forbidden):
        do(action, cast, case, "", now + LATER, by=Actor.clockwork())


def test_the_rules_of_the_code_are_those_of_the_table():
    beyond = {("acknowledge", state) for state in ("received", "assigned", "in_progress", "waiting")}
    # A merged case is told, rated, asked about and opened again once it shares a result: tested with merging.
    beyond |= {(action, "merged") for action in ("tell", "rate", "callback", "reopen")}
    assert {(a, s) for a, rule in RULES.items() for s in rule.sources} == {(a, s) for s, a in LEGAL_PAIRS} | beyond


@pytest.mark.parametrize("state", ALL)
def test_the_page_offers_exactly_what_would_be_accepted(cast, now, state):
    case, _other = prepared(cast, now, state)
    case = Case.objects.get(pk=case.pk)
    for person in EVERYBODY:
        user = cast.people[person]
        actor = actor_for(user, case) if person in {"owner", "neighbour", "stranger"} else Actor.staff(user)
        # "Me too" is no action of this page, and acknowledging needs a rung that was raised.
        offered = set(legal_actions(case, actor, now + LATER)) - {"acknowledge"}
        expected = {action for action in LEGAL if state in LEGAL[action] and person in MAY[action]} - {"me_too"}
        assert offered == expected - not_for(case, user), person


def not_for(case, user):
    """What this person's own part in the case forbids: handling what is not theirs, asking back what they did."""
    worked = CaseEvent.objects.filter(case=case, actor=user, action__in=["refer", "decline"]).exists()
    return ({"callback"} if worked else set()) | ({"contact"} if user.username == "handler" and case.handler is None else set())
