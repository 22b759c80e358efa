"""Answers one by one: nothing that identifies, nobody in a group of few, labels in Chinese, missing values by their kind."""

import csv
import io
import json
import random
from collections import Counter

import numpy as np
import pyreadstat
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict, Forbidden
from linsheng.statistics.suppression import exposed
from linsheng.surveys import actions
from linsheng.surveys.exports.respondents import coarsened, marks_given, respondents_of
from linsheng.surveys.exports.variables import HIDDEN, NONE, NOT_ASKED
from linsheng.surveys.models import Answer, KeptResult, Wave
from linsheng.surveys.queries.results import result_of
from linsheng.surveys.tests.closing import closed
from linsheng.surveys.tests.factories import add_homes, closed_with, marks, open_wave


@pytest.fixture
def wave(cast, now) -> Wave:
    return closed(cast.community, now, sizes=(60, 40, 4))


def shown(wave):
    return respondents_of(wave, result_of(wave))


def content(wave, form, by, now) -> bytes:
    return b"".join(actions.export_wave(wave=wave, form=form, by=by, now=now).chunks)


def read_sav(wave, by, now, tmp_path, **options):
    path = tmp_path / "wave.sav"
    path.write_bytes(content(wave, "sav", by, now))
    return pyreadstat.read_sav(path, **options)


def test_the_sav_file_has_chinese_labels_and_kinds_of_missing_values(wave, cast, now, tmp_path):
    frame, meta = read_sav(wave, cast.manager, now, tmp_path, user_missing=True)
    assert len(frame) == Answer.objects.filter(wave=wave).count()
    assert meta.column_names_to_labels["overall"] == "总的来说，您对物业服务满意吗？"
    assert meta.variable_value_labels["overall"][5] == "很满意"
    lift = meta.variable_value_labels["facility_lift"]
    assert lift[NONE] == "没接触过" and lift[HIDDEN] == "为保护答卷人不显示"
    assert {each["lo"] for each in meta.missing_ranges["facility_lift"]} == {NONE, HIDDEN}
    assert {each["lo"] for each in meta.missing_ranges["complaint_handling"]} == {NONE, NOT_ASKED, HIDDEN}
    assert (frame["facility_lift"] == NONE).any() and (frame["complaint_handling"] == NOT_ASKED).any()
    assert "12栋" in set(meta.variable_value_labels["building"].values())
    assert meta.variable_measure["overall"] == "ordinal"


def test_readers_that_know_user_missing_values_take_none_for_a_mark(wave, cast, now, tmp_path):
    frame, _meta = read_sav(wave, cast.manager, now, tmp_path)
    assert frame["facility_lift"].max() == 5 and frame["facility_lift"].isna().any()


def test_in_english_the_labels_are_english(wave, cast, now, tmp_path):
    with translation.override("en"):
        _frame, meta = read_sav(wave, cast.manager, now, tmp_path)
    assert meta.column_names_to_labels["overall"].startswith("Overall, how satisfied")
    assert meta.variable_value_labels["facility_lift"][NONE] == "No contact"


def test_the_csv_holds_marks_as_numbers_and_nothing_that_identifies(wave, cast, now):
    text = content(wave, "csv", cast.manager, now).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == Answer.objects.filter(wave=wave).count()
    assert {row["overall"] for row in rows} <= {"1", "2", "3", "4", "5", "hidden"}
    assert {row["mode"] for row in rows} == {"网上"} and "no-contact" in {row["facility_lift"] for row in rows}
    for answer in Answer.objects.filter(wave=wave):
        assert str(answer.pk) not in text
    assert "路灯" not in text and cast.home.number not in text and "open_improve" not in rows[0]


def test_everybody_is_alike_with_at_least_four_others_in_all_that_is_a_fact(wave):
    found = shown(wave)
    facts = [v.name for v in found.variables if not v.is_mark and v.kind != "weight"]
    sizes = Counter(zip(*(found.columns[name] for name in facts), strict=True))
    assert min(sizes.values()) >= 5 and len(sizes) > 3


def test_no_mark_stands_where_fewer_than_five_alike_gave_one(wave):
    found = shown(wave)
    for variable in found.variables:
        if variable.is_mark:
            assert all(size >= 5 for size in marks_given(found.columns[variable.name], found.kinds).values()), variable.name


def test_whose_gate_is_hidden_his_answers_behind_it_are_hidden(wave):
    found = shown(wave)
    gate, behind = found.columns["repair_made"], found.columns["repair_home"]
    assert all(value == HIDDEN for opened, value in zip(gate, behind, strict=True) if opened == HIDDEN)


def test_a_linked_wave_is_coarsened_too_and_holds_no_home(cast, now):
    linked = closed(cast.community, now, mode="linked")
    found = shown(linked)
    assert min(Counter(zip(found.columns["building"], found.columns["home_tenure"], strict=True)).values()) >= 5
    assert "home" not in found.columns and not any("房号" in v.label for v in found.variables)


def test_weights_add_up_to_the_homes(wave):
    assert sum(shown(wave).columns["weight"]) == pytest.approx(wave.homes, abs=0.01)


def test_hiding_takes_the_next_smallest_until_enough_share_the_blank():
    column = [1] * 20 + [2] * 6 + [3] * 2
    assert Counter(coarsened(column, [0] * 28, 5)) == {1: 20, HIDDEN: 8}
    assert Counter(coarsened([1] * 4 + [2] * 3, [0] * 7, 5)) == {HIDDEN: 7}
    assert coarsened([1] * 6, [0] * 6, 10) == [1] * 6


