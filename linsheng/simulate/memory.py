"""One case in memory: how a change of it is written, and who is told of it. ``bulk`` plays scripts on it."""

from datetime import datetime
from itertools import product
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext_lazy

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.communities.models import Organisation, Team
from linsheng.feedback import clocks, ladder, telling
from linsheng.feedback.actions import alarm, recipients, voice
from linsheng.feedback.machine import RULES
from linsheng.feedback.models import (
    OPEN,
    Case,
    CaseEvent,
    CaseState,
    Channel,
    Escalation,
    EscalationStep,
    FeedbackSettings,
    Resolution,
    ResultNotice,
)
from linsheng.feedback.notices import Words
from linsheng.feedback.settings import settings_of
from linsheng.messaging.models import NoticeKind
from linsheng.simulate.ledger import Ledger
from linsheng.simulate.post import PostOffice
from linsheng.standards.models import Promise
from linsheng.standards.queries import calendars_of

Method = ResultNotice.Method


class Company:
    """What every case of a company needs, read once: promises, calendars, rungs, rules, who is told."""

    def __init__(self, organisation: Organisation) -> None:
        calendars = {calendar.pk: calendar for calendar in calendars_of(organisation)}
        self.promises: dict[tuple[int, str, str], Promise] = {}
        for promise in Promise.objects.filter(version__organisation=organisation).order_by("version__number"):
            promise.calendar = calendars[promise.calendar_id]
            self.promises[promise.item_id, promise.grade, promise.urgency] = promise
        self.steps = list(EscalationStep.objects.filter(organisation=organisation))
        self.rules: FeedbackSettings = settings_of(organisation.pk)
        self.track_url = telling.track_url(Case(track_token="TOKEN")).replace("TOKEN", "{}")  # noqa: S106  # a place to fill
        self._told: dict[tuple[int, str, str], list[User]] = {}
        self._hearing: dict[tuple[int, str], list[User]] = {}
        for community, team in product(organisation.communities.select_related("organisation"), Team.values):
            self._ask(Case(community=community, team=team))

    def _ask(self, case: Case) -> None:
        for role in recipients.RANKS:
            self._told[case.community_id, case.team, role] = recipients.of_role(case, role)
        self._hearing[case.community_id, case.team] = alarm.who_hears(case)

    def told(self, case: Case, role: str) -> list[User]:
        """``recipients.of_role``; everybody here still works."""
        if role == Role.HANDLER and case.handler is not None:
            return [case.handler]
        return self._told[case.community_id, case.team, role]

    def hearing(self, case: Case) -> list[User]:
        """``alarm.who_hears``."""
        return self._hearing[case.community_id, case.team]


