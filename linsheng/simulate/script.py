"""What happens to each case, drawn beforehand: a report and timed steps. Both players (actions, bulk) play the same scripts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.communities.models import Resident
from linsheng.core.workcalendar import ALWAYS, OFFICE, add_working_minutes
from linsheng.feedback.actions import Report
from linsheng.feedback.models import Channel
from linsheng.simulate.places import Household, Site, World
from linsheng.simulate.profiles import PROFILES, urgency_shares
from linsheng.simulate.situation import Place
from linsheng.simulate.texts import Story, TextMaker
from linsheng.simulate.truth import stars
from linsheng.standards.default_promises import PromiseSpec, promise_for

ZONE = ZoneInfo("Asia/Shanghai")
# When people speak up: small hours rarely, mornings and evenings most.
HOURS = (0.3, 0.2, 0.1, 0.1, 0.1, 0.3, 0.8, 2, 4, 5, 5, 4, 3, 3, 4, 4, 4, 4, 4, 5, 5, 3, 1.5, 0.6)
CHANNELS = {
    Channel.APP: 46,
    Channel.PHONE: 27,
    Channel.DESK: 9,
    Channel.QR: 8,
    Channel.EMAIL: 4,
    Channel.PAPER: 2,
    Channel.PATROL: 3,
    Channel.FORUM: 1,
}
FOUND_ON_PATROL = frozenset({"repair", "complaint"})
BY_RESIDENT = frozenset({Channel.APP})
WITHOUT_ACCOUNT = frozenset({Channel.QR, Channel.EMAIL, Channel.PATROL})


@dataclass(frozen=True)
class StepPlan:
    """One step: ``who`` is a user, or ``None`` for the reporter."""

    at: datetime
    action: str
    who: User | None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseScript:
    """One case from first word on. ``luck`` decides small things that only show while it is played."""

    at: datetime
    report: Report
    reporter: User | None
    entered_by: User | None
    steps: tuple[StepPlan, ...]
    acknowledger: User
    luck: float


class Playwright:
    """Draws the cases of one site; all chance comes from ``rng``."""

    def __init__(self, rng: random.Random, world: World, site: Site, *, begun: datetime) -> None:
        self.rng, self.world, self.site, self.begun = rng, world, site, begun
        self.texts = TextMaker(rng)
        self.codes = [code for code in PROFILES if code in world.items]
        self.lived_in = [household for household in site.households if household.people]

    def cases(self, start: datetime, end: datetime, count: int) -> Iterator[CaseScript]:
        """``count`` cases between two instants, in order of arrival."""
        span = int((end - start).total_seconds() // 3600)
        moments = sorted(self._moment(start, span) for _ in range(count))
        for at in moments:
            yield self._case(min(at, end - timedelta(seconds=1)))

    def _moment(self, start: datetime, hours: int) -> datetime:
        while True:
            at = start + timedelta(
                hours=self.rng.randrange(max(1, hours)), minutes=self.rng.randrange(60), seconds=self.rng.randrange(60)
            )
            if self.rng.random() * 5 < HOURS[at.astimezone(ZONE).hour]:
                return at

    def _case(self, at: datetime) -> CaseScript:
        item = self.rng.choices(
            self.codes, [PROFILES[code].weight * PROFILES[code].months[at.astimezone(ZONE).month - 1] for code in self.codes]
        )[0]
        kind = _drawn(self.rng, PROFILES[item].kinds)
        urgency = _drawn(self.rng, urgency_shares(item, kind))
        channel = self.rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        if channel == Channel.PATROL and kind not in FOUND_ON_PATROL:
            channel = Channel.DESK
        household = self.rng.choice(self.lived_in)
        person = self.rng.choice(household.people)
        if channel in BY_RESIDENT and person.user is None:
            channel = Channel.PHONE
        story = self.texts.story(
            item,
            kind,
            urgency,
            self._place(household),
            at=at.astimezone(ZONE),
            reporter=person.name[:1] + self.rng.choice(("女士", "先生")),
        )
        report = self._report(item, kind, urgency, channel, household, person, story)
        by_resident = channel in BY_RESIDENT
        desk = None if by_resident or channel in {Channel.QR, Channel.EMAIL} else self.rng.choice(self.site.staff[Role.FRONTDESK])
        act = Act(self, at, report, story, person)
        return CaseScript(
            at,
            report,
            person.user if by_resident else None,
            desk,
            tuple(act.steps()),
            self.site.staff[Role.SUPERVISOR][0],
            self.rng.random(),
        )

    def _place(self, household: Household) -> Place:
        home = household.home
        return Place(
            community=self.site.community.name, building=home.building.name, floor=home.floor or 1, room=home.number.split("-")[-1]
        )

    def _report(
        self, item: str, kind: str, urgency: str, channel: str, household: Household, person: Resident, story: Story
    ) -> Report:
        known = channel not in WITHOUT_ACCOUNT
        text = (
            self.texts.email(story, person.name, person.phone).body
            if channel == Channel.EMAIL
            else self.texts.on_channel(story, channel)
        )
        return Report(
            community=self.site.community,
            item=self.world.items[item],
            text=text,
            kind=kind,
            urgency=urgency,
            channel=channel,
            location=story.location[:120],
            home=household.home if known else None,
            resident=person if known else None,
            contact_name=person.name if channel == Channel.QR and self.rng.random() < 0.6 else "",
            contact_phone=person.phone if channel == Channel.QR and self.rng.random() < 0.7 else "",
            contact_email=person.email if channel == Channel.EMAIL else "",
            confidential=channel in {Channel.APP, Channel.QR} and kind == "complaint" and self.rng.random() < 0.08,
        )


def _drawn(rng: random.Random, shares: Any) -> str:
    return str(rng.choices(list(shares), list(shares.values()))[0])


class Act:
    """The steps of one case: what its handler, the desk and the reporter do, and when."""

    def __init__(self, play: Playwright, at: datetime, report: Report, story: Story, person: Resident) -> None:
        self.rng, self.site, self.texts = play.rng, play.site, play.texts
        self.world, self.report, self.story, self.person = play.world, report, story, person
        self.promise: PromiseSpec = promise_for(report.item.code, self.site.community.grade, report.urgency)
        self.calendar = ALWAYS if self.promise.calendar == "always" else OFFICE
        self.desk = self.rng.choice(self.site.staff[Role.FRONTDESK])
        self.handler = self.rng.choice(self.site.handlers[report.item.team])
        self.truth = play.world.handler_truths[self.handler.pk]
        self.received, self.clock = at, at
        self.plan: list[StepPlan] = []
        self.waited = False

    def steps(self) -> list[StepPlan]:
        """All steps in order of time, however far in the future they lie."""
        end = self.rng.random()
        if end < 0.02:
            self._later(90)
            self._do("withdraw", None, reason=self.texts.withdraw(self.story))
            return self.plan
        self._assign()
        if end < 0.05:
            self._end_elsewhere()
        else:
            self._work()
            self._result(first=True)
        return self.plan

    def _do(self, action: str, who: User | None, **values: Any) -> None:
        self.plan.append(StepPlan(self.clock, action, who, values))

    def _later(self, minutes: float, *, working: bool = False) -> None:
        """Let about so many minutes pass; in the promise's working time if asked for."""
        spent = max(1, int(minutes * self.rng.lognormvariate(0, 0.6)))
        if working:
            # A fresh start a few seconds on keeps two steps from standing at one instant.
            after = add_working_minutes(self.clock.astimezone(ZONE), spent, self.calendar) or self.clock
            self.clock = after.astimezone(UTC) + timedelta(seconds=self.rng.randrange(1, 55))
        else:
            self.clock += timedelta(minutes=spent, seconds=self.rng.randrange(1, 55))

    def _assign(self) -> None:
        self._later(max(2.0, self.promise.response_minutes * 0.18), working=True)
        self._do("assign", self.desk, handler=self.handler)
        if self.rng.random() < 0.12:
            self._later(20)
            self._do("note", self.desk, text=self.texts.note(self.report.item.code, self.story))

    def _end_elsewhere(self) -> None:
        self._later(self.promise.response_minutes, working=True)
        if self.rng.random() < 0.5:
            self._do("refer", self.desk, reason=self.texts.refer(self.report.item.code, self.story))
        else:
            self._do("decline", self.desk, reason=self.texts.decline(self.report.item.code, self.report.kind, self.story))
        self._tell()

    def _work(self) -> None:
        """Contact, start, perhaps wait: quicker hands keep the promise more often."""
        pace = 2 ** (-0.45 * self.truth.speed)
        self._later(self.promise.response_minutes * 0.42 * pace, working=True)
        if not self.report.confidential:
            self._do("contact", self.handler, method="phone", text=self.texts.contact(self.story), reached=True)
        self._later(15, working=True)
        self._do("start", self.handler)
        if self.rng.random() < 0.12:
            self._wait()
        if self.rng.random() < 0.06:
            self._later(self.promise.resolution_minutes * 0.3)
            self._do("urge", None, text=self.texts.urge(self.story))
        self._later(self.promise.resolution_minutes * 0.42 * pace, working=True)

    def _wait(self) -> None:
        self._later(self.promise.resolution_minutes * 0.15, working=True)
        waiting_for = self.rng.choices(("parts", "third_party", "reporter"), (5, 3, 2))[0]
        until = self.clock + timedelta(days=1 + self.rng.randrange(4))
        reason = self.texts.waiting(self.report.item.code, waiting_for, self.story)
        self._do("wait", self.handler, waiting_for=waiting_for, reason=reason, until=until)
        self._later(1800)
        self._do("resume", self.handler)
        self.waited = True

    def _result(self, *, first: bool) -> None:
        solved = self.rng.random() < 0.9 + 0.04 * self.truth.quality + 0.03 * self.site.truth.quality
        text = self.texts.result(self.report.item.code, self.report.kind, self.story)
        self._do("resolve", self.handler, text=text)
        self._tell()
        if not solved and first and self.rng.random() < 0.6:
            self._again()
            return
        self._ask(solved=solved)
        if self.rng.random() < 0.7:
            self._later(900)
            self._do("close", self.desk)

    def _tell(self) -> None:
        """By phone where nothing goes out by itself; tries in vain are logged too."""
        by_itself = self.person.user is not None and self.report.resident is not None
        if by_itself or self.report.confidential or not (self.report.resident or self.report.contact_phone):
            return
        while self.rng.random() < 0.18:
            self._later(200)
            self._do("tell", self.desk, method="phone", reached=False, note=self.texts.unreached(self.story)[:200])
        self._later(60, working=True)
        self._do("tell", self.desk, method="phone", reached=True, note=self.texts.told(self.story)[:200])

    def _again(self) -> None:
        self._later(1500)
        if self.rng.random() < 0.5:
            self._rate(solved=False)
        self._do("reopen", None if self.rng.random() < 0.8 else self.desk, reason=self.texts.reopen(self.story))
        self._later(self.promise.resolution_minutes * 0.3, working=True)
        self._result(first=False)

    def _ask(self, *, solved: bool) -> None:
        if self.report.resident is not None and self.person.user is not None and self.rng.random() < 0.42:
            self._later(700)
            self._rate(solved=solved)
        if self.rng.random() < 0.45:
            self._later(1600, working=True)
            self._call_back(solved=solved)

    def _late(self) -> bool:
        due = add_working_minutes(self.received.astimezone(ZONE), self.promise.resolution_minutes, self.calendar)
        return due is not None and self.clock > due

    def _rate(self, *, solved: bool) -> None:
        quality = 0.75 * self.truth.quality + self.site.truth.quality
        given = stars(self.rng, quality=quality, late=self._late(), solved=solved, waited=self.waited)
        reasons = self.texts.rating_reasons(given)
        comment = self.texts.rating_comment(given, self.report.item.code, reasons, self.story) if self.rng.random() < 0.45 else ""
        self._do("rate", None, stars=given, reasons=reasons, text=comment)

    def _call_back(self, *, solved: bool) -> None:
        asker = next(person for person in self.site.staff[Role.FRONTDESK] if person.pk != self.desk.pk)
        if self.rng.random() < 0.2:
            self._do("callback", asker, outcome=self.rng.choices(("no_answer", "refused", "invalid"), (6, 3, 1))[0])
            return
        liking = stars(
            self.rng,
            quality=0.75 * self.truth.quality + self.site.truth.quality,
            late=self._late(),
            solved=solved,
            waited=self.waited,
        )
        satisfied = "satisfied" if liking >= 4 else "basically" if liking == 3 else "not"
        note = self.texts.callback_note(satisfied, self.story) if self.rng.random() < 0.3 else ""
        self._do(
            "callback",
            asker,
            outcome="answered",
            contacted=self.rng.random() < 0.96,
            solved=solved,
            satisfied=satisfied,
            method="phone",
            note=note[:300],
        )
