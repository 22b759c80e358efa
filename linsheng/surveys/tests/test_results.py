"""The result of a closed wave: reckoned once, kept as it was, and nothing in it that must be hidden."""

import json
import random
from datetime import timedelta

import pytest

from linsheng.core.errors import Conflict
from linsheng.jobs.models import Job
from linsheng.surveys import actions
from linsheng.surveys.models import Answer, Ballot, KeptResult
from linsheng.surveys.queries.results import comparable_before, result_of
from linsheng.surveys.results import as_data, restored
from linsheng.surveys.results.quoting import quotable
from linsheng.surveys.tasks import reckon
from linsheng.surveys.tests.factories import add_homes, closed_with, marks, open_wave
from linsheng.surveys.tests.test_waves import FakeJob

LATER = timedelta(days=180)
COMPLAINTS = [
    "楼道灯坏了很久没人修",
    "楼道灯晚上不亮，老人看不清",
    "电动车乱停，消防通道堵了",
    "消防通道总有电动车",
    "垃圾清运太晚，味道大",
]


def answered(community, now, homes, *, seed=1, share=0.7, mean=4.0, texts=(), **plan):
    """A closed wave of so many of these homes; the mean of all questions or of each."""
    wave = open_wave(community, now, **plan)
    rng = random.Random(seed)
    rows = [(home, marks(wave.version, rng, mean)) for home in homes if rng.random() < share]
    for place, text in enumerate(texts):
        rows[place][1]["open.improve"] = text
    return closed_with(wave, now, rows)


def test_nothing_is_known_before_closing_and_the_same_for_ever_after(cast, now):
    homes = add_homes(cast.community, 2, 20)
    wave = open_wave(cast.community, now)
    for known in (lambda: result_of(wave), lambda: actions.keep_result(wave=wave, now=now)):
        with pytest.raises(Conflict):
            known()
    rng = random.Random(3)
    wave = closed_with(wave, now, [(home, marks(wave.version, rng)) for home in homes])
    assert result_of(wave) is None
    found = actions.keep_result(wave=wave, now=now)
    Ballot.objects.filter(wave=wave).delete()
    assert actions.keep_result(wave=wave, now=now + LATER) == found == result_of(wave)
    assert KeptResult.objects.count() == 1


def test_what_is_kept_is_read_back_as_it_was(cast, now):
    found = actions.keep_result(wave=answered(cast.community, now, add_homes(cast.community, 3, 20), texts=COMPLAINTS * 3), now=now)
    assert restored(json.loads(json.dumps(as_data(found), allow_nan=False))) == found
    assert found.drivers and found.tables and found.choices and found.comments


def test_closing_has_the_worker_reckon_it(cast, now):
    wave = open_wave(cast.community, now)
    actions.close_wave(wave=wave, by=None, now=now)
    job = Job.objects.get(kind="surveys.results")
    reckon(FakeJob(job.payload, now))
    assert KeptResult.objects.get().wave == wave


def test_under_five_answers_only_the_response_is_known(cast, now):
    found = actions.keep_result(wave=answered(cast.community, now, [cast.home, cast.neighbour_home], share=1), now=now)
    assert found.few and not found.items and not found.choices and not found.comments
    assert (found.response.asked, found.response.answered, found.response.complete) == (2, 2, 2)


def test_the_figures_are_those_of_the_answers(cast, now):
    homes = add_homes(cast.community, 1, 60)
    wave = answered(cast.community, now, homes, share=1)
    found = actions.keep_result(wave=wave, now=now)
    given = [row["overall"] for row in Answer.objects.values_list("values", flat=True) if "overall" in row]
    cell = found.overall.estimate
    assert cell.n == len(given) and cell.mean == pytest.approx(sum(given) / len(given))
    assert cell.distribution == {str(n): given.count(n) for n in range(1, 6)}
    assert cell.satisfied.share == pytest.approx(sum(mark >= 4 for mark in given) / len(given))
    assert found.by_key["recommend"].net is not None
    gate = next(choice for choice in found.choices if choice.asked.key == "complaint.made")
    assert sum(gate.counts.values()) == gate.n == 60


