"""The half-yearly surveys of the demo company, through the product's own doors: opened, invited, answered, reminded, closed.

Each community has one wave that ended half a year ago, one that ended lately, and one that runs now. What is true of them is
``Site.survey`` (``opinions.SurveyTruth``).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils.timezone import localdate, localtime

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.communities.models import Home, Residency, Resident
from linsheng.simulate import opinions
from linsheng.simulate.corpus.opinions import ANSWERED, FOREWORD, FOREWORD_EN
from linsheng.simulate.ledger import Ledger
from linsheng.simulate.places import Household, Site, World
from linsheng.simulate.remarks import remarks
from linsheng.simulate.situation import Place
from linsheng.simulate.urn import Given, fill_urn, tell, tell_result
from linsheng.simulate.writing import counted
from linsheng.surveys import actions
from linsheng.surveys.models import Ballot, EntryMode, QuestionnaireVersion, Wave

PAPER, PHONE = 0.18, 0.1
# Days until somebody answers, on average; some only do so when reminded.
AT_ONCE, LATE_SHARE = 5.0, 0.3
REMINDED_AFTER, PUBLISHED_AFTER = 8, 14


@dataclass(frozen=True, slots=True)
class WavePlan:
    """One wave, in days before now: ``ends`` is its last day, negative if that is still to come."""

    number: int
    opens: int
    ends: int

    @property
    def days(self) -> int:
        return self.opens - self.ends


PLANS = (WavePlan(0, 204, 184), WavePlan(1, 37, 16), WavePlan(2, 6, -8))


def titles(plan: WavePlan, day: date) -> tuple[str, str]:
    """In Chinese and English, after the day on which it opens."""
    if plan.number == len(PLANS) - 1:
        return f"{day.year}年{day.month}月住户满意度回访", f"Follow-up survey, {day:%B} {day.year}"
    first = day.month <= 6
    chinese = f"{day.year}年{'上' if first else '下'}半年住户满意度调查"
    return chinese, f"Resident satisfaction survey, {'first' if first else 'second'} half of {day.year}"


def at_hour(day: date, hour: float, zone: datetime) -> datetime:
    """That hour of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=zone.tzinfo) + timedelta(hours=hour)


