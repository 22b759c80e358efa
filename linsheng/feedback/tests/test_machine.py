"""Random people take random actions on several cases, and an independent reference says what must come of each.

``HYPOTHESIS_RUNS`` sets how many stories are told (60 by default; four times at least 500 in the slow tests).
"""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from linsheng.audit.actions import entry_hash
from linsheng.audit.models import AuditChain, AuditEntry
from linsheng.core import errors
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import FAR, Callback, Case, CaseEvent, Escalation, Rating, ResultNotice
from linsheng.feedback.tests import factories, reference
from linsheng.feedback.tests.legal import FUNCTIONS, LEGAL
from linsheng.feedback.tests.reference import OK, Ref

RUNS = int(os.environ.get("HYPOTHESIS_RUNS", "60"))
MOST_CASES = 4
PEOPLE = (
    "owner", "neighbour", "link", "frontdesk", "colleague", "handler", "cleaner", "supervisor", "manager", "director", "auditor",
    "administrator", "outsider", "stranger",
)  # fmt: skip
INDEX = st.integers(0, MOST_CASES - 1)
URGENCY = st.sampled_from(list(reference.PROMISED))


HANDLER = st.sampled_from(["handler", "handler", "handler", "cleaner", "supervisor", "frontdesk", "auditor", "outsider", "owner"])
# What is drawn for an action besides who takes it.
VALUES = {
    "assign": {"handler": HANDLER},
    "contact": {"reached": st.booleans()},
    "tell": {"reached": st.booleans()},
    "callback": {"reached": st.booleans()},
    "merge": {"into": INDEX},
    "reclassify": {"but": URGENCY},
    "rate": {"stars": st.integers(1, 5)},
}


FAR_ALONG = st.integers(0, 2)


class Fixed:
    """Draws the first of what may be drawn: for the steps that only bring a case along."""

    def draw(self, values, label=""):
        return {"handler": "handler"}[label]


FIXED = Fixed()


