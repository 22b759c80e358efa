"""The `deadlines` command: the contract's words in, the engine's answer out."""

import json

import pytest
from django.core.management import CommandError, call_command


def run(capsys, *arguments, calendar="office", start="2026-02-13T17:30", minutes="60"):
    call_command("deadlines", "--calendar", calendar, "--start", start, "--minutes", minutes, *arguments)
    return capsys.readouterr()


def due(capsys, *arguments, **given):
    return json.loads(run(capsys, "--json", *arguments, **given).out)


def test_office_hours_run_on_a_make_up_saturday(capsys):
    assert due(capsys) == {"due": "2026-02-14T09:00:00+08:00"}


def test_round_the_clock_never_stops(capsys):
    assert due(capsys, calendar="always") == {"due": "2026-02-13T18:30:00+08:00"}


def test_pauses_are_taken_out(capsys):
    pauses = ("--pause", "2026-02-14T08:45", "2026-02-14T09:15", "--pause", "2026-02-13T17:40", "2026-02-13T17:50")
    assert due(capsys, *pauses) == {"due": "2026-02-14T09:40:00+08:00"}


def test_an_offset_is_accepted_and_the_answer_is_in_shanghai(capsys):
    assert due(capsys, start="2026-02-13T09:30:00Z") == {"due": "2026-02-14T09:00:00+08:00"}


def test_seconds_are_kept(capsys):
    assert due(capsys, start="2026-02-13T17:30:30", minutes="1") == {"due": "2026-02-13T17:31:30+08:00"}


def test_there_is_no_deadline_while_paused(capsys):
    assert due(capsys, "--pause", "2026-02-13T17:40", "-") == {"due": None}


def test_without_json_it_is_a_sentence(capsys):
    assert run(capsys).out == "按办公时间从 2026-02-13 17:30:00 起 60 分钟，到期时间是 2026-02-14 09:00:00。\n"


def test_without_json_an_open_pause_is_a_sentence(capsys):
    assert "计时仍在暂停" in run(capsys, "--pause", "2026-02-13T17:40", "-").out


def test_an_unpublished_year_is_noticed_beside_the_answer(capsys):
    printed = run(capsys, "--json", start="2026-12-31T17:30")
    assert json.loads(printed.out) == {"due": "2027-01-01T09:00:00+08:00"}
    assert "2027 年的节假日安排没有收录" in printed.err


def test_published_years_need_no_notice(capsys):
    assert run(capsys, "--json").err == ""


def test_round_the_clock_needs_no_notice(capsys):
    assert run(capsys, "--json", calendar="always", start="2027-01-01T00:00").err == ""


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"calendar": "lunar"}, "没有日历“lunar”"),
        ({"start": "yesterday"}, "看不懂时间“yesterday”"),
        ({"minutes": "-5"}, "“-5”"),
        ({"minutes": "an hour"}, "“an hour”"),
        ({"minutes": "1.5"}, "“1.5”"),
        ({"minutes": "999999999999"}, "超出了可以计算的年份"),
        ({"start": "9999-12-31T23:59:59Z"}, "看不懂时间“9999-12-31T23:59:59Z”"),
        ({"start": "9999-12-31T23:59:59"}, "超出了可以计算的年份"),
    ],
    ids=[
        "calendar",
        "start",
        "negative-minutes",
        "minutes-in-words",
        "part-of-a-minute",
        "too-many-minutes",
        "start-after-all-years",
        "too-late-a-start",
    ],
)
def test_a_wrong_value_is_answered_with_a_sentence(capsys, given, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(capsys, **given)


def test_a_wrong_pause_is_answered_with_a_sentence(capsys):
    with pytest.raises(CommandError, match="看不懂时间“noon”"):
        run(capsys, "--pause", "2026-02-13T17:40", "noon")


def test_a_pause_that_ends_before_it_begins_is_answered_with_a_sentence(capsys):
    with pytest.raises(CommandError, match="暂停不能在开始之前结束"):
        run(capsys, "--pause", "2026-02-13T17:40", "2026-02-13T17:00")
