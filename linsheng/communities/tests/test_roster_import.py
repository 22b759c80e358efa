"""Importing a roster: what is created, updated, left alone, and never half-written."""

import json
import stat
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from linsheng.accounts.models import User
from linsheng.audit.models import AuditEntry
from linsheng.communities import actions
from linsheng.communities.actions import rosters
from linsheng.communities.models import Building, Home, Residency, Resident, RosterImport
from linsheng.communities.roster import storage
from linsheng.communities.roster.writing import check_roster, import_roster
from linsheng.communities.tests.rosters import csv_file, large, row, xlsx
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast, now, tmp_path):
    """Import rows into the cast's community."""

    def go(*rows, by=None, **options):
        return import_roster(path=xlsx(tmp_path / "r.xlsx", rows), community=cast.community, by=by, now=now, **options)

    return go


def test_new_buildings_homes_people_and_residencies(cast, run):
    report = run(row("9-1-101", 楼栋="9栋"), row("9-1-102", 楼栋="9栋", 姓名="", 手机号=""))
    assert (report.rows, report.homes_created, report.residents_created, report.buildings_created) == (2, 2, 1, 1)
    assert report.written
    residency = Residency.objects.get(home__number="9-1-101")
    assert (residency.home.building.name, residency.kind, residency.since) == ("9栋", "owner", date(2020, 5, 1))
    assert (residency.resident.name, residency.resident.phone) == ("王芳", "10000001301")
    assert residency.resident.organisation == cast.organisation


def test_the_same_file_again_changes_nothing(run):
    rows = [row("9-1-101"), row("9-1-102", 姓名="李强", 手机号="")]
    run(*rows)
    again = run(*rows)
    counts = (again.homes_created, again.homes_updated, again.residents_created, again.residents_updated)
    assert counts == (0, 0, 0, 0)
    assert Residency.objects.filter(home__number__startswith="9-1").count() == 2


def test_a_home_is_found_by_its_number_and_updated(cast, run):
    report = run(row("3-2-1201", 楼栋="3栋", 楼层="12", 面积="101.5", 居住状态="出租", 姓名="", 手机号=""))
    assert (report.homes_created, report.homes_updated) == (0, 1)
    cast.home.refresh_from_db()
    assert (str(cast.home.area), cast.home.tenure) == ("101.50", "let")


def test_what_the_file_leaves_empty_stays(cast, run):
    run(row("3-2-1201", 楼层="", 面积="", 居住状态="", 姓名="业主甲", 手机号="10000000001", 身份="", 入住日期=""))
    cast.home.refresh_from_db()
    assert cast.home.floor == 12
    resident = cast.residents["owner"]
    resident.refresh_from_db()
    assert resident.email == "owner@example.com"
    assert Residency.objects.get(resident=resident).kind == "owner"


def test_a_person_is_found_by_number_and_a_changed_name_is_pointed_out(cast, run):
    report = run(row("3-2-1201", 楼层="12", 姓名="业主甲（改）", 手机号="10000000001"))
    assert (report.residents_created, report.residents_updated) == (0, 1)
    cast.residents["owner"].refresh_from_db()
    assert cast.residents["owner"].name == "业主甲（改）"
    assert cast.residents["owner"].user == cast.owner
    assert "业主甲 → 业主甲（改）" in report.notes[0].message


def test_a_person_without_a_number_is_found_by_name_in_the_home(run):
    run(row("9-1-101", 姓名="李强", 手机号=""))
    report = run(row("9-1-101", 姓名="李强", 手机号="10000001309", 身份="家属"))
    assert (report.residents_created, report.residents_updated) == (0, 1)
    residency = Residency.objects.get(home__number="9-1-101")
    assert (residency.resident.phone, residency.kind) == ("10000001309", "family")


def test_a_new_number_lets_go_of_the_old_ones_account(cast, run):
    report = run(row("3-2-1201", 楼层="12", 姓名="业主甲", 手机号="10000001310"))
    cast.residents["owner"].refresh_from_db()
    assert (cast.residents["owner"].phone, cast.residents["owner"].user) == ("10000001310", None)
    assert "新号码" in report.notes[0].message


def test_the_same_name_in_another_home_is_another_person(run):
    run(row("9-1-101", 姓名="李强", 手机号=""))
    assert run(row("9-1-102", 姓名="李强", 手机号="")).residents_created == 1


