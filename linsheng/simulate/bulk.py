"""Playing scripts in bulk: the same rows as the actions write, worked out in memory. A test compares the two, row by row."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.core.ids import unguessable
from linsheng.feedback import clocks, ladder, search, telling
from linsheng.feedback.actions import ending, voice
from linsheng.feedback.actions.receiving import build_case
from linsheng.feedback.machine import RULES
from linsheng.feedback.models import (
    Callback,
    Case,
    CaseState,
    Escalation,
    Rating,
    ResultNotice,
    Urge,
)
from linsheng.feedback.notices import Words
from linsheng.messaging.models import NoticeKind
from linsheng.simulate.ledger import Ledger
from linsheng.simulate.memory import CaseInMemory, Company
from linsheng.simulate.script import CaseScript, StepPlan


class BulkPlayer(CaseInMemory):
    """Plays one case; ``finish`` hands it to the index."""

    # What play.Player asks for

    def receive(self, script: CaseScript) -> None:
        report, at = script.report, script.at
        month = localtime(at).strftime("%y%m")
        case = build_case(
            report, number=f"{report.community.code}{month}-{self.ledger.number(report.community, month):04d}", now=at
        )
        self.case: Case = self.ledger.add(case)
        case.track_token, case.entered_by = unguessable(), script.entered_by
        clocks.take_promise(case, self.company.promises.get((case.item_id, case.community.grade, case.urgency)))
        self._wind()
        by_reporter = script.entered_by is None
        self._event(
            "receive",
            "",
            at,
            by=script.entered_by,
            by_reporter=by_reporter,
            user=script.entered_by or script.reporter,
            text=case.text,
            number=case.number,
        )
        body = gettext_lazy("我们已收到您的反映（%(number)s），会尽快安排处理。您可以随时查看进展。")
        self._tell_reporter(NoticeKind.CASE_RECEIVED, Words(gettext_lazy("已收到：%(text)s"), body), f"case-{case.pk}-received", at)
        self._tell_of_danger(at)

    def take(self, step: StepPlan) -> None:
        rule = RULES[step.action]
        if self.case.state in rule.sources:
            handle: Callable[..., None] = getattr(self, f"_{step.action}")
            handle(step.at, step.who, **step.values)
            self._mails_arrive(step.at)

    def next_rung_at(self) -> datetime | None:
        return self.case.next_escalation_at

    def climb(self, at: datetime) -> str:
        case = self.case
        rung = ladder.rung_among(case, self.company.steps, self._raised_now(), self._pauses())
        if rung is None or rung.at > at:
            case.next_escalation_at = rung.at if rung else None
            return ""
        minutes = rung.step.acknowledge_minutes
        until = at + timedelta(minutes=minutes) if minutes else None
        raised = self.ledger.insert(
            Escalation,
            case_id=case.pk,
            cycle=case.cycle,
            clock=rung.clock,
            order=rung.step.order,
            role=rung.step.role,
            raised_at=at,
            acknowledge_by=until,
        )
        self.raised.append(raised)
        self._commit(
            "escalate",
            at,
            None,
            internal=True,
            data={"role": raised.role, "clock": raised.clock, "order": raised.order},
            clock=True,
        )
        self._tell_of_rung(raised, at)
        return str(raised.role)

    def finish(self) -> None:
        """Nothing more happens to this case."""
        self.ledger.searchable.append((self.case.pk, search.tokens_of(self.case, self.results)))

    # Steps, as in feedback.actions

    def _assign(self, at: datetime, who: User, *, handler: User) -> None:
        case = self.case
        case.handler, case.assigned_at = handler, at
        self.workers.add(handler.pk)
        to = CaseState.ASSIGNED if case.state == CaseState.RECEIVED else case.state
        self._commit("assign", at, who, to=to, data={"handler": handler.pk, "name": handler.name})
        words = Words(gettext_lazy("新任务：%(text)s"), gettext_lazy("%(number)s 已指派给您。"))
        self._tell_staff(handler, f"case-{case.pk}-assigned-v{case.version}", words, at)

    def _contact(self, at: datetime, who: User, *, method: str, text: str, reached: bool) -> None:
        if self.case.confidential:
            return
        self.case.responded_at = self.case.responded_at or at
        self._commit("contact", at, who, text=text.strip(), data={"method": method, "reached": reached}, clock=True)

    def _start(self, at: datetime, who: User) -> None:
        self._commit("start", at, who)

    def _note(self, at: datetime, who: User, *, text: str) -> None:
        self._commit("note", at, who, text=text.strip(), internal=True)

    def _wait(self, at: datetime, who: User, *, waiting_for: str, reason: str, until: datetime) -> None:
        case = self.case
        case.waiting_for, case.waiting_until = waiting_for, until
        reason = reason.strip()
        self._commit("wait", at, who, text=reason, data={"for": waiting_for, "until": until.isoformat()})
        key = f"case-{case.pk}-wait-v{case.version}"
        self._tell_reporter(NoticeKind.CASE_PROGRESS, Words(gettext_lazy("需要等待：%(text)s"), reason), key, at)

    def _resume(self, at: datetime, who: User) -> None:
        self.case.waiting_for, self.case.waiting_until = "", None
        self._commit("resume", at, who)

    def _resolve(self, at: datetime, who: User, *, text: str) -> None:
        self._publish(text.strip(), who, at)
        self._commit("resolve", at, who, text=text.strip())

    def _ended(self, action: str, at: datetime, who: User, *, reason: str) -> None:
        self._publish(reason.strip(), who, at)
        self.case.closed_at = at
        self._commit(action, at, who, text=reason.strip())

    def _refer(self, at: datetime, who: User, *, reason: str) -> None:
        self._ended("refer", at, who, reason=reason)

    def _decline(self, at: datetime, who: User, *, reason: str) -> None:
        self._ended("decline", at, who, reason=reason)

    def _withdraw(self, at: datetime, who: None, *, reason: str) -> None:
        self.case.closed_at = at
        self._commit("withdraw", at, None, text=reason.strip(), by_reporter=True)

    def _tell(self, at: datetime, who: User, *, method: str, reached: bool, note: str) -> None:
        case = self.case
        if case.confidential or not self.results:
            return
        note = note.strip()
        self.ledger.insert(
            ResultNotice, case_id=case.pk, cycle=case.cycle, method=method, at=at, by_id=who.pk, reached=reached, note=note
        )
        if not reached:
            self.tries.append(at)
        if reached or telling.attempts_suffice(self.tries, self.company.rules):
            self._set_told(at, reached=reached)
        self._commit("tell", at, who, text=note, data={"method": method, "reached": reached})

    def _close(self, at: datetime, who: User) -> None:
        if self.case.told_at is None:
            return
        self.case.closed_at = at
        self._commit("close", at, who)

    def _reopen(self, at: datetime, who: User | None, *, reason: str) -> None:
        case = self.case
        until = ending.reopen_until(case, self.company.rules.reopen_days)
        if until is not None and at > until:
            return
        case.cycle += 1
        case.resolved_at = case.told_at = case.closed_at = case.confirmed_at = case.asked_back_at = case.urged_at = None
        self.tries, self.rated, self.asked = [], False, False
        reason = reason.strip()
        self._commit("reopen", at, who, text=reason, by_reporter=who is None)
        words = Words(gettext_lazy("重新打开：%(text)s"), reason)
        for user in self.company.told(case, Role.HANDLER):
            if user != who:
                self._tell_staff(user, f"case-{case.pk}-reopened-{case.cycle}-{user.pk}", words, at)

    def _urge(self, at: datetime, who: None, *, text: str) -> None:
        case, day = self.case, localdate(at)
        if day in self.days:
            return
        self.days.add(day)
        text = text.strip()
        self.ledger.insert(Urge, case_id=case.pk, day=day, at=at, text=text)
        case.urged_at = at
        self._commit("urge", at, None, text=text, by_reporter=True)
        told = {*self.company.told(case, Role.HANDLER), *self.company.told(case, Role.SUPERVISOR)}
        for user in sorted(told, key=lambda user: user.pk):
            self._tell_staff(user, f"case-{case.pk}-urge-{day}-{user.pk}", Words(gettext_lazy("催办：%(text)s"), text), at)

    def _rate(self, at: datetime, who: None, *, stars: int, reasons: tuple[str, ...], text: str) -> None:
        case = self.case
        if self.rated or not self.results:
            return
        self.rated = True
        kept = list(dict.fromkeys(reasons)) if stars <= voice.REASONS_UP_TO else []
        self.ledger.insert(
            Rating,
            case_id=case.pk,
            community_id=case.community_id,
            cycle=case.cycle,
            stars=stars,
            reasons=kept,
            text=text.strip(),
            at=at,
        )
        if stars >= voice.CONFIRMED_FROM:
            case.confirmed_at = case.confirmed_at or at
        self._commit("rate", at, None, data={"stars": stars}, by_reporter=True)

    def _callback(self, at: datetime, who: User, *, outcome: str, note: str = "", method: str = "phone", **answers: Any) -> None:
        case = self.case
        answered = outcome == Callback.Outcome.ANSWERED
        if not self.results or case.confidential or who.pk in self.workers or (answered and self.asked):
            return
        kept = {"outcome": outcome, "method": method, "note": note.strip(), **answers}
        self.ledger.insert(
            Callback, case_id=case.pk, community_id=case.community_id, cycle=case.cycle, asked_by_id=who.pk, at=at, **kept
        )
        if answered:
            self.asked, case.asked_back_at = True, at
            if answers["solved"]:
                case.confirmed_at = case.confirmed_at or at
        self._commit("callback", at, who, internal=True, data={"outcome": outcome})

    def _acknowledge(self, at: datetime, who: User) -> None:
        unseen = [e for e in self._raised_now() if e.acknowledged_at is None]
        mine = [e for e in unseen if e.role in {Role.HANDLER, Role.FRONTDESK} or who in self.company.told(self.case, e.role)]
        if not mine:
            return
        for raised in mine:
            raised.acknowledged_at, raised.acknowledged_by_id = at, who.pk
        self._commit("acknowledge", at, who, internal=True, clock=True)


def bulk_player(ledger: Ledger, company: Company | None = None) -> Callable[[], BulkPlayer]:
    """Makes players that share what is read once."""
    return partial(BulkPlayer, ledger, company or Company(ledger.organisation))