def test_the_codebook_describes_every_column(wave, cast, now):
    book = json.loads(content(wave, "json", cast.auditor, now))
    by_name = {each["name"]: each for each in book["variables"]}
    header = next(csv.reader(io.StringIO(content(wave, "csv", cast.auditor, now).decode("utf-8-sig"))))
    assert list(by_name) == header
    assert by_name["repair_home"]["gate"] == {"question": "repair.made", "values": ["yes"]}
    assert by_name["overall"]["text_en"] and by_name["overall"]["values"]["1"] == "很不满意"
    assert book["missing"]["97"] == {"csv": "no-contact", "label": "没接触过"}
    assert book["wave"]["answered"] == Answer.objects.filter(wave=wave).count()


def test_before_closing_and_under_five_answers_there_is_no_file(cast, now):
    running = open_wave(cast.community, now)
    for form in ("csv", "sav", "json"):
        with pytest.raises(Conflict, match="还没有结束"):
            actions.export_wave(wave=running, form=form, by=cast.manager, now=now)
    actions.close_wave(wave=running, by=None, now=now)
    KeptResult.objects.all().delete()
    with pytest.raises(Conflict, match="还在统计"):
        actions.export_wave(wave=running, form="csv", by=cast.manager, now=now)
    actions.keep_result(wave=running, now=now)
    with pytest.raises(Conflict, match="少于 5 份"):
        actions.export_wave(wave=running, form="csv", by=cast.manager, now=now)
    assert not AuditEntry.objects.filter(action="surveys.export_wave").exists()


def test_an_export_is_written_down_and_not_for_everybody(wave, cast, now):
    content(wave, "sav", cast.auditor, now)
    entry = AuditEntry.objects.get(action="surveys.export_wave")
    assert (entry.actor_id, entry.subject_id, entry.data["format"]) == (cast.auditor.pk, wave.pk, "sav")
    for name in ("frontdesk", "handler", "administrator", "outsider", "owner"):
        with pytest.raises(Forbidden):
            actions.export_wave(wave=wave, form="csv", by=cast.people[name], now=now)


def test_the_page_offers_the_files_and_hands_them_out(wave, cast):
    client = Client()
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")
    page = client.get(reverse("surveys:wave", args=[wave.pk])).content.decode()
    url = reverse("surveys:export", args=[wave.pk])
    assert f"{url}?format=sav" in page
    answer = client.get(url, {"format": "csv"})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store" or "no-store" in answer["Cache-Control"]
    assert client.get(url, {"format": "doc"}).status_code == 404


@pytest.mark.parametrize("mode", ["anonymous", "linked"])
@pytest.mark.parametrize("seed", range(6))
def test_neither_the_file_nor_the_tables_less_the_file_tell_about_fewer_than_five(cast, now, mode, seed):
    rng = random.Random(seed)
    sizes = [rng.choice([6, 9, 12, 15, 25]) for _ in range(4)]
    wave = small_wave(cast.community, now, rng, sizes, mode=mode)
    result, found = result_of(wave), shown(wave)
    for variable in found.variables:
        # Of a small wave nothing behind a gate may be left.
        if variable.is_mark and any(value is not None for value in found.wave.columns[variable.key]):
            told_by_tables, told_by_both, groups = told_rows(wave, result, found, variable)
            secret = groups[~exposed(told_by_tables, groups)] if len(groups) else groups
            assert not len(secret) or not exposed(told_by_both, secret).any(), (variable.name, mode, seed)


def small_wave(community, now, rng, sizes, **changes) -> Wave:
    homes = [home for number, size in enumerate(sizes) for home in add_homes(community, 1, size, first=20 + number)]
    for home in homes:
        home.tenure = rng.choice(["owner", "owner", "let"])
        home.save(update_fields=["tenure"])
    wave = open_wave(community, now, **changes)
    rows = [(home, marks(wave.version, rng)) for home in homes if rng.random() < 0.8]
    closed_with(wave, now, rows)
    actions.keep_result(wave=wave, now=now)
    return wave


def told_rows(wave, result, found, variable):
    """Over the answers that hold a mark: what the tables show, the same with the file, and every group of fewer than five."""
    closed = found.wave
    there = [at for at, value in enumerate(closed.columns[variable.key]) if value is not None]
    weight = np.array([closed.population[s] / closed.strata.count(s) for s in closed.strata])[there]

    def row(wanted) -> np.ndarray:
        return np.array([float(wanted(at)) for at in there])

    factors = {"building": closed.strata, "grade": closed.grades, "tenure": closed.tenures, "community": closed.communities}
    tables = [] if result.by_key[variable.key].estimate.hidden else [row(lambda at: True)]
    plain = list(tables)
    for table in result.tables:
        column = factors[table.by]
        for level in table.levels:
            cell = table.cell(level.value, variable.key)
            group = row(lambda at, c=column, v=level.value: c[at] == v)
            tables += [group] if cell is not None else []
            plain += [group] if cell is not None and cell.distribution is not None else []
    tables = [each * weight for each in tables] + plain
    column = found.columns[variable.name]
    seen = {found.kinds[at] for at in there if column[at] != HIDDEN}
    file = [row(lambda at, k=kind: found.kinds[at] == k) for kind in seen]
    pairs = list(zip(closed.strata, closed.tenures, found.kinds, strict=True))
    groups = [row(lambda at, s=s: closed.strata[at] == s) for s in set(closed.strata)]
    groups += [row(lambda at, p=p: pairs[at][:2] == p) for p in {pair[:2] for pair in pairs}]
    groups += [row(lambda at, p=p: pairs[at] == p) for p in set(pairs)]
    few = np.array([group for group in groups if 0 < group.sum() < 5]).reshape(-1, len(there))
    empty = np.zeros((1, len(there)))
    return np.array(tables or empty), np.array([*tables, *file] or empty), few