def test_people_of_listed_homes_who_are_not_in_the_file_are_reported_and_kept(cast, run):
    report = run(row("3-2-1201", 楼层="12"))
    assert report.absent == ["3-2-1201 业主甲"]
    assert Residency.objects.filter(resident=cast.residents["owner"], until=None).exists()
    assert report.homes_absent == 1


def test_a_file_without_names_reports_nobody_absent(cast, now, tmp_path):
    path = xlsx(tmp_path / "r.xlsx", [["3栋", "3-2-1201"]], ["楼栋", "房号"])
    assert check_roster(path, cast.community, today=date(2026, 11, 23)).absent == []


def test_another_companys_person_of_the_same_number_is_another_record(cast, run):
    run(row("9-1-101", 姓名="外区业主", 手机号="10000000009"))
    assert Resident.objects.filter(phone="10000000009").count() == 2
    assert cast.residents["stranger"].residencies.count() == 1


def test_another_communitys_home_of_the_same_number_is_another_home(cast, run):
    Home.objects.create(
        community=cast.other_community,
        building=Building.objects.create(community=cast.other_community, name="9栋"),
        number="9-1-101",
    )
    assert run(row("9-1-101", 楼栋="9栋")).homes_created == 1


def test_a_retired_home_in_the_file_comes_back(cast, run, now):
    Home.objects.filter(pk=cast.home.pk).update(retired_at=now)
    assert run(row("3-2-1201", 楼层="12", 姓名="业主甲", 手机号="10000000001")).homes_updated == 1
    cast.home.refresh_from_db()
    assert cast.home.retired_at is None


def test_a_bad_row_keeps_everything_out(run):
    report = run(row("9-1-101"), row("9-1-102", 手机号="12345"))
    assert not report.written
    assert [(error.row, error.column) for error in report.errors] == [(3, "手机号")]
    assert not Home.objects.filter(number__startswith="9-1").exists()
    assert not AuditEntry.objects.filter(action="roster.import").exists()


def test_bad_rows_can_expressly_be_left_out(run):
    report = run(row("9-1-101"), row("9-1-102", 手机号="12345"), skip_bad=True)
    assert report.written
    assert list(Home.objects.filter(number__startswith="9-1").values_list("number", flat=True)) == ["9-1-101"]


