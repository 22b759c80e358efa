"""Waves: the frame and what is fixed at opening, sampling, reminders, closing, and who may."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.jobs.models import Job
from linsheng.messaging.models import Notice
from linsheng.surveys import actions, sampling
from linsheng.surveys.models import Answer, Ballot, Comment, SealedAnswer, Wave, WaveStratum
from linsheng.surveys.queries.closed import closed_wave, comments_of
from linsheng.surveys.queries.waves import response_of
from linsheng.surveys.tasks import close_due, tell
from linsheng.surveys.tests.factories import add_homes, code_of, filled, open_wave, plan_for


class FakeJob:
    """A running job, as far as our handlers look at it."""

    def __init__(self, payload, now) -> None:
        self.payload, self.now = payload, now

    def progress(self, *args) -> None:
        pass


@pytest.mark.parametrize(
    ("homes", "needed"), [(50, 44), (100, 80), (200, 132), (500, 217), (1000, 278), (5000, 357), (0, 0), (1, 1)]
)
def test_the_sample_size_is_the_published_one(homes, needed):
    assert sampling.answers_needed(homes) == needed


def test_shares_of_the_sample_follow_the_strata():
    assert sampling.allocate([100, 200, 1], 31) == [10, 21, 1] or sum(sampling.allocate([100, 200, 1], 31)) in {31, 32}
    assert sampling.allocate([10, 10], 100) == [10, 10]
    assert sampling.allocate([], 5) == []
    assert sum(sampling.allocate([33, 33, 34], 50)) == 50


def test_the_frame_is_the_homes_at_opening(cast, now):
    add_homes(cast.community, 2, 12)
    add_homes_empty = add_homes(cast.other_community, 1, 3)
    wave = open_wave(cast.community, now)
    assert wave.homes == 26 and Ballot.objects.filter(wave=wave).count() == 26
    add_homes_empty[0].delete()
    cast.home.retired_at = now
    cast.home.save()
    wave.refresh_from_db()
    assert wave.homes == 26
    # Two homes of a small building stand together with no building of their own.
    small = WaveStratum.objects.get(wave=wave, building=None)
    assert small.homes == 2


def test_empty_homes_are_asked_only_when_wanted(cast, now):
    add_homes(cast.community, 1, 12, tenure="empty")
    assert open_wave(cast.community, now).homes == 2
    assert open_wave(cast.community, now, include_empty=True).homes == 14


def test_a_sample_draws_by_strata(cast, now):
    add_homes(cast.community, 4, 50)
    wave = open_wave(cast.community, now, method="sample", sample_size=40, expected_rate=50)
    assert wave.homes == 202
    drawn = {row.label: (row.homes, row.drawn) for row in wave.strata.all()}
    assert all(19 <= number <= 21 for homes, number in drawn.values() if homes == 50)
    assert Ballot.objects.filter(wave=wave).count() == sum(number for _homes, number in drawn.values())


def test_mode_version_and_frame_are_fixed_by_the_database(cast, now):
    wave = open_wave(cast.community, now)
    linked = open_wave(cast.community, now, mode="linked")
    ballot = Ballot.objects.filter(wave=wave).first()
    stratum = ballot.stratum
    for change in (
        lambda: Wave.objects.filter(pk=wave.pk).update(mode="linked"),
        lambda: Wave.objects.filter(pk=linked.pk).update(mode="anonymous"),
        lambda: Wave.objects.filter(pk=wave.pk).update(state="draft", opened_at=None),
        lambda: Wave.objects.filter(pk=wave.pk).update(frame={"homes": 1}),
        lambda: WaveStratum.objects.filter(pk=stratum.pk).update(homes=1),
        lambda: Ballot.objects.filter(pk=ballot.pk).update(wave=linked),
        lambda: Ballot.objects.create(wave=wave, home=cast.home, stratum=stratum, serial=999, nonce="x", code_hash="y"),
        lambda: Answer.objects.create(wave=wave, home=cast.home, values={}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(Conflict):
        actions.change_wave(wave=wave, plan=plan_for(cast.community, now, mode="linked"), by=cast.manager, now=now)
    with pytest.raises(Conflict):
        actions.open_wave(wave=wave, by=cast.manager, now=now)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"ends_on": "past"}, "ends_on"),
        ({"communities": []}, "communities"),
        ({"mode": "half"}, "mode"),
        ({"expected_rate": 0}, "expected_rate"),
        ({"reminder_limit": 9}, "reminder_limit"),
        ({"method": "sample", "sample_size": 0}, "sample_size"),
    ],
)
def test_a_wrong_plan_names_its_field(cast, now, change, field):
    if change.get("ends_on") == "past":
        change = {"ends_on": (now - timedelta(days=1)).date()}
    with pytest.raises(Invalid) as caught:
        actions.make_wave(plan=plan_for(cast.community, now, **change), by=cast.manager, now=now)
    assert field in caught.value.fields


def test_only_who_runs_surveys_everywhere_in_it_may_run_a_wave(cast, now):
    for person in (cast.frontdesk, cast.handler, cast.auditor, cast.outsider):
        with pytest.raises(Forbidden):
            actions.make_wave(plan=plan_for(cast.community, now), by=person, now=now)
    both = plan_for(cast.community, now, communities=[cast.community, cast.other_community])
    with pytest.raises(Forbidden):
        actions.make_wave(plan=both, by=cast.manager, now=now)
    assert actions.make_wave(plan=both, by=cast.director, now=now).communities.count() == 2


def test_reminders_go_to_those_who_have_not_answered_and_stop_at_the_limit(cast, now):
    wave = open_wave(cast.community, now, reminder_limit=1)
    tell(FakeJob({"wave": wave.pk, "round": 0}, now))
    assert set(Notice.objects.filter(kind="survey").values_list("user__username", flat=True)) == {"owner", "neighbour"}
    given = filled(wave.version)
    actions.cast_answer(code=code_of(wave, cast.home), wave_id=wave.pk, given=given, key="k", now=now)
    wave = actions.remind_wave(wave=wave, by=cast.manager, now=now)
    for _twice in range(2):
        tell(FakeJob({"wave": wave.pk, "round": 1}, now))
    reminded = Notice.objects.filter(kind="survey", key__contains=f"-{wave.pk}-1-")
    assert [notice.user.username for notice in reminded] == ["neighbour"]
    assert reminded[0].url == f"/surveys/mine/{wave.pk}/"
    with pytest.raises(Conflict):
        actions.remind_wave(wave=wave, by=cast.manager, now=now)


def test_the_response_counts_ballots_and_marks_small_groups(cast, now):
    homes = add_homes(cast.community, 1, 12)
    wave = open_wave(cast.community, now)
    for home in homes[:6]:
        actions.cast_answer(code=code_of(wave, home), wave_id=wave.pk, given=filled(wave.version), key=str(home.pk), now=now)
    response = response_of(wave)
    assert (response.total.asked, response.total.answered) == (14, 6)
    assert {group.label: group.small for group in response.groups} == {"10栋": False, "其他楼栋": True}
    assert response.modes == {"web": 6, "paper": 0, "phone": 0} and response.days == [(now.date(), 6)]


def test_closing_opens_the_urn_once_and_destroys_the_key(cast, now):
    homes = add_homes(cast.community, 1, 12)
    wave = open_wave(cast.community, now)
    for place, home in enumerate(homes[:7]):
        actions.cast_answer(code=code_of(wave, home), wave_id=wave.pk, given=filled(wave.version, place), key=f"k{place}", now=now)
    assert not Answer.objects.exists() and SealedAnswer.objects.count() == 7
    with pytest.raises(Conflict):
        closed_wave(wave)
    code = code_of(wave, homes[9])
    wave = actions.close_wave(wave=wave, by=cast.manager, now=now)
    assert (wave.state, wave.secret) == ("closed", "") and not SealedAnswer.objects.exists()
    assert Answer.objects.filter(wave=wave).count() == 7
    found = closed_wave(wave)
    assert len(found) == found.answered == 7 and found.asked == 14
    assert sorted(filter(None, found.columns["overall"])) == sorted(int(filled(wave.version, n)["overall"][0]) for n in range(7))
    assert found.population == {"10栋": 12, None: 2}
    assert {said.text for said in comments_of(wave)} == {f"意见 {n}" for n in range(7)}
    with pytest.raises(actions.Gone):
        actions.cast_answer(code=code, wave_id=wave.pk, given=filled(wave.version), key="late", now=now)
    with pytest.raises(Conflict):
        actions.close_wave(wave=wave, by=cast.manager, now=now)
    assert Job.objects.filter(kind="surveys.scrub").count() == 1


def test_a_missing_or_foreign_answer_stops_the_closing(cast, now):
    wave = open_wave(cast.community, now)
    actions.cast_answer(code=code_of(wave, cast.home), wave_id=wave.pk, given=filled(wave.version), key="k", now=now)
    row = SealedAnswer.objects.get()
    SealedAnswer.objects.create(wave=wave, sealed=bytes(row.sealed)[:-1] + b"x")
    with pytest.raises(Conflict), transaction.atomic():
        actions.close_wave(wave=wave, by=cast.manager, now=now)
    wave.refresh_from_db()
    assert wave.is_open and wave.secret


def test_another_secret_key_refuses_answers_instead_of_losing_them(cast, now, settings):
    wave = open_wave(cast.community, now)
    code, old = code_of(wave, cast.home), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(Conflict):
        actions.cast_answer(code=code, wave_id=wave.pk, given=filled(wave.version), key="k", now=now)
    settings.SECRET_KEY_FALLBACKS = [old]
    actions.cast_answer(code=code, wave_id=wave.pk, given=filled(wave.version), key="k", now=now)
    actions.close_wave(wave=wave, by=None, now=now)
    assert Answer.objects.count() == 1


def test_waves_close_by_themselves_after_their_last_day(cast, now):
    wave = open_wave(cast.community, now, ends_on=now.date())
    close_due(FakeJob({}, now))
    wave.refresh_from_db()
    assert wave.is_open
    close_due(FakeJob({}, now + timedelta(days=1)))
    wave.refresh_from_db()
    assert wave.is_closed


def test_a_linked_wave_keeps_the_home_with_the_answer(cast, now):
    wave = open_wave(cast.community, now, mode="linked")
    actions.cast_answer(code=code_of(wave, cast.home), wave_id=wave.pk, given=filled(wave.version), key="k", now=now)
    wave = actions.close_wave(wave=wave, by=None, now=now)
    answer = Answer.objects.get()
    assert answer.home == cast.home and Comment.objects.filter(answer=answer).count() == 2
    assert closed_wave(wave).homes == [cast.home.pk]
