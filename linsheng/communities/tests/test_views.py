"""The pages: what they show, that they are scoped, counted and recorded."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linsheng.accounts.models import User
from linsheng.audit.models import AuditEntry
from linsheng.communities import panels
from linsheng.communities.models import Building, Community, Home, Residency, Resident, RosterImport
from linsheng.communities.roster.writing import import_roster
from linsheng.communities.tests.rosters import row, xlsx
from linsheng.core import clock
from linsheng.jobs.models import Job
from linsheng.jobs.worker import Worker

pytestmark = pytest.mark.django_db


def work(now=None):
    """Let the worker do everything that is due."""
    import threading

    Worker("test", clock=clock.now, stop=threading.Event()).run_until_idle()


def text(response) -> str:
    return response.content.decode()


# Homes


def test_the_list_shows_homes_with_who_lives_there_and_is_recorded_once(enter, cast):
    client = enter("frontdesk")
    page = text(client.get("/homes/"))
    assert "3-2-1201" in page
    assert "业主甲" in page
    entry = AuditEntry.objects.get(action="personal_data.read")
    assert entry.data["count"] == 2
    assert (entry.actor, entry.community_id) == (cast.frontdesk, cast.community.pk)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=甲", ["3-2-1201"]),
        ("q=1202", ["3-2-1202"]),
        ("tenure=let", []),
        ("tenure=nonsense", ["3-2-1201", "3-2-1202"]),
        ("page=99", ["3-2-1201", "3-2-1202"]),
    ],
)
def test_the_list_is_filtered_and_bears_nonsense(enter, cast, query, shown):
    response = enter("frontdesk").get(f"/homes/?{query}")
    assert [home.number for home in response.context["page"]] == shown


def test_the_list_has_a_fixed_number_of_queries(enter, cast, django_assert_max_num_queries):
    client = enter("frontdesk")
    for n in range(60):
        home = Home.objects.create(community=cast.community, building=cast.building, number=f"3-9-{n:03d}")
        Residency.objects.create(home=home, resident=Resident.objects.create(organisation=cast.organisation, name=f"住户{n}"))
    client.get("/homes/")
    with django_assert_max_num_queries(26):
        assert client.get("/homes/").status_code == 200


def test_a_home_shows_people_history_and_the_panels_of_other_apps(enter, cast, monkeypatch, now):
    monkeypatch.setattr(panels, "_makers", [lambda home, user, at: panels.HomePanel("communities/_my_data_link.html")])
    client = enter("frontdesk")
    client.post(f"/residencies/{Residency.objects.get(home=cast.home).pk}/end/", {})
    page = text(client.get(f"/homes/{cast.home.pk}/"))
    assert "以前的住户" in page
    assert "打开我的数据" in page
    assert AuditEntry.objects.filter(action="personal_data.read", data__what="home", data__home=cast.home.pk).exists()


def test_new_changed_retired_restored(enter, cast):
    client = enter("frontdesk")
    data = {"building": cast.building.pk, "number": "3-9-901", "tenure": "owner", "floor": "9", "area": "88.5"}
    response = client.post("/homes/new/", data)
    home = Home.objects.get(number="3-9-901")
    assert response.headers["Location"] == f"/homes/{home.pk}/"
    assert client.post("/homes/new/", data).status_code == 422
    client.post(f"/homes/{home.pk}/edit/", {**data, "number": "3-9-902"})
    client.post(f"/homes/{home.pk}/retire/")
    assert Home.objects.filter(number="3-9-902", retired_at__isnull=False).exists()
    assert "已停用" in text(client.get(f"/homes/{home.pk}/"))
    client.post(f"/homes/{home.pk}/restore/")
    assert Home.objects.filter(number="3-9-902", retired_at=None).exists()


def test_a_building_of_another_company_cannot_be_smuggled_in(enter, cast):
    foreign = Building.objects.get(community=cast.foreign_community)
    response = enter("frontdesk").post("/homes/new/", {"building": foreign.pk, "number": "9", "tenure": "owner"})
    assert response.status_code == 422
    assert not Home.objects.filter(number="9").exists()


def test_people_move_in_and_out_by_the_pages(enter, cast):
    client = enter("frontdesk")
    address = f"/homes/{cast.home.pk}/people/new/"
    assert client.post(address, {"name": "新人", "phone": "123", "kind": "tenant"}).status_code == 422
    client.post(address, {"name": "新人", "phone": "10000000031", "kind": "tenant", "since": "2026-11-01"})
    residency = Residency.objects.get(resident__phone="10000000031")
    client.post(f"/residencies/{residency.pk}/edit/", {"kind": "family", "since": "2026-11-02"})
    client.post(f"/residents/{residency.resident_id}/", {"name": "新人改", "phone": "10000000031", "email": ""})
    assert client.post(f"/residencies/{residency.pk}/end/", {"until": "2026-01-01"}).status_code == 422
    client.post(f"/residencies/{residency.pk}/end/", {"until": "2026-12-01"})
    residency.refresh_from_db()
    assert (residency.kind, residency.resident.name, str(residency.until)) == ("family", "新人改", "2026-12-01")


def test_extra_fields_of_a_form_are_not_written(enter, cast):
    resident = cast.residents["owner"]
    data = {
        "name": "业主甲",
        "phone": "10000000001",
        "email": "",
        "organisation": cast.foreign_organisation.pk,
        "user": cast.manager.pk,
    }
    enter("frontdesk").post(f"/residents/{resident.pk}/", data)
    resident.refresh_from_db()
    assert (resident.organisation, resident.user) == (cast.organisation, cast.owner)


# The other company


def foreign_addresses(cast):
    home = Home.objects.get(community=cast.foreign_community)
    residency = Residency.objects.get(home=home)
    upload = RosterImport.objects.create(
        community=cast.foreign_community, created_by=cast.outsider, created_at=clock.now(), file_name="x", state="checked"
    )
    post = cast.outsider.posts.get()
    gets = [
        f"/homes/{home.pk}/",
        f"/homes/{home.pk}/edit/",
        f"/homes/{home.pk}/people/new/",
        f"/residencies/{residency.pk}/edit/",
        f"/residencies/{residency.pk}/end/",
        f"/residents/{cast.residents['stranger'].pk}/",
        f"/communities/{cast.foreign_community.code}/edit/",
        f"/communities/{cast.foreign_community.code}/buildings/new/",
        f"/buildings/{home.building_id}/",
        f"/roster/{upload.pk}/",
        f"/roster/{upload.pk}/errors/",
        f"/staff/{cast.outsider.pk}/",
    ]
    posts = [
        f"/homes/{home.pk}/edit/",
        f"/homes/{home.pk}/retire/",
        f"/homes/{home.pk}/letter/",
        f"/homes/{home.pk}/people/new/",
        f"/residencies/{residency.pk}/end/",
        f"/buildings/{home.building_id}/letters/",
        f"/communities/{cast.foreign_community.code}/retire/",
        f"/roster/{upload.pk}/confirm/",
        f"/roster/{upload.pk}/discard/",
        f"/staff/{cast.outsider.pk}/posts/",
        f"/staff/{cast.outsider.pk}/password/",
        f"/staff/{cast.outsider.pk}/active/",
        f"/posts/{post.pk}/end/",
    ]
    return gets, posts


def test_changing_an_id_leads_to_nothing_of_another_company(enter, cast):
    gets, posts = foreign_addresses(cast)
    client = enter("administrator")
    for address in gets:
        response = client.get(address)
        assert response.status_code == 404, address
        assert "外" not in text(response).replace("以外", ""), address
    for address in posts:
        assert client.post(address, {}).status_code == 404, address
    assert Residency.objects.get(home__community=cast.foreign_community).until is None


# Lists, downloads


def test_the_list_of_residents_masks_numbers(enter, cast):
    page = text(enter("frontdesk").get("/residents/"))
    assert "业主甲" in page
    assert "100****0001" in page
    assert "10000000001" not in page
    assert "外区业主" not in page


@pytest.mark.parametrize(
    ("query", "names"), [("q=乙", ["邻居乙"]), ("kind=tenant", ["邻居乙"]), ("account=no", []), ("q=1201 业主", ["业主甲"])]
)
def test_residents_are_filtered(enter, cast, query, names):
    response = enter("frontdesk").get(f"/residents/?{query}")
    assert [residency.resident.name for residency in response.context["page"]] == names


def test_the_download_is_the_roster_again_and_is_recorded(enter, cast, tmp_path):
    Resident.objects.filter(pk=cast.residents["owner"].pk).update(name="=cmd|'/C calc'!A0")
    response = enter("manager").get("/residents/export/?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert rows[0][:2] == ["楼栋", "房号"]
    assert rows[1][5:7] == ["'=cmd|'/C calc'!A0", "10000000001"]
    entry = AuditEntry.objects.get(action="personal_data.export")
    assert (entry.actor, entry.data["count"]) == (cast.manager, 2)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_download_can_be_imported_again_and_changes_nothing(enter, cast, tmp_path, language):
    client = enter("manager")
    client.cookies["django_language"] = language
    file = tmp_path / "back.xlsx"
    file.write_bytes(b"".join(client.get("/residents/export/").streaming_content))
    report = import_roster(path=file, community=cast.community, by=None, now=clock.now())
    assert (report.rows, report.errors, report.notes) == (2, [], [])
    assert (report.homes_created, report.homes_updated, report.residents_created, report.residents_updated) == (0, 0, 0, 0)


def test_csv_comes_with_its_mark(enter, cast):
    content = b"".join(enter("manager").get("/residents/export/?format=csv").streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert "外区业主" not in content.decode("utf-8-sig")


def test_a_right_to_export_here_and_to_see_there_makes_no_right_to_export_there(enter, cast, now):
    from linsheng.communities.models import Post

    home = Home.objects.create(
        community=cast.other_community, building=Building.objects.create(community=cast.other_community, name="1栋"), number="1-1"
    )
    secret = Resident.objects.create(organisation=cast.organisation, name="流云住户")
    Residency.objects.create(home=home, resident=secret)
    Post.objects.create(
        user=cast.auditor, organisation=cast.organisation, community=cast.other_community, role="frontdesk", started_at=now
    )
    content = b"".join(enter("auditor").get("/residents/export/?format=csv").streaming_content).decode("utf-8-sig")
    assert "流云住户" not in content
    assert "业主甲" not in content


def test_the_chosen_community_narrows_the_lists(enter, cast):
    client = enter("director")
    Home.objects.create(
        community=cast.other_community, building=Building.objects.create(community=cast.other_community, name="1栋"), number="LY-1"
    )
    assert "LY-1" in text(client.get("/homes/"))
    session = client.session
    session["community"] = "CH"
    session.save()
    assert "LY-1" not in text(client.get("/homes/"))


# Places


def test_communities_and_buildings_are_kept_by_the_pages(enter, cast):
    client = enter("administrator")
    data = {"organisation": cast.organisation.pk, "code": "xh", "name": "新湖", "grade": "premium", "address": "", "phone": ""}
    assert client.post("/communities/new/", {**data, "organisation": cast.foreign_organisation.pk}).status_code == 422
    client.post("/communities/new/", data)
    assert Community.objects.get(code="XH").organisation == cast.organisation
    client.post("/communities/XH/edit/", {**data, "name": "新湖苑"})
    client.post("/communities/XH/buildings/new/", {"name": "1栋"})
    building = Building.objects.get(community__code="XH")
    client.post(f"/buildings/{building.pk}/", {"name": "A 座", "order": "5"})
    page = text(client.get("/communities/"))
    assert "新湖苑" in page
    assert "A 座" in page
    client.post("/communities/XH/retire/")
    client.post("/communities/XH/restore/")
    assert Community.objects.get(code="XH").retired_at is None


# Staff


def test_staff_are_hired_posted_and_switched_off_by_the_pages(enter, cast):
    client = enter("administrator")
    place = f"community-{cast.community.pk}"
    data = {"name": "新员工", "username": "newbie", "email": "", "role": "handler", "place": place, "team": "", "title": ""}
    assert client.post("/staff/new/", {**data, "place": f"community-{cast.foreign_community.pk}"}).status_code == 422
    response = client.post("/staff/new/", data)
    password = response.context["password"]
    assert password in text(response)
    assert response.headers["Cache-Control"].find("no-store") >= 0
    user = User.objects.get(username="newbie")
    assert user.check_password(password)
    address = f"/staff/{user.pk}/"
    assert password not in text(client.get(address))
    client.post(f"{address}posts/", {"role": "supervisor", "place": f"company-{cast.organisation.pk}", "team": "", "title": ""})
    assert user.posts.filter(community=None, role="supervisor").exists()
    assert client.post(f"{address}posts/", {"role": "supervisor", "place": f"company-{cast.organisation.pk}"}).status_code == 422
    client.post(address, {"name": "改名", "email": "a@example.com"})
    client.post(f"/posts/{user.posts.first().pk}/end/")
    client.post(f"{address}active/", {"active": "0"})
    user.refresh_from_db()
    assert (user.name, user.is_active, user.posts.filter(ended_at=None).count()) == ("改名", False, 1)
    assert "停用" in text(client.get("/staff/?q=newb"))


def test_the_list_of_staff_has_a_fixed_number_of_queries(enter, cast, django_assert_max_num_queries):
    client = enter("administrator")
    client.get("/staff/")
    with django_assert_max_num_queries(14):
        page = text(client.get("/staff/"))
    assert "外人" not in page


# Rosters


def test_upload_check_confirm_by_the_pages(enter, cast, tmp_path):
    client = enter("frontdesk")
    content = xlsx(tmp_path / "u.xlsx", [row("9-1-101"), row("9-1-102", 姓名="李强", 手机号="")]).read_bytes()
    response = client.post("/roster/", {"community": "CH", "file": SimpleUploadedFile("名册.xlsx", content)})
    address = response.headers["Location"]
    assert "正在检查" in text(client.get(address))
    work()
    page = text(client.get(address))
    assert "检查通过，尚未写入" in page
    assert not Home.objects.filter(number="9-1-101").exists()
    client.post(f"{address}confirm/")
    assert "正在写入" in text(client.get(address))
    work()
    page = text(client.get(address))
    assert "导入完成" in page
    assert Home.objects.filter(number__startswith="9-1").count() == 2
    assert Job.objects.filter(kind="communities.import_roster", state="done").exists()
    assert "名册.xlsx" in text(client.get("/roster/"))


def test_errors_are_named_shown_to_two_hundred_and_given_as_a_file(enter, cast, tmp_path):
    client = enter("frontdesk")
    rows = [row(f"9-1-{n:03d}", 姓名=f"住户{n}", 手机号="123") for n in range(250)]
    content = xlsx(tmp_path / "u.xlsx", rows).read_bytes()
    address = client.post("/roster/", {"community": "CH", "file": SimpleUploadedFile("r.xlsx", content)}).headers["Location"]
    work()
    response = client.get(address)
    page = text(response)
    assert len(response.context["errors"]) == 200
    assert "显示 200 条，共 250 条" in page
    assert "有错误，尚未写入任何内容" in page
    assert client.post(f"{address}confirm/").status_code == 409
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"{address}errors/").streaming_content))).active
    assert sheet.max_row == 251
    assert [cell.value for cell in sheet[2]][:2] == [2, "手机号"]
    client.post(f"{address}discard/")
    assert "已放弃" in text(client.get(address))


def test_an_unreadable_upload_says_why(enter, cast):
    client = enter("frontdesk")
    address = client.post("/roster/", {"community": "CH", "file": SimpleUploadedFile("r.csv", "姓名\n王芳\n".encode())}).headers[
        "Location"
    ]
    work()
    assert "找不到列：楼栋、房号" in text(client.get(address))


def test_an_upload_that_is_only_called_xlsx_is_said_to_be_no_spreadsheet(enter, cast):
    client = enter("frontdesk")
    upload = SimpleUploadedFile("名册.XLSX", "只是一封信".encode())
    address = client.post("/roster/", {"community": "CH", "file": upload}).headers["Location"]
    work()
    page = text(client.get(address))
    assert "不能作为电子表格读取" in page and "找不到列" not in page


def test_script_in_a_roster_stays_text(enter, cast, tmp_path):
    client = enter("frontdesk")
    evil = "<script>alert(1)</script>"
    content = xlsx(tmp_path / "u.xlsx", [row("9-1-101", 姓名=evil, 身份=evil)]).read_bytes()
    address = client.post("/roster/", {"community": "CH", "file": SimpleUploadedFile("r.xlsx", content)}).headers["Location"]
    work()
    assert evil not in text(client.get(address))


def test_a_roster_for_anothers_community_is_not_taken(enter, cast, tmp_path):
    content = xlsx(tmp_path / "u.xlsx", [row("9-1-101")]).read_bytes()
    for code in ("WR", "LY"):
        response = enter("frontdesk").post("/roster/", {"community": code, "file": SimpleUploadedFile("r.xlsx", content)})
        assert response.status_code == 422
    assert not RosterImport.objects.exists()


def test_the_template_is_a_workbook(enter, cast):
    response = enter("frontdesk").get("/roster/template/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["楼栋", "房号"]
    assert len(book.worksheets) == 2


# The trail


def test_the_trail_is_shown_filtered_and_exported(enter, cast):
    enter("frontdesk").get("/homes/")
    client = enter("manager")
    page = text(client.get("/audit/"))
    assert "查看个人信息" in page
    assert "客服小林" in page
    assert "没有符合条件" in text(client.get("/audit/?actor=没有这个人"))
    assert "客服小林" in text(client.get("/audit/?action=personal_data.read&since=2020-01-01"))
    assert "没有符合条件" in text(client.get("/audit/?until=2020-01-01"))
    lines = b"".join(client.get("/audit/export/").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("时间,操作人")
    assert "personal_data.read" in lines[1]


def test_the_trail_pages_by_cursor_with_few_queries(enter, cast, django_assert_max_num_queries):
    desk = enter("frontdesk")
    for _n in range(55):
        desk.get(f"/homes/{cast.home.pk}/")
    client = enter("manager")
    client.get("/audit/")
    with django_assert_max_num_queries(10):
        response = client.get("/audit/")
    assert len(response.context["entries"]) == 50
    rest = client.get(f"/audit/?cursor={response.context['page'].next}")
    assert len(rest.context["entries"]) == 5
