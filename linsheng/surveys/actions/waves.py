"""Preparing and opening a wave, and reminding those who have not answered."""

import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.models import Community, Home
from linsheng.communities.queries import in_walking_order
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.ids import digest
from linsheng.jobs.actions import enqueue
from linsheng.surveys import sampling, sealing
from linsheng.surveys.models import Ballot, Method, QuestionnaireVersion, Wave, WaveMode, WaveState, WaveStratum
from linsheng.surveys.permissions import require_everywhere

SMALLEST_STRATUM: Final = 10
LONGEST: Final = timedelta(days=120)
MOST_REMINDERS: Final = 5


@dataclass(frozen=True)
class Plan:
    """What somebody wants to ask, whom, and until when."""

    title: str
    version: QuestionnaireVersion
    communities: Collection[Community]
    ends_on: date
    title_en: str = ""
    mode: str = WaveMode.ANONYMOUS
    method: str = Method.CENSUS
    sample_size: int | None = None
    expected_rate: int = 100
    include_empty: bool = False
    double_entry: bool = True
    results_on: date | None = None
    reminder_limit: int = 2
    target: Decimal = field(default=Decimal(4))


PLAIN: tuple[str, ...] = (
    *("title", "title_en", "version", "mode", "method", "sample_size", "expected_rate", "include_empty", "double_entry"),
    *("ends_on", "results_on", "reminder_limit", "target"),
)


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={name: sentence})


def _check(plan: Plan, now: datetime) -> int:
    """The company of the plan; raises ``Invalid`` on the field that cannot be."""
    companies = {community.organisation_id for community in plan.communities}
    if len(companies) != 1:
        raise _wrong("communities", _("请至少选一个小区，且都属于同一家公司。"))
    if plan.version.questionnaire.organisation_id not in companies:
        raise _wrong("version", _("问卷不属于这家公司。"))
    if not plan.title.strip():
        raise _wrong("title", _("请填写名称。"))
    today = timezone.localdate(now)
    if not today <= plan.ends_on <= today + LONGEST:
        raise _wrong("ends_on", _("截止日期须在今天到 120 天之内。"))
    if plan.results_on and plan.results_on < plan.ends_on:
        raise _wrong("results_on", _("公布结果的日期须在截止日期之后。"))
    if plan.method == Method.SAMPLE and plan.sample_size is not None and plan.sample_size < 1:
        raise _wrong("sample_size", _("请填 1 以上的份数，或留空按公式计算。"))
    if not 1 <= plan.expected_rate <= 100:
        raise _wrong("expected_rate", _("请填 1 到 100。"))
    if not 0 <= plan.reminder_limit <= MOST_REMINDERS:
        raise _wrong("reminder_limit", _("最多提醒 5 次。"))
    if plan.mode not in WaveMode.values or plan.method not in Method.values:
        raise _wrong("mode", _("没有这种方式。"))
    return companies.pop()


@transaction.atomic
def make_wave(*, plan: Plan, by: User | None, now: datetime) -> Wave:
    """A wave in preparation: nobody is asked yet, everything can still change."""
    require_everywhere(by, Permission.RUN_SURVEYS, plan.communities)
    organisation_id = _check(plan, now)
    wave = Wave(organisation_id=organisation_id, created_at=now, created_by=by, **{name: getattr(plan, name) for name in PLAIN})
    wave.save(force_insert=True)
    wave.communities.set(plan.communities)
    _told("surveys.make_wave", wave, by, now, name=wave.title)
    return wave


@transaction.atomic
def change_wave(*, wave: Wave, plan: Plan, by: User | None, now: datetime) -> Wave:
    """Change a wave in preparation."""
    require_everywhere(by, Permission.RUN_SURVEYS, {*plan.communities, *wave.communities.all()})
    if _check(plan, now) != wave.organisation_id:
        raise _wrong("communities", _("请选择本公司的小区。"))
    _lock(wave, WaveState.DRAFT, _("调查已经开始，不能再改。"))
    for name in PLAIN:
        setattr(wave, name, getattr(plan, name))
    wave.save(update_fields=PLAIN)
    wave.communities.set(plan.communities)
    _told("surveys.change_wave", wave, by, now, name=wave.title)
    return wave


def _told(action: str, wave: Wave, by: User | None, now: datetime, **data: Any) -> None:
    record(action, by=by, now=now, subject=wave, organisation_id=wave.organisation_id, data=data)


def _lock(wave: Wave, state: str, sentence: str) -> None:
    """Hold the wave's row in this state until the transaction ends; raises ``Conflict`` where it is in another."""
    if not Wave.objects.filter(pk=wave.pk, state=state).update(reminders_sent=F("reminders_sent")):
        raise Conflict(sentence)
    wave.refresh_from_db()


def frame_of(communities: Collection[Community], *, include_empty: bool) -> list[Home]:
    """The homes that are to be asked, in walking order."""
    homes = Home.objects.filter(community__in=communities, retired_at=None).select_related("community", "building")
    return list(in_walking_order(homes if include_empty else homes.exclude(tenure=Home.Tenure.EMPTY)))


