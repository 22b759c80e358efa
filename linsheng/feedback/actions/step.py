"""One change of a case: check, write, record. Every action on a case goes through here.

A case is claimed by an UPDATE of its version, which both databases turn into a lock until the transaction ends. Where several
cases change together, all rows are written before the first audit entry: the audit chain is the last lock taken,
so two such actions never wait for each other in a circle.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities import permissions
from linsheng.core.errors import Conflict, Forbidden
from linsheng.core.inserting import insert
from linsheng.core.questions import Question
from linsheng.feedback import clocks, hooks, ladder, search
from linsheng.feedback.actions.words import needed
from linsheng.feedback.actor import Actor
from linsheng.feedback.machine import RULES, Rule
from linsheng.feedback.models import OPEN, Case, CaseEvent, CaseState

__all__ = [
    "Change",
    "Step",
    "audit_all",
    "audit_event",
    "check_allowed",
    "check_legal",
    "claim_together",
    "claimed_case",
    "fresh_case",
    "needed",
    "note_event",
    "write_event",
]

Data = dict[str, Any]
RELATED = ("community", "item", "calendar", "handler", "resident__user", "home", "parent")
# Nobody looks for these when something cannot be done.
SIDE_STEPS = frozenset({"contact", "reclassify", "me_too", "add", "note", "acknowledge"})
# How often somebody who was not quick enough reads again before giving up.
ATTEMPTS = 5
# Written only when they were worked out anew: somebody else may have set them since the case was read.
DERIVED = frozenset({"next_escalation_at"})
COLUMNS = tuple(f.attname for f in Case._meta.concrete_fields if not f.primary_key and f.attname != "version")


def claimed_case(pk: int) -> Case:
    """The case, taken for the rest of this transaction, as it stands once everybody before has finished: for the clockwork."""
    Case.objects.filter(pk=pk).update(version=F("version") + 1)
    return _as_it_stands(pk)


def fresh_case(case: Case) -> Case:
    """The case as it now stands in the database, with what actions need of its surroundings."""
    return _as_it_stands(case.pk)


def _cases(pk: int) -> QuerySet[Case]:
    return Case.objects.select_related(*RELATED).filter(pk=pk)


_case = Question(_cases, pk=int)


def _as_it_stands(pk: int) -> Case:
    found = _case.first(pk=pk)
    if found is None:
        raise Case.DoesNotExist(f"case {pk} is gone")
    return found


def check_allowed(case: Case, rule: Rule, by: Actor) -> None:
    """Raise ``Forbidden`` unless this actor may ever take the action on this case."""
    if by.system and rule.permission is not None:
        return
    if by.reporter:
        if not rule.reporter:
            raise Forbidden(_("这一步由工作人员办理。"))
        return
    if rule.permission is None or by.user is None:
        who = _("只有邻居可以%(action)s。") if rule.neighbour else _("只有反映人本人可以%(action)s。")
        raise Forbidden(who % {"action": rule.label})
    permissions.require(by.user, rule.permission, case.community)
    if rule.permission == Permission.HANDLE_CASE and not _in_charge(case, by):
        raise Forbidden(_("这件事由%(name)s负责，请由其本人或主管操作。") % {"name": case.handler or _("待指派人员")})


def _in_charge(case: Case, by: Actor) -> bool:
    """The handler, or somebody who could hand the case out."""
    own = by.user is not None and case.handler_id == by.user.pk
    return own or permissions.has(by.user, Permission.ASSIGN_CASE, case.community)


def check_legal(case: Case, rule: Rule, by: Actor) -> None:
    """Raise ``Conflict`` when the action is not legal in the case's present state; its sentence says what this actor may do now."""
    if case.state in rule.sources:
        return
    state = CaseState(case.state).label
    possible = [str(r.label) for name, r in RULES.items() if name not in SIDE_STEPS and _is_open_to(case, r, by)]
    legal = pgettext("between words", "、").join(possible)
    hint = _("现在可以：%(actions)s。") % {"actions": legal} if legal else ""
    raise Conflict(
        _("%(number)s 现在是“%(state)s”，不能%(action)s。") % {"number": case.number, "state": state, "action": rule.label} + hint
    )


def _is_open_to(case: Case, rule: Rule, by: Actor) -> bool:
    try:
        check_allowed(case, rule, by)
    except Forbidden:
        return False
    return case.state in rule.sources


