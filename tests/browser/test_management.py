"""Those who answer for it: the manager's day and month, the director's communities, the auditor's masked view, and the
administrator's rules, people and rosters."""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from linsheng.communities.models import Community, Home
from linsheng.communities.tests.rosters import row, xlsx
from linsheng.feedback.settings import settings_of
from linsheng.standards.models import Promise
from tests.browser.company import until
from tests.browser.steps import a_case, resolved, said, started


def downloaded(page, name):
    """The content of the file behind a link of the menu 导出."""
    link = page.get_by_role("link", name=name)
    if not link.is_visible():
        page.locator("summary", has_text="导出").click()
    with page.expect_download() as waiting:
        link.click()
    return waiting.value.path().read_bytes()


def navigate(page, word):
    page.get_by_role("navigation", name="导航").get_by_role("link", name=word, exact=True).click()


def test_the_managers_day_begins_with_one_sentence_and_its_lists(stage, cast):
    case = resolved(cast, a_case(cast, "晾衣架摇把断了"))
    page = stage.desk("manager", "/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("今日")
    expect(page.locator(".headline")).to_contain_text(re.compile("满意率|没有|件"))
    for title in ("今天要赶的", "今天收到的"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("link", name=re.compile("晾衣架摇把断了")).first.click()
    expect(page).to_have_url(re.compile(f"/cases/{case.pk}/"))


def test_the_month_is_read_on_the_page_and_taken_away_as_xlsx_and_csv(stage, cast):
    resolved(cast, a_case(cast, "楼顶水箱盖没盖好"))
    page = stage.desk("manager", "/")
    navigate(page, "月度报表")
    expect(page.locator(".headline")).to_contain_text("收到")
    expect(page.locator(".stats")).to_contain_text("收到")
    workbook = load_workbook(io.BytesIO(downloaded(page, re.compile("xlsx"))))
    assert workbook.sheetnames
    text = downloaded(page, re.compile("csv")).decode("utf-8-sig")
    assert "收到" in text or "received" in text
    page.get_by_role("link", name="按服务项目").click()
    # Whatever other tables stand before it.
    expect(page.get_by_role("table").filter(has_text="电梯").first).to_be_visible()
    page.get_by_role("link", name="前一个月").click()
    expect(page.locator("main")).to_contain_text(re.compile("还没有反映|收到"))


def test_the_director_sees_all_communities_and_one_of_them(stage, cast):
    a_case(cast, "品质部想看的一件事")
    page = stage.desk("director", "/")
    expect(page.get_by_role("heading", name="各小区本月")).to_be_visible()
    expect(page.locator("#communities")).to_contain_text("流云里")
    page.goto("/cases/")
    page.locator("summary", has_text="全部小区").click()
    page.get_by_role("link", name="流云里").click()
    expect(page.locator("#board")).not_to_contain_text("品质部想看的一件事")
    page.locator("summary", has_text="流云里").click()
    page.get_by_role("link", name="翠湖苑").click()
    page.goto("/cases/?q=品质部想看")
    expect(page.locator("#board")).to_contain_text("品质部想看的一件事")


def test_the_auditor_reads_everything_masked_and_changes_nothing(stage, cast):
    case = started(cast, a_case(cast, "审计抽查的一件事"))
    page = stage.desk("auditor", f"/cases/{case.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("审计抽查")
    content = page.content()
    assert "业主甲" not in content
    assert "10000000001" not in content
    assert page.get_by_role("group", name="现在可以办理").count() == 0
    for action in ("resolve", "assign", "note", "tell"):
        assert page.request.get(f"/cases/{case.pk}/{action}/").status == 403
    for path in ("/calls/new/", "/staff/", "/settings/cases/", "/roster/", "/residents/", "/standards/promises/1/"):
        assert page.request.get(path).status in {403, 404}, path
    page.goto("/")
    expect(page.get_by_role("navigation", name="导航")).not_to_contain_text("人员与岗位")


def test_the_administrator_adds_somebody_who_then_signs_in_with_an_own_password(stage):
    page = stage.desk("administrator", "/staff/")
    page.get_by_role("link", name="新增员工").click()
    page.get_by_label("姓名").fill("新来的小周")
    page.get_by_label("用户名").fill("xiaozhou")
    page.get_by_label("角色").select_option("handler")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_text("密码只显示这一次")).to_be_visible()
    password = page.locator("dl code").nth(1).inner_text()
    first_day(stage.phone("", "/sign-in/"), "xiaozhou", password)


def first_day(page, username, password):
    """Sign in with what was handed over, set a password of one's own, agree, and see the work."""
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("请先设置自己的密码")).to_be_visible()
    page.get_by_label("原密码").fill(password)
    page.get_by_label("新密码", exact=True).fill("我自己的密码-2026")
    page.get_by_label("再输一次新密码").fill("我自己的密码-2026")
    page.get_by_role("button", name="保存新密码").click()
    page.wait_for_load_state()
    if "/consent/" in page.url:
        page.get_by_role("button", name="同意并继续").click()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作台")


def test_a_day_of_the_calendar_is_set_and_taken_back(stage):
    page = stage.desk("administrator", "/standards/calendars/")
    page.get_by_role("link", name="修改时段和特别安排").last.click()
    page.get_by_label("日期").fill("2026-12-31")
    page.get_by_label("说明").fill("盘点")
    page.get_by_role("button", name="设定这一天").click()
    entry = page.locator(".row", has_text="盘点")
    expect(entry).to_contain_text("2026-12-31")
    expect(entry).to_contain_text("休息")
    entry.get_by_role("button", name="取消安排").click()
    confirmed(page)
    expect(page.locator(".row", has_text="盘点")).to_have_count(0)


def confirmed(page):
    """Answer the question that comes before what cannot be undone, where there is one."""
    dialog = page.get_by_role("dialog")
    if dialog.count():
        dialog.locator(".btn-primary").click()


def test_rules_and_ladder_are_changed_by_page(stage, cast):
    page = stage.desk("administrator", "/settings/cases/")
    page.get_by_label("可重新打开的天数").fill("10")
    page.get_by_role("button", name="保存规则").click()
    said(page, "规则已保存")
    assert settings_of(cast.organisation.pk).reopen_days == 10
    page.get_by_label("可重新打开的天数").fill("0")
    page.get_by_role("button", name="保存规则").click()
    expect(page.locator(".field-faulty").first).to_be_visible()
    page.goto("/settings/escalation/")
    page.get_by_label("数值").first.fill("70")
    page.get_by_role("button", name="保存升级规则").click()
    said(page, "升级规则已保存")


def test_a_changed_promise_is_a_new_edition(stage, cast):
    page = stage.desk("director", "/standards/promises/")
    page.locator("tr", has_text="电梯").get_by_role("link", name="修改").click()
    before = Promise.objects.filter(item=cast.item).count()
    page.get_by_label("解决时限（分钟）").first.fill("600")
    page.get_by_role("button", name="发布新版本").click()
    expect(page.get_by_text("第 2 版").first).to_be_visible()
    assert Promise.objects.filter(item=cast.item).count() > before


@pytest.fixture
def rosters(tmp_path):
    """A file with one bad row among three, and the same one mended."""
    good = [
        row("9-101", 楼栋="9栋", 姓名="钱一", 手机号="10000091001"),
        row("9-102", 楼栋="9栋", 姓名="孙二", 手机号="10000091002"),
    ]
    bad = row("9-103", 楼栋="9栋", 姓名="李三", 手机号="12", 面积="很大")
    mended = row("9-103", 楼栋="9栋", 姓名="李三", 手机号="10000091003", 面积="88")
    return xlsx(tmp_path / "有错.xlsx", [*good, bad]), xlsx(tmp_path / "改好.xlsx", [*good, mended])


def test_a_roster_names_its_bad_rows_before_anything_is_written(stage, cast, rosters):
    page = stage.desk("administrator")
    upload(page, rosters[0])
    report = page.locator("main")
    expect(report).to_contain_text("尚未写入任何内容", timeout=30_000)
    table = page.get_by_role("table", name="需要修改的行")
    rows = page.locator("tr", has_text="手机号").or_(page.locator("tr", has_text="面积"))
    expect(rows.first).to_contain_text("4")
    assert table.or_(rows.first).count() >= 1
    assert not Home.objects.filter(number__startswith="9-10").exists()
    upload(page, rosters[1])
    expect(report).to_contain_text("检查通过", timeout=30_000)
    page.get_by_role("button", name="确认写入").click()
    confirmed(page)
    expect(report).to_contain_text("导入完成", timeout=30_000)
    until(lambda: Home.objects.filter(number__startswith="9-10").count() == 3, of="the three homes")


def upload(page, file):
    page.goto("/roster/")
    page.get_by_label("小区", exact=True).select_option(label="流云里")
    page.get_by_label("名册文件").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()


def test_a_community_is_added_and_its_navigation_knows_it(stage):
    page = stage.desk("administrator", "/communities/new/")
    page.get_by_label("代码").fill("XG")
    page.get_by_label("名称").fill("新港湾")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("新港湾")
    assert Community.objects.filter(code="XG").exists()


def test_what_was_done_stands_in_the_trail(stage, cast):
    case = a_case(cast, "要进操作记录的一件事")
    stage.desk("manager", f"/cases/{case.pk}/")
    page = stage.desk("manager", "/audit/")
    expect(page.get_by_role("table").first).to_contain_text(str(case.pk))