class Surveyor:
    """Runs the waves of one community; all chance comes from ``rng``."""

    def __init__(self, rng: random.Random, site: Site, ledger: Ledger, truth: opinions.SurveyTruth) -> None:
        self.rng, self.site, self.ledger, self.truth = rng, site, ledger, truth
        places = {pk: place for place, pk in enumerate(dict.fromkeys(h.home.building_id for h in site.households))}
        self.asked: list[Household] = [h for h in site.households if h.home.tenure != Home.Tenure.EMPTY]
        buildings = [places[household.home.building_id] for household in self.asked]
        let = [household.home.tenure == Home.Tenure.LET for household in self.asked]
        self.homes = opinions.Households.of(rng, buildings, let)
        self.manager = site.staff[Role.MANAGER][0]

    @cached_property
    def version(self) -> QuestionnaireVersion:
        rows = QuestionnaireVersion.objects.filter(questionnaire__organisation=self.site.community.organisation_id)
        return rows.select_related("questionnaire").order_by("-number")[0]

    def run(self, plan: WavePlan, now: datetime) -> Wave:
        """One wave from its opening to its end, or to this instant."""
        local = localtime(now)
        opens = at_hour((local - timedelta(days=plan.opens)).date(), 9, local)
        last = (local - timedelta(days=plan.ends)).date()
        wave = self._opened(plan, opens, last)
        given = list(self.answers(plan, opens, last))
        tell(wave, self.ledger, number=0, at=opens)
        reminded = opens + timedelta(days=REMINDED_AFTER)
        if reminded <= now:
            before = [each for each in given if each.counted_at <= reminded]
            fill_urn(wave, before, self.ledger, until=reminded)
            wave = actions.remind_wave(wave=wave, by=self.manager, now=reminded)
            tell(wave, self.ledger, number=1, at=reminded)
            given = [each for each in given if each.counted_at > reminded]
        fill_urn(wave, given, self.ledger, until=now)
        if plan.ends > 0:
            wave = actions.close_wave(wave=wave, by=None, now=at_hour(last + timedelta(days=1), 0.25, local))
            self._publish(wave, plan, at_hour(last + timedelta(days=PUBLISHED_AFTER), 10, local), now)
        return wave

    def _publish(self, wave: Wave, plan: WavePlan, at: datetime, now: datetime) -> None:
        """On the day that was promised, with what was done about what residents had said."""
        if at > now:
            return
        done = [ANSWERED[gain.key] for gain in self.truth.gains if gain.wave == plan.number + 1]
        actions.keep_result(wave=wave, now=at)
        choice = actions.Choice(foreword=FOREWORD, foreword_en=FOREWORD_EN, replies=[actions.Answered(*words) for words in done])
        actions.publish_wave(wave=wave, by=self.manager, now=at, choice=choice)
        tell_result(wave, self.ledger, at=at)

    def _opened(self, plan: WavePlan, opens: datetime, last: date) -> Wave:
        title, english = titles(plan, localdate(opens))
        planned = actions.Plan(
            title=title,
            title_en=english,
            version=self.version,
            communities=[self.site.community],
            ends_on=last,
            results_on=last + timedelta(days=PUBLISHED_AFTER),
        )
        wave = actions.make_wave(plan=planned, by=self.manager, now=opens - timedelta(days=2))
        opened = actions.open_wave(wave=wave, by=self.manager, now=opens)
        counted(User, Home, Resident, Residency, Ballot)
        return opened

    def answers(self, plan: WavePlan, opens: datetime, last: date) -> Iterator[Given]:
        """What comes in until the last day, home by home."""
        drawn = opinions.draw(self.rng, self.truth, self.homes, plan.number)
        for place in drawn.respondents.tolist():
            yield self._given(place, drawn, plan, opens, last)

    def _given(self, place: int, drawn: opinions.Opinions, plan: WavePlan, opens: datetime, last: date) -> Given:
        home, values = self.asked[place].home, drawn.values(place)
        marks = {key: value for key, value in values.items() if key in opinions.SCALES and isinstance(value, int)}
        where = Place(self.site.community.name, home.building.name, "", home.floor or 1, home.number.split("-")[-1])
        values |= remarks(self.rng, where, marks)
        at, luck = self._moment(plan, opens), self.rng.random()
        if luck >= PAPER + PHONE:
            return Given(home.pk, values, at, key=f"{self.rng.getrandbits(128):032x}")
        first, second = self._desk()
        if luck >= PAPER:
            return Given(home.pk, values, at, EntryMode.PHONE, entered_by=first)
        return self._on_paper(Given(home.pk, values, at, EntryMode.PAPER, entered_by=first), second, last)

    def _on_paper(self, given: Given, second: User, last: date) -> Given:
        """Keyed in office hours, checked by somebody else on the next day; never after the last one."""
        day = min(localdate(given.at), last - timedelta(days=1))
        hours = 9 + 8 * self.rng.random()
        keyed, checked = at_hour(day, hours, given.at), at_hour(day + timedelta(days=1), 10 + 7 * self.rng.random(), given.at)
        keyed = max(keyed, given.at) if localdate(given.at) == day else keyed
        return Given(given.home_id, given.values, keyed, given.mode, "", given.entered_by, second, checked)

    def _desk(self) -> tuple[User, User]:
        """Two of the front desk."""
        first, second = self.rng.sample(self.site.staff[Role.FRONTDESK], 2)
        return first, second

    def _moment(self, plan: WavePlan, opens: datetime) -> datetime:
        """Between the opening and the end of the last day, in waking hours."""
        late = self.rng.random() < LATE_SHARE
        days = REMINDED_AFTER + self.rng.expovariate(1 / 2) if late else self.rng.expovariate(1 / AT_ONCE)
        if days >= plan.days:
            days = self.rng.random() * plan.days
        hour = 8.5 + 13 * self.rng.random() if days >= 1 else 10 + 11.5 * self.rng.random()
        return opens.replace(hour=0) + timedelta(days=int(days), hours=hour)


def load_waves(rng: random.Random, world: World, ledger: Ledger, *, begun: datetime, now: datetime) -> None:
    """Every community's waves since the company began, oldest first."""
    surveyors = []
    for place, site in enumerate(world.sites):
        count = len({household.home.building_id for household in site.households})
        gains = opinions.PLANTED[place % len(opinions.PLANTED)]
        site.survey = opinions.survey_truth(rng, buildings=count, quality=site.truth.quality, gains=gains)
        surveyors.append(Surveyor(rng, site, ledger, site.survey))
    for plan in PLANS:
        for surveyor in surveyors:
            if surveyor.asked and now - timedelta(days=plan.opens + 3) >= begun:
                surveyor.run(plan, now)
