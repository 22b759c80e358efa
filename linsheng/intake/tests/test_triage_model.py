"""Learning from closed cases: the numbers are kept safely, hold no names, and only ever propose."""

import io

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from linsheng.core.errors import Invalid
from linsheng.feedback.models import Case
from linsheng.feedback.tests.staff_cases import sign_in
from linsheng.intake.actions.triage import train_triage
from linsheng.intake.models import ProposalChoice, TriageModel
from linsheng.intake.queries.triage import worth_learning
from linsheng.intake.triage import loading, propose
from linsheng.intake.triage.blending import blended
from linsheng.intake.triage.words import ByKnownWords, by_dictionary, masked, terms

# What the company's own people say, which no lexicon knows.
SAYINGS = {
    "facility.lift": ("铁盒子又卡在半空晃悠{n}次", "那个铁盒子今天晃悠得厉害"),
    "parking.order": ("白色面包堵着出口第{n}天", "白色面包又横着堵出口"),
    "environment.noise": ("半夜咚咚敲地板到{n}点", "楼上半夜咚咚敲个没完"),
}


@pytest.fixture(autouse=True)
def _nothing_loaded():
    loading._kept.clear()


def closed_cases(cast, now, count=240, **changes):
    """Closed cases of three items in turn, each of somebody else."""
    items = {item.code: item for item in cast.organisation.items.all()} if hasattr(cast.organisation, "items") else {}
    items = items or {item.code: item for item in type(cast.item).objects.filter(organisation=cast.organisation)}
    rows = []
    for number in range(count):
        code = list(SAYINGS)[number % 3]
        text = SAYINGS[code][number % 2].format(n=number)
        plain = {
            "number": f"T{number}",
            "community": cast.community,
            "item": items[code],
            "team": items[code].team,
            "kind": "complaint",
            "urgency": "normal",
            "channel": "phone",
            "text": f"{text}，我是王建国，电话138000{number:05}",
            "contact_phone": f"138000{number:05}",
            "state": "closed",
            "is_open": False,
            "received_at": now,
            "resolved_at": now,
            "closed_at": now,
        }
        rows.append(Case(**(plain | changes)))
    return Case.objects.bulk_create(rows)


def trained(cast, now):
    closed_cases(cast, now)
    return train_triage(organisation=cast.organisation, by=cast.manager, now=now)


def test_a_model_in_use_cuts_by_the_words_it_knows_the_longest_first():
    cut = ByKnownWords(["电梯", "电梯门", "关不上"])
    assert list(cut("一号电梯门关不上了")) == ["一", "号", "电梯门", "关不上", "了"]
    assert [*ByKnownWords([])("电梯")] == ["电", "梯"]


def test_numbers_addresses_and_plates_are_masked_before_anything_is_counted():
    assert masked("粤B12345 找 13800001234 或 a.b@qq.com 看 https://x.cn/1") == "粤  找   或   看  "
    assert not [term for term in terms("张三 13800001234 abc@qq.com", by_dictionary) if any(c.isdigit() for c in term)]


def test_where_the_model_knows_nothing_the_lexicon_has_the_word():
    assert blended({"a": 0.6}, {}, 0.0, 0.75) == {"a": 0.6}
    mixed = blended({"a": 0.6}, {"a": 0.01, "b": 0.99}, 1.0, 0.5)
    assert sum(mixed.values()) == pytest.approx(1) and mixed["b"] > mixed["a"] > 0


def test_below_two_hundred_closed_cases_it_says_so_and_the_lexicon_goes_on(cast, now):
    closed_cases(cast, now, 30)
    with pytest.raises(Invalid, match="30 件"):
        train_triage(organisation=cast.organisation, by=None, now=now)
    assert propose(cast.community, "三号电梯坏了").source == "lexicon"


def test_confidential_and_open_cases_teach_nothing(cast, now):
    closed_cases(cast, now, confidential=True)
    assert not worth_learning(cast.organisation)


