"""Files as people really save them: nothing but a head, blank lines, other numbers, a wave before with fewer columns."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

HEAD, ROWS = "q,g\n", "q,g\n5,a\n4,b\n3,a\n5,b\n4,a\n3,b\n"


@pytest.fixture
def analysed(tmp_path):
    def analysed(text, spec=None, before=None):
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        spec = {"items": ["q"]} | (spec or {})
        if before is not None:
            (tmp_path / "before.csv").write_text(before, encoding="utf-8")
            spec["compare"] = "before.csv"
        (tmp_path / "s.json").write_text(json.dumps(spec), encoding="utf-8")
        out = StringIO()
        call_command("analyse", str(tmp_path / "a.csv"), "--spec", str(tmp_path / "s.json"), "--json", stdout=out)
        return json.loads(out.getvalue())

    return analysed


@pytest.mark.parametrize("population", [{"a": 10, "b": 20}, 30, None])
@pytest.mark.parametrize("more", [{}, {"by": ["g"], "target": 4.0}, {"margins": {"g": {"a": 10, "b": 20}}}])
def test_a_head_without_rows_is_nobody(analysed, population, more):
    spec = {"strata": "g", "population": population} | more
    found = analysed(HEAD, spec)
    assert (found["response"]["n"], found["items"]["q"]["n"], found["items"]["q"]["mean"]) == (0, 0, None)
    change = analysed(ROWS, spec, before=HEAD)["change"]["q"]
    assert (change["difference"], change["n"], change["n_before"]) == (None, 6, 0)
    assert analysed(HEAD, spec, before=ROWS)["change"]["q"]["verdict"] == "no evidence"


@pytest.mark.parametrize("rest", ["", "\n", "\n\n", "  \n", "\u3000\n\n"])
def test_a_row_of_empty_cells_is_nobody_whatever_else_the_file_holds(analysed, rest):
    response = analysed("q,g\n1,2\n,\n3,4\n" + rest)["response"]
    assert (response["n"], response["empty"]) == (2, 0)
    assert response["notes"] == ["有 1 行每一格都是空的，不算答卷。"]


def test_lines_without_a_separator_are_skipped_in_silence_and_rows_keep_their_numbers(analysed):
    assert (
        analysed("q,g\n\n1,2\n\n3,4\n\n")["response"] | {"n": 2, "empty": 0, "notes": []} == analysed("q,g\n1,2\n3,4\n")["response"]
    )
    assert analysed("q\n1\n\n3\n")["response"]["n"] == 2
    with pytest.raises(CommandError, match="第 5 行"):
        analysed("q,g\n,\n\n1,2\n9,4\n")


def test_who_sent_in_a_blank_form_is_a_respondent(analysed):
    response = analysed("q,g\n1,a\n,b\n")["response"]
    assert (response["n"], response["empty"], response["notes"]) == (2, 1, [])


@pytest.mark.parametrize("text", ["1_0", "1e0", "nan", "inf", "0x3", "+-3", "3.", "٣"])
def test_numbers_are_digits_with_a_sign_and_a_point_only(analysed, text):
    if text == "3.":
        assert analysed(f"q,g\n{text},a\n")["items"]["q"]["mean"] == 3
        return
    with pytest.raises(CommandError, match="第 2 行，列“q”"):
        analysed(f"q,g\n{text},a\n", {"scale": [0, 10]})


@pytest.mark.parametrize("text", ["3", "+3", "3.0", " 3 ", "３"])
def test_a_three_is_a_three(analysed, text):
    assert analysed(f"q,g\n{text},a\n", {"scale": [-5, 5]})["items"]["q"]["mean"] == 3


def test_the_wave_before_needs_no_columns_that_a_change_does_not_use(analysed):
    spec = {"by": ["g"], "margins": {"g": {"a": 10, "b": 20}}}
    change = analysed(ROWS, spec, before="q\n2\n3\n4\n2\n3\n4\n")["change"]["q"]
    assert (change["difference"], change["n_before"]) == (pytest.approx(1.0), 6)
    with pytest.raises(CommandError, match=r"before\.csv 没有“g”这一列"):
        analysed(ROWS, {"strata": "g"}, before="q\n2\n3\n4\n2\n3\n4\n")


def test_it_is_said_when_the_wave_before_is_meant(analysed):
    with pytest.raises(CommandError, match="（compare）：7 份答卷多于 population 的 6 户"):
        analysed(ROWS, {"population": 6}, before=ROWS + "4,a\n")
    with pytest.raises(CommandError, match="（compare）：“a”有 4 份答卷"):
        analysed(ROWS, {"strata": "g", "population": {"a": 3, "b": 3}}, before="q,g\n2,a\n3,a\n4,a\n4,a\n")
    with pytest.raises(CommandError, match=r"^7 份答卷多于 population 的 6 户"):
        analysed(ROWS + "4,a\n", {"population": 6}, before=ROWS)
    assert "compare" in analysed(ROWS, before="q,g\n2,a\n,\n4,a\n")["response"]["notes"][0]
