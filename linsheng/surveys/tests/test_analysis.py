"""The analysis of a file, checked against R's `survey` written down plainly."""

import csv
import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from scipy import stats

from linsheng.statistics.proportions import wilson_interval
from linsheng.statistics.tests.r_survey import svymean
from linsheng.surveys.analysis import Columns, Factor, Spec, SpecError, analyse, as_json, item_codes, parse_spec, read_columns

HOMES = {"甲": 300, "乙": 500, "丙": 200}
NAMES = list(HOMES)


@pytest.fixture
def people():
    """300 respondents of three strata, 12 buildings and two tenures, with missing answers; building 12栋 has three."""
    rng = np.random.default_rng(11)
    n = 300
    home = rng.choice(3, n, p=[0.3, 0.4, 0.3])
    building = rng.integers(1, 12, n)
    building[:3] = 12
    rows = {
        "id": np.arange(n),
        "stratum": np.array(NAMES)[home],
        "building": np.array([f"{number}栋" for number in building]),
        "tenure": np.array(["业主", "租户"])[(rng.random(n) < 0.3).astype(int)],
    }
    for item in ("overall", "clean", "safe"):
        rows[item] = np.where(rng.random(n) < 0.15, "", rng.choice(5, n, p=[0.05, 0.1, 0.2, 0.35, 0.3]) + 1)
    return rows


def written(path, rows, encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows)
        writer.writerows(zip(*rows.values(), strict=True))
    return path