class Change:
    """A change under way of a case that was just read. Writing needs the claim: from it on, nobody else writes the case."""

    def __init__(self, case: Case, action: str, *, by: Actor, now: datetime, claimed: bool = False) -> None:
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("a change needs a transaction")
        self.case, self.action, self.by, self.now = case, action, by, now
        self.from_state = case.state
        self.claimed = claimed
        self.event: CaseEvent | None = None

    def claim(self) -> bool:
        """Take the case for the rest of this transaction, if it still is as it was read; others wait, and then read anew."""
        unchanged = Case.objects.filter(pk=self.case.pk, version=self.case.version)
        self.claimed = bool(unchanged.update(version=F("version") + 1))
        self.case.version += self.claimed
        return self.claimed

    def commit(
        self, *, to: str | None = None, text: str = "", internal: bool = False, data: Data | None = None, clock: bool = False
    ) -> Case:
        """Write the case, its history entry and its audit entry. See ``write``."""
        self.write(to=to, text=text, internal=internal, data=data, clock=clock)
        self.audit()
        return self.case

    def write(
        self, *, to: str | None = None, text: str = "", internal: bool = False, data: Data | None = None, clock: bool = False
    ) -> Case:
        """Write the case (attributes set by the caller, and the new state) and its history entry; ``audit`` has to follow.

        ``clock`` recomputes both deadlines from the history; a change of state does so by itself.
        """
        if not self.claimed and not self.claim():
            raise changed_meanwhile()
        case = self.case
        case.state = to or case.state
        was_open, case.is_open = case.is_open, case.state in OPEN
        self.event = write_event(
            case, self.action, self.from_state, by=self.by, now=self.now, internal=internal, text=text, data=data
        )
        derived = clock or case.state != self.from_state
        if derived:
            pauses = clocks.pauses_of(case)
            clocks.set_deadlines(case, pauses)
            case.next_escalation_at = ladder.next_time(case, pauses)
        self._save(derived)
        if case.is_open != was_open:
            search.index_case(case)
        return case

    def _save(self, derived: bool) -> None:
        values = {name: getattr(self.case, name) for name in COLUMNS if derived or name not in DERIVED}
        Case.objects.filter(pk=self.case.pk).update(**values)

    def audit(self) -> None:
        """Append the audit entry of what was written."""
        if self.event is None:
            raise RuntimeError("nothing was written yet")
        audit_event(self.case, self.event, by=self.by, now=self.now)


class Step(Change):
    """A change that somebody asks for: the case is read afresh, permission (403) and legality (409) are checked, it is claimed.

    ``granted`` says that this person may, whatever the rule says. Two cases that are claimed together say ``claim=False`` and do it
    by ``claim_together``.
    """

    def __init__(
        self,
        case: Case,
        action: str,
        *,
        by: Actor,
        now: datetime,
        granted: Callable[[Case], bool] | None = None,
        claim: bool = True,
    ) -> None:
        self.rule = RULES[action]
        for _attempt in range(ATTEMPTS):
            super().__init__(fresh_case(case), action, by=by, now=now)
            if granted is None or not granted(self.case):
                check_allowed(self.case, self.rule, by)
            check_legal(self.case, self.rule, by)
            # Nothing was written yet: whoever was not quick enough reads again, and is checked again.
            if not claim or self.claim():
                return
        raise changed_meanwhile()

    def write(
        self, *, to: str | None = None, text: str = "", internal: bool = False, data: Data | None = None, clock: bool = False
    ) -> Case:
        """As ``Change.write``; the new state is that of the rule where the caller names none."""
        return super().write(to=to or self.rule.to, text=text, internal=internal, data=data, clock=clock)


def changed_meanwhile() -> Conflict:
    return Conflict(_("刚刚有人更新了这件事，请刷新后再操作。您填写的内容没有丢失。"))


def claim_together(changes: Iterable[Change]) -> None:
    """Claim several cases, always in the same order: two such actions never wait for each other in a circle."""
    for change in sorted(changes, key=lambda change: change.case.pk):
        if not change.claim():
            raise changed_meanwhile()


def audit_all(changes: Iterable[Change]) -> None:
    """The audit entries of changes that were made together, once all their rows are written."""
    for change in changes:
        change.audit()


def note_event(case: Case, action: str, *, by: Actor, now: datetime, internal: bool = False, data: Data | None = None) -> CaseEvent:
    """A history entry, with its audit entry, of something that leaves the case's own row as it is."""
    event = write_event(case, action, case.state, by=by, now=now, internal=internal, data=data)
    audit_event(case, event, by=by, now=now)
    return event


def write_event(
    case: Case,
    action: str,
    from_state: str,
    *,
    by: Actor,
    now: datetime,
    internal: bool = False,
    text: str = "",
    data: Data | None = None,
) -> CaseEvent:
    """The history entry of a change to the case's present state; ``audit_event`` has to follow."""
    event = CaseEvent(
        case=case,
        at=now,
        # Reporters and neighbours stand in the history without a name: it is read by people who may not know it.
        actor=None if by.reporter or by.neighbour else by.user,
        by_reporter=by.reporter,
        action=action,
        from_state=from_state,
        to_state=case.state,
        cycle=case.cycle,
        internal=internal,
        text=text,
        data=data or {},
    )
    insert(event)
    return event


def audit_event(case: Case, event: CaseEvent, *, by: Actor, now: datetime, **more: str) -> None:
    """The audit entry of a history entry: every one has exactly one."""
    hooks.publish(case, event, now)
    # The audit trail is read by staff: a confidential reporter stands in it without a name.
    hidden = by.reporter and case.confidential
    record(
        f"case.{event.action}",
        by=None if hidden else by.user,
        now=now,
        subject=case,
        organisation_id=case.community.organisation_id,
        data={"event": event.pk, "from": event.from_state, "to": event.to_state, "cycle": event.cycle, **more},
    )