def _strata(wave: Wave, homes: list[Home]) -> list[tuple[WaveStratum, list[Home]]]:
    """Buildings of ten homes and more by themselves, the smaller ones of a community together."""
    sizes = Counter(home.building_id for home in homes)
    several = len({home.community_id for home in homes}) > 1
    groups: dict[tuple[int, int | None], list[Home]] = {}
    for home in homes:
        building = home.building_id if sizes[home.building_id] >= SMALLEST_STRATUM else None
        groups.setdefault((home.community_id, building), []).append(home)
    found = []
    for order, ((community_id, building_id), members) in enumerate(groups.items()):
        first = members[0]
        name = first.building.name if building_id else _("其他楼栋")
        label = f"{first.community.name} {name}" if several else name
        row = WaveStratum(
            wave=wave, community_id=community_id, building_id=building_id, label=label, order=order, homes=len(members)
        )
        found.append((row, members))
    return found


def planned_size(wave: Wave, homes: int) -> int:
    """How many homes are asked."""
    if wave.method == Method.CENSUS:
        return homes
    answers = wave.sample_size or sampling.answers_needed(homes)
    return sampling.homes_to_ask(homes, answers, wave.expected_rate)


@transaction.atomic
def open_wave(*, wave: Wave, by: User | None, now: datetime) -> Wave:
    """Freeze the questionnaire and the frame, draw the homes, give each its ballot, and invite who has an account."""
    communities = list(wave.communities.all())
    require_everywhere(by, Permission.RUN_SURVEYS, communities)
    _lock(wave, WaveState.DRAFT, _("调查已经开始或已经结束。"))
    if not wave.version.questions.exists():
        raise Conflict(_("问卷里还没有题目。"))
    if wave.ends_on < timezone.localdate(now):
        raise Conflict(_("截止日期已过，请先改截止日期。"))
    homes = frame_of(communities, include_empty=wave.include_empty)
    if not homes:
        raise Conflict(_("这个范围内没有可以调查的房屋，请先导入房屋。"))
    QuestionnaireVersion.objects.filter(pk=wave.version_id, frozen_at=None).update(frozen_at=now)
    wave.secret = sealing.new_secret()
    wave.secret_check = sealing.check_of(wave)
    drawn = _give_ballots(wave, homes)
    tenure = Counter(home.tenure for home in homes)
    wave.frame = {"homes": len(homes), "drawn": drawn, "tenure": dict(sorted(tenure.items()))}
    wave.state, wave.opened_at = WaveState.OPEN, now
    wave.save(update_fields=["secret", "secret_check", "frame", "state", "opened_at"])
    _tell_later(wave, by, now)
    _told("surveys.open_wave", wave, by, now, homes=len(homes), drawn=drawn)
    return wave


def _give_ballots(wave: Wave, homes: list[Home]) -> int:
    groups = _strata(wave, homes)
    numbers = sampling.allocate([row.homes for row, _members in groups], planned_size(wave, len(homes)))
    for (row, _members), number in zip(groups, numbers, strict=True):
        row.drawn = number
    WaveStratum.objects.bulk_create([row for row, _members in groups])
    stratum_of = {home.pk: row for row, members in groups for home in sampling.draw(members, row.drawn)}
    ballots: list[Ballot] = []
    for home in homes:
        if home.pk in stratum_of:
            row = stratum_of[home.pk]
            ballot = Ballot(wave=wave, home=home, stratum=row, tenure=home.tenure, serial=len(ballots) + 1)
            ballot.nonce = secrets.token_hex(16)
            ballot.code_hash = digest(sealing.code_for(wave, ballot))
            ballots.append(ballot)
    Ballot.objects.bulk_create(ballots, batch_size=500)
    return len(ballots)


def _tell_later(wave: Wave, by: User | None, now: datetime) -> None:
    """Ask the worker to tell residents with an account whose home has not answered."""
    enqueue(
        kind="surveys.tell",
        payload={"wave": wave.pk, "round": wave.reminders_sent},
        key=f"surveys.tell-{wave.pk}-{wave.reminders_sent}",
        now=now,
        by_id=by.pk if by else None,
        organisation_id=wave.organisation_id,
    )


@transaction.atomic
def remind_wave(*, wave: Wave, by: User | None, now: datetime) -> Wave:
    """One more reminder to those who have not answered, and to nobody else; refused once the limit is reached."""
    require_everywhere(by, Permission.RUN_SURVEYS, wave.communities.all())
    _lock(wave, WaveState.OPEN, _("只有进行中的调查才能提醒。"))
    if wave.reminders_sent >= wave.reminder_limit:
        raise Conflict(_("已提醒 %(n)s 次，到了上限。再催只会让人反感。") % {"n": wave.reminders_sent})
    wave.reminders_sent += 1
    wave.reminded_at = now
    wave.save(update_fields=["reminders_sent", "reminded_at"])
    _tell_later(wave, by, now)
    _told("surveys.remind_wave", wave, by, now, number=wave.reminders_sent)
    return wave


@transaction.atomic
def replace_letter(*, ballot: Ballot, by: User | None, now: datetime) -> Ballot:
    """A new code for a home whose letter was lost: the old one is worth nothing from now on."""
    wave = ballot.wave
    require_everywhere(by, Permission.RUN_SURVEYS, [ballot.home.community])
    issue = ballot.issue + 1
    ballot.issue = issue
    ballot.code_hash = digest(sealing.code_for(wave, ballot))
    usable = Ballot.objects.filter(pk=ballot.pk, state="open", issue=issue - 1, wave__state=WaveState.OPEN)
    if not usable.update(issue=issue, code_hash=ballot.code_hash):
        raise Conflict(_("这一户已经答过，或调查已结束，不能补发。"))
    data = {"number": ballot.serial}
    record("surveys.replace_letter", by=by, now=now, subject=ballot, organisation_id=wave.organisation_id, data=data)
    return ballot
