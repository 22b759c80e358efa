"""manage.py monthly."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from linsheng.core import clock
from linsheng.feedback.tests.november import make_november

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _chinese():
    """Whatever language a page of another test was asked in."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def _monday(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)


def printed(**options):
    out = StringIO()
    call_command("monthly", stdout=out, month="2026-11", **options)
    return out.getvalue()


def test_json_has_the_figures_of_the_community(cast):
    make_november(cast)
    data = json.loads(printed(community="CH", as_json=True))
    assert data["communities"] == [{"code": "CH", "name": "翠湖苑"}]
    assert data["figures"]["received"] == 6
    satisfied = data["figures"]["callbacks"]["satisfied"]
    assert (satisfied["count"], satisfied["n"]) == (1.9, 3)
    assert 0 < satisfied["low"] < satisfied["share"] < satisfied["high"] < 1
    assert data["figures"]["handler_minutes"]["median"] == 450


def test_a_company_is_all_its_communities(cast):
    make_november(cast)
    data = json.loads(printed(organisation="cuihu", by="community", as_json=True))
    assert data["figures"]["received"] == 7
    assert [group["key"] for group in data["groups"]] == ["LY", "CH"]


def test_text_reads_as_sentences(cast):
    make_november(cast)
    text = printed(community="CH", by="kind")
    assert "翠湖苑 · 2026年11月月度报表" in text
    assert "本月尚未结束" in text
    assert "收到 6 件，给出结果 5 件，期末未了结 1 件" in text
    assert "评价满意率：75%" in text and "上月没有可比的数据" in text
    assert "处理用时中位数：7 小时 30 分" in text
    assert "报修：收到 5" in text and "样本太少" in text


def test_an_empty_month_is_told_as_such(cast):
    assert "收到 0 件" in printed(community="LY")


@pytest.mark.parametrize("options", [{"community": "NO"}, {"organisation": "nobody"}])
def test_unknown_places_are_refused(cast, options):
    with pytest.raises(CommandError, match="没有代码"):
        printed(**options)


def test_a_bad_month_is_refused(cast):
    with pytest.raises(CommandError, match="2026-10"):
        call_command("monthly", community="CH", month="2026-13")