def analysed(tmp_path, rows, spec, **files):
    data = written(tmp_path / "data.csv", rows)
    for name, more in files.items():
        written(tmp_path / f"{name}.csv", more)
    (tmp_path / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    out = StringIO()
    call_command("analyse", str(data), "--spec", str(tmp_path / "spec.json"), "--json", stdout=out)
    return json.loads(out.getvalue())


def values(rows, item):
    return np.array([np.nan if answer == "" else float(answer) for answer in rows[item]])


def test_a_stratified_file_agrees_with_the_survey_package(tmp_path, people):
    spec = {"id": "id", "items": ["overall", "clean"], "strata": "stratum", "population": HOMES, "by": ["tenure"], "min_group": 5}
    found = analysed(tmp_path, people, spec)
    assert found["response"]["n"] == 300
    assert found["response"]["rate"] == pytest.approx(0.3)
    t = stats.t.ppf(0.975, 297)
    for item in ("overall", "clean"):
        x = values(people, item)
        mean, error = svymean(x, people["stratum"], HOMES)
        cell = found["items"][item]
        assert (cell["mean"], cell["se"]) == pytest.approx((mean, error), rel=1e-10)
        assert (cell["low"], cell["high"]) == pytest.approx((mean - t * error, mean + t * error), rel=1e-10)
        share, _error = svymean(np.where(np.isnan(x), np.nan, x >= 4), people["stratum"], HOMES)
        assert cell["satisfied"]["share"] == pytest.approx(share, rel=1e-10)
        assert cell["satisfied"]["low"] < share < cell["satisfied"]["high"]
        assert cell["index"] == pytest.approx((mean - 1) / 4 * 100)
        assert cell["n"] == sum(cell["distribution"].values()) == int((~np.isnan(x)).sum())
        assert cell["weighted"]["mean"] == pytest.approx(mean)
        inside = people["tenure"] == "租户"
        mean, error = svymean(np.where(inside, x, np.nan), people["stratum"], HOMES)
        group = found["by"]["tenure"]["租户"][item]
        assert (group["mean"], group["se"]) == pytest.approx((mean, error), rel=1e-10)
        # Of a group the interval knows the ends of the scale (test_analysis_few_answers.py); of so many it is as wide as R's.
        reach = stats.t.ppf(0.975, (inside & ~np.isnan(x)).sum() - 3) * error
        assert group["high"] - group["low"] == pytest.approx(2 * reach, rel=0.03)


def test_margins_give_raked_weights_with_linearised_errors(tmp_path, people):
    margins = {"tenure": {"业主": 700, "租户": 300}}
    spec = {"items": ["overall"], "strata": "stratum", "population": HOMES, "margins": margins}
    weighted = analysed(tmp_path, people, spec)["items"]["overall"]["weighted"]
    x, n = values(people, "overall"), {name: (people["stratum"] == name).sum() for name in NAMES}
    design = np.array([HOMES[name] / n[name] for name in people["stratum"]])
    factor = {level: size / design[people["tenure"] == level].sum() for level, size in margins["tenure"].items()}
    weights = design * np.array([factor[level] for level in people["tenure"]])
    mean, error = svymean(x, people["stratum"], HOMES, weights=weights, margins=[people["tenure"]])
    assert (weighted["mean"], weighted["se"]) == pytest.approx((mean, error), rel=1e-9)
    known = weights[~np.isnan(x)]
    assert weighted["n_eff"] == pytest.approx(known.sum() ** 2 / (known**2).sum())


def test_without_strata_and_population_everything_is_plain(tmp_path, people):
    cell = analysed(tmp_path, people, {"items": ["overall"]})["items"]["overall"]
    x = values(people, "overall")
    x = x[~np.isnan(x)]
    plain = wilson_interval(int((x >= 4).sum()), x.size)
    assert cell["mean"] == pytest.approx(x.mean())
    share = cell["satisfied"]
    assert (share["share"], share["low"], share["high"]) == pytest.approx((plain.share, plain.low, plain.high), rel=1e-12)


def test_small_groups_and_their_complement_are_null(tmp_path, people):
    by = analysed(tmp_path, people, {"items": ["overall", "clean"], "by": ["building", "tenure"]})["by"]
    assert next(iter(by["building"])) == "1栋"
    assert list(by["building"])[-1] == "12栋"
    for item in ("overall", "clean"):
        hidden = [level for level, cells in by["building"].items() if cells[item] is None]
        assert "12栋" in hidden
        assert len(hidden) == 2
        assert all(cells[item] is not None for cells in by["tenure"].values())


def test_two_weightings_of_all_do_not_tell_a_few(tmp_path, people):
    """Every home weighs the same but those of 丙: the mean by design less the plain one would be the three who answered there."""
    stratum = np.where(np.arange(300) < 140, "甲", np.where(np.arange(300) < 280, "乙", "丙"))
    lift = np.where((np.arange(300) < 200) | (np.arange(300) >= 297), people["overall"], "")
    lift = np.where((np.arange(300) >= 297) & (lift == ""), "2", lift)
    rows = {**people, "stratum": stratum, "lift": lift}
    spec = {"items": ["overall", "lift"], "strata": "stratum", "population": {"甲": 280, "乙": 280, "丙": 100}}
    found = analysed(tmp_path, rows, spec | {"by": ["tenure"]})
    assert found["items"]["lift"]["mean"] is not None and found["items"]["lift"]["distribution"] is None
    assert all(cell["lift"] is None or cell["lift"]["distribution"] is None for cell in found["by"]["tenure"].values())
    # Where nothing else would be told, and where nobody asked for hiding, it is shown.
    assert sum(found["items"]["overall"]["distribution"].values()) == found["items"]["overall"]["n"]
    assert analysed(tmp_path, rows, spec)["items"]["lift"]["distribution"] is not None


def test_an_item_of_few_answers_shows_only_how_many(tmp_path, people):
    rare = {**people, "rare": np.where(np.arange(300) < 4, "2", "")}
    found = analysed(tmp_path, rare, {"items": ["overall", "rare"], "by": ["tenure"]})
    assert found["items"]["rare"] | {"distribution": None} == found["items"]["rare"]
    assert (found["items"]["rare"]["n"], found["items"]["rare"]["mean"], found["items"]["rare"]["hidden"]) == (4, None, True)
    assert found["by"]["tenure"]["业主"]["rare"] is None
    assert analysed(tmp_path, rare, {"items": ["rare"]})["items"]["rare"]["mean"] == 2


def test_change_is_welch_and_holm_and_paired_where_the_same_people_answered(tmp_path, people):
    rng = np.random.default_rng(5)
    later = {**people, "clean": np.where(people["clean"] == "", "", rng.choice([4, 5], 300))}
    full = {item: np.where(people[item] == "", "3", people[item]) for item in ("overall", "clean")}
    now, before = {**later, **full, "clean": rng.choice([4, 5], 300)}, {**people, **full}
    found = analysed(tmp_path, now, {"items": ["overall", "clean"], "compare": "before.csv"}, before=before)["change"]
    x, y = now["clean"].astype(float), before["clean"].astype(float)
    oracle = stats.ttest_ind(x, y, equal_var=False)
    assert found["clean"]["p"] == pytest.approx(oracle.pvalue, rel=1e-8)
    assert found["clean"]["difference"] == pytest.approx(x.mean() - y.mean())
    assert (found["clean"]["verdict"], found["overall"]["verdict"]) == ("improved", "no evidence")
    assert found["clean"]["p_adjusted"] == pytest.approx(2 * oracle.pvalue, rel=1e-8)
    paired = {"items": ["overall", "clean"], "compare": "before.csv", "paired_on": "id"}
    mixed = {name: column[::-1] for name, column in before.items()}
    change = analysed(tmp_path, now, paired, before=mixed)["change"]["clean"]
    oracle = stats.ttest_rel(x, y)
    assert change["se"] == pytest.approx((x - y).std(ddof=1) / np.sqrt(300))
    assert change["p"] == pytest.approx(oracle.pvalue, rel=1e-8)


def test_low_areas_name_what_is_below_the_target_and_not_by_chance(tmp_path, people):
    rng = np.random.default_rng(6)
    rows = {**people, "clean": rng.choice([1, 2, 3], 300), "safe": rng.choice([3, 4, 5], 300), "overall": np.full(300, 4)}
    low = analysed(tmp_path, rows, {"items": ["overall", "clean", "safe"], "target": 4.0, "by": ["building"]})["low_areas"]
    assert {area["item"] for area in low} == {"clean"}
    assert low[0]["by"] is None
    assert low[0]["p_adjusted"] < 0.001
    assert "clean" in low[0]["words"]
    assert all(area["level"] != "12栋" for area in low)


def test_drivers_are_of_the_other_items_and_leave_gated_ones_out(tmp_path):
    rng = np.random.default_rng(7)
    clean, safe = rng.integers(1, 6, 200), rng.integers(1, 6, 200)
    overall = np.clip(np.round(0.8 * clean + 0.2 * safe + rng.normal(0, 0.3, 200)), 1, 5).astype(int)
    rows = {"overall": overall, "clean": clean, "safe": safe, "repair": np.where(rng.random(200) < 0.2, "3", "")}
    found = analysed(tmp_path, rows, {"items": list(rows), "drivers_of": "overall"})["drivers"]
    assert set(found) == {"clean", "safe", "repair"}
    assert found["repair"] is None
    assert (found["clean"]["rank_low"], found["clean"]["rank_high"]) == (1, 1)
    assert found["clean"]["lmg"] + found["safe"]["lmg"] == pytest.approx(found["clean"]["johnson"] + found["safe"]["johnson"])


def test_the_same_figures_come_from_columns_and_from_a_file(tmp_path, people):
    spec = Spec(items=("overall",), by=("tenure",), population=1000)
    answers = [None if answer == "" else int(answer) for answer in people["overall"]]
    columns = Columns(300, {"overall": item_codes(answers)}, {"tenure": Factor.of(people["tenure"])})
    assert as_json(analyse(columns, spec)) == as_json(analyse(read_columns(written(tmp_path / "a.csv", people), spec), spec))


def test_those_of_unknown_tenure_keep_their_weight():
    tenure = ["业主"] * 20 + ["租户"] * 10 + [None] * 10
    answers = [5] * 20 + [1] * 10 + [3] * 10
    columns = Columns(40, {"q": item_codes(answers)}, {"tenure": Factor.of(tenure)})
    found = analyse(columns, Spec(items=("q",), population=400, margins={"tenure": {"业主": 200, "租户": 200}}))
    assert found.items["q"].weighted.mean == pytest.approx(0.375 * 5 + 0.375 * 1 + 0.25 * 3)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_anybody_breaks_nothing(n):
    spec = Spec(
        items=("q",), by=("g",), population=10, margins={"g": {"a": 5, "b": 5}} if n == 2 else {}, target=4.0, drivers_of="q"
    )
    columns = Columns(n, {"q": item_codes([3, None][:n])}, {"g": Factor.of(["a", "b"][:n])})
    found = as_json(analyse(columns, spec, columns))
    assert found["items"]["q"]["n"] == min(n, 1)
    assert json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_files_of_spreadsheets_are_read(tmp_path, people, encoding):
    found = read_columns(written(tmp_path / "a.csv", people, encoding), Spec(items=("overall",), by=("tenure",)))
    assert found.factors["tenure"].levels == ("业主", "租户")
    assert found.n == 300


@pytest.mark.parametrize(
    ("text", "spec", "words"),
    [
        ("q,g\n5,a\n6,b\n", {}, "第 3 行，列“q”：“6”不是 1 到 5 的整数"),
        ("q,g\n5,a\n\n4.5,b\n", {}, "第 4 行，列“q”"),
        ("q,g\n5,a,1\n", {}, "第 2 行有 3 格，应有 2 格"),
        ("r,g\n5,a\n", {}, "没有“q”这一列"),
        ("q,g\n5,a\n4,\n", {"strata": "g", "population": {"a": 5}}, "第 3 行，列“g”：不能为空"),
        ("q,g\n5,a\n4,c\n", {"strata": "g", "population": {"a": 5}}, "第 3 行，列“g”：“c”在 spec 的 population 中没有户数"),
        ("q,g\n5,a\n4,c\n", {"margins": {"g": {"a": 5}}}, "margins.g"),
        ("q,g\n5,a\n4,a\n", {"id": "g"}, "“a”与第 2 行重复"),
        ("q,g\n5,a\n4,a\n", {"strata": "g", "population": {"a": 1}}, "多于它的 1 户"),
        ("q,g\n5,a\n4,b\n", {"population": 1}, "多于 population 的 1 户"),
    ],
)
def test_what_cannot_be_used_is_named_by_row_and_column(tmp_path, text, spec, words):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (tmp_path / "s.json").write_text(json.dumps({"items": ["q"]} | spec), encoding="utf-8")
    with pytest.raises(CommandError) as error:
        call_command("analyse", str(tmp_path / "a.csv"), "--spec", str(tmp_path / "s.json"))
    assert words in str(error.value)


def test_missing_values_and_other_scales_are_understood(tmp_path):
    (tmp_path / "a.csv").write_text("q\n0\n10\n99\nNA\n8.0\n\n", encoding="utf-8")
    spec = parse_spec({"items": ["q"], "scale": [0, 10], "missing": [99, "NA"]})
    cell = analyse(read_columns(tmp_path / "a.csv", spec), spec).items["q"]
    assert (cell.n, cell.mean, cell.index) == (3, 6, 60)
    assert cell.satisfied.share == pytest.approx(2 / 3)
    assert next(iter(cell.distribution)) == "0"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ([], "JSON"),
        ({}, "items"),
        ({"items": ["a"], "wieghts": 1}, "wieghts"),
        ({"items": ["a", "a"]}, "重复"),
        ({"items": ["a"], "scale": [5, 1]}, "scale"),
        ({"items": ["a"], "confidence": 1}, "confidence"),
        ({"items": ["a"], "drivers_of": "b"}, "drivers_of"),
        ({"items": ["a"], "paired_on": "b"}, "paired_on"),
        ({"items": ["a"], "population": {"x": -1}, "strata": "s"}, "population"),
        ({"items": ["a"], "margins": {"s": 3}}, "margins"),
    ],
)
def test_a_wrong_spec_is_refused_by_its_key(spec, words):
    with pytest.raises(SpecError) as error:
        parse_spec(spec)
    assert words in str(error.value.message)


def test_people_can_read_it_too(tmp_path, people):
    written(tmp_path / "a.csv", people)
    spec = {
        "items": ["overall", "clean"],
        "by": ["building"],
        "population": 1000,
        "target": 4.5,
        "compare": "a.csv",
        "drivers_of": "overall",
    }
    (tmp_path / "s.json").write_text(json.dumps(spec), encoding="utf-8")
    out = StringIO()
    call_command("analyse", str(tmp_path / "a.csv"), "--spec", str(tmp_path / "s.json"), stdout=out)
    assert "回收率 30.0%" in out.getvalue()
    assert "没有变化的证据" in out.getvalue()
    assert "低于目标" in out.getvalue()
