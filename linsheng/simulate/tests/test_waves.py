"""Surveys of the demo company: the rows that the product's own actions write, and what its analysis makes of them."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from linsheng.audit.models import AuditEntry
from linsheng.communities.models import Organisation
from linsheng.core.masking import masked
from linsheng.jobs.models import Job
from linsheng.messaging.models import Delivery, Notice
from linsheng.simulate import demo, opinions, urn
from linsheng.simulate.ledger import Ledger
from linsheng.simulate.places import Builder
from linsheng.simulate.tests.surveying import UNGATED
from linsheng.simulate.urn import fill_urn
from linsheng.simulate.waves import PLANS, Surveyor
from linsheng.simulate.writing import write_all
from linsheng.surveys import actions, answers, sealing
from linsheng.surveys.analysis import Columns, Factor, Spec, analyse, item_codes
from linsheng.surveys.models import Answer, Ballot, Comment, PaperEntry, Publication, Reply, SealedAnswer, Wave
from linsheng.surveys.queries.closed import closed_wave, comments_of
from linsheng.surveys.tasks import tell, tell_result

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
BEGUN = NOW - timedelta(days=365)


@pytest.fixture(autouse=True)
def _fresh_questions():
    answers._frozen_questions.cache_clear()
    yield
    answers._frozen_questions.cache_clear()


def surveyor(seed=7, homes=90, gains=(), code="demo"):
    organisation = Organisation.objects.create(code=code, name="示例物业", is_demo=True)
    world = Builder(random.Random(seed), organisation, begun=BEGUN, prefix=f"{code}-", first_phone=0).build(1, homes)
    site = world.sites[0]
    buildings = len({household.home.building_id for household in site.households})
    truth = opinions.survey_truth(random.Random(seed), buildings=buildings, gains=gains)
    return Surveyor(random.Random(seed), site, Ledger.of(organisation), truth)


def by_actions(wave, given, until):
    """What the pages do, one after the other."""
    ballots = Ballot.objects.select_related("wave__version__questionnaire", "stratum", "home__community").filter(wave=wave)
    for each in given:
        ballot = ballots.get(home=each.home_id)
        if each.entered_by is None and each.at <= until:
            code = sealing.code_for(wave, ballot)
            actions.cast_answer(code=code, wave_id=wave.pk, given=each.form, key=each.key, now=each.at)
        elif each.entered_by is not None and each.at <= until:
            actions.enter_answer(ballot=ballot, given=each.form, mode=each.mode, by=each.entered_by, now=each.at)
        if each.checked_by is not None and each.counted_at <= until:
            again = ballots.get(home=each.home_id)
            assert actions.check_answer(ballot=again, given=each.form, by=each.checked_by, now=each.checked_at) == []


def rows_of(wave):
    """Everything that answering leaves behind but what is drawn at random for secrecy."""
    ballots = {b.pk: b for b in Ballot.objects.filter(wave=wave).select_related("stratum")}
    contents = [sealing.unseal(wave, row.sealed) for row in SealedAnswer.objects.filter(wave=wave)]
    labels = {stratum.pk: stratum.label for stratum in wave.strata.all()}
    lines = AuditEntry.objects.filter(subject_type="surveys.ballot", subject_id__in=ballots)
    held = PaperEntry.objects.filter(ballot__wave=wave)
    plain = ("serial", "home_id", "state", "answered_on", "mode", "entered_by_id", "checked_by_id", "issue", "tenure")
    used = [[getattr(b, name) for name in plain] + [bool(b.receipt), b.stratum.label] for b in ballots.values()]
    urn = [list((content | {"stratum": labels[content["stratum"]]}).items()) for content in contents]
    kept = [(e.ballot.serial, e.mode, e.entered_by_id, e.entered_at, sealing.unseal(wave, e.sealed)["values"]) for e in held]
    audit = [(e.at, e.actor_id, e.action, ballots[e.subject_id].serial, e.community_id, sorted(e.data.items())) for e in lines]
    found = {"ballots": used, "urn": urn, "held": kept, "audit": audit}
    sizes = {len(bytes(row.sealed)) for row in SealedAnswer.objects.filter(wave=wave)}
    return {name: sorted(map(repr, rows)) for name, rows in found.items()} | {"sizes": sorted(map(str, sizes))}


@pytest.fixture
def running(db):
    """The surveyor of a small community, its running plan, and two open waves of the same homes."""
    at_work, plan = surveyor(), PLANS[2]
    opens, last = (NOW - timedelta(days=plan.opens)).replace(hour=1), (NOW - timedelta(days=plan.ends)).date()
    waves = [at_work._opened(plan, opens, last) for _ in range(2)]
    return at_work, waves, list(at_work.answers(plan, opens, last)), opens


def test_bulk_answers_are_the_rows_that_the_actions_write(running):
    at_work, (one_by_one, in_bulk), given, _opens = running
    by_actions(one_by_one, given, NOW)
    fill_urn(in_bulk, given, at_work.ledger, until=NOW)
    write_all(at_work.ledger)
    wanted, found = rows_of(one_by_one), rows_of(in_bulk)
    assert len(wanted["urn"]) > 15 and wanted["held"] and len(wanted["audit"]) > 5
    for name, rows in wanted.items():
        assert found[name] == rows, name
    call_command("verify_audit")


def test_the_same_form_sent_again_is_known_by_what_bulk_loading_wrote(running):
    at_work, (wave, _other), given, _opens = running
    fill_urn(wave, given, at_work.ledger, until=NOW)
    mine = next(each for each in given if each.key and each.at <= NOW)
    code = sealing.code_for(wave, Ballot.objects.get(wave=wave, home=mine.home_id))
    assert actions.cast_answer(code=code, wave_id=wave.pk, given=mine.form, key=mine.key, now=NOW).state == "answered"


class FakeJob:
    """A running job, as far as the handler looks at it."""

    def __init__(self, wave, now):
        self.payload, self.now = {"wave": wave.pk, "round": 0}, now

    def progress(self, *args):
        pass


def told(wave):
    mine = Notice.objects.filter(subject_type="surveys.wave", subject_id=wave.pk)
    names = ("user_id", "kind", "title", "body", "created_at", "organisation_id", "private", "urgent", "read_at")
    mails = Delivery.objects.filter(notice__in=mine).values_list("channel", "address", "setting", "created_at", "run_at")
    return sorted(map(repr, mine.values_list(*names))), sorted(map(repr, mails))


def test_bulk_invitations_are_what_the_job_writes(running):
    at_work, (by_job, in_bulk), _given, opens = running
    urn.tell(in_bulk, at_work.ledger, number=0, at=opens)
    write_all(at_work.ledger)
    tell(FakeJob(by_job, opens))
    assert told(in_bulk) == told(by_job) and len(told(by_job)[0]) > 20
    notice = Notice.objects.filter(subject_id=in_bulk.pk).first()
    assert (notice.key, notice.url) == (f"survey-{in_bulk.pk}-0-{notice.user_id}", f"/surveys/mine/{in_bulk.pk}/")


def test_bulk_notices_of_a_result_are_what_the_job_writes(running):
    at_work, (by_job, in_bulk), _given, opens = running
    for wave in (by_job, in_bulk):
        Publication.objects.create(wave=wave, content={"items": []}, saved_at=opens, published_at=opens)
    urn.tell_result(in_bulk, at_work.ledger, at=opens)
    write_all(at_work.ledger)
    tell_result(FakeJob(by_job, opens))
    assert told(in_bulk) == told(by_job) and len(told(by_job)[0]) > 20
    notice = Notice.objects.filter(subject_id=in_bulk.pk).first()
    assert (notice.key, notice.url) == (f"survey-result-{in_bulk.pk}-{notice.user_id}", f"/surveys/results/{in_bulk.pk}/")


@pytest.fixture
def loaded(db):
    return demo.load(demo.Size(communities=2, homes=110, months=8, cases=20), now=NOW)


def test_each_community_has_a_wave_half_a_year_ago_one_lately_and_one_now(loaded):
    for site in loaded.sites:
        old, recent, running = Wave.objects.filter(communities=site.community).order_by("opened_at")
        assert [wave.state for wave in (old, recent, running)] == ["closed", "closed", "open"]
        assert 170 < (NOW - old.closed_at).days < 190 and (NOW - recent.closed_at).days < 20
        assert running.ends_on > NOW.date() and Ballot.objects.filter(wave=running, state="held").exists()
        assert 0.2 < Ballot.objects.filter(wave=old, state="answered").count() / old.homes < 0.75
        assert site.survey is not None


def test_what_came_out_was_published_when_it_was_promised_with_what_was_done(loaded):
    for wave in Wave.objects.filter(state="closed"):
        published = Publication.objects.get(wave=wave)
        assert (published.published_at is not None) == (wave.results_on <= NOW.date())
        assert published.published_at is None or published.published_at.date() == wave.results_on
        assert len(published.content["items"]) > 15
    first = loaded.sites[0]
    said = Reply.objects.filter(publication__wave__communities=first.community)
    assert said.count() == len(first.survey.gains) > 0


def test_nothing_of_the_demo_waits_to_be_sent_but_what_may_run_at_any_time(loaded):
    assert not Delivery.objects.exclude(state="done").exists()
    assert set(Job.objects.filter(state="queued").values_list("kind", flat=True)) <= {"surveys.scrub", "surveys.results"}


def test_people_write_in_many_words_and_some_leave_a_number_that_is_hidden(loaded):
    said = [said.text for wave in Wave.objects.filter(state="closed") for said in comments_of(wave)]
    assert len(said) > 60 and len(set(said)) > 0.75 * len(said)
    numbers = [text for text in said if "100" in text]
    assert numbers and all("〔电话〕" in masked(text) or "〔账号〕" in masked(text) for text in numbers)
    assert all(len(text) <= 500 and "{" not in text for text in said)


def test_the_same_seed_makes_the_same_answers(db):
    at_work = surveyor()

    def drawn():
        again = Surveyor(random.Random(5), at_work.site, at_work.ledger, at_work.truth)
        return [
            (each.values, each.at, each.mode, each.key) for each in again.answers(PLANS[0], NOW - timedelta(days=20), NOW.date())
        ]

    assert drawn() == drawn()


def analysed(before, now):
    """The change between two closed waves as the pages reckon it."""
    waves = [closed_wave(wave) for wave in (before, now)]
    keys = tuple(key for key in UNGATED if key in waves[0].columns)
    columns = [
        Columns(
            len(wave),
            {key: item_codes(wave.columns[key]) for key in keys},
            {"building": Factor.of([stratum or "其他" for stratum in wave.strata])},
        )
        for wave in waves
    ]
    return analyse(columns[1], Spec(items=keys, population=float(now.homes)), columns[0]).change


def test_the_analysis_of_what_was_stored_finds_what_was_planted(db):
    at_work = surveyor(seed=3, homes=600, gains=opinions.PLANTED[0])
    before, now = (at_work.run(plan, NOW) for plan in PLANS[:2])
    verdicts = {key: change.verdict for key, change in analysed(before, now).items()}
    assert verdicts["facility.outage_notice"] == verdicts["environment.waste"] == "improved"
    assert not [key for key, verdict in verdicts.items() if verdict == "improved" and key not in at_work.truth.improved]
    assert Answer.objects.filter(wave=now).count() > 150 and Comment.objects.filter(wave=now).exists()