class Cases(RuleBasedStateMachine):
    """Several cases, everybody of the cast, and time that passes."""

    cast = None
    began = None

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now, self.cases = self.began, []

    def teardown(self):
        try:
            self.the_chain_holds()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # What happens.

    @initialize(urgency=URGENCY, far=st.integers(0, 3))
    def first_case(self, urgency, far):
        self.receive("app", "owner", urgency, far)

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule(
        way=st.sampled_from(["app", "app", "phone", "mail", "page"]),
        who=st.sampled_from(reference.RESIDENTS),
        urgency=URGENCY,
        far=FAR_ALONG,
    )
    def receive(self, way, who, urgency, far):
        """A case comes in, and is handled up to some point."""
        who = who if way in ("app", "page") else ""
        changes = {"urgency": urgency, "confidential": way == "page"}
        if way in ("phone", "mail"):
            contact = (
                {"contact_phone": "10000000022"} if way == "phone" else {"contact_email": "zhou@example.com", "channel": "email"}
            )
            case = factories.by_phone(self.cast, self.now, **{"contact_phone": "", **contact, **changes})
        else:
            case = factories.received(self.cast, self.now, who, **changes)
        self.cases.append(Ref(case.pk, who, way, urgency, self.now))
        for action in ("assign", "start", "resolve")[:far]:
            self.take(FIXED, self.cases[-1], action, "frontdesk" if action == "assign" else "handler")

    @rule(minutes=st.sampled_from([1, 20, 130, 600, 24 * 60, 6 * 24 * 60]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(data=st.data(), which=INDEX, action=st.sampled_from(list(LEGAL)), person=st.sampled_from(PEOPLE))
    def anybody_tries_anything(self, data, which, action, person):
        self.take(data, self.pick(which), action, person)

    # Most steps are taken by somebody who may: else few stories would get anywhere.

    @rule(data=st.data(), which=INDEX)
    def somebody_entitled_does_something(self, data, which):
        ref = self.pick(which)
        action = data.draw(st.sampled_from([a for a in LEGAL if self.entitled(ref, a)]), label="action")
        self.take(data, ref, action, data.draw(st.sampled_from(self.entitled(ref, action)), label="person"))

    @rule(data=st.data(), which=INDEX)
    def the_work_goes_on(self, data, which):
        self.go_on(data, which, ("assign", "start", "resolve", "wait", "resume", "reopen"))

    @rule(data=st.data(), which=INDEX)
    def a_result_is_answered(self, data, which):
        self.go_on(data, which, ("close", "rate", "callback", "reopen", "tell"))

    @rule(data=st.data(), which=INDEX)
    def households_come_together(self, data, which):
        self.go_on(data, which, ("merge", "unmerge", "me_too", "resolve"))

    def go_on(self, data, which, actions):
        ref = self.pick(which)
        possible = [action for action in actions if self.entitled(ref, action)]
        if possible:
            action = data.draw(st.sampled_from(possible), label="action")
            self.take(data, ref, action, data.draw(st.sampled_from(self.entitled(ref, action)), label="person"))

    def entitled(self, ref, action):
        """Everybody from whom the reference would accept the action now, with values that fit."""
        return [
            p
            for p in PEOPLE
            if any(self.would(ref, action, p, h, other) == OK for h in ("handler", "cleaner") for other in self.cases)
        ]

    def would(self, ref, action, person, handler, other):
        return reference.expected(ref, action, person, self.now + timedelta(minutes=1), handler=handler, other=other)

    def take(self, data, ref, action, person):
        """Let the person take the action with any values; see that what the reference expects comes of it, and nothing else."""
        self.now += timedelta(minutes=1)
        drawn = {name: data.draw(values, label=name) for name, values in VALUES.get(action, {}).items()}
        drawn["other"] = self.pick(drawn.pop("into", 0))
        drawn["urgency"] = next(u for u in reference.PROMISED if u not in (ref.urgency, drawn.get("but")))
        drawn.pop("but", None)
        handler, other, reached, urgency = (drawn.get(n) for n in ("handler", "other", "reached", "urgency"))
        wanted = reference.expected(ref, action, person, self.now, handler=handler, other=other)
        rows, found = self.rows(), self.attempt(ref, other, action, person, handler, reached, urgency, drawn.get("stars"))
        event(f"{action}: {found}")
        assert found == wanted, f"{action} by {person} on {ref.state}: {found} instead of {wanted}"
        if found != OK:
            assert self.rows() == rows, "a refused action wrote something"
            return
        reference.apply(ref, action, person, self.now, handler=handler, other=other, reached=reached, urgency=urgency)

    def attempt(self, ref, other, action, person, handler, reached, urgency, stars):
        case, people = Case.objects.select_related("resident").get(pk=ref.pk), self.cast.people
        by = Actor.by_link() if person == "link" else actor_for(people[person], case)
        values = {
            "assign": {"handler": people.get(handler)},
            "contact": {"reached": reached},
            "wait": {"waiting_for": "parts", "reason": "等配件"},
            "resolve": {"text": "已处理"},
            "tell": {"reached": reached},
            "reopen": {"reason": "没好"},
            "refer": {"reason": "转出"},
            "decline": {"reason": "不办"},
            "merge": {"into": Case(pk=other.pk)},
            "reclassify": {"urgency": urgency},
            "rate": {"stars": stars},
            "callback": {"contacted": True, "solved": reached, "satisfied": "satisfied"},
            "add": {"text": "补充"},
            "note": {"text": "备注"},
        }.get(action, {})
        try:
            if action == "me_too":
                if person == "link":
                    return reference.FORBIDDEN
                actions.join_case(case=case, by=people[person], now=self.now)
            else:
                FUNCTIONS[action](case=case, by=by, now=self.now, **values)
        except errors.DomainError as error:
            assert str(error.message).endswith("。")
            return type(error).__name__
        return OK

    @rule(which=INDEX, what=st.sampled_from(["mail", "ladder", "acknowledge"]))
    def something_happens_by_itself(self, which, what):
        {"mail": self.a_mail_arrives, "ladder": self.the_ladder_is_climbed, "acknowledge": self.somebody_acknowledges}[what](
            self.pick(which)
        )

    def a_mail_arrives(self, ref):
        notices = ResultNotice.objects.filter(case=ref.pk, cycle=ref.cycle, method="email", reached=None)
        assert bool(notices) == (ref.mail_on_its_way and ref.has_result)
        for row in notices:
            actions.mark_delivered(notice_id=row.notice_id, now=self.now)
            ref.tell(self.now)
            ref.mail_on_its_way = False

    def the_ladder_is_climbed(self, ref):
        for case in Case.objects.filter(next_escalation_at__lte=self.now):
            raised = actions.escalate_case(case=case, now=self.now)
            assert raised is None or (case.is_open and case.state != "waiting")

    def somebody_acknowledges(self, ref):
        """The director may take note of every rung."""
        waiting = Escalation.objects.filter(case=ref.pk, cycle=ref.cycle, acknowledged_at=None).exists()
        try:
            actions.acknowledge_escalation(case=Case(pk=ref.pk), by=Actor.staff(self.cast.director), now=self.now)
        except errors.DomainError:
            assert not (waiting and ref.is_open)
            return
        assert not Escalation.objects.filter(case=ref.pk, cycle=ref.cycle, acknowledged_at=None).exists()

    def pick(self, index):
        return self.cases[index % len(self.cases)]

    # What always holds.

    def rows(self):
        return list(Case.objects.order_by("pk").values()), CaseEvent.objects.count(), AuditEntry.objects.count()

    @invariant()
    def every_case_is_where_the_reference_says(self):
        kept = Case.objects.select_related("handler").in_bulk([ref.pk for ref in self.cases])
        for ref in self.cases:
            case = kept[ref.pk]
            assert (case.state, case.cycle, case.handler.username if case.handler else "") == (ref.state, ref.cycle, ref.handler)
            assert case.parent_id == (ref.parent.pk if ref.parent else None)
            assert (case.told_at, case.responded_at, case.is_open) == (ref.told_at, ref.responded_at, ref.is_open)
            assert (case.respond_by, case.resolve_by) == ref.deadlines()
            self.the_place_on_the_board_is_right(case)

    def the_place_on_the_board_is_right(self, case):
        runs = case.is_open and case.state != "waiting"
        due = (case.respond_by if case.responded_at is None else case.resolve_by) if runs else None
        assert case.due_at == (due or FAR)
        assert runs or case.next_escalation_at is None

    @invariant()
    def history_and_audit_tell_the_same(self):
        events = list(CaseEvent.objects.order_by("id").values_list("pk", "case_id", "action", "from_state", "to_state", "cycle"))
        entries = (
            AuditEntry.objects.filter(subject_type="feedback.case").order_by("sequence").values_list("subject_id", "action", "data")
        )
        told = {d["event"]: (s, a, d["from"], d["to"], d["cycle"]) for s, a, d in entries}
        assert len(told) == len(entries)
        assert told == {pk: (case, f"case.{action}", a, b, cycle) for pk, case, action, a, b, cycle in events}
        last = {}
        for _pk, case, _action, before, after, _cycle in events:
            assert before == last.get(case, "")
            last[case] = after
        assert last == {ref.pk: ref.state for ref in self.cases}

    @invariant()
    def nobody_is_closed_without_proof_of_telling(self):
        for ref in self.cases:
            if ref.state == "closed":
                proofs = list(ResultNotice.objects.filter(case=ref.pk, cycle=ref.cycle).values_list("reached", flat=True))
                assert True in proofs or proofs.count(False) >= reference.TRIES

    @invariant()
    def votes_are_counted_once_a_cycle(self):
        rated = set(Rating.objects.values_list("case", "cycle"))
        asked = set(Callback.objects.filter(outcome="answered").values_list("case", "cycle"))
        assert rated == {(ref.pk, cycle) for ref in self.cases for cycle in ref.rated} and len(rated) == Rating.objects.count()
        assert asked == {(ref.pk, cycle) for ref in self.cases for cycle in ref.asked}

    def the_chain_holds(self):
        chain = AuditChain.objects.get(key=f"organisation-{self.cast.organisation.pk}")
        previous, entries = "", list(AuditEntry.objects.filter(chain=chain).order_by("sequence"))
        for place, entry in enumerate(entries, start=1):
            assert (entry.sequence, entry.previous, entry.hash) == (place, previous, entry_hash(entry))
            previous = entry.hash
        assert (chain.length, chain.head) == (len(entries), previous)


def tell_stories(cast, now, runs):
    """Run the machine on this cast; every story's rows are taken back at its end."""
    story = type("Cases", (Cases,), {"cast": cast, "began": now})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    profile = settings(max_examples=runs, stateful_step_count=25, deadline=None, suppress_health_check=checks, database=None)
    run_state_machine_as_test(story, settings=profile)


@pytest.mark.timeout(900)
def test_any_story_goes_as_the_rules_say(cast, now):
    tell_stories(cast, now, RUNS)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(4))
def test_two_thousand_stories_go_as_the_rules_say(cast, now, part):
    tell_stories(cast, now, max(RUNS, 500))
