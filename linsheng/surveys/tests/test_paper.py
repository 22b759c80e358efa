"""The questionnaire on paper: the frozen words in their order, gates explained, one for each language."""

import re

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict
from linsheng.surveys import actions, paper
from linsheng.surveys.queries.questionnaires import asked, flat
from linsheng.surveys.tests.factories import open_wave, plan_for


@pytest.fixture
def wave(cast):
    from linsheng.core import clock

    return open_wave(cast.community, clock.now())


def text_of(content: bytes) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_all_questions_stand_on_it_in_their_order_with_their_numbers(wave):
    content = paper.pdf_of(wave, "zh-hans")
    text, at = bare(text_of(content)), 0
    for each in flat(asked(wave.version)):
        at = text.index(bare(f"{each.number}.{each.question}"), at)
    assert "很不满意" in text and "没接触过" in text and "匿名" in text


def test_gates_say_who_answers_and_where_the_others_go_on(wave):
    text = bare(text_of(paper.pdf_of(wave, "zh-hans")))
    numbers = {each.key: each.number for each in flat(asked(wave.version))}
    gate = numbers["complaint.made"]
    assert f"只请第{gate}题勾了“有”的住户回答。其他住户请跳到第{gate + 3}题。" in text


def test_in_english_all_of_it_is_english(wave):
    text = text_of(paper.pdf_of(wave, "en"))
    assert "Overall, how satisfied are you" in " ".join(text.split())
    company = wave.organisation.name
    assert not re.search(r"[\u4e00-\u9fff]", text.replace(company, ""))


def test_before_the_questionnaire_is_frozen_there_is_no_paper(cast):
    from linsheng.core import clock

    draft = actions.make_wave(plan=plan_for(cast.community, clock.now()), by=None, now=clock.now())
    with pytest.raises(Conflict, match="还没有开始"):
        paper.pdf_of(draft, "zh-hans")


def test_whoever_runs_the_wave_prints_it(wave, cast):
    client = Client()
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")
    url = reverse("surveys:paper", args=[wave.pk])
    assert f"{url}?language=en" in client.get(reverse("surveys:wave", args=[wave.pk])).content.decode()
    answer = client.get(url, {"language": "en"})
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert client.get(url, {"language": "fr"}).status_code == 404
    assert not AuditEntry.objects.filter(action__contains="paper").exists()  # a blank form holds nothing of anybody
