"""The pages of a result: what a reader sees, without JavaScript too."""

import random
from datetime import timedelta

import pytest
from django.test import Client

from linsheng.jobs.models import Job
from linsheng.surveys import actions
from linsheng.surveys.actions import results as reckoning
from linsheng.surveys.tests.factories import add_homes, closed_with, marks, open_wave
from linsheng.surveys.views.results import PARTS


@pytest.fixture
def wave(cast, now):
    homes = add_homes(cast.community, 4, 25)
    wave, rng = open_wave(cast.community, now), random.Random(5)
    rows = [(home, marks(wave.version, rng, {"facility.lift": 2.8} | dict.fromkeys(["overall"], 3.4))) for home in homes[:80]]
    for place in range(12):
        rows[place][1]["open.improve"] = "楼道灯坏了，请找王师傅" if place % 2 else "电梯老是坏"
    return closed_with(wave, now, rows)


@pytest.fixture
def reader(cast):
    client = Client()
    client.force_login(cast.auditor)
    return client


@pytest.mark.parametrize("part", PARTS)
def test_every_part_shows_its_figures_as_tables(reader, wave, part, django_assert_max_num_queries):
    reader.get(f"/surveys/{wave.pk}/results/")
    with django_assert_max_num_queries(14):
        answer = reader.get(f"/surveys/{wave.pk}/results/{part}/")
    assert answer.status_code == 200
    page = answer.content.decode()
    expected = {
        "overview": "总体满意率",
        "items": "加权平均分",
        "groups": "11栋",
        "change": "没有可比的上一次调查",
        "map": "重要性",
        "low": "几乎肯定",
        "comments": "电梯老是坏",
    }
    assert expected[part] in page and "王师傅" not in page


def test_before_closing_the_page_says_why_there_is_nothing(reader, cast, now):
    running = open_wave(cast.community, now)
    answer = reader.get(f"/surveys/{running.pk}/results/")
    assert answer.status_code == 409 and "结束之前" in answer.content.decode()


def test_choosing_group_and_question_shows_nothing_that_the_result_hides(reader, wave):
    found = actions.result_now(wave=wave, now=wave.closed_at)
    table = found.table("building")
    page = reader.get(f"/surveys/{wave.pk}/results/groups/?by=building&item=facility.lift").content.decode()
    for level in table.levels:
        assert (table.cell(level.value, "facility.lift") is None) == (
            f'<th scope="row">{level.value}</th>' not in page.split("<table")[1]
        )
    assert reader.get(f"/surveys/{wave.pk}/results/groups/?by=nonsense&item=nonsense").status_code == 200


def test_a_large_wave_is_waited_for_with_its_progress(reader, wave, monkeypatch):
    monkeypatch.setattr(reckoning, "MOST_AT_ONCE", 10)
    page = reader.get(f"/surveys/{wave.pk}/results/").content.decode()
    assert "正在统计" in page and Job.objects.filter(kind="surveys.results").count() == 1
    actions.keep_result(wave=wave, now=wave.closed_at)
    assert "总体满意率" in reader.get(f"/surveys/{wave.pk}/results/").content.decode()


def test_a_failed_reckoning_is_tried_again_after_a_while(wave, now):
    job = actions.request_result(wave=wave, now=now)
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=now)
    assert actions.request_result(wave=wave, now=now).state == "failed"
    assert actions.request_result(wave=wave, now=now + timedelta(hours=1)).state == "queued"


def test_two_answers_show_only_the_response(reader, cast, now):
    few = open_wave(cast.community, now)
    few = closed_with(few, now, [(cast.home, {"overall": 1})])
    page = reader.get(f"/surveys/{few.pk}/results/").content.decode()
    assert "少于 5 份" in page and "很不满意" not in page
    assert "答卷太少" in reader.get(f"/surveys/{few.pk}/results/items/").content.decode()