class CaseInMemory:
    """A case with its history at hand; nothing asks the database."""

    # Set when it is received.
    case: Case

    def __init__(self, ledger: Ledger, company: Company) -> None:
        self.ledger, self.company = ledger, company
        self.post = PostOffice(ledger)
        self.history: list[clocks.Entry] = []
        self.results: list[str] = []
        self.raised: list[SimpleNamespace] = []
        self.tries: list[datetime] = []
        self.days: set[Any] = set()
        self.workers: set[int] = set()
        self.rated = self.asked = False
        self.on_its_way: list[SimpleNamespace] = []
        self._wound: tuple[Any, ...] = ()

    # One change

    def _commit(
        self,
        action: str,
        at: datetime,
        who: User | None,
        *,
        to: str | None = None,
        text: str = "",
        internal: bool = False,
        data: dict[str, Any] | None = None,
        clock: bool = False,
        by_reporter: bool = False,
    ) -> None:
        case, before = self.case, self.case.state
        rule = RULES.get(action)
        case.state = to or (rule.to if rule else None) or case.state
        case.is_open = case.state in OPEN
        self._event(
            action,
            before,
            at,
            by=who,
            by_reporter=by_reporter,
            user=self._account() if by_reporter else who,
            text=text,
            internal=internal,
            data=data,
        )
        if clock or case.state != before:
            self._wind()
        case.version += 1

    def _wind(self) -> None:
        """Deadlines and the next rung, worked out again only where something that they rest on has changed."""
        case, pauses, raised = self.case, self._pauses(), self._raised_now()
        acknowledged = sum(e.acknowledged_at is not None for e in raised)
        rests_on = (case.state == CaseState.WAITING, case.is_open, case.waiting_until, case.responded_at, case.cycle, pauses)
        wound = (*rests_on, len(raised), acknowledged)
        if wound == self._wound:
            return
        self._wound = wound
        clocks.set_deadlines(case, pauses)
        rung = ladder.rung_among(case, self.company.steps, raised, pauses)
        case.next_escalation_at = rung.at if rung else None

    def _event(
        self,
        action: str,
        before: str,
        at: datetime,
        *,
        by: User | None,
        by_reporter: bool,
        user: User | None,
        text: str = "",
        internal: bool = False,
        data: dict[str, Any] | None = None,
        **more: str,
    ) -> None:
        case = self.case
        event = self.ledger.insert(
            CaseEvent,
            case_id=case.pk,
            at=at,
            actor_id=by.pk if by else None,
            by_reporter=by_reporter,
            action=action,
            from_state=before,
            to_state=case.state,
            cycle=case.cycle,
            internal=internal,
            text=text,
            data=data or {},
        )
        if before != case.state:
            self.history.append((at, action, before, case.state))
        actor = None if by_reporter and case.confidential else user
        line = {"event": event.id, "from": str(before), "to": str(case.state), "cycle": case.cycle, **more}
        who = actor.pk if actor else None
        self.ledger.audit.append((at, who, f"case.{action}", "feedback.case", case.pk, case.community_id, line))
        if action in voice.WORK and by is not None:
            self.workers.add(by.pk)

    def _account(self) -> User | None:
        return self.case.resident.user if self.case.resident else None

    def _pauses(self) -> list[clocks.Span]:
        return clocks.still_spans(clocks.running_states(self.history))

    def _raised_now(self) -> list[Any]:
        return [e for e in self.raised if e.cycle == self.case.cycle]

    # Notices

    def _tell_reporter(self, kind: str, words: Words, key: str, at: datetime) -> tuple[Any, tuple[str, ...]]:
        """``telling.tell_reporter`` in memory: the notice and the methods."""
        case, user = self.case, telling.account_of(self.case)
        url = self.company.track_url.format(case.track_token)
        if case.confidential:
            notice = self.post.send(case, user, "", kind, words, key, url, at, mail=False) if user else None
            return notice, (Method.PAGE,)
        address = telling.email_of(case)
        if user is None and not address:
            return None, (Method.PAGE,) if telling.own_page_only(case) else ()
        forced = True if case.channel == Channel.EMAIL and address else None
        notice = self.post.send(case, user, address, kind, words, key, url, at, mail=forced)
        mailed = (Method.EMAIL,) if self.post.mailed(notice) else ()
        return notice, ((Method.INBOX,) if user else ()) + mailed

    def _tell_staff(self, user: User, key: str, words: Words, at: datetime, kind: str = NoticeKind.CASE_WORK, **more: bool) -> None:
        self.post.send(self.case, user, "", kind, words, key, f"/cases/{self.case.pk}/", at, **more)

    def _tell_of_danger(self, at: datetime) -> None:
        words = alarm.alarm_words(self.case)
        if words is None:
            return
        for user in self.company.hearing(self.case):
            self._tell_staff(user, alarm.alarm_key(self.case, user), words, at, NoticeKind.ESCALATION, urgent=True)

    def _tell_of_rung(self, raised: SimpleNamespace, at: datetime) -> None:
        due = self.case.respond_by if raised.clock == Escalation.Clock.RESPONSE else self.case.resolve_by
        late = due is not None and at >= due
        title = gettext_lazy("已超时：%(text)s") if late else gettext_lazy("即将超时：%(text)s")
        body = gettext_lazy("%(number)s 的%(clock)s时限需要您关注，请打开后点“确认已知悉”。")
        words = Words(title, body, {"clock": Escalation.Clock(raised.clock).label})
        for user in self.company.told(self.case, raised.role):
            self._tell_staff(user, f"escalation-{raised.id}-{user.pk}", words, at, NoticeKind.ESCALATION)

    def _publish(self, text: str, who: User | None, at: datetime) -> None:
        case = self.case
        case.resolved_at, case.told_at = at, None
        self.results.append(text)
        self.ledger.insert(Resolution, case_id=case.pk, cycle=case.cycle, text=text, by_id=who.pk if who else None, at=at)
        words = Words(gettext_lazy("处理结果：%(text)s"), text)
        notice, methods = self._tell_reporter(NoticeKind.CASE_RESULT, words, f"case-{case.pk}-result-{case.cycle}", at)
        for method in methods:
            reached = None if method == Method.EMAIL else True
            notice_id = notice.id if notice else None
            row = self.ledger.insert(
                ResultNotice, case_id=case.pk, cycle=case.cycle, method=method, at=at, reached=reached, notice_id=notice_id
            )
            if reached is None:
                self.on_its_way.append(row)
        if any(method != Method.EMAIL for method in methods):
            self._set_told(at)

    def _set_told(self, at: datetime, *, reached: bool = True) -> None:
        self.case.told_at = self.case.told_at or at
        if reached:
            self.case.responded_at = self.case.responded_at or at

    def _mails_arrive(self, at: datetime) -> None:
        for row in self.on_its_way:
            row.reached, row.at = True, at
            if row.cycle == self.case.cycle and self.case.told_at is None:
                self._set_told(at)
                self._commit("tell", at, None, data={"method": str(row.method), "reached": True})
        self.on_its_way.clear()