class TestOnceTrained:
    def test_it_proposes_what_the_lexicon_cannot_know_and_says_what_with(self, cast, now):
        assert not propose(cast.community, "铁盒子晃悠").proposals
        trained(cast, now)
        found = propose(cast.community, "铁盒子晃悠")
        assert (found.proposals[0].item.code, found.source, found.version) == ("facility.lift", "blend", 1)
        assert found.proposals[0].why

    def test_its_vocabulary_holds_no_name_of_the_company_s_people_and_no_digit(self, cast, now):
        type(cast.residents["owner"]).objects.filter(pk=cast.residents["owner"].pk).update(name="王建国")
        words = trained(cast, now).vocabulary
        assert words and not [word for word in words if "建国" in word or any(c.isdigit() for c in word)]

    def test_what_one_household_alone_writes_is_not_learned(self, cast, now):
        closed_cases(cast, now, contact_phone="13800001234")
        with pytest.raises(Invalid, match="共用的词"):
            train_triage(organisation=cast.organisation, by=None, now=now)

    def test_the_same_cases_give_the_same_numbers(self, cast, now):
        first = trained(cast, now)
        again = train_triage(organisation=cast.organisation, by=None, now=now)
        assert again.version == 2 and again.digest == first.digest

    def test_the_report_counts_only_later_cases_and_carries_n_and_interval(self, cast, now):
        report = trained(cast, now).report
        first = report["blend"]["first"]
        assert first["n"] == 48 and 0 <= first["low"] <= first["right"] / first["n"] <= first["high"] <= 1
        assert first["right"] > report["lexicon"]["first"]["right"]
        assert sum(row["n"] for row in report["blend"]["items"]) == 48

    def test_numbers_that_were_tampered_with_are_not_used(self, cast, now):
        row = trained(cast, now)
        out = io.BytesIO()
        np.savez_compressed(out, idf=np.ones(1), weights=np.ones((1, 1)), bias=np.ones(1))
        TriageModel.objects.filter(pk=row.pk).update(weights=out.getvalue())
        assert propose(cast.community, "三号电梯坏了").source == "lexicon"

    def test_a_newer_version_is_taken_up_without_a_restart(self, cast, now):
        trained(cast, now)
        assert propose(cast.community, "铁盒子").version == 1
        train_triage(organisation=cast.organisation, by=None, now=now)
        assert propose(cast.community, "铁盒子").version == 2

    def test_another_company_proposes_nothing_from_it(self, cast, now):
        trained(cast, now)
        assert propose(cast.foreign_community, "铁盒子晃悠").source == "lexicon"


class TestThePage:
    def test_before_it_says_how_many_cases_are_missing(self, cast, now):
        closed_cases(cast, now, 30)
        page = sign_in(cast.manager).get(reverse("intake:triage")).content.decode()
        assert "还差 170 件" in page and "现在重新学习" not in page

    def test_after_it_shows_accuracy_by_item_and_in_use(self, cast, now):
        trained(cast, now)
        case = Case.objects.first()
        ProposalChoice.objects.create(
            case=case, proposed=[case.item.code], first=True, among=True, clicked=True, source="blend", version=1, at=now
        )
        page = sign_in(cast.manager).get(reverse("intake:triage")).content.decode()
        assert "第 1 版" in page and "48" in page and "1/1" in page and "现在重新学习" in page

    def test_the_button_queues_one_job(self, cast, now):
        client = sign_in(cast.manager)
        answer = client.post(reverse("intake:train_triage"))
        assert answer.status_code == 302 and answer["Location"].startswith("/jobs/")


def test_the_command_says_what_is_missing_and_what_came_of_it(cast, now, capsys):
    with pytest.raises(CommandError, match="200"):
        call_command("train_triage", organisation="cuihu")
    closed_cases(cast, now)
    call_command("train_triage", organisation="cuihu")
    assert capsys.readouterr().out.startswith("version 1: 240 cases")