def test_a_failure_while_writing_leaves_nothing(cast, run, monkeypatch):
    def fail(*args, **options):
        raise RuntimeError("disk full")

    monkeypatch.setattr(Residency.objects.__class__, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        run(row("9-1-101", 楼栋="9栋"))
    assert not Building.objects.filter(name="9栋").exists()
    assert not Resident.objects.filter(phone="10000001301").exists()


def test_the_import_is_one_audit_entry_without_names(cast, run):
    run(row("9-1-101"), by=cast.frontdesk)
    entry = AuditEntry.objects.get(action="roster.import")
    assert (entry.actor, entry.community_id, entry.data["homes_created"]) == (cast.frontdesk, cast.community.pk, 1)
    assert "王芳" not in json.dumps(entry.data, ensure_ascii=False)


@pytest.mark.parametrize("person", ["handler", "auditor", "outsider", "owner"])
def test_who_may_not_edit_the_roster_may_not_import(cast, run, person):
    with pytest.raises(Forbidden):
        run(row("9-1-101"), by=getattr(cast, person))


def test_a_check_writes_nothing(cast, tmp_path, django_assert_max_num_queries):
    path = xlsx(tmp_path / "r.xlsx", [row(f"9-1-{n}", 手机号="", 姓名=f"住户{n}") for n in range(50)])
    with django_assert_max_num_queries(5):
        report = check_roster(path, cast.community, today=date(2026, 11, 23))
    assert (report.homes_created, report.written) == (50, False)
    assert not Home.objects.filter(number__startswith="9-1").exists()


@pytest.mark.slow
def test_ten_thousand_homes_with_one_percent_bad_rows(cast, now, tmp_path):
    rows = large(10_000)
    bad = set(range(0, len(rows), 100))
    for n in bad:
        rows[n][6] = "12345"
    path = xlsx(tmp_path / "r.xlsx", rows)
    before = Home.objects.count()
    report = import_roster(path=path, community=cast.community, by=None, now=now)
    assert {(error.row, error.column) for error in report.errors} == {(n + 2, "手机号") for n in bad}
    assert (report.written, Home.objects.count()) == (False, before)
    good = import_roster(path=xlsx(tmp_path / "g.xlsx", large(10_000)), community=cast.community, by=None, now=now)
    assert (good.homes_created, good.residents_created) == (10_000, 13_334)
    again = import_roster(path=tmp_path / "g.xlsx", community=cast.community, by=None, now=now)
    assert (again.homes_created, again.homes_updated, again.residents_updated) == (0, 0, 0)


# Uploads and the worker's part


@pytest.fixture
def upload(cast, now, tmp_path):
    """Upload rows as the front desk."""

    def go(*rows, name="名册.xlsx", by=None):
        content = xlsx(tmp_path / "u.xlsx", rows).read_bytes()
        file = SimpleUploadedFile(name, content)
        return actions.upload_roster(community=cast.community, file=file, by=by or cast.frontdesk, now=now)

    return go


def checked(upload, now):
    rosters.run_check(upload=RosterImport.objects.get(pk=upload.pk), now=now, progress=lambda done: None)
    return RosterImport.objects.get(pk=upload.pk)


def written(upload, cast, now):
    rosters.run_import(upload=RosterImport.objects.get(pk=upload.pk), by=cast.frontdesk, now=now, progress=lambda done: None)
    return RosterImport.objects.get(pk=upload.pk)


def test_an_upload_is_kept_privately_and_checked_by_a_job(cast, upload):
    made = upload(row("9-1-101"))
    path = storage.path_of(made.stored)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "名册" not in made.stored
    job = Job.objects.get(pk=made.job_id)
    assert (job.kind, job.payload, job.created_by_id) == (rosters.CHECK, {"import": made.pk}, cast.frontdesk.pk)


def test_check_confirm_write(cast, upload, now):
    made = checked(upload(row("9-1-101")), now)
    assert (made.state, made.report["homes_created"]) == ("checked", 1)
    assert not Home.objects.filter(number="9-1-101").exists()
    actions.confirm_roster(upload=made, skip_bad=False, by=cast.frontdesk, now=now)
    path = storage.path_of(made.stored)
    done = written(made, cast, now)
    assert (done.state, done.stored, done.report["written"]) == ("done", "", True)
    assert Home.objects.filter(number="9-1-101").exists()
    assert not path.exists()


def test_a_job_that_runs_twice_writes_once(cast, upload, now):
    made = checked(upload(row("9-1-101")), now)
    actions.confirm_roster(upload=made, skip_bad=False, by=cast.frontdesk, now=now)
    written(made, cast, now)
    written(made, cast, now)
    assert AuditEntry.objects.filter(action="roster.import").count() == 1


def test_bad_rows_cannot_be_confirmed_by_accident(cast, upload, now):
    made = checked(upload(row("9-1-101"), row("9-1-102", 手机号="1")), now)
    with pytest.raises(Conflict, match="还有错误"):
        actions.confirm_roster(upload=made, skip_bad=False, by=cast.frontdesk, now=now)
    actions.confirm_roster(upload=made, skip_bad=True, by=cast.frontdesk, now=now)
    assert written(made, cast, now).state == "done"


def test_nothing_is_confirmed_twice(cast, upload, now):
    made = checked(upload(row("9-1-101")), now)
    actions.confirm_roster(upload=made, skip_bad=False, by=cast.frontdesk, now=now)
    with pytest.raises(Conflict):
        actions.confirm_roster(upload=made, skip_bad=False, by=cast.frontdesk, now=now)


def test_what_changed_between_check_and_import_is_checked_again(cast, upload, now):
    made = checked(upload(row("9-1-101", 姓名="李强")), now)
    Resident.objects.create(organisation=cast.organisation, name="李强", phone="10000001301")
    actions.confirm_roster(upload=made, skip_bad=False, by=cast.frontdesk, now=now)
    written(made, cast, now)
    assert Resident.objects.filter(phone="10000001301").count() == 1


def test_a_file_that_is_no_roster_ends_the_upload_with_a_sentence(cast, now):
    file = SimpleUploadedFile("x.xlsx", b"PK\x03\x04 nonsense")
    made = actions.upload_roster(community=cast.community, file=file, by=cast.frontdesk, now=now)
    with pytest.raises(Invalid, match="不能作为电子表格读取"):
        checked(made, now)
    assert RosterImport.objects.get().state == "failed"


@pytest.mark.parametrize("name", ["x.xls", "x.pdf", "x.xlsx.exe", "x"])
def test_other_kinds_of_files_are_refused_and_not_kept(cast, upload, name):
    with pytest.raises(Invalid) as caught:
        upload(row("9-1-101"), name=name)
    assert "file" in caught.value.fields
    assert list(storage.folder().iterdir()) == []


def test_too_large_files_are_refused(upload, monkeypatch):
    monkeypatch.setattr(storage, "MOST_BYTES", 10)
    with pytest.raises(Invalid, match="MB"):
        upload(row("9-1-101"))


def test_a_refused_upload_leaves_no_file(cast, upload):
    with pytest.raises(Forbidden):
        upload(row("9-1-101"), by=cast.handler)
    assert list(storage.folder().iterdir()) == []


def test_giving_up_removes_the_file(cast, upload, now, django_capture_on_commit_callbacks):
    made = checked(upload(row("9-1-101")), now)
    path = storage.path_of(made.stored)
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_roster(upload=made, by=cast.frontdesk, now=now)
    assert not path.exists()
    assert RosterImport.objects.get().state == "discarded"


def test_what_nobody_confirms_is_forgotten_after_a_day(cast, upload, now, django_capture_on_commit_callbacks):
    made = upload(row("9-1-101"))
    with django_capture_on_commit_callbacks(execute=True):
        rosters.forget_uploads(now=now + timedelta(hours=23))
        assert storage.path_of(made.stored).exists()
        assert rosters.forget_uploads(now=now + timedelta(hours=25)) == 1
    assert not storage.path_of(made.stored).exists()


# The command


def command(path, *extra):
    out = StringIO()
    code = 0
    try:
        call_command("import_roster", str(path), "--community", "CH", *extra, stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue()


def test_the_command_reports_as_json(cast, tmp_path):
    path = csv_file(tmp_path / "r.csv", [row("9-1-101"), row("9-1-102", 姓名="李强", 手机号="")], "gb18030")
    code, text = command(path, "--json")
    report = json.loads(text)
    assert code == 0
    wanted = {
        "rows": 2,
        "homes_created": 2,
        "homes_updated": 0,
        "residents_created": 2,
        "residents_updated": 0,
        "errors": [],
        "written": True,
    }
    assert wanted.items() <= report.items()


def test_the_command_fails_with_errors_and_writes_nothing(cast, tmp_path):
    path = xlsx(tmp_path / "r.xlsx", [row("9-1-101"), row("9-1-102", 手机号="1")])
    code, text = command(path, "--json")
    report = json.loads(text)
    assert (code, report["written"]) == (1, False)
    assert [(e["row"], e["column"]) for e in report["errors"]] == [(3, "手机号")]
    assert set(report["errors"][0]) == {"row", "column", "message"}
    assert not Home.objects.filter(number="9-1-101").exists()


def test_a_dry_run_writes_nothing(cast, tmp_path):
    code, text = command(xlsx(tmp_path / "r.xlsx", [row("9-1-101")]), "--dry-run", "--json")
    assert (code, json.loads(text)["written"]) == (0, False)
    assert not Home.objects.filter(number="9-1-101").exists()


def test_the_command_in_words(cast, tmp_path):
    path = xlsx(tmp_path / "r.xlsx", [row("9-1-101"), row("9-1-102", 手机号="1")])
    code, text = command(path)
    assert code == 1
    assert "row 3, 手机号" in text
    assert "NOTHING written" in text
    code, text = command(path, "--skip-bad")
    assert code == 1
    assert "1 new" in text


def test_unknown_communities_and_files_are_errors(cast, tmp_path):
    with pytest.raises(CommandError, match="no community"):
        call_command("import_roster", "x.xlsx", "--community", "XX")
    with pytest.raises(CommandError, match="no file"):
        call_command("import_roster", "x.xlsx", "--community", "CH")


def test_an_unreadable_file_is_reported_as_json_too(cast, tmp_path):
    (tmp_path / "x.csv").write_text("姓名\n王芳\n", encoding="utf-8")
    code, text = command(tmp_path / "x.csv", "--json")
    assert code == 1
    assert "找不到列" in json.loads(text)["errors"][0]["message"]


def test_accounts_are_never_made_by_an_import(cast, run):
    before = User.objects.count()
    run(row("9-1-101"))
    assert User.objects.count() == before


def test_new_buildings_stand_by_the_number_in_their_name(cast, run):
    run(*[row(f"{n}-101", 楼栋=f"{n}栋", 手机号="", 姓名="") for n in (12, 9, 1)], row("东-101", 楼栋="东座", 手机号="", 姓名=""))
    names = [b.name for b in cast.community.buildings.all()]
    assert [name for name in names if name != "东座"] == ["1栋", "3栋", "9栋", "12栋"]