def test_response_is_counted_as_aapor_does(cast, now):
    homes = add_homes(cast.community, 1, 20)
    wave = open_wave(cast.community, now)
    rng = random.Random(1)
    whole = [(home, marks(wave.version, rng)) for home in homes[:10]]
    half = [key for key in whole[0][1] if not key.startswith(("complaint.h", "complaint.f", "repair.h", "repair.p"))]
    rows = [*whole, (homes[10], dict.fromkeys(half[: int(len(half) * 0.65)], 3)), (homes[11], {"overall": 2})]
    found = actions.keep_result(wave=closed_with(wave, now, rows), now=now).response
    assert (found.complete, found.partial, found.broken_off, found.silent) == (10, 1, 1, 10)
    assert found.rates.rr1 == pytest.approx(10 / 22) and found.rates.rr2 == pytest.approx(11 / 22)


def test_small_buildings_and_their_complement_are_not_in_the_result(cast, now):
    homes = add_homes(cast.community, 4, 20)
    few = [home for home in homes if home.building.name == "13栋"][:17]
    wave = answered(cast.community, now, [home for home in homes if home not in few], share=1, mode="linked")
    table = actions.keep_result(wave=wave, now=now).table("building")
    hidden = [level.value for level in table.levels if table.cell(level.value, "overall") is None]
    assert "13栋" in hidden and len(hidden) >= 2
    assert all(level.answers is None for level in table.levels if level.value in hidden)


def test_comments_come_in_topics_masked_and_only_from_ten(cast, now):
    homes = add_homes(cast.community, 2, 30)
    texts = [f"{text}，请找3-2-1201的张师傅" for text in COMPLAINTS for _n in range(4)]
    found = actions.keep_result(wave=answered(cast.community, now, homes, texts=texts), now=now)
    said = next(part for part in found.comments if part.asked.key == "open.improve")
    assert said.n == 20 and sum(topic.n for topic in said.topics) + said.rest == 20
    quotes = [quote for topic in said.topics for quote in topic.quotes]
    assert quotes and not any("1201" in quote or "张师傅" in quote for quote in quotes)
    nine = actions.keep_result(wave=answered(cast.community, now, homes, texts=texts[:9]), now=now)
    assert [(part.hidden, part.topics) for part in nine.comments] == [(True, ()), (True, ())]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王师傅态度好", "〔姓名〕师傅态度好"),
        ("门岗小李很负责", "门岗〔姓名〕很负责"),
        ("小区环境不错", "小区环境不错"),
        ("请拨13800001234找李小明经理", "请拨〔电话〕找〔姓名〕经理"),
    ],
)
def test_quotations_name_nobody(text, shown):
    assert quotable(text) == shown


def test_a_real_improvement_is_found_and_questions_in_other_words_are_not_compared(cast, now):
    homes = add_homes(cast.community, 5, 40)
    before = answered(cast.community, now, homes, seed=1, mean=3.6)
    version = actions.draft_next(questionnaire=before.version.questionnaire, by=None, now=now)
    lift = version.questions.get(code="facility.lift")
    actions.save_question(
        block=lift.block,
        question=lift,
        wording=actions.Wording(code=lift.code, kind=lift.kind, text="电梯坐着放心吗？", text_en="", item=lift.item),
        by=None,
        now=now,
    )
    middle = {"staff.attitude": 4.6} | {
        key: 3.6 for key in version.questions.values_list("key", flat=True) if key != "staff.attitude"
    }
    wave = answered(cast.community, now + LATER, homes, seed=2, mean=middle, version=version)
    assert comparable_before(wave) == before
    found = actions.keep_result(wave=wave, now=now + LATER).comparison
    assert found.items["staff.attitude"].verdict == "improved"
    assert {change.verdict for key, change in found.items.items() if key != "staff.attitude"} == {"no evidence"}
    assert not any(key.startswith("facility.lift") for key in found.items)
    assert len(found.groups) == 5 and not found.paired


def test_other_communities_or_questionnaires_are_no_comparison(cast, now):
    answered(cast.community, now, add_homes(cast.community, 1, 20))
    both = [cast.community, cast.other_community]
    wave = answered(cast.community, now + LATER, [cast.home], share=1, communities=both)
    assert comparable_before(wave) is None
